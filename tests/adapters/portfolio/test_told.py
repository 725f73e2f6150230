"""Signals, sub-metrics and payments from files: each broken row is named, the good ones are kept."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from adapters.portfolio.load import import_portfolio
from adapters.portfolio.read import read_portfolio
from models.account import Money
from models.facts import FigureKind, PaymentState
from models.facts_policy import FactWords

TODAY = date(2026, 11, 15)
WORDS = FactWords(signals=("champion_left", "competitor_named"), submetrics=("champion_status", "training"))
SIGNALS = "id,account,at,kind,detail,by\n"
FIGURES = "account,date,kind,name,value,target\n"
PAYMENTS = "id,account,due_on,state,paid_on,amount,currency\n"


def one_error(company: Any) -> str:
    errors = read_portfolio(company.folder, TODAY, WORDS).errors
    assert len(errors) == 1, [str(error) for error in errors]
    return str(errors[0])


async def test_what_people_told_arrives_with_the_file_as_its_source_and_twice_changes_nothing(
    company: Any, ports: Any
) -> None:
    company.exports("signals", SIGNALS + "s-1,acc-1,2026-11-02T09:00:00+07:00,champion_left,resigned,usr-1\n")
    company.exports("submetrics", FIGURES + "acc-1,2026-11-02,,training,62.5,\nacc-1,2026-11-02,kpi,hours,-3,10\n")
    company.exports("payments", PAYMENTS + "p-1,acc-1,2026-10-01,late,,1200.50,USD\np-2,acc-2,2026-10-01,failed,,,\n")
    first = await import_portfolio(company.folder, ports, TODAY, WORDS)
    assert first.clean
    (signal,) = await ports.facts.inbound(account_id="acc-1")
    assert (signal.fact, signal.kind, signal.by) == ("risk_signal", "champion_left", "usr-1")
    figures = [(one.kind, one.name, one.value, one.target) for one in await ports.facts.figures("acc-1")]
    assert figures == [(FigureKind.KPI, "hours", -3, 10), (FigureKind.SUBMETRIC, "training", 62.5, None)]
    (late,) = await ports.facts.payments("acc-1")
    assert (late.state, late.amount) == (PaymentState.LATE, Money(minor=120050, currency="USD"))
    sources = {(fact.what, fact.source) for fact in await ports.facts.known("acc-1")}
    assert sources == {
        ("risk_signal", "csv:signals.csv"),
        ("submetric", "csv:submetrics.csv"),
        ("kpi", "csv:submetrics.csv"),
        ("payment", "csv:payments.csv"),
    }
    second = await import_portfolio(company.folder, ports, TODAY, WORDS)
    assert second.changes == 0


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("s-1,acc-9,2026-11-02T09:00:00Z,champion_left,,", "signals.csv:2: account: 'acc-9' is not in accounts.csv"),
        ("s-1,acc-1,2026-11-17T09:00:00Z,champion_left,,", "signals.csv:2: at: .* cannot lie in the future"),
        ("s-1,acc-1,2026-11-02,champion_left,,", "signals.csv:2: at: .*a moment with its time zone"),
        ("s-1,acc-1,2026-11-02T09:00:00Z,mumble,,", "signals.csv:2: kind: 'mumble' is not in the signals"),
        ("s-1,acc-1,2026-11-02T09:00:00Z,champion_left,,usr-9", "signals.csv:2: by: 'usr-9' is not in people.csv"),
    ],
)
def test_a_signal_that_cannot_be_is_an_error_of_its_line(company: Any, row: str, error: str) -> None:
    company.exports("signals", SIGNALS + row + "\n")
    with pytest.raises(AssertionError, match=error):
        raise AssertionError(one_error(company))


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("acc-1,2026-11-02,submetric,training,100.5,", "value: the sub-metric is out of range; .*from 0 to 100"),
        ("acc-1,2026-11-02,submetric,training,-1,", "value: the sub-metric is out of range"),
        ("acc-1,2026-11-02,submetric,training,NaN,", "value: 'NaN' does not fit; .*a number such as 89.5"),
        ("acc-1,2026-11-02,kpi,hours,inf,", "value: 'inf' does not fit"),
        ("acc-1,2026-11-02,kpi,hours,1,0", "target: the target fits no figure"),
        ("acc-1,2026-11-02,submetric,training,1,50", "target: the target fits no figure"),
        ("acc-1,2026-11-16,submetric,training,1,", "date: .* cannot lie in the future"),
        ("acc-1,2026-11-02,submetric,charm,1,", "name: 'charm' is not in the sub-metrics"),
        ("acc-9,2026-11-02,submetric,training,1,", "account: 'acc-9' is not in accounts.csv"),
    ],
)
def test_a_figure_that_cannot_be_is_an_error_of_its_line(company: Any, row: str, error: str) -> None:
    company.exports("submetrics", FIGURES + row + "\n")
    with pytest.raises(AssertionError, match="submetrics.csv:2: " + error):
        raise AssertionError(one_error(company))


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("p-1,acc-1,2026-10-01,late,,12.00,MYR", "currency: 'MYR' is not the currency of acc-1, .*an amount in USD"),
        ("p-1,acc-1,2026-10-01,late,,12.00,", "currency: an amount and its currency belong together"),
        ("p-1,acc-1,2026-10-01,late,,-12.00,USD", "amount: '-12.00' does not fit; .*not negative"),
        ("p-1,acc-1,2026-10-01,paid,,,", "paid_on: the day of the payment and its state disagree"),
        ("p-1,acc-1,2026-10-01,paid,2026-10-02,,", "paid_on: the day of the payment and its state disagree"),
        ("p-1,acc-1,2026-10-01,late,2026-10-01,,", "paid_on: the day of the payment and its state disagree"),
        ("p-1,acc-1,2026-10-01,failed,2026-10-01,,", "paid_on: the day of the payment and its state disagree"),
        ("p-1,acc-1,2026-11-16,late,,,", "due_on: .* cannot lie in the future"),
        ("p-1,acc-1,2026-10-01,soon,,,", "state: 'soon' does not fit; .*one of paid, late, failed"),
    ],
)
def test_a_payment_that_cannot_be_is_an_error_of_its_line(company: Any, row: str, error: str) -> None:
    company.exports("payments", PAYMENTS + row + "\n")
    with pytest.raises(AssertionError, match="payments.csv:2: " + error):
        raise AssertionError(one_error(company))


def test_a_day_that_is_given_twice_is_an_error_of_the_second_row(company: Any) -> None:
    company.exports("submetrics", FIGURES + "acc-1,2026-11-02,,training,1,\nacc-1,2026-11-02,,training,2,\n")
    assert "submetrics.csv:3: account: " in one_error(company)
    (kept,) = read_portfolio(company.folder, TODAY, WORDS).figures
    assert kept.value == 1


def test_good_rows_are_kept_beside_broken_ones(company: Any) -> None:
    company.exports("payments", PAYMENTS + "p-1,acc-9,2026-10-01,late,,,\np-2,acc-2,2026-10-01,late,,9.00,MYR\n")
    portfolio = read_portfolio(company.folder, TODAY, WORDS)
    assert [row.id for row in portfolio.payments] == ["p-2"]
