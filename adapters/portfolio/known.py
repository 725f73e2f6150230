"""Who is known already, so that facts may come without the files of people and accounts."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Protocol

from adapters.crm.port import CrmPort
from adapters.directory.port import DirectoryPort
from adapters.portfolio import tables
from adapters.portfolio.read import read_file, today_anywhere
from adapters.portfolio.references import Known


class Registers(Protocol):
    """Where they are known."""

    @property
    def directory(self) -> DirectoryPort:
        """The team directory."""
        ...

    @property
    def crm(self) -> CrmPort:
        """Accounts and contacts."""
        ...


async def known_of(ports: Registers, folder: Path) -> Known:
    """Who is known of those that the facts of ``folder`` may name; contacts only of accounts that answered."""
    accounts = {account.id: account.arr.currency for account in await ports.crm.accounts()}
    answers = (await asyncio.to_thread(read_file, folder, tables.NPS, today_anywhere())).good
    asked = sorted({row.account for row in answers} & accounts.keys())
    contacts = [contact.id for account in asked for contact in await ports.crm.contacts(account)]
    people = frozenset(person.id for person in await ports.directory.people())
    return Known(accounts=accounts, people=people, contacts=frozenset(contacts))
