"""Every port on every implementation that there is: a new one is added to the parameters and runs the same suites."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.access.embedded import ADMINS, EmbeddedAccess
from adapters.access.port import AccessPort
from adapters.access.scim import ScimAccess
from adapters.alerts.embedded import EmbeddedAlerts
from adapters.alerts.port import AlertsPort
from adapters.billing.embedded import EmbeddedBilling
from adapters.billing.port import BillingPort
from adapters.billing.stripe.billing import StripeBilling
from adapters.billing.stripe.service import StripeService
from adapters.book.embedded import EmbeddedBook
from adapters.book.port import BookPort
from adapters.crm.embedded import EmbeddedCrm
from adapters.crm.hubspot.adapter import HubSpotCrm
from adapters.crm.hubspot.client import HubSpotClient
from adapters.crm.hubspot.mapping import PROPERTIES, read_map
from adapters.crm.port import CrmPort
from adapters.database import Database, open_database
from adapters.directory.embedded import EmbeddedDirectory
from adapters.directory.port import DirectoryPort
from adapters.email.embedded import EmbeddedEmail
from adapters.email.outbox import Outbox
from adapters.email.port import EmailPort
from adapters.email.smtp import SmtpEmail
from adapters.erasure.ledger import EmbeddedErasureLedger
from adapters.erasure.port import ErasureLedger
from adapters.facts.embedded import EmbeddedFacts
from adapters.facts.port import FactsPort
from adapters.health.embedded import EmbeddedHealth
from adapters.health.port import HealthPort
from adapters.stream.embedded import EmbeddedStream
from adapters.stream.port import StreamPort
from adapters.usage.embedded import EmbeddedUsage
from adapters.usage.port import UsagePort
from adapters.watch.embedded import EmbeddedWatch
from adapters.watch.port import WatchPort
from tests.hubspot_house import HubSpotHouse
from tests.hubspot_server import Clockwork, hubspot_house
from tests.mail_server import MailServer, mail_server
from tests.scim_server import ScimDesk, scim_desk
from tests.stripe_world import StripeWorld


class WallClock:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **step: float) -> None:
        self.at += timedelta(**step)


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, migrated_file: Path, tmp_path: Path) -> str:
    """The URL of a migrated database of one's own, of each kind."""
    return address_of(request, migrated_file, tmp_path)


def address_of(request: pytest.FixtureRequest, migrated_file: Path, tmp_path: Path) -> str:
    """The URL of a migrated database of the kind that the request names."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_address"))
    path = tmp_path / "followthrough.db"
    shutil.copy(migrated_file, path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
async def database(address: str) -> AsyncIterator[Database]:
    opened = open_database(address)
    yield opened
    await opened.close()


@pytest.fixture(params=["embedded"])
def directory(request: pytest.FixtureRequest, database: Database, clock: WallClock) -> DirectoryPort:
    return EmbeddedDirectory(database, clock)


@pytest.fixture(params=["embedded"])
def crm(request: pytest.FixtureRequest, database: Database, directory: DirectoryPort, clock: WallClock) -> CrmPort:
    """Embedded, and HubSpot as well in the tests that ask for it (``parametrize("crm", CRMS, indirect=True)``)."""
    if request.param == "hubspot":
        return request.getfixturevalue("hubspot")  # type: ignore[no-any-return]
    return EmbeddedCrm(database, directory, clock)


CRMS = ["embedded", "hubspot"]


@pytest.fixture
def house() -> Iterator[HubSpotHouse]:
    """HubSpot with the properties that we need, and the people of the team as its users."""
    with hubspot_house() as opened:
        opened.has_all()
        for number in range(1, 5):
            opened.owner(f"p-{number}@firm.example")
        yield opened


@pytest.fixture
def clockwork() -> Clockwork:
    return Clockwork()


@pytest.fixture
def hubspot(
    house: HubSpotHouse, clockwork: Clockwork, database: Database, directory: DirectoryPort, clock: WallClock
) -> Iterator[HubSpotCrm]:
    client = HubSpotClient(house.at(), clockwork.brake())
    yield HubSpotCrm(client, read_map(PROPERTIES), database, directory, clock)
    client.close()


@pytest.fixture(params=["embedded"])
def facts(request: pytest.FixtureRequest, database: Database) -> FactsPort:
    return EmbeddedFacts(database)


@pytest.fixture(params=["embedded"])
def usage(request: pytest.FixtureRequest, tmp_path: Path) -> UsagePort:
    return EmbeddedUsage(tmp_path / "usage")


@pytest.fixture(params=["embedded"])
def health(request: pytest.FixtureRequest, tmp_path: Path) -> HealthPort:
    return EmbeddedHealth(tmp_path / "health")


@pytest.fixture(params=["embedded"])
def alerts(request: pytest.FixtureRequest, database: Database) -> AlertsPort:
    return EmbeddedAlerts(database)


@pytest.fixture(params=["embedded"])
def watch(
    request: pytest.FixtureRequest, database: Database, usage: UsagePort, health: HealthPort, tmp_path: Path
) -> WatchPort:
    assert isinstance(usage, EmbeddedUsage)
    assert isinstance(health, EmbeddedHealth)
    return EmbeddedWatch(database, usage, health, tmp_path / "sweeps")


@pytest.fixture(params=["embedded"])
def stream(request: pytest.FixtureRequest, database: Database) -> StreamPort:
    return EmbeddedStream(database)


@pytest.fixture
def outbox(database: Database, clock: WallClock) -> Outbox:
    return Outbox(database, clock)


@pytest.fixture
async def sink() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest.fixture(params=["embedded", "smtp"])
def email(request: pytest.FixtureRequest, database: Database, clock: WallClock, sink: MailServer) -> EmailPort:
    return EmbeddedEmail(database, clock) if request.param == "embedded" else SmtpEmail(sink.at(), database, clock)


@pytest.fixture
def stripe_world(clock: WallClock) -> Iterator[StripeWorld]:
    world = StripeWorld(clock)
    yield world
    world.stop()


@pytest.fixture(params=["sqlite", "postgresql", "stripe"])
def biller(request: pytest.FixtureRequest, migrated_file: Path, tmp_path: Path) -> str | StripeWorld:
    """Who bills: the ledger, by the URL of a database of each kind, or Stripe."""
    if request.param == "stripe":
        world: StripeWorld = request.getfixturevalue("stripe_world")
        return world
    return address_of(request, migrated_file, tmp_path)


@pytest.fixture
async def billing(biller: str | StripeWorld, clock: WallClock) -> AsyncIterator[BillingPort]:
    if isinstance(biller, StripeWorld):
        yield StripeBilling(StripeService(biller.account, clock), clock)
        return
    database = open_database(biller)
    yield EmbeddedBilling(database, clock)
    await database.close()


@pytest.fixture
def desk() -> Iterator[ScimDesk]:
    with scim_desk() as service:
        yield service


@pytest.fixture(params=["embedded", "scim"])
def access(request: pytest.FixtureRequest, database: Database, clock: WallClock, desk: ScimDesk) -> AccessPort:
    return (
        EmbeddedAccess(database, clock)
        if request.param == "embedded"
        else ScimAccess(desk.at(), ADMINS, database, clock)
    )


@pytest.fixture(params=["embedded"])
def erasures(request: pytest.FixtureRequest, database: Database, clock: WallClock) -> ErasureLedger:
    return EmbeddedErasureLedger(database, clock)


@pytest.fixture(params=["embedded"])
def book(request: pytest.FixtureRequest, database: Database, clock: WallClock) -> BookPort:
    return EmbeddedBook(database, clock)
