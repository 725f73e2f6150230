"""The demo's story with PostgreSQL, a Stripe and a mail server in place of the embedded parts, by settings alone."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.clock import utc_now
from settings import CHECKOUT
from tests.mail_server import MailServer
from tests.postgres import PostgresServer, some_name
from tests.stripe_world import KEY, StripeWorld

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]


@pytest.fixture
def postgres() -> Iterator[PostgresServer]:
    server = PostgresServer()
    server.start()
    yield server
    server.close()


@pytest.fixture
def stripe() -> Iterator[StripeWorld]:
    world = StripeWorld(utc_now)
    yield world
    world.stop()


async def demo(settings: dict[str, str], home: Path) -> tuple[int, str]:
    """The exit code of the story, and all that it said."""
    env = {f"FOLLOWTHROUGH_{name}": value for name, value in settings.items()}
    env |= {"FOLLOWTHROUGH_HOME": str(home), "PYTHONPATH": str(CHECKOUT), "PATH": str(Path(sys.executable).parent)}
    pipe = asyncio.subprocess.PIPE
    starter = (sys.executable, str(CHECKOUT / "starter.py"), "demo", "--once")
    played = await asyncio.create_subprocess_exec(*starter, env=env, stdout=pipe, stderr=asyncio.subprocess.STDOUT)
    said, _ = await played.communicate()
    return played.returncode or 0, said.decode()


async def test_every_expectation_holds_and_each_letter_reaches_the_mail_server_once(
    postgres: PostgresServer, stripe: StripeWorld, tmp_path: Path
) -> None:
    name = some_name()
    mail = MailServer()
    await mail.start()
    settings = {
        "DATABASE": postgres.database(name),
        "BILLING": "stripe",
        "STRIPE_KEY": KEY,
        "STRIPE_URL": stripe.url,
        "EMAIL": "smtp",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(mail.port),
        "SMTP_TLS": "none",
        "SENDER": "care@tanglin-cloud.example",
    }
    try:
        code, said = await demo(settings, tmp_path)
        assert code == 0, said
        sent = postgres.sql("select count(*) from outbox where state = 'sent'", name)
        ids = [letter["Message-ID"] for letter in mail.mails]
        assert len(set(ids)) == len(ids) == int(sent) > 100
        code, said = await demo(settings, tmp_path)
        assert (code, "has tables already" in said) == (2, True)
    finally:
        await mail.stop()
