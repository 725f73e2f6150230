"""Outgoing mail: once for a key, and nothing in a header that does not belong there."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from adapters.database import Database
from adapters.email.embedded import EmbeddedEmail
from adapters.email.gate import GateRules, OutboundGate
from adapters.email.outbox import Outbox, message_id
from adapters.email.port import EmailPort
from models.letter import Attachment, Letter, Mailbox, OutboxState

CSM = Mailbox(address="mira@followthrough.example", name="Mira Tan")


def letter(subject: str = "Your export", to: str = "li@customer.example") -> Letter:
    return Letter(to=Mailbox(address=to, name="李明"), sender=CSM, subject=subject, text="Hello.", case_id="case-1")


async def test_a_letter_is_sent_and_kept(email: EmailPort, outbox: Outbox) -> None:
    receipt = await email.send(letter(), "case-1/ack/send")
    (entry,) = await outbox.entries()
    assert entry.state is OutboxState.SENT
    assert entry.letter == letter()
    assert entry.sent_at == receipt.at
    assert entry.message_id == message_id("case-1/ack/send", CSM)


async def test_the_same_key_twice_is_one_mail_and_the_first_receipt(
    email: EmailPort, outbox: Outbox, clock: Any
) -> None:
    first = await email.send(letter(), "key-1")
    clock.at += timedelta(hours=3)
    again = await email.send(letter("Another subject"), "key-1")
    assert again == first.model_copy(update={"replayed": True})
    assert [entry.letter.subject for entry in await outbox.entries()] == ["Your export"]


async def test_two_sends_of_one_key_at_once_are_one_mail(email: EmailPort, outbox: Outbox) -> None:
    receipts = await asyncio.gather(*(email.send(letter(), "key-1") for _ in range(8)))
    assert [receipt.replayed for receipt in receipts].count(False) == 1
    assert len(await outbox.entries()) == 1


async def test_a_part_that_is_ready_has_nothing_to_say(email: EmailPort, outbox: Outbox) -> None:
    assert await OutboundGate(email, outbox, GateRules()).check() == ""
    assert await outbox.entries() == ()


@pytest.mark.parametrize(
    "smuggled", ["Hi\r\nBcc: all@customer.example", "Hi\nthere", "Hi\x00", "Hi\u2028there", "\x0bHi"]
)
def test_a_subject_cannot_smuggle_a_header(smuggled: str) -> None:
    with pytest.raises(ValidationError, match="one line"):
        letter(smuggled)


@pytest.mark.parametrize(
    "address",
    ["a@b.example\nBcc: c@d.example", "a@b.example, c@d.example", "A <a@b.example>", "nobody", "a b@c.example"],
)
def test_an_address_is_one_plain_address(address: str) -> None:
    with pytest.raises(ValidationError):
        letter(to=address)


def test_a_name_cannot_smuggle_a_header() -> None:
    with pytest.raises(ValidationError, match="one line"):
        Mailbox(address="a@b.example", name="Ada\r\nBcc: c@d.example")


def test_the_message_id_comes_from_the_key_alone_and_the_sender_domain() -> None:
    assert message_id("key-1", CSM) == message_id("key-1", CSM)
    assert message_id("key-1", CSM) != message_id("key-2", CSM)
    assert message_id("key-1", CSM).endswith("@followthrough.example")


INVOICE = {"name": "final_invoice", "file_name": "INV-2291.pdf", "media_type": "application/pdf"}


async def test_files_are_kept_with_their_letter(email: EmailPort, outbox: Outbox) -> None:  # OFFB-22
    by_content = Attachment(**INVOICE, content=b"JVBERi0xLjcKAP8=")
    sent = letter().model_copy(update={"attachments": (by_content, by_content)})
    await email.send(sent, "case-1/closure/send")
    (entry,) = await outbox.entries()
    assert entry.letter.attachments == (by_content, by_content)
    assert entry.letter.attachments[0].content == b"%PDF-1.7\n\x00\xff"


async def test_a_file_that_lies_elsewhere_is_kept_by_its_id(database: Database, outbox: Outbox) -> None:  # OFFB-22
    by_reference = Attachment(**(INVOICE | {"name": "certificate", "file_name": "bukti.pdf"}), document="doc-7")
    sent = letter().model_copy(update={"attachments": (by_reference,)})
    await EmbeddedEmail(database).send(sent, "case-1/closure/send")
    (entry,) = await outbox.entries()
    assert entry.letter.attachments == (by_reference,)
    assert entry.letter.attachments[0].document == "doc-7"


async def test_a_letter_without_files_has_none(email: EmailPort, outbox: Outbox) -> None:
    await email.send(letter(), "key-1")
    (entry,) = await outbox.entries()
    assert entry.letter.attachments == ()


@pytest.mark.parametrize("given", [{}, {"content": b"JVBERi0=", "document": "doc-7"}, {"content": b""}])
def test_a_file_has_its_bytes_or_the_id_under_which_they_are_kept(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="either its content or the id"):
        Attachment(**INVOICE, **given)


@pytest.mark.parametrize(
    "wrong",
    [
        *(
            {"file_name": name}
            for name in ("../etc/passwd", "a\\b.pdf", ".hidden", " ", "a\r\nBcc: x.pdf", "a\x00.pdf")
        ),
        *({"media_type": kind} for kind in ("pdf", "application/pdf; name=x", "application/pdf\r\nX: y", "")),
    ],
)
def test_a_file_cannot_smuggle_a_folder_or_a_header(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Attachment(**(INVOICE | wrong), document="doc-7")
