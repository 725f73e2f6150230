"""A review on a real Temporal: asked, confirmed or not, by whoever is there; begun once for its period (RISK-121)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from models.billing import StopCharging
from models.book import CaseFilter
from models.crm import SeatRecord
from models.directory import AwayTime
from tests.company import ACCOUNT, CSM, DEPUTY, EXECUTIVE, MANAGER, SUPPORT
from tests.world import World, soon
from workflows.contract import review_id

NOTE = "went through all of them; two worry me, both lost their champion"
NAME = f"portfolio.{CSM}.2030-W10"


async def asks(world: World, review: str = "portfolio", subject: str | None = CSM, period: str = "2030-W10") -> None:
    name = ".".join(part for part in (review, subject, period) if part)
    start = {"review": review, "subject": subject, "period": period}
    world.case = await soon(world.client.start_workflow("Review", start, id=review_id(name), task_queue="cases"))
    await world.passes(minutes=5)


async def told(world: World, person: str) -> list[str]:
    return [event["text"] for event in await world.happened("told") if event["text"].startswith(person)]


async def test_a_named_person_is_asked_finds_a_page_and_confirms_that_it_was_held(world: World):
    await asks(world)
    assert await told(world, CSM) == [f"{CSM} was told (assigned: held)"]
    seen = await world.status()
    page = await world.parts.documents.find(f"{seen['case_id']}/held/prepare_review")
    assert page
    assert "(acc-0013)" in page.text
    assert "## To ask" in page.text
    assert (await world.refused("confirm_review", notes=" ")).type == "EvidenceMissing"
    assert (await world.refused("confirm_review", notes="ok")).type == "EvidenceMissing"
    stranger = await world.refused("confirm_review", by=SUPPORT, notes=NOTE)
    assert (stranger.type, stranger.sentence.startswith(f"'{SUPPORT}' has no part in {NAME}")) == ("NotAllowed", True)
    await world.tell("confirm_review", notes=NOTE)
    ended = await world.ends()
    assert ended["outcome"] == "held"
    held = next(step for step in ended["steps"] if step["id"] == "held")
    assert held["evidence"]["text"] == NOTE
    assert len([event for event in ended["timeline"] if event["kind"] == "step_done"]) == 1
    (entry,) = await world.parts.book.cases(CaseFilter(workflow_id=review_id(NAME)))
    assert (entry.outcome, entry.owner, entry.account_id) == ("held", CSM, "")


async def test_one_that_nobody_confirms_is_escalated_once_and_ends_as_not_held(world: World):
    await asks(world)
    await world.passes(days=8)
    ended = await world.ends()
    assert ended["outcome"] == "not_held"
    said = [event["text"] for event in ended["timeline"] if event["kind"] == "told"]
    assert [text for text in said if "escalate" in text] == [f"{MANAGER} was told (escalate: held)"]
    assert not [text for text in said if text.startswith(EXECUTIVE)]


async def test_whoever_stands_in_for_somebody_away_is_asked_and_may_confirm(world: World):
    now = await world.clock()
    await world.parts.directory.add_absence(AwayTime(person=CSM, start=now, end=now + timedelta(days=30)))
    await asks(world)
    assert (await world.step("held"))["person"] == DEPUTY
    assert await told(world, DEPUTY) == [f"{DEPUTY} was told (assigned: held)"]
    await world.tell("confirm_review", by=DEPUTY, notes=NOTE)
    assert (await world.ends())["outcome"] == "held"


async def begun(world: World, **asked: Any) -> dict[str, Any]:
    handle = await soon(
        world.client.start_workflow("ReviewRound", asked, id=f"review-round:{asked['review']}", task_queue="cases")
    )
    answer: dict[str, Any] = await soon(handle.result())
    return answer


async def test_a_round_begins_each_review_once_also_where_it_has_ended(world: World):
    first = await begun(world, review="portfolio", subject=CSM)
    (name,) = first["begun"]
    assert await begun(world, review="portfolio", subject=CSM) == {"begun": [], "known": [name], "nobody": []}
    world.case = world.client.get_workflow_handle(review_id(name))
    await world.passes(minutes=5)
    await world.tell("confirm_review", notes=NOTE)
    await world.ends()
    assert await begun(world, review="portfolio", subject=CSM) == {"begun": [], "known": [name], "nobody": []}


async def test_a_review_of_nobody_known_is_rejected_with_its_reason(world: World):
    await asks(world, subject="usr-99")
    ended = await world.ends()
    assert ended["outcome"] == "rejected"
    assert "usr-99" in ended["timeline"][-1]["text"]


async def test_a_subscription_that_was_ended_elsewhere_is_asked_of_its_csm_once_while_it_stands(world: World):
    since = (await world.clock()).date() + timedelta(days=20)
    assert (await begun(world, review="cancelled_elsewhere"))["begun"] == []
    await world.parts.billing.stop_charging(StopCharging(key="elsewhere", account_id=ACCOUNT, from_date=since))
    (name,) = (await begun(world, review="cancelled_elsewhere"))["begun"]
    assert name.startswith(f"cancelled_elsewhere.{ACCOUNT}.")
    world.case = world.client.get_workflow_handle(review_id(name))
    await world.passes(minutes=5)
    assert await told(world, CSM) == [f"{CSM} was told (assigned: held)"]
    seen = await world.status()
    page = await world.parts.documents.find(f"{seen['case_id']}/held/prepare_review")
    assert page
    assert f"the subscription is ending on {since:%d %B %Y}" in page.text
    assert "nobody asked to leave" in page.text
    assert await begun(world, review="cancelled_elsewhere") == {"begun": [], "known": [], "nobody": []}
    await world.tell("confirm_review", notes="they pressed the button by mistake; billing goes on")
    assert (await world.ends())["outcome"] == "held"


async def test_an_owner_who_changed_in_the_crm_is_confirmed_by_the_manager(world: World):
    await world.opened()
    await world.passes(hours=1)
    assert (await begun(world, review="owner_changed"))["begun"] == []
    await world.parts.crm.put_seat(SeatRecord(account_id=ACCOUNT, role="csm", person=SUPPORT))
    (name,) = (await begun(world, review="owner_changed"))["begun"]
    world.case = world.client.get_workflow_handle(review_id(name))
    await world.passes(minutes=5)
    assert (await world.step("held"))["person"] == MANAGER
    await world.tell(
        "confirm_review", by=MANAGER, notes="the old one stays until the save is over; the CRM is right now"
    )
    assert (await world.ends())["outcome"] == "held"
