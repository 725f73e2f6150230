"""An import writes what is new or changed, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from adapters.portfolio.load import import_portfolio, load_portfolio
from adapters.usage.embedded import EmbeddedUsage
from models.account import Money
from models.billing import Interval
from models.closing import CloseAccount
from models.facts import Origin, UsageDay
from models.people import Absence
from models.portfolio import ImportReport

TODAY = date(2026, 11, 15)
USAGE = "account,date,active_users,logins,key_feature_events\nacc-1,2026-11-02,5,9,31\nacc-1,2026-11-03,6,9,31\n"


def counts(report: ImportReport, file: str) -> tuple[int, int, int, int]:
    found = next(entry for entry in report.files if entry.file == file)
    return found.created, found.changed, found.unchanged, found.refused


async def test_everything_arrives_where_it_belongs(company: Any, ports: Any) -> None:
    company.exports("usage", USAGE).exports(
        "tickets",
        "id,account,opened_at,severity,sentiment,csat,locale,subject,text\n"
        'tic-1,acc-1,2026-11-02T09:00:00+07:00,urgent,negative,2,id,Gagal,"Tidak bisa\ndiunduh"\n',
    ).exports("nps", "account,contact,at,score\nacc-1,con-1,2026-11-02T09:00:00Z,3\n").exports(
        "inbound",
        "id,at,account,fact,by,kind,playbook\n"
        "inb-1,2026-11-16T09:00:00Z,acc-1,run_playbook,usr-1,missing_feature,product_technical\n",
    )
    report = await import_portfolio(company.folder, ports, TODAY)
    assert report.clean
    assert (await ports.crm.account("acc-1")).arr == Money(minor=4850050, currency="USD")
    assert (await ports.crm.account("acc-1")).contact_id == "con-1"
    assert (await ports.crm.contacts("acc-2"))[0].name == "王伟"
    assert (await ports.directory.card("usr-2")).name == "Łukasz Żak"
    assert [seat.account_id for seat in await ports.crm.seats_held("usr-2")] == ["acc-1", "acc-2"]
    (day,) = await ports.usage.days("acc-1", date(2026, 11, 2), date(2026, 11, 3))
    assert (day.active_users, day.logins, day.key_feature_events) == (5, 9, 31)
    (ticket,) = await ports.facts.tickets("acc-1")
    assert (ticket.severity, ticket.sentiment, ticket.csat, ticket.locale) == ("urgent", "negative", 2, "id")
    assert ticket.text == "Tidak bisa\ndiunduh"
    assert [answer.score for answer in await ports.facts.nps("acc-1")] == [3]
    (fact,) = await ports.facts.inbound()
    assert (fact.fact, fact.kind, fact.playbook) == ("run_playbook", "missing_feature", "product_technical")


async def test_an_account_with_a_renewal_is_billed_by_the_year_and_paid_until_then(company: Any, ports: Any) -> None:
    renewed = "acc-1,Kopi Puncak,48500.50,USD,Asia/Jakarta,2024-02-01,2027-02-01"
    company.exports("accounts", f"id,name,arr,currency,time_zone,customer_since,renewal_date\n{renewed}\n")
    for _ in range(2):
        await import_portfolio(company.folder, ports, TODAY)
    state = await ports.billing.read_back("acc-1", TODAY)
    assert (state.price, state.interval) == (Money(minor=4850050, currency="USD"), Interval.YEAR)
    assert (state.started, state.paid_through) == (date(2024, 2, 1), date(2027, 2, 1))


async def test_an_absence_lasts_from_midnight_to_midnight_where_the_person_lives(company: Any, ports: Any) -> None:
    company.exports("absences", "person,first_day,last_day,reason\nusr-2,2027-03-27,2027-03-28,leave\n")
    await import_portfolio(company.folder, ports, TODAY)
    # the clocks of Warsaw go forward on 28 March 2027
    start, end = datetime(2027, 3, 26, 23, tzinfo=UTC), datetime(2027, 3, 28, 22, tzinfo=UTC)
    assert (await ports.directory.joined("usr-2")).person.absences == (Absence(start=start, end=end),)


async def test_facts_of_accounts_that_are_known_already_come_alone(company: Any, ports: Any, tmp_path: Path) -> None:
    await import_portfolio(company.folder, ports, TODAY)
    later = tmp_path / "later"
    later.mkdir()
    (later / "usage.csv").write_text(USAGE + "acc-9,2026-11-03,6,9,31\n", encoding="utf-8")
    (later / "nps.csv").write_text(
        "account,contact,at,score\nacc-2,con-2,2026-11-02T09:00:00Z,3\nacc-2,con-1,2026-11-03T09:00:00Z,3\n"
    )
    (later / "payments.csv").write_text(
        "id,account,due_on,amount,currency,state\npay-1,acc-2,2026-11-02,1200,MYR,late\n"
        "pay-2,acc-2,2026-11-03,1200,USD,late\n"
    )
    report = await import_portfolio(later, ports, TODAY)
    assert counts(report, "usage.csv") == (2, 0, 0, 1)
    assert counts(report, "nps.csv") == (1, 0, 0, 1)
    assert counts(report, "payments.csv") == (1, 0, 0, 1)
    assert [str(error) for error in report.errors if error.file == "usage.csv"] == [
        "usage.csv:4: account: 'acc-9' is not in accounts.csv, or has a fault there, and is not known already; "
        "right would be: the account as accounts.csv spells it"
    ]
    assert len(await ports.crm.accounts()) == 2


async def test_a_new_instance_needs_people_and_accounts_and_an_empty_folder_is_no_import(
    company: Any, ports: Any, tmp_path: Path
) -> None:
    alone, empty = tmp_path / "alone", tmp_path / "empty"
    for folder in (alone, empty):
        folder.mkdir()
    (alone / "usage.csv").write_text(USAGE, encoding="utf-8")
    missing = {"people.csv", "accounts.csv"}
    assert missing <= {error.file for error in (await import_portfolio(alone, ports, TODAY)).errors}
    await import_portfolio(company.folder, ports, TODAY)
    assert missing == {error.file for error in (await import_portfolio(empty, ports, TODAY)).errors}


async def test_the_same_folder_twice_changes_nothing(company: Any, ports: Any) -> None:
    company.exports("usage", USAGE).exports("absences", "person,first_day,last_day\nusr-1,2026-12-01,2026-12-02\n")
    first = await import_portfolio(company.folder, ports, TODAY)
    assert counts(first, "usage.csv") == (2, 0, 0, 0)
    second = await import_portfolio(company.folder, ports, TODAY)
    assert second.changes == 0
    assert counts(second, "usage.csv") == (0, 0, 2, 0)
    assert counts(second, "absences.csv") == (0, 0, 1, 0)
    assert counts(second, "people.csv") == (0, 0, 2, 0)


async def test_who_left_is_no_customer_again_by_the_same_folder(company: Any, ports: Any) -> None:  # OFFB-45
    await import_portfolio(company.folder, ports, TODAY)
    await ports.crm.close_account(
        CloseAccount(
            key="k",
            case_id="can-1",
            account_id="acc-1",
            at=datetime(2026, 11, 14, tzinfo=UTC),
            closed_on=date(2026, 11, 14),
        )
    )
    assert (await import_portfolio(company.folder, ports, TODAY)).changes == 0
    assert (await ports.crm.account("acc-1")).churned_on == date(2026, 11, 14)
    for since, left in (("2026-11-13", date(2026, 11, 14)), ("2026-11-14", None)):
        rows = f"id,name,arr,currency,time_zone,customer_since\nacc-1,Kopi Puncak,48500.50,USD,Asia/Jakarta,{since}\n"
        company.exports("accounts", rows + "acc-2,学海 Learning,1200,MYR,Asia/Singapore,\n")
        await import_portfolio(company.folder, ports, TODAY)
        assert (await ports.crm.account("acc-1")).churned_on == left


class CountingUsage(EmbeddedUsage):
    """The embedded history, which also keeps what was put."""

    given: tuple[UsageDay, ...] = ()

    async def put(self, days: Sequence[UsageDay], origin: Origin) -> None:
        self.given += tuple(days)
        await super().put(days, origin)


async def test_only_what_changed_is_written_again(company: Any, ports: Any, tmp_path: Path) -> None:
    company.exports("usage", USAGE)
    await import_portfolio(company.folder, ports, TODAY)
    history = CountingUsage(tmp_path / "usage")
    ports = replace(ports, usage=history)
    company.exports("usage", USAGE.replace("2026-11-03,6", "2026-11-03,7") + "acc-2,2026-11-03,1,1,1\n")
    company.exports("seats", "account,role,person\nacc-1,csm,usr-2\nacc-2,csm,usr-2\n")
    report = await import_portfolio(company.folder, ports, TODAY)
    assert counts(report, "usage.csv") == (1, 1, 1, 0)
    assert counts(report, "seats.csv") == (0, 1, 1, 0)
    assert {(day.account_id, day.day.day) for day in history.given} == {("acc-1", 3), ("acc-2", 3)}
    assert [day.active_users for day in await history.days("acc-1", date(2026, 11, 3), date(2026, 11, 4))] == [7]


async def test_good_rows_are_imported_beside_broken_ones(company: Any, ports: Any) -> None:
    company.exports("usage", USAGE + "acc-1,2026-11-04,-1,9,31\nacc-9,2026-11-04,1,9,31\n")
    report = await import_portfolio(company.folder, ports, TODAY)
    assert not report.clean
    assert counts(report, "usage.csv") == (2, 0, 0, 2)
    assert [error.line for error in report.errors] == [4, 5]


async def test_a_row_that_the_crm_refuses_is_an_error_of_its_line(company: Any, ports: Any) -> None:
    portfolio = company.read()
    without = portfolio.model_copy(update={"accounts": portfolio.accounts[:1]})
    report = await load_portfolio(without, ports)
    assert counts(report, "contacts.csv") == (1, 0, 0, 1)
    assert str(report.errors[0]).startswith("contacts.csv:3: no account has the id 'acc-2'")
    assert counts(report, "seats.csv") == (1, 0, 0, 1)
