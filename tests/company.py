"""The sample company as the tests of running cases see it: one account, its team, and what they write."""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.database import migrate
from adapters.portfolio.load import import_portfolio
from adapters.product_data.loading import load_product
from models.plan import Plan
from parts import open_parts
from settings import CHECKOUT, Settings

ACCOUNT = "acc-0013"
CSM, DEPUTY, MANAGER, EXECUTIVE = "usr-04", "usr-06", "usr-08", "usr-10"
PRODUCT, ENGINEER, SUPPORT, SALES = "usr-11", "usr-12", "usr-13", "usr-14"
STRANGER = "usr-01"
SPOKE = "call 4711: spoke with the ops lead, the export fails on large files"
EXPORT = {"text": "Export of large files", "owner": ENGINEER, "source": "call"}
DELIVERED = "release 4.2 of 24 Nov: the export of large files runs"
TOLD = "email 88213: told the ops lead that the export runs"
ANSWERS: dict[str, Any] = {
    "inv_tickets": {"text": "tickets 4711, 4733 and 4802, all about the export"},
    "inv_analytics": {"text": "snapshot of 24 Nov: 1,210 exports, 4 of 9 users run them"},
    "inv_csm_context": {"text": "the ops lead named exports twice in the March review"},
    "inv_product": {"text": "the export of large files is on the roadmap of spring"},
    "inv_competitive": {"text": "two others export large files, both without our joins"},
    "inv_whys": {"text": "cut by the board, all tools alike, ours is used daily", "decision": "absolute_budget"},
    "inv_budget_cycle": {"text": "their year begins in April, the finance lead decides"},
}
"""What the investigation found, by the step that asks (PLAY-24..28, PLAY-69, PLAY-70)."""
LETTER = {
    "personal_word": "Your four hundred exports in March stayed with me since we spoke on Tuesday.",
    "issue": "Exports above two gigabytes stop half way and leave an empty file behind.",
    "stakeholder": "Jun Watanabe, Engineering Lead, Integrations",
}
NOTICE = {
    "personal_word": "Thank you for walking me through the quarter-end close with your own screens.",
    "next_steps": "I call you on 3 March 2031 with the answer of our engineers.",
}


def proof(plan: Plan, step_id: str) -> dict[str, Any]:
    """Evidence that the step accepts, made of the policy's own example of its kind."""
    spec = plan.step(step_id)
    assert spec is not None, step_id
    example = next(kind.example for kind in plan.policy.evidence if kind.name == spec.evidence.kind)
    decision = {"decision": spec.evidence.decisions[0]} if spec.evidence.decisions else {}
    return {"text": example, "items": {content.id: "1 March 2031, confirmed" for content in spec.contents}} | decision


async def found(home: Path, **more: str) -> Settings:
    """A home with the sample portfolio in which nobody is away, and playbooks that a test may edit; ``more`` settings."""
    settings = Settings(home=home, playbooks=await asyncio.to_thread(_playbooks, home), **more)
    await migrate(settings.database)
    async with open_parts(settings) as parts:
        await import_portfolio(await asyncio.to_thread(everybody_there, home / "sample"), parts)
    await asyncio.to_thread(load_product, home / "sample" / "product", settings.product_data)
    return settings


def moved_in(template: Path, home: Path, **more: str) -> Settings:
    """A copy of a home that was founded before, with ``more`` settings."""
    shutil.copytree(template, home, dirs_exist_ok=True)
    return Settings(home=home, playbooks=home / "playbooks", **more)


def next_monday(now: datetime) -> datetime:
    """Ten past nine UTC on the Monday after ``now``, so that no test depends on the day it runs.

    Not nine sharp: what is due a day later would come within seconds of the beginning of office hours, and the
    time-skipping server strands a case that cancels a timer in the very moment in which it fires (sdk-java 3088).
    """
    days = 7 - now.weekday()
    return datetime(now.year, now.month, now.day, 9, 10, tzinfo=UTC) + timedelta(days=days)


def _playbooks(home: Path) -> Path:
    return Path(shutil.copytree(CHECKOUT / "playbooks", home / "playbooks"))


def everybody_there(folder: Path) -> Path:
    """The sample portfolio copied to ``folder`` without its absences, which would tie a test to the day it runs."""
    shutil.copytree(CHECKOUT / "sample", folder)
    absences = folder / "absences.csv"
    absences.write_text(absences.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    return folder
