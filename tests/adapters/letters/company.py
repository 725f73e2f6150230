"""A small company on paper: an account with its contact, and the people who sign. All of it is made up."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import pytest

from adapters.database import Database
from adapters.letters.catalogue import load_catalogue
from adapters.letters.embedded import EmbeddedLetters
from adapters.letters.port import LettersPort
from models.case import Edit, RefusalType
from models.crm import AccountRecord, Contact
from models.directory import Card, WorkingTime
from models.faults import PermanentFault
from models.letter import Attachment, Mailbox
from models.work import DraftMessage, ReleaseMessage
from tests.exports import NO_EXPORTS

read_once = lru_cache(load_catalogue)
MESSAGES = Path(__file__).resolve().parents[3] / "playbooks" / "messages"
AT = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
OPENED = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

SENDER = Mailbox(address="care@northwind-saas.example", name="Northwind Care")
PERSONAL_WORD = "Thank you for walking me through the March stock import on Monday, Aisyah."
ENOUGH = {
    "acknowledgment": {
        "personal_word": PERSONAL_WORD,
        "issue": "The nightly stock import stops at 10,000 rows, so your team types the rest by hand.",
        "stakeholder": "Mira Tan, VP Product",
    },
    "engaged_notice": {
        "personal_word": PERSONAL_WORD,
        "next_steps": "I send you the findings of our engineers on 2026-12-02.",
    },
    "weekly_update": {
        "personal_word": PERSONAL_WORD,
        "progress": "The row limit is gone in the test system; 40,000 rows went through.",
        "status": "on_track",
        "next_steps": "Release to your system on 4 December 2026.",
    },
    "day30_followup": {
        "personal_word": PERSONAL_WORD,
        "commitments": "- Import without a row limit by 2026-12-04",
    },
}


class Crm:
    """The part of a CRM that letters need, in memory."""

    def __init__(self) -> None:
        self.accounts = {"acct-1": account()}
        self.people = {"acct-1": (contact(),)}

    async def account(self, account_id: str) -> AccountRecord:
        if account_id not in self.accounts:
            raise PermanentFault(RefusalType.UNKNOWN_ACCOUNT, f"no account {account_id}")
        return self.accounts[account_id]

    async def contacts(self, account_id: str) -> tuple[Contact, ...]:
        return self.people[account_id]


class Directory:
    """The part of a directory that letters need, in memory."""

    def __init__(self) -> None:
        self.cards = {
            "p-csm": card(),
            "p-new": card(id="p-new", name="Yusuf Adi", email="yusuf@northwind-saas.example", title=" "),
        }

    async def card(self, person_id: str) -> Card:
        if person_id not in self.cards:
            raise PermanentFault(RefusalType.UNKNOWN_PERSON, f"nobody is {person_id}")
        return self.cards[person_id]


class Invoices:
    """Papers of invoices, in memory: their text is what was asked for."""

    async def pdf(self, account_id: str, invoice_id: str, locale: str) -> bytes:
        return f"%PDF- {account_id} {invoice_id} {locale}".encode()


class Desk:
    """The letters under test, with the company around them."""

    def __init__(self, database: Database, folder: Path = MESSAGES) -> None:
        self.database = database
        self.crm = Crm()
        self.directory = Directory()
        self.letters: LettersPort = EmbeddedLetters(
            database, self.directory, self.crm, NO_EXPORTS, Invoices(), folder, SENDER
        )

    def locale(self, locale: str, zone: str = "Asia/Kuala_Lumpur") -> None:
        self.crm.people["acct-1"] = (contact(locale=locale),)
        self.crm.accounts["acct-1"] = account(locale=locale, works=WorkingTime(time_zone=zone))

    async def draft(self, template: str, n: int = 1, **more: object):
        return await self.letters.draft(drafted(template, n, **more))

    async def write(self, template: str, edits: dict[str, str] | None = None, n: int = 1, **more: object):
        """Draft and release in one go, with every file that the message asks for."""
        await self.draft(template, n, attachments=files(template))
        return await self.letters.compose(release(ENOUGH[template] if edits is None else edits, n, **more))

    async def refused(self, template: str, edits: dict[str, str] | None = None, **more: object) -> str:
        """The sentence of the refusal; any other fault fails the test."""
        with pytest.raises(PermanentFault) as fault:
            await self.write(template, edits, **more)
        assert fault.value.kind == RefusalType.MESSAGE_NOT_READY
        assert fault.value.sentence.endswith(".")
        return fault.value.sentence


def files(template: str) -> tuple[Attachment, ...]:
    """The files without which a message does not leave."""
    named = read_once(MESSAGES).message(template).attaches if template in read_once(MESSAGES).messages else ()
    return tuple(
        Attachment(name=name, file_name=f"{name}.pdf", media_type="application/pdf", document=f"doc-{name}")
        for name in named
    )


def account(**more: object) -> AccountRecord:
    facts = {"id": "acct-1", "name": "Kedai Buku O'Hara", "locale": "en", "contact_id": "c-2"}
    return AccountRecord.model_validate(facts | {"works": WorkingTime(time_zone="Asia/Kuala_Lumpur")} | more)


def contact(**more: object) -> Contact:
    facts = {"id": "c-2", "account_id": "acct-1", "name": "Aisyah binti Kamal", "email": "aisyah@ohara-books.example"}
    return Contact.model_validate(facts | {"locale": "en"} | more)


def card(**more: object) -> Card:
    facts = {
        "id": "p-csm",
        "name": "Wei Ling Chong",
        "email": "weiling@northwind-saas.example",
        "title": "Senior Customer Success Manager",
        "phone": "+60 3 5550 0142",
        "time_zone": "Asia/Kuala_Lumpur",
    }
    return Card.model_validate(facts | more)


def drafted(template: str, n: int = 1, **more: object) -> DraftMessage:
    facts = {
        "key": f"case-1/{template}/draft_message/{n}",
        "case_id": "case-1",
        "account_id": "acct-1",
        "message_id": f"m-{n}",
        "step": template,
        "template": template,
        "signer": "p-csm",
        "at": AT.replace(day=24 + n),
        "opened_at": OPENED,
        "occurrence": n,
    }
    return DraftMessage.model_validate(facts | more)


def release(edits: dict[str, str], n: int = 1, **more: object) -> ReleaseMessage:
    facts = {
        "key": f"case-1/m-{n}/release_message",
        "case_id": "case-1",
        "account_id": "acct-1",
        "message_id": f"m-{n}",
        "by": "p-csm",
        "at": AT,
        "edits": [Edit(name=name, text=text) for name, text in edits.items()],
    }
    return ReleaseMessage.model_validate(facts | more)
