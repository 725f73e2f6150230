"""A case whose letters leave by SMTP: what a customer gets, and what becomes of a letter that nobody knows to have left."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from models.letter import MailTls, OutboxState
from settings import Settings
from settings.email import EmailPart
from tests.company import ACCOUNT, CSM, NOTICE, moved_in
from tests.mail_server import MailServer, hang_up, mail_server
from tests.world import World

MESSAGE = {"message_id": "engaged_notice-1", "edits": NOTICE}


@pytest.fixture
async def sink() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest.fixture
def settings(founded: Path, tmp_path: Path, sink: MailServer) -> Settings:
    server = {"smtp_host": "127.0.0.1", "smtp_port": sink.port, "smtp_tls": MailTls.NONE}
    return moved_in(founded, tmp_path / "home").model_copy(update=server | {"email": EmailPart.SMTP})


@pytest.fixture
def caching() -> dict[str, Any]:
    """The usual cache: how mail leaves makes no difference to a replay."""
    return {}


async def test_a_released_letter_reaches_the_customer_and_proves_its_step(world: World, sink: MailServer):
    await world.opened()
    sink.answers["RCPT"].append("451 greylisted")
    await world.tell("release_message", **MESSAGE)
    (sent,) = await world.mails("release_message")
    (mail,) = [one for one in sink.mails if one["Message-ID"] == f"<{sent.receipt}>"]
    assert mail["Reply-To"].addresses[0].display_name == "Zoë Van den Berg"
    text = mail.get_body(("plain",))
    assert text is not None
    assert NOTICE["personal_word"] in text.get_content()
    assert (await world.step("engaged_notice"))["state"] == "done"
    assert len(sink.raw) == len(await world.mails())


async def test_a_letter_that_may_have_left_waits_for_a_person_and_is_sent_once(world: World, sink: MailServer):
    await world.opened()
    before = len(sink.raw)
    sink.after_data.append(hang_up)
    for _ in range(2):
        refusal = await world.refused("release_message", **MESSAGE)
        assert refusal.type == "UnknownDelivery"
    (unsure,) = await world.mails("release_message")
    assert unsure.state is OutboxState.UNSURE
    assert f"outbox settle {unsure.key} --arrived" in refusal.sentence
    assert (await world.step("engaged_notice"))["state"] == "open"

    await world.parts.outbox.settle(unsure.key, arrived=True, by=CSM)
    await world.tell("release_message", **MESSAGE)
    assert (await world.step("engaged_notice"))["state"] == "done"
    assert len(sink.raw) == before + 1


async def test_a_mailbox_that_is_not_there_is_told_and_the_corrected_letter_leaves(world: World, sink: MailServer):
    await world.opened()
    sink.answers["RCPT"].append("550 5.1.1 no such user")
    refusal = await world.refused("release_message", **MESSAGE)
    assert refusal.type == "MailRefused"
    assert "correct the address of the contact in the CRM" in refusal.sentence
    for contact in await world.parts.crm.contacts(ACCOUNT):
        await world.parts.crm.put_contact(contact.model_copy(update={"email": "right@customer.example"}))
    await world.tell("release_message", **MESSAGE)
    assert sink.to.count("right@customer.example") == 1


async def test_while_the_server_is_down_the_case_goes_on_and_afterwards_each_letter_arrives_once(
    world: World, sink: MailServer
):
    await sink.stop()
    await world.opened()
    await world.tell("log_contact", channel="phone", summary="IT lead: import fails on large files", answered=True)
    await world.passes(minutes=10)
    assert sink.raw == []
    await sink.start()
    await world.passes(hours=3)
    letters = await world.mails()
    assert {letter.state for letter in letters} == {OutboxState.SENT}
    arrived = [mail["Message-ID"] for mail in sink.mails]
    assert arrived
    assert sorted(arrived) == sorted(f"<{letter.message_id}>" for letter in letters)
