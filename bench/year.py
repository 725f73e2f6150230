"""A year of a case on the rules alone: a save of thirty days and the recovery after it, in a world that does all at once.

No server, no worker, no database: what is left is what the decisions themselves cost.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from adapters.database import migrate
from bench.rehearsal import Rehearsal, World
from cli import sim_company
from models import commands as c
from models.account import AccountFile
from models.base import Record
from models.case import CaseKind, Sibling
from models.contact import CustomerCase
from models.effects import Action, Outcome, Verb
from models.plan import Plan
from models.save import SaveOutcome
from models.starts import SaveStart
from parts import open_parts
from rules import carrying
from rules.recovery import commands as recovery_commands
from rules.recovery import lifecycle as recovery_lifecycle
from rules.save import commands as save_commands
from rules.save import lifecycle as save_lifecycle
from settings import CHECKOUT, Settings

SAVE, RECOVERY = "product_technical", "recovery"
OPENED = datetime.fromisoformat("2026-11-16T01:00:00+00:00")
SAVE_DAYS, YEAR_DAYS = 30, 368
CSM, MANAGER = sim_company.person_id("csm"), sim_company.person_id("cs_manager")


class Year(Record):
    """What it took: seconds, effects that went out, and steps that people did."""

    seconds: float
    effects: int
    steps: int
    outcomes: tuple[str, str]


def _world(file: AccountFile, plans: Mapping[str, Plan]) -> World:
    def answers(case: CustomerCase, action: Action) -> Outcome:
        if action.verb is Verb.LOAD_ACCOUNT:
            return Outcome(file=file)
        if action.verb is Verb.LOAD_PLAN:
            return Outcome(plan=plans[next(ask.subject for ask in case.asks if ask.id == action.subject)])
        return Outcome(receipt=f"r-{action.key}")

    return answers


async def measure() -> Year:
    """Play the year and take its time; what it is played with is read before."""
    file, plans = await company((SAVE, RECOVERY))
    began = time.perf_counter()
    save = await asyncio.to_thread(_saved, file, plans)
    recovery = await asyncio.to_thread(_recovered, save, file, plans)
    seconds = time.perf_counter() - began
    return Year(
        seconds=seconds,
        effects=len(save.sent) + len(recovery.sent),
        steps=save.done() + recovery.done(),
        outcomes=(str(save.case.outcome), str(recovery.case.outcome)),
    )


async def company(names: Sequence[str]) -> tuple[AccountFile, Mapping[str, Plan]]:
    """The simulated company and its customer, with the plans of these names."""
    with tempfile.TemporaryDirectory(prefix="followthrough-bench-") as home:
        settings = Settings(home=Path(home), playbooks=CHECKOUT / "playbooks")
        await migrate(settings.database)
        async with open_parts(settings) as parts:
            plans = {name: await parts.playbooks.load(name) for name in names}
            await sim_company.found(parts, plans[names[0]].policy, OPENED, lead_leaves=False)
            return await parts.crm.account_file(sim_company.ACCOUNT), plans


def _saved(file: AccountFile, plans: Mapping[str, Plan]) -> Rehearsal:
    start = SaveStart(account_id=sim_company.ACCOUNT, opened_by=CSM, reason="missing_feature", playbook=SAVE)
    case = save_lifecycle.opened(start, "save-1", OPENED)
    played = Rehearsal(case, save_commands, _world(file, plans), OPENED, MANAGER)
    played.settle()
    played.work(OPENED + timedelta(days=1))
    played.do(c.LogContact(by=CSM, channel="phone", answered=True, summary="spoke at length"))
    played.do(c.RecordRootCause(by=CSM, root_cause="missing_feature", whys=("no export",)))
    played.work(OPENED + timedelta(days=SAVE_DAYS))
    signed = "renewal R-114 of 3 May signed"
    played.do(c.CloseSave(by=MANAGER, outcome=SaveOutcome.SAVED_FULL, notes="they stay", evidence=signed))
    return played


def _recovered(save: Rehearsal, file: AccountFile, plans: Mapping[str, Plan]) -> Rehearsal:
    owed = carrying.recovery_start(save.case, Sibling(kind=CaseKind.RECOVERY, at=save.now))
    case = recovery_lifecycle.opened(owed, "recovery-1", save.now)
    played = Rehearsal(case, recovery_commands, _world(file, plans), save.now, MANAGER)
    played.settle()
    played.work(save.now + timedelta(days=YEAR_DAYS))
    return played
