from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from adapters.billing.embedded import EmbeddedBilling
from adapters.crm.embedded import EmbeddedCrm
from adapters.database import Database, open_database
from adapters.directory.embedded import EmbeddedDirectory
from adapters.facts.embedded import EmbeddedFacts
from adapters.portfolio.read import read_portfolio
from adapters.usage.embedded import EmbeddedUsage
from models.portfolio import Portfolio

TODAY = date(2026, 11, 15)

PEOPLE = """id,name,email,title,time_zone,roles
usr-1,Nur Aini,nur@vendor.example,CSM,Asia/Kuala_Lumpur,csm
usr-2,Łukasz Żak,lukasz@vendor.example,Head of CS,Europe/Warsaw,cs_manager csm
"""
ACCOUNTS = """id,name,arr,currency,time_zone
acc-1,Kopi Puncak,48500.50,USD,Asia/Jakarta
acc-2,学海 Learning,1200,MYR,Asia/Singapore
"""
CONTACTS = """id,account,name,email,primary
con-1,acc-1,Dewi Kartika,dewi@kopi.example,yes
con-2,acc-2,王伟,wei@xuehai.example,yes
"""
SEATS = """account,role,person,deputy
acc-1,csm,usr-1,usr-2
acc-2,csm,usr-2,
"""


@dataclass(frozen=True)
class Company:
    """The folder that a small company exported."""

    folder: Path

    def exports(self, file: str, content: str | bytes) -> Company:
        data = content if isinstance(content, bytes) else content.encode()
        (self.folder / f"{file}.csv").write_bytes(data)
        return self

    def read(self) -> Portfolio:
        return read_portfolio(self.folder, TODAY)

    def one_error(self) -> str:
        errors = self.read().errors
        assert len(errors) == 1, [str(error) for error in errors]
        return str(errors[0])


@pytest.fixture
def company(tmp_path: Path) -> Company:
    folder = tmp_path / "export"
    folder.mkdir()
    files = {"people": PEOPLE, "accounts": ACCOUNTS, "contacts": CONTACTS, "seats": SEATS}
    for name, content in files.items():
        Company(folder).exports(name, content)
    return Company(folder)


@dataclass(frozen=True)
class EmbeddedPorts:
    """The embedded directory, CRM, facts and ledger on one database."""

    database: Database
    directory: EmbeddedDirectory
    crm: EmbeddedCrm
    facts: EmbeddedFacts
    usage: EmbeddedUsage
    billing: EmbeddedBilling


@pytest.fixture
async def ports(address: str, tmp_path: Path) -> AsyncIterator[EmbeddedPorts]:
    database = open_database(address)
    directory = EmbeddedDirectory(database)
    crm, facts, billing = EmbeddedCrm(database, directory), EmbeddedFacts(database), EmbeddedBilling(database)
    usage = EmbeddedUsage(tmp_path / "usage")
    yield EmbeddedPorts(database, directory, crm, facts, usage, billing)
    await database.close()
