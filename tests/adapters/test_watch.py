"""The facts of many accounts at once: what detection reads, by bucket or of one account."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from adapters.book.port import BookPort
from adapters.clock import utc_now
from adapters.crm.port import CrmPort
from adapters.facts.port import FactsPort
from adapters.health.port import HealthPort
from adapters.usage.port import UsagePort
from adapters.watch.port import WatchPort
from models.account import Money
from models.book import BookBatch, CaseEntry
from models.case import TimelineEvent
from models.contact import STATEMENT
from models.crm import AccountRecord, Contact
from models.detection import Reach
from models.facts import (
    Figure,
    FigureKind,
    InboundFact,
    NpsAnswer,
    Origin,
    Payment,
    PaymentState,
    Ticket,
    UsageDay,
)
from models.faults import PermanentFault
from models.sweep import Span
from rules.detection import frames
from rules.detection.frames import Facts, shaped
from tests.adapters.test_health import parts, scored

AT = datetime(2026, 3, 20, 9, tzinfo=UTC)
TODAY = AT.date()
REACH = Reach(usage=30, facts=60, scores=40)
FROM = Origin(source="command:usr-1", received_at=AT)


@pytest.fixture
async def portfolio(crm: CrmPort, facts: FactsPort, usage: UsagePort, health: HealthPort) -> None:
    await crm.put_account(AccountRecord(id="acc-1", name="One", arr=Money(minor=500, currency="MYR"), strategic=True))
    await crm.put_account(AccountRecord(id="acc-2", name="Two", reference=True, churned_on=date(2026, 1, 1)))
    for n in range(3):
        await crm.put_contact(Contact(id=f"con-{n}", account_id="acc-1", name="N", email="n@one.example"))
    days = [UsageDay(account_id="acc-1", day=TODAY - timedelta(days=ago), logins=ago) for ago in (0, 1, 29, 30, 31)]
    await usage.put(days, FROM)
    ago = [AT - timedelta(days=days) for days in (1, 200)] + [AT + timedelta(hours=1)]
    await facts.put_tickets([Ticket(id=f"t{n}", account_id="acc-1", opened_at=at) for n, at in enumerate(ago)], FROM)
    await facts.put_nps([NpsAnswer(account_id="acc-2", at=at, score=3) for at in ago], FROM)
    told = [InboundFact(id=f"i{n}", account_id="acc-1", at=at, kind="champion_left") for n, at in enumerate(ago)]
    await facts.put_inbound(told, FROM)
    await facts.put_inbound([InboundFact(id="o", account_id="acc-1", at=AT, fact="open_save", kind="x")], FROM)
    figures = [(FigureKind.SUBMETRIC, "training", 5.0), (FigureKind.KPI, "hours", 7.0)]
    given = [Figure(account_id="acc-1", kind=kind, name=name, day=TODAY, value=value) for kind, name, value in figures]
    await facts.put_figures(given, FROM)
    paid = [(1, PaymentState.LATE), (9, PaymentState.PAID)]
    await facts.put_payments(
        [Payment(id=f"p{n}", account_id="acc-1", due_on=date(2026, 3, n), state=state) for n, state in paid], FROM
    )
    for day in (19, 20):
        await health.put(scored(day, 50.0), parts(day, usage=50.0))


async def of_all(watch: WatchPort) -> Facts:
    await watch.take_stock("key", AT, REACH)
    return await watch.facts(Span(key="key", at=AT, buckets=tuple(range(32))), REACH)


def content(facts: Facts) -> dict[str, list[tuple[object, ...]]]:
    return {
        name: sorted(frame.rows(), key=repr) for name, frame in vars(facts).items() if isinstance(frame, pl.DataFrame)
    }


@pytest.mark.usefixtures("portfolio")
async def test_every_frame_is_the_one_that_detection_reads(watch: WatchPort) -> None:
    found = await of_all(watch)
    for name in ("accounts", "usage", "scores", "given", "tickets", "nps", "signals"):
        shaped(getattr(found, name), getattr(frames, name.upper()), name)
    account = found.accounts.row(by_predicate=pl.col("account_id") == "acc-1", named=True)
    known = {"arr_minor": 500, "currency": "MYR", "strategic": True, "stakeholders": 3, "has_sponsor": None}
    assert {name: account[name] for name in known} == known
    assert (account["payment"], account["churned"], account["case_open"]) == ("current", False, False)
    other = found.accounts.row(by_predicate=pl.col("account_id") == "acc-2", named=True)
    assert (other["stakeholders"], other["payment"], other["churned"]) == (None, None, True)
    assert other["strategic"]  # RISK-99: a reference is


@pytest.mark.usefixtures("portfolio")
@pytest.mark.parametrize(("said", "known"), [((None, None), None), ((False, None), False), ((False, True), True)])
async def test_a_sponsor_is_known_only_where_somebody_said(
    watch: WatchPort, crm: CrmPort, said: tuple[bool | None, ...], known: bool | None
) -> None:  # PLAY-104
    for n, sponsor in enumerate(said):
        await crm.put_contact(
            Contact(id=f"con-{n}", account_id="acc-1", name="N", email="n@one.example", sponsor=sponsor)
        )
    found = await watch.facts(Span(at=AT, account_id="acc-1"), REACH)
    assert found.accounts["has_sponsor"].to_list() == [known]


@pytest.mark.usefixtures("portfolio")
async def test_what_lies_ahead_or_too_far_back_is_not_read_and_today_has_no_use_yet(watch: WatchPort) -> None:
    found = await of_all(watch)
    assert found.usage["day"].to_list() == [TODAY - timedelta(days=ago) for ago in (30, 29, 1)]
    assert found.tickets["id"].to_list() == ["t0"]
    assert found.nps["score"].to_list() == [3]
    assert found.given.select("metric", "value").rows() == [("training", 5.0)]
    assert found.scores["day"].to_list() == [date(2026, 3, 19)]  # today is scored anew


@pytest.mark.usefixtures("portfolio")
async def test_the_latest_ticket_of_anybody_is_known_of_every_account(watch: WatchPort) -> None:  # RISK-20
    yesterday = TODAY - timedelta(days=1)
    assert (await of_all(watch)).last_ticket == yesterday
    in_turn = [await watch.facts(Span(key="key", at=AT, buckets=(bucket,)), REACH) for bucket in range(32)]
    assert {part.last_ticket for part in in_turn} == {yesterday}
    assert (await watch.facts(Span(at=AT, account_id="acc-2"), REACH)).last_ticket == yesterday  # it wrote none itself


@pytest.mark.usefixtures("portfolio")
async def test_a_payment_that_was_missed_is_a_signal_and_a_request_is_none(watch: WatchPort) -> None:  # RISK-53
    found = await of_all(watch)
    assert sorted(found.signals["kind"].to_list()) == ["champion_left", "payment_late"]


@pytest.mark.usefixtures("portfolio")
@pytest.mark.parametrize(("closed_at", "kinds"), [(None, ["send_our_data"]), (AT, [])])
async def test_a_statement_counts_while_the_save_is_open_in_which_it_was_tagged(
    watch: WatchPort, book: BookPort, closed_at: datetime | None, kinds: list[str]
) -> None:  # RISK-25
    entry = CaseEntry(
        case_id="sav-1", workflow_id="save:acc-2", kind="save", account_id="acc-2", stage="opened", opened_at=AT,
        closed_at=closed_at, as_of=AT, revision=1,
    )  # fmt: skip
    said = TimelineEvent(n=1, at=AT, kind=STATEMENT, text="send_our_data (indirect): planning their exit. Respond: x")
    await book.write(BookBatch(key="b", case=entry, timeline=(said,)))
    found = await watch.facts(Span(at=AT, account_id="acc-2"), REACH)
    assert found.signals.select("kind", "source").rows() == [(kind, "save:acc-2") for kind in kinds]
    assert found.accounts["case_open"].to_list() == [closed_at is None]


@pytest.mark.usefixtures("portfolio")
async def test_one_account_is_read_as_it_is_in_the_stock(watch: WatchPort) -> None:
    whole = content(await of_all(watch))
    for account in ("acc-1", "acc-2"):
        own = content(await watch.facts(Span(at=AT, account_id=account), REACH))
        column = {"tickets": 1}
        assert own == {
            name: [row for row in rows if row[column.get(name, 0)] == account] for name, rows in whole.items()
        }
    nobody = await watch.facts(Span(at=AT, account_id="acc-9"), REACH)
    assert nobody.accounts.is_empty()


@pytest.mark.usefixtures("portfolio")
async def test_a_stock_stays_as_it_was_taken_until_it_is_forgotten(watch: WatchPort, facts: FactsPort) -> None:
    stock = await watch.take_stock("key", AT, REACH)
    assert sum(stock.accounts) == 2
    await facts.put_inbound([InboundFact(id="new", account_id="acc-1", at=AT, kind="layoffs")], FROM)
    assert "layoffs" not in (await of_all(watch)).signals["kind"].to_list()
    await watch.forget("key")
    with pytest.raises(PermanentFault, match="start the sweep again"):
        await watch.facts(Span(key="key", at=AT, buckets=(1,)), REACH)
    assert "layoffs" in (await of_all(watch)).signals["kind"].to_list()


async def test_what_a_sweep_left_behind_is_removed_after_two_days(watch: WatchPort, tmp_path: Path) -> None:
    for key, days in (("old", 3), ("young", 1)):
        await watch.take_stock(key, AT, REACH)
        moment = (utc_now() - timedelta(days=days)).timestamp()
        os.utime(tmp_path / "sweeps" / key, (moment, moment))
    await watch.take_stock("key", AT, REACH)
    assert {path.name for path in (tmp_path / "sweeps").iterdir()} == {"young", "key"}


async def test_a_company_without_accounts_has_an_empty_stock(watch: WatchPort) -> None:
    assert sum((await watch.take_stock("key", AT, REACH)).accounts) == 0
