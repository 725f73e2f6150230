"""The house of the demo: a clean home, Temporal with its page, a worker of its own, and the sample portfolio."""

from __future__ import annotations

import asyncio
import fcntl
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from adapters.database import has_tables, migrate
from adapters.portfolio.load import load_portfolio
from adapters.portfolio.moved import moved
from adapters.portfolio.read import read_portfolio
from adapters.portfolio.running import read_running
from adapters.temporal.connect import quiet
from adapters.temporal.dev_server import DevServer
from cli.codes import ExitCode
from cli.exits import Failure
from cli.local_worker import environment, worker
from cli.products import load_products
from cli.simulation import closed_house
from models.facts import InboundFact
from models.starts import SaveStart
from parts import Parts, open_parts
from settings import CHECKOUT, PREFIX, Settings
from workflows.contract import SEARCH_ATTRIBUTES

SAMPLE = CHECKOUT / "sample"
EXPORTED = date(2026, 11, 15)


@dataclass(frozen=True)
class House:
    """A running instance with the sample in it: the cases that ran elsewhere before, and the facts of the week."""

    settings: Settings
    client: Client
    server: DevServer
    parts: Parts
    running: tuple[SaveStart, ...]
    inbound: tuple[InboundFact, ...]


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncIterator[House]:
    """A clean instance below the home, in ``demo``; everything that was started ends with it.

    Raises ``Failure`` where a demo of this home runs already, and NoTemporal where the server does not come up.
    """
    with _alone(settings.home):
        home = settings.home / "demo"
        await asyncio.to_thread(shutil.rmtree, home, ignore_errors=True)
        own = _with_stand_ins(closed_house(home, settings), settings)
        await _empty(own)
        await migrate(own.database)
        async with AsyncExitStack() as stack:
            server = await stack.enter_async_context(DevServer(home, SEARCH_ATTRIBUTES))
            await stack.enter_async_context(worker(home, _environment(own, server.address)))
            client = await Client.connect(server.address, data_converter=pydantic_data_converter, runtime=quiet())
            parts = await stack.enter_async_context(open_parts(own))
            running = await _import(parts)
            await load_products(own, parts, SAMPLE / "product")
            yield House(own, client, server, parts, running, await parts.facts.inbound())


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    home.mkdir(parents=True, exist_ok=True)
    with (home / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            sentence = f"A demo of {home} is running already; end it, or set FOLLOWTHROUGH_HOME to another folder."
            raise Failure(ExitCode.SETUP, "DemoRuns", sentence) from None
        yield


def _with_stand_ins(own: Settings, settings: Settings) -> Settings:
    """The story reaches a mail server, a Stripe and a PostgreSQL only where they run on this machine, as stand-ins do."""
    mail = {"email": settings.email} if settings.mail_stays_here else {}
    billing = {"billing": settings.billing} if settings.stripe_stays_here else {}
    database = {"database": settings.database} if settings.database_stays_here else {}
    return own.model_copy(update=mail | billing | database)


async def _empty(own: Settings) -> None:
    """Raise ``Failure`` where the database is of somebody: the story is played in an empty one."""
    if own.database_stays_here and await has_tables(own.database):
        sentence = (
            "FOLLOWTHROUGH_DATABASE has tables already; the demo takes an empty database, so create a new one for it."
        )
        raise Failure(ExitCode.SETUP, "DemoDatabase", sentence)


def _environment(own: Settings, address: str) -> dict[str, str]:
    """The worker's own settings: nothing of the caller's instance or cluster reaches it."""
    given = {
        "HOME": str(own.home),
        "DATABASE": own.database,
        "PLAYBOOKS": str(own.playbooks),
        "COMPANY_NAME": own.company_name,
        "SENDER": own.sender,
        "EMAIL": own.email.value,
        "SMTP_HOST": own.smtp_host,
        "SMTP_PORT": str(own.smtp_port),
        "SMTP_TLS": own.smtp_tls.value,
        "SMTP_USER": own.smtp_user,
        "SMTP_PASSWORD": own.smtp_password.get_secret_value(),
        "BILLING": own.billing.value,
        "STRIPE_KEY": own.stripe_key.get_secret_value(),
        "STRIPE_URL": own.stripe_url,
    }
    return environment(address, without=(PREFIX,)) | {PREFIX + name: value for name, value in given.items()}


async def _import(parts: Parts) -> tuple[SaveStart, ...]:
    """The sample with all its dates moved up to now, and the cases that run already with their past."""
    gap = datetime.now(UTC) - datetime.combine(EXPORTED + timedelta(days=1), datetime.min.time(), UTC)
    exported = await asyncio.to_thread(read_portfolio, SAMPLE, EXPORTED)
    portfolio = moved(exported, timedelta(days=gap.days))
    report = await load_portfolio(portfolio, parts)
    running = await asyncio.to_thread(read_running, SAMPLE / "running", portfolio, EXPORTED)
    faults = [str(error) for error in (*report.errors, *running.errors)]
    if faults:
        raise Failure(ExitCode.FAULTY_FILES, "BadRows", "\n".join(faults))
    return tuple(_later(start, gap) for start in running.starts)


def _later(start: SaveStart, gap: timedelta) -> SaveStart:
    assert start.past is not None
    done = tuple(step.model_copy(update={"at": step.at + gap}) for step in start.past.done)
    past = start.past.model_copy(update={"opened_at": start.past.opened_at + gap, "done": done})
    return start.model_copy(update={"past": past})
