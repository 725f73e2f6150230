"""A dev server with a portfolio of many accounts and a worker process, for what is measured under load."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from adapters.database import migrate
from adapters.temporal import tethered
from adapters.temporal.dev_server import DevServer
from cli import sim_company
from models.account import Money
from models.crm import AccountRecord, Contact, SeatRecord
from models.directory import WorkingTime
from models.people import RoleId
from parts import Parts, open_parts
from settings import CHECKOUT, Settings
from workflows.contract import SEARCH_ATTRIBUTES

Item = TypeVar("Item")
Result = TypeVar("Result")
AT_ONCE = 32
_PAGE_KB = 4
LEAN = "bench_lean"
_LEAN = """\
name: bench_lean
version: 1
title: "Two steps, for measuring"
kind: save
steps:
  - {id: first, title: "First step", owner: csm, due: P30D, evidence: {kind: note}}
  - {id: second, title: "Second step, opened by a timer", owner: csm, opens: PT1H, due: P30D, evidence: {kind: note}}
"""


@dataclass(frozen=True)
class Site:
    """A running server, a client of it, and the parts that its worker uses too."""

    home: Path
    address: str
    client: Client
    parts: Parts
    accounts: tuple[str, ...]


@asynccontextmanager
async def site(accounts: int) -> AsyncIterator[Site]:
    """A file-backed dev server and an instance with that many accounts, all gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="followthrough-bench-") as folder:
        home = Path(folder)
        settings = await _founded(home)
        async with DevServer(home, SEARCH_ATTRIBUTES) as server, open_parts(settings) as parts:
            ids = await _portfolio(parts, accounts)
            client = await Client.connect(server.address, data_converter=pydantic_data_converter)
            yield Site(home, server.address, client, parts, ids)


async def _founded(home: Path) -> Settings:
    await asyncio.to_thread(shutil.copytree, CHECKOUT / "playbooks", home / "playbooks")
    (home / "playbooks" / "save" / f"{LEAN}.yaml").write_text(_LEAN, encoding="utf-8")
    settings = Settings(home=home, playbooks=home / "playbooks")
    await migrate(settings.database)
    return settings


def _tied(here: Site) -> list[str]:
    serve = ["-m", "bench.serve", str(here.home), here.address]
    return [sys.executable, "-I", "-S", tethered.__file__, str(os.getpid()), sys.executable, *serve]


async def _portfolio(parts: Parts, count: int) -> tuple[str, ...]:
    plan = await parts.playbooks.load(LEAN)
    now = datetime.now(UTC)
    await sim_company.found(parts, plan.policy, now, lead_leaves=False)
    ids = tuple(f"bench-{number:04}" for number in range(count))
    roles = (plan.policy.lead_role, plan.policy.manager_role, plan.policy.executive_role)
    for account in ids:
        await _account(parts, account, now.date() + timedelta(days=200), roles)
    return ids


async def _account(parts: Parts, account: str, renewal: date, roles: Iterable[RoleId]) -> None:
    contact = f"con-{account}"
    record = AccountRecord(
        id=account,
        name=f"Papermoon {account} (simulated)",
        arr=Money(minor=6_400_000, currency="USD"),
        renewal_date=renewal,
        works=WorkingTime(time_zone=sim_company.ZONE),
        contact_id=contact,
    )
    await parts.crm.put_account(record)
    await parts.crm.put_contact(
        Contact(id=contact, account_id=account, name="Iris Falk", email=f"{account}@papermoon.example")
    )
    for role in roles:
        await parts.crm.put_seat(SeatRecord(account_id=account, role=role, person=sim_company.person_id(role)))


@dataclass(frozen=True)
class Served:
    """A worker process."""

    pid: int

    @property
    def megabytes(self) -> float:
        """Its resident memory; 0 where the system does not show it."""
        statm = Path(f"/proc/{self.pid}/statm")
        return int(statm.read_text().split()[1]) * _PAGE_KB / 1024 if statm.exists() else 0.0


@asynccontextmanager
async def worker(here: Site) -> AsyncIterator[Served]:
    """A fresh worker process that is ready; it ends with us, whatever happens."""
    process = await asyncio.create_subprocess_exec(
        *_tied(here), cwd=CHECKOUT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(60):
            if (await process.stdout.readline()).strip() != b"ready":
                raise RuntimeError("the worker of the bench did not start; run 'python worker.py' to see why")
        yield Served(process.pid)
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 20)
        except TimeoutError:
            process.kill()
            await process.wait()


async def each(
    items: Iterable[Item], work: Callable[[Item], Awaitable[Result]], at_once: int = AT_ONCE
) -> list[Result]:
    """The results of ``work`` for each item, so many at once."""
    gate = asyncio.Semaphore(at_once)

    async def one(item: Item) -> Result:
        async with gate:
            return await work(item)

    return await asyncio.gather(*(one(item) for item in items))
