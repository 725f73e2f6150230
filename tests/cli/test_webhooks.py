"""What other systems send reaches its case, once, whatever order it comes in; and a person sees what did not go through."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.clock import utc_now
from adapters.webhooks.signatures import sign_standard
from models.webhooks import ReadSubscription, ReadTask, ReceivedState, Source
from settings import Settings
from tests.cli.conftest import CSM, MANAGER, Cli, Instance, OpenSave
from tests.web.senders import STANDARD, Web, event, web_of
from web import working

Ask = Callable[..., Any]
ASKED = datetime(2026, 11, 20, 9, tzinfo=UTC)
ENDS = date(2099, 1, 31)


@pytest.fixture(scope="module")
def instance(own_instance: Instance) -> Instance:
    """What comes in here would be found in the inbox and by the doctor of others."""
    return own_instance


def on(instance: Instance, body: Callable[[Web], Any]) -> Any:
    """Run against the instance, with a web program of one's own."""

    async def run() -> Any:
        async with web_of(Settings(home=instance.home)) as web:
            return await body(web)

    return asyncio.run(run())


async def worked(web: Web) -> None:
    while await working.round_of(web.house):
        pass


def requests(as_json: Ask, account: str) -> list[dict[str, Any]]:
    return as_json("cancel", "status", account)["leaving"]["requests"]


def subscription(account: str, **more: Any) -> ReadSubscription:
    given = {"id": f"sub-{account}", "cancelled_at": ASKED, "ends_on": ENDS, "feedback": "too_expensive"} | more
    return ReadSubscription(account_id=account, **given)


def about(account: str, n: int, kind: str = "updated") -> bytes:
    data = {"object": {"id": f"sub-{account}"}}
    return event("stripe", id=f"evt-{account}-{n}", type=f"customer.subscription.{kind}", data=data)


def test_a_subscription_cancelled_in_stripes_own_portal_opens_its_case_once(
    instance: Instance, account: str, as_json: Ask
) -> None:
    """1,000 deliveries of five events, in any order and worked in between, are one request (CANC-10)."""
    sent = [about(account, n, "deleted" if n == 4 else "updated") for n in range(5)] * 200
    random.Random(4711).shuffle(sent)

    async def deliver(web: Web) -> int:
        web.subscriptions.now[f"sub-{account}"] = subscription(account)
        for start in range(0, len(sent), 50):
            answers = await asyncio.gather(*(web.post("stripe", body) for body in sent[start : start + 50]))
            assert {answer.status_code for answer in answers} == {200}
            await worked(web)
        return web.subscriptions.reads

    assert on(instance, deliver) == 5
    (request,) = requests(as_json, account)
    assert (request["channel"], request["reason"], request["exit_date"]) == ("portal", "budget_cut", f"{ENDS}")
    assert request["at"] == "2026-11-20T09:00:00Z"


def test_a_subscription_is_read_again_before_anything_is_done(instance: Instance, account: str, as_json: Ask) -> None:
    async def late(web: Web) -> str:
        web.subscriptions.now[f"sub-{account}"] = subscription(account, cancelled_at=None)
        await web.post("stripe", about(account, 1))
        await web.post("stripe", event("stripe", id=f"evt-{account}-x", data={"object": {"id": "sub-of-nobody"}}))
        await worked(web)
        found = await (await web.house.desk.parts()).received.entries((ReceivedState.DONE,), 2)
        return " ".join(one.said for one in found)

    said = on(instance, late)
    assert "the subscription goes on" in said
    assert "no such subscription of an account of ours" in said
    assert as_json("cancel", "status", account, code=4)["error"]["type"] == "UnknownCase"


def test_a_wish_that_a_case_knows_opens_no_other_one_and_an_unknown_account_waits_for_a_person(
    instance: Instance, account: str, cli: Cli, as_json: Ask
) -> None:
    cli("cancel", "request", account, "--channel", "email", "--source", "mail-1")

    async def closing(web: Web) -> None:
        web.subscriptions.now[f"sub-{account}"] = subscription(account)
        web.subscriptions.now["sub-acc-none"] = subscription("acc-none")
        await web.post("stripe", about(account, 1))
        await web.post("stripe", about("acc-none", 1))
        await worked(web)
        assert await (await web.house.desk.parts()).received.has_effect(f"sub-{account}-{int(ASKED.timestamp())}")

    on(instance, closing)
    assert [one["id"] for one in requests(as_json, account)] == ["mail-1"]
    (failed,) = as_json("webhooks", "received", "--state", "failed")
    assert (failed["source"], failed["id"]) == ("stripe", "evt-acc-none-1")
    assert "acc-none" in failed["said"]
    assert "webhooks received --state failed" in cli("doctor", code=1).stdout
    assert "evt-acc-none-1" in cli("webhooks", "received").stdout
    aside = ("webhooks", "dismiss", "stripe", "evt-acc-none-1", "--by", MANAGER, "--why", "a test of theirs")
    assert as_json(*aside)["state"] == "dismissed"
    assert as_json("webhooks", "again", "stripe", "evt-acc-none-1", code=4)["error"]["type"] == "UnknownEvent"


def test_a_task_completed_in_hubspot_completes_its_step_once(instance: Instance, save: OpenSave, as_json: Ask) -> None:
    status = as_json("save", "status", save.account)
    step = next(step for step in status["steps"] if step["id"] == "ack_call")
    note = "call 4711: spoke with the ops lead, the export fails on large files"

    async def complete(web: Web) -> list[str]:
        done = ReadTask(id="t-1", case_id=status["case_id"], step_id=step["id"], completed=True, by=CSM, note=note)
        web.tasks.now["1"] = done.model_copy(update={"completed": False})
        await web.post("hubspot", event("hubspot", eventId=1, objectId=1))
        await worked(web)
        web.tasks.now["1"] = done
        web.tasks.now["2"] = done.model_copy(update={"step_id": "engaged_notice", "by": ""})
        for n in (2, 2, 3):
            await web.post("hubspot", event("hubspot", eventId=n, objectId=1))
        await web.post("hubspot", event("hubspot", eventId=4, objectId=2))
        await worked(web)
        found = await (await web.house.desk.parts()).received.entries((), 50)
        return [one.said for one in found if one.source is Source.HUBSPOT]

    said = on(instance, complete)
    assert said.count(f"completed ack_call of save:{save.account}") in (
        1,
        2,
    )  # the book may not know yet that it is done
    assert "HubSpot has no completed task of ours by that id" in said
    assert any("nobody of the team directory; complete the step by hand" in one for one in said)
    after = {step["id"]: step for step in as_json("save", "status", save.account)["steps"]}
    assert (after["ack_call"]["state"], after["ack_call"]["evidence"]["text"]) == ("done", note)


def test_a_mail_by_webhook_reaches_the_case_as_a_file_would(instance: Instance, account: str, as_json: Ask) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Iris Falk <{account}@falk.example>", "care@tanglin-cloud.example"
    mail["Subject"], mail["Message-ID"] = "Cancelling our subscription", f"<1.{account}@falk.example>"
    mail.set_content("Hello,\n\nplease cancel our subscription as of 31 December 2098.\n\nIris Falk\n")
    junk = b"\x00\x01 no mail at all"

    async def deliver(web: Web) -> None:
        for body in (mail.as_bytes(), mail.as_bytes(), junk):
            await web.post("mail", body, _signed_bytes(body))
        await worked(web)
        found = await (await web.house.desk.parts()).received.entries((ReceivedState.DONE,), 50)
        assert sum(one.source is Source.MAIL for one in found) == 2

    on(instance, deliver)
    (kept,) = [
        one for one in as_json("cancel", "inbox", "--all") if one["arrival"]["sender"] == f"{account}@falk.example"
    ]
    assert kept["state"] == "handed_on", kept["judged"]
    assert [one["channel"] for one in requests(as_json, account)] == ["email"]


def test_events_are_listed_shown_and_sent_again(instance: Instance, as_json: Ask, cli: Cli) -> None:
    assert as_json("webhooks", "list") == []
    assert "no event matches" in cli("webhooks", "list").stdout
    assert as_json("webhooks", "show", "evt-none", code=4)["error"]["type"] == "UnknownEvent"
    assert as_json("webhooks", "replay", code=2)["error"]["type"] == "Usage"
    assert as_json("webhooks", "replay", "--dead") == []


def _signed_bytes(body: bytes) -> dict[str, str]:
    """The library of the Standard Webhooks signs text; bytes that are none are signed as they are."""
    return sign_standard(SecretStr(STANDARD), "msg_1", body, utc_now())
