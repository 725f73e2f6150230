"""What a cell may hold, and what a wrong one is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from adapters.portfolio import cells
from adapters.portfolio.records import account_record
from models.account import ContractTerms, CustomerType, MidTerm, Money
from models.calendar import Offset, Shift
from models.portfolio import Locale


def account(company: Any, **changes: str) -> Any:
    row = {"id": "acc-9", "name": "Nine", "arr": "100", "currency": "USD", "time_zone": "UTC"} | changes
    quoted = ",".join('"' + value.replace('"', '""') + '"' for value in row.values())
    company.exports("accounts", f"{','.join(row)}\n{quoted}\n")
    (company.folder / "contacts.csv").unlink()
    (company.folder / "seats.csv").unlink()
    return company


def usage(company: Any, *rows: str) -> Any:
    return company.exports("usage", "\n".join(["account,date,active_users,logins,key_feature_events", *rows]))


def test_money_is_kept_to_the_cent_in_its_own_currency(company: Any) -> None:
    first, second = company.read().accounts
    assert first.arr == Money(minor=4850050, currency="USD")
    assert second.arr == Money(minor=120000, currency="MYR")


@pytest.mark.parametrize(("arr", "cents"), [("48500", 4850000), ("48500.5", 4850050), ("0.05", 5), ("0", 0)])
def test_money_may_be_written_with_less_than_two_decimals(arr: str, cents: int) -> None:
    assert cells.amount(arr) == cents


def test_accounts_in_several_currencies_are_pointed_out(company: Any) -> None:
    assert "accounts are kept in 2 currencies (MYR, USD); amounts are not converted" in company.read().notes[0].text


@pytest.mark.parametrize("arr", ["NaN", "-1", "1e5", "Infinity", "USD 12000", "12,000.00", "1.234", "", "٣٤٥"])
def test_an_amount_that_is_no_amount_is_refused(company: Any, arr: str) -> None:
    error = account(company, arr=arr).one_error()
    assert error.startswith("accounts.csv:2: arr: ")
    assert company.read().accounts == ()


@pytest.mark.parametrize("currency", ["USD/MYR", "usd", "JPY", "XYZ", "$", "USD EUR"])
def test_one_currency_with_two_decimals_is_asked_for(company: Any, currency: str) -> None:
    error = account(company, currency=currency).one_error()
    assert f"accounts.csv:2: currency: '{currency}' does not fit" in error
    assert "ISO 4217 code of one currency" in error


@pytest.mark.parametrize("zone", ["Asia/Jakrta", "GMT+8", "../../etc/passwd", "Asia", "\x00"])
def test_a_bad_time_zone_is_refused(company: Any, zone: str) -> None:
    assert "such as Asia/Kuala_Lumpur" in account(company, time_zone=zone).one_error()


def test_an_unknown_locale_falls_back_to_english_with_a_note(company: Any) -> None:
    portfolio = account(company, locale="fr-FR").read()
    assert portfolio.errors == ()
    assert portfolio.accounts[0].locale is Locale.EN
    note = next(note for note in portfolio.notes if note.field == "locale")
    assert str(note) == (
        "accounts.csv:2: nothing is written in the locale 'fr-FR', so en is used; known are en, ms, id"
    )


def test_a_regional_locale_is_its_language(company: Any) -> None:
    portfolio = account(company, locale="ms_MY").read()
    assert portfolio.accounts[0].locale is Locale.MS
    assert [note for note in portfolio.notes if note.field == "locale"] == []


@pytest.mark.parametrize("region", ["MY-99", "Malaysia", "MY-", "XX"])
def test_a_region_without_known_holidays_is_refused(company: Any, region: str) -> None:
    assert "such as MY-14, ID, SG or DE-BE" in account(company, holiday_region=region).one_error()


@pytest.mark.parametrize(
    "email", ["dewi", "dewi@kopi", "a@b.example, c@d.example", "Dewi <d@k.example>", "d@k.example\nBcc: x@y.example"]
)
def test_a_bad_address_is_refused(company: Any, email: str) -> None:
    company.exports("contacts", f'id,account,name,email\ncon-1,acc-1,Dewi,"{email}"\n')
    assert "contacts.csv:2: email: " in company.one_error()


@pytest.mark.parametrize(
    "name", ['=HYPERLINK("http://evil.example","x")', "@SUM(A1)", "-2+3", "+60 3-1", "'; DROP TABLE accounts; --"]
)
def test_what_a_spreadsheet_would_run_as_a_formula_stays_text(company: Any, name: str) -> None:
    portfolio = account(company, name=name).read()
    assert portfolio.errors == ()
    assert portfolio.accounts[0].name == name


@pytest.mark.parametrize("name", ["می\u200cخواهم", "Nur\u00a0Aini", "O'Dell", "a/p Subramaniam", "陈小明 (Chen)"])
def test_a_name_is_kept_in_any_script(company: Any, name: str) -> None:
    assert account(company, name=name).read().accounts[0].name == name


def test_a_name_with_a_line_break_is_refused(company: Any) -> None:
    error = account(company, name="Kopi\nBcc: all@kopi.example").one_error()
    assert "accounts.csv:2: name: 'Kopi?Bcc: all@kopi.example' does not fit" in error


@pytest.mark.parametrize("value", ["-3", "NaN", "2.5", "", "lots", "1e3", "99999999999"])
def test_usage_is_a_whole_number_that_is_not_negative(company: Any, value: str) -> None:
    assert "usage.csv:2: active_users: " in usage(company, f"acc-1,2026-11-02,{value},9,31").one_error()


@pytest.mark.parametrize("value", ["2026-02-29", "02.11.2026", "11/02/2026", "2026-11-2", "1026-11-02", "9999-12-31"])
def test_a_day_is_a_day_of_the_calendar_written_the_iso_way(company: Any, value: str) -> None:
    assert "YYYY-MM-DD" in usage(company, f"acc-1,{value},5,9,31").one_error()


def test_a_fact_of_today_is_taken_and_one_of_tomorrow_refused(company: Any) -> None:
    error = usage(company, "acc-1,2026-11-15,5,9,31", "acc-1,2026-11-16,5,9,31").one_error()
    assert error.startswith(
        "usage.csv:3: date: '2026-11-16' does not fit; right would be: a day that is not after 2026"
    )
    assert [row.day for row in company.read().usage] == [date(2026, 11, 15)]


def test_a_ticket_of_the_future_is_refused_and_a_renewal_in_the_future_is_not(company: Any) -> None:
    company.exports("tickets", "id,account,opened_at,subject\ntic-1,acc-1,2026-11-16T00:00:00Z,Export\n")
    assert "tickets.csv:2: opened_at: " in company.one_error()
    (company.folder / "tickets.csv").unlink()
    assert account(company, renewal_date="2028-02-29").read().errors == ()


@pytest.mark.parametrize("moment", ["2026-11-02T09:00:00", "2026-11-02 9am", "yesterday", "0001-01-01T00:00:00+14:00"])
def test_a_moment_needs_its_time_zone(company: Any, moment: str) -> None:
    company.exports("tickets", f"id,account,opened_at,subject\ntic-1,acc-1,{moment},Export\n")
    assert "a moment with its time zone" in company.one_error()


def test_a_moment_is_kept_in_utc() -> None:
    assert cells.moment("2026-11-16T09:30:00+08:00") == datetime(2026, 11, 16, 1, 30, tzinfo=UTC)


def test_a_ticket_is_not_closed_before_it_was_opened(company: Any) -> None:
    company.exports(
        "tickets",
        "id,account,opened_at,closed_at,subject\ntic-1,acc-1,2026-11-02T09:00:00Z,2026-11-01T09:00:00Z,Export\n",
    )
    assert "tickets.csv:2: closed_at: the ticket is closed before it was opened" in company.one_error()


# RISK-82: CSAT is a scale of 10
@pytest.mark.parametrize("csat", ["0", "11", "4.5", "good"])
def test_csat_is_a_whole_number_from_1_to_10(company: Any, csat: str) -> None:
    company.exports("tickets", f"id,account,opened_at,csat,subject\ntic-1,acc-1,2026-11-02T09:00:00Z,{csat},Export\n")
    assert company.one_error().endswith("right would be: a whole number from 1 to 10")


def test_working_hours_have_several_intervals_a_day_and_differ_by_day() -> None:
    week = cells.working_hours("Mon-Thu 09:00-13:00 14:00-18:00; Fri 09:00-12:15")
    morning, noon = Shift(start=time(9), end=time(13)), Shift(start=time(14), end=time(18))
    friday = (Shift(start=time(9), end=time(12, 15)),)
    assert week == ((morning, noon),) * 4 + (friday, (), ())


def test_a_working_week_may_start_on_sunday() -> None:
    week = cells.working_hours("Sun-Wed 08:00-16:00")
    assert [bool(day) for day in week] == [True, True, True, False, False, False, True]


@pytest.mark.parametrize(
    "text",
    [
        "9 to 5",
        "Mon 18:00-09:00",
        "Mon 09:00-13:00 12:00-18:00",
        "Mon",
        "Mon 25:00-26:00",
        "Mon 09:00-12:00; Mon 13:00-15:00",
        "Mon-Foo 09:00-12:00",
        ";",
    ],
)
def test_working_hours_that_make_no_sense_are_told_how_to_write_them(text: str) -> None:
    with pytest.raises(cells.UnfitError, match="such as 'Mon-Thu 09:00-13:00 14:00-18:00; Fri 09:00-12:15'"):
        cells.working_hours(text)


def test_every_wrong_cell_of_a_row_is_named(company: Any) -> None:
    portfolio = account(company, arr="-1", currency="X", time_zone="Y").read()
    assert [(error.line, error.field) for error in portfolio.errors] == [(2, "arr"), (2, "currency"), (2, "time_zone")]


def test_what_is_not_said_of_a_contract_binds_nobody(company: Any) -> None:
    portfolio = account(company).read()
    record = account_record(portfolio.accounts[0], None)
    assert (record.customer_type, record.switching, record.contract) == (CustomerType.BUSINESS, False, ContractTerms())


def test_the_terms_of_a_contract_are_kept(company: Any) -> None:
    terms = {"term_ends": "2027-06-30", "notice": "P3M", "auto_renews": "yes", "mid_term": "with_fee"}
    facts = {"tax_number": "C 2584", "postal_address": "12 Jalan Sultan; 30000 Ipoh", "bought_for": "Stocktaking"}
    facts |= {"customer_type": "consumer", "switching": "yes", "expansion_potential": "yes", "reference": "no"}
    portfolio = account(company, currency="EUR", **facts, **terms, early_termination_fee="1650.50").read()
    record = account_record(portfolio.accounts[0], None)
    assert record.contract == ContractTerms(
        term_ends=date(2027, 6, 30),
        notice=Offset(months=3),
        auto_renews=True,
        mid_term=MidTerm.WITH_FEE,
        early_termination_fee=Money(minor=165050, currency="EUR"),
    )
    assert (record.customer_type, record.switching) == (CustomerType.CONSUMER, True)
    assert (record.tax_number, record.postal_address) == ("C 2584", "12 Jalan Sultan; 30000 Ipoh")
    assert record.bought_for == "Stocktaking"  # CONV-10
    assert (record.expansion_potential, record.reference) == (True, False)


@pytest.mark.parametrize(
    ("field", "value", "right"),
    [
        ("customer_type", "firm", "one of business, consumer"),
        ("switching", "perhaps", "yes or no"),
        ("term_ends", "30.06.2027", "YYYY-MM-DD"),
        ("notice", "3 months", "a period such as P30D, P6W or P3M"),
        ("notice", "PT4H", "a period such as P30D, P6W or P3M"),
        ("mid_term", "maybe", "one of allowed, not_allowed, with_fee"),
        ("early_termination_fee", "-5", "not negative"),
        ("jurisdiction", "Germany", "such as DE or US-CA"),
        ("jurisdiction", "us-ca", "such as DE or US-CA"),
    ],
)
def test_a_term_that_makes_no_sense_is_refused_with_its_line(company: Any, field: str, value: str, right: str) -> None:
    error = account(company, **{field: value}).one_error()
    assert error.startswith(f"accounts.csv:2: {field}: ")
    assert right in error


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"mid_term": "not_allowed"}, "mid_term"),
        ({"mid_term": "with_fee", "term_ends": "2027-06-30"}, "early_termination_fee"),
        ({"mid_term": "allowed", "early_termination_fee": "100"}, "early_termination_fee"),
    ],
)
def test_terms_that_contradict_each_other_are_refused(company: Any, terms: dict[str, str], field: str) -> None:
    assert account(company, **terms).one_error().startswith(f"accounts.csv:2: {field}: ")
