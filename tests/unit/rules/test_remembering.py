"""A save that opens again on the day of the decision goes on where it ended, and does not begin blank (CONV-23)."""

from __future__ import annotations

from datetime import timedelta

from models.commands import LogContact
from models.effects import Verb
from models.save import SaveStage
from models.starts import KnownBefore, SaveStart
from rules import deferring, follow_through
from tests.unit.rules import offered
from tests.unit.rules.test_save_commands import close
from tests.unit.rules.world import START, Drive
from workflows.effects import EFFECTS

DECIDES = START + timedelta(days=30)


def opened_again(former: Drive) -> Drive:
    """The save that opens on the day of the decision, from what the deferred one handed on."""
    (action,) = [one for one in follow_through.due(former.case, former.now) if one.verb is Verb.START_CASE]
    start = EFFECTS[Verb.START_CASE].request(former.case, action).deferral
    return Drive(deferring.save_start(start, DECIDES), at=DECIDES)


def deferred() -> Drive:
    d = offered.diagnosed()
    offered.said(d, offered.proposal())
    d.do(
        close("deferred", decision_date=DECIDES, customer_quotes=("ask us after the budget round",)),
        settle=False,
    )
    return d


def remarks(d: Drive) -> str:
    return "\n".join(event.text for event in d.case.timeline if event.kind == "known_before")


def test_the_cause_its_whys_and_the_playbook_go_on():
    former = deferred()
    again = opened_again(former)
    assert (again.case.root_cause, again.case.whys) == ("budget_cut", ("it was cut",))
    assert again.case.plan.name == former.case.plan.name == "budget_economic"
    assert again.case.stated_reason == former.case.stated_reason
    assert again.case.stage == SaveStage.OPENED


def test_what_was_said_and_offered_is_on_its_timeline():
    said = remarks(opened_again(deferred()))
    assert "budget_cut after 1 why: it was cut" in said
    assert "ask us after the budget round" in said
    assert "they told us all" in said
    assert "offer_1" in said and "lapsed" in said
    assert "deferred until" in said


def test_one_conversation_is_enough_to_be_diagnosed_again():
    again = opened_again(deferred())
    again.do(LogContact(by="p-csm", channel="phone", answered=True, summary="they are ready to decide"))
    assert again.case.stage == SaveStage.DIAGNOSED


def test_its_brief_is_made_for_the_cause_and_for_what_they_said():
    again = opened_again(deferred())
    (brief,) = [action for _, action in again.sent if action.verb is Verb.PREPARE_BRIEF]
    request = EFFECTS[Verb.PREPARE_BRIEF].request(again.case, brief)
    assert (request.root_cause, request.reason, request.playbook) == ("budget_cut", "budget_cut", "budget_economic")


def test_a_cause_that_the_company_has_no_more_counts_for_nothing_and_is_told():
    start = SaveStart(
        account_id="acc-1",
        opened_by="p-csm",
        reason="decision_due",
        carried_from="case-0",
        known=KnownBefore(root_cause="bad_luck"),
    )
    d = Drive(start)
    assert d.case.root_cause is None
    assert any("'bad_luck' is no root cause here" in event.text for event in d.case.timeline)


def test_a_save_beside_a_recovery_names_it():
    d = Drive(SaveStart(account_id="acc-1", opened_by="p-csm", reason="nps_low", beside="rec-7"))
    (line,) = [event.text for event in d.case.timeline if event.kind == "beside_recovery"]
    assert "rec-7" in line
    assert not any(event.kind == "beside_recovery" for event in Drive().case.timeline)
