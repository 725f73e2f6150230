"""Facts from other systems."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from adapters.facts.port import FactsPort
from models.facts import InboundFact, NpsAnswer, Ticket, UsageFact

AT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


def used(day: int, value: float) -> UsageFact:
    return UsageFact(account_id="acc-1", day=date(2026, 3, day), metric="active_users", value=value)


async def test_importing_the_same_facts_twice_leaves_them_once(facts: FactsPort) -> None:
    ticket = Ticket(id="t-1", account_id="acc-1", opened_at=AT, subject="Export", text="It stops.\nAgain.", csat=3)
    answer = NpsAnswer(account_id="acc-1", contact_id="con-1", at=AT, score=2, comment="lambat sekali")
    inbound = InboundFact(id="in-1", account_id="acc-1", at=AT, kind="champion_left", detail="resigned")
    for _ in range(2):
        await facts.put_usage([used(1, 10), used(2, 9)])
        await facts.put_tickets([ticket])
        await facts.put_nps([answer])
        await facts.put_inbound([inbound])
    assert await facts.usage("acc-1", date(2026, 3, 1), date(2026, 4, 1)) == (used(1, 10), used(2, 9))
    assert await facts.tickets("acc-1") == (ticket,)
    assert await facts.nps("acc-1") == (answer,)
    assert await facts.inbound() == (inbound,)


async def test_a_later_import_corrects_a_value(facts: FactsPort) -> None:
    await facts.put_usage([used(1, 10)])
    await facts.put_usage([used(1, 4)])
    assert await facts.usage("acc-1", date(2026, 3, 1), date(2026, 3, 2)) == (used(1, 4),)


async def test_the_end_of_a_range_of_days_is_not_in_it(facts: FactsPort) -> None:
    await facts.put_usage([used(day, day) for day in range(1, 6)])
    found = await facts.usage("acc-1", date(2026, 3, 2), date(2026, 3, 4))
    assert [fact.day.day for fact in found] == [2, 3]


async def test_ninety_days_of_a_portfolio_go_in_at_once(facts: FactsPort) -> None:
    many = [
        UsageFact(account_id=f"acc-{account}", day=date(2026, 1, 1 + day), metric=metric, value=1.0)
        for account in range(40)
        for day in range(30)
        for metric in ("active_users", "logins", "key_feature_events")
    ]
    await facts.put_usage(many)
    assert len(await facts.usage("acc-39", date(2026, 1, 1), date(2026, 2, 1))) == 90


async def test_inbound_facts_can_be_asked_for_since_a_moment(facts: FactsPort) -> None:
    late = AT.replace(hour=9)
    await facts.put_inbound([InboundFact(id=f"in-{at.hour}", account_id="a", at=at, kind="x") for at in (AT, late)])
    assert [fact.id for fact in await facts.inbound(late)] == ["in-9"]


def test_an_answer_above_ten_is_no_answer() -> None:
    with pytest.raises(ValidationError):
        NpsAnswer(account_id="acc-1", at=AT, score=11)
