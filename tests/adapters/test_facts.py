"""Facts from other systems."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import ValidationError

from adapters.facts.port import FactsPort
from models.account import Money
from models.facts import Figure, FigureKind, InboundFact, NpsAnswer, Origin, Payment, PaymentState, Ticket

AT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
CSV = Origin(source="csv:payments.csv", received_at=AT)
BY_HAND = Origin(source="command:usr-1", received_at=AT + timedelta(hours=1))


async def test_importing_the_same_facts_twice_leaves_them_once(facts: FactsPort) -> None:
    ticket = Ticket(id="t-1", account_id="acc-1", opened_at=AT, subject="Export", text="It stops.\nAgain.", csat=3)
    answer = NpsAnswer(account_id="acc-1", contact_id="con-1", at=AT, score=2, comment="lambat sekali")
    inbound = InboundFact(id="in-1", account_id="acc-1", at=AT, kind="champion_left", detail="resigned")
    for _ in range(2):
        await facts.put_tickets([ticket], CSV)
        await facts.put_nps([answer], CSV)
        await facts.put_inbound([inbound], CSV)
    assert await facts.tickets("acc-1") == (ticket,)
    assert await facts.nps("acc-1") == (answer,)
    assert await facts.inbound() == (inbound,)


async def test_a_fact_that_says_the_same_keeps_where_it_came_from_first(facts: FactsPort) -> None:
    late = Payment(id="pay-1", account_id="acc-1", due_on=AT.date(), state=PaymentState.LATE)
    await facts.put_payments([late], CSV)
    await facts.put_payments([late], BY_HAND)
    assert [fact.source for fact in await facts.known("acc-1")] == ["csv:payments.csv"]
    failed = late.model_copy(update={"state": PaymentState.FAILED})
    await facts.put_payments([failed], BY_HAND)
    (fact,) = await facts.known("acc-1")
    assert (fact.source, fact.received_at, fact.text) == ("command:usr-1", BY_HAND.received_at, "failed")
    assert await facts.payments("acc-1") == (failed,)


async def test_every_kind_of_fact_is_listed_with_its_source_the_oldest_first(facts: FactsPort) -> None:  # RISK-61
    await facts.put_tickets([Ticket(id="t-1", account_id="acc-1", opened_at=AT, subject="Export", csat=3)], CSV)
    await facts.put_nps([NpsAnswer(account_id="acc-1", at=AT - timedelta(days=1), score=2)], CSV)
    await facts.put_inbound([InboundFact(id="in-1", account_id="acc-1", at=AT, kind="champion_left")], BY_HAND)
    await facts.put_inbound([InboundFact(id="in-2", account_id="acc-2", at=AT, kind="layoffs")], BY_HAND)
    money = Money(minor=120050, currency="MYR")
    await facts.put_payments(
        [Payment(id="p", account_id="acc-1", due_on=date(2026, 3, 1), state=PaymentState.LATE, amount=money)], CSV
    )
    kpi = Figure(account_id="acc-1", kind=FigureKind.KPI, name="hours", day=date(2026, 3, 3), value=8, target=10)
    await facts.put_figures([kpi], BY_HAND)
    found = [(fact.what, fact.text, fact.source) for fact in await facts.known("acc-1")]
    assert found == [
        ("nps", "2", "csv:payments.csv"),
        ("payment", "late, 1200.50 MYR", "csv:payments.csv"),
        ("risk_signal", "champion_left", "command:usr-1"),
        ("ticket", "Export, csat 3", "csv:payments.csv"),
        ("kpi", "hours 8, of 10", "command:usr-1"),
    ]
    assert await facts.figures("acc-1") == (kpi,)
    assert [fact.id for fact in await facts.inbound(account_id="acc-2")] == ["in-2"]


async def test_a_figure_of_a_day_is_replaced_and_its_history_stays(facts: FactsPort) -> None:
    given = [(1, 80.0), (2, 70.5), (2, 60.0)]
    for day, value in given:
        one = Figure(
            account_id="acc-1", kind=FigureKind.SUBMETRIC, name="training", day=date(2026, 3, day), value=value
        )
        await facts.put_figures([one], BY_HAND)
    assert [(one.day.day, one.value) for one in await facts.figures("acc-1")] == [(1, 80.0), (2, 60.0)]


async def test_inbound_facts_can_be_asked_for_since_a_moment(facts: FactsPort) -> None:
    late = AT.replace(hour=9)
    await facts.put_inbound(
        [InboundFact(id=f"in-{at.hour}", account_id="a", at=at, kind="x") for at in (AT, late)], CSV
    )
    assert [fact.id for fact in await facts.inbound(late)] == ["in-9"]


def test_an_answer_above_ten_is_no_answer() -> None:
    with pytest.raises(ValidationError):
        NpsAnswer(account_id="acc-1", at=AT, score=11)
