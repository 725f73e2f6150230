"""A customer whose facts a test writes down: 90 days until 16 November 2026, and a plan with the shipped policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from adapters.playbooks.library import Library
from adapters.playbooks.resolve import resolve
from models.account import Money
from models.brief import BriefFacts, Named, StatedCase
from models.crm import AccountRecord
from models.facts import NpsAnswer, Origin, Ticket, UsageDay, UsageFact
from models.people import Seat
from models.plan import Plan
from models.usage import Period

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
LAST_90 = Period(since=date(2026, 8, 18), until=date(2026, 11, 16))
DAYS = tuple(LAST_90.since + timedelta(days=n) for n in range(90))
PLAYBOOKS = Path(__file__).resolve().parents[3] / "playbooks"


@cache
def plan(name: str = "common_spine") -> Plan:
    return resolve(Library(PLAYBOOKS), name)


NOTED = Origin(source="csv:facts.csv", received_at=datetime(2026, 3, 20, tzinfo=UTC))


def as_days(facts: Iterable[UsageFact]) -> tuple[UsageDay, ...]:
    """The facts of log-ins as the usage history takes them."""
    return tuple(UsageDay(account_id=fact.account_id, day=fact.day, logins=int(fact.value)) for fact in facts)


def used(value: Callable[[date], float | None], metric: str = "active_users") -> tuple[UsageFact, ...]:
    """The measures of the 90 days; a day without a value was not measured."""
    measured = ((day, value(day)) for day in DAYS)
    return tuple(
        UsageFact(account_id="acc-1", day=day, metric=metric, value=each) for day, each in measured if each is not None
    )


def ticket(n: int, opened_at: datetime, **more: Any) -> Ticket:
    return Ticket(id=f"tic-{n}", account_id="acc-1", opened_at=opened_at, subject=f"Subject {n}", **more)


def answer(at: datetime, score: int, comment: str = "") -> NpsAnswer:
    return NpsAnswer(account_id="acc-1", contact_id="con-1", at=at, score=score, comment=comment)


def facts(cause: str | None = None, playbook: str = "common_spine", **more: Any) -> BriefFacts:
    """A CSM's facts on the account; ``cause`` is its root cause."""
    given: dict[str, Any] = {
        "account": AccountRecord(id="acc-1", name="Gerbang Selatan", arr=Money(minor=3_600_000, currency="USD")),
        "reader": Named(id="p-csm", name="Aisyah"),
        "roles": ("csm",),
        "seats": (Seat(role="csm", person="p-csm"), Seat(role="cs_manager", person="p-mgr")),
        "people": (Named(id="p-mgr", name="Tomasz"),),
        "case": StatedCase(root_cause=cause),
        "plan": plan(playbook),
    }
    return BriefFacts(**(given | more))
