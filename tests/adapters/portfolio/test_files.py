"""What kind of file is read, and what a file that cannot be read is told."""

from __future__ import annotations

from typing import Any

import pytest

GOOD_USAGE = "account,date,active_users,logins,key_feature_events\nacc-1,2026-11-02,5,9,31\n"


def test_a_small_export_is_read_without_a_word(company: Any) -> None:
    portfolio = company.read()
    assert portfolio.errors == ()
    assert [person.name for person in portfolio.people] == ["Nur Aini", "Łukasz Żak"]
    assert [account.name for account in portfolio.accounts] == ["Kopi Puncak", "学海 Learning"]
    assert [row.person for row in portfolio.seats] == ["usr-1", "usr-2"]


def test_a_file_of_excel_with_byte_order_mark_and_windows_line_ends_is_read(company: Any) -> None:
    company.exports("usage", b"\xef\xbb\xbf" + GOOD_USAGE.replace("\n", "\r\n").encode())
    portfolio = company.read()
    assert portfolio.errors == ()
    assert portfolio.usage[0].active_users == 5


def test_an_error_after_a_text_with_line_breaks_names_the_true_line(company: Any) -> None:
    company.exports(
        "tickets",
        "id,account,opened_at,severity,subject,text\r\n"
        'tic-1,acc-1,2026-11-02T09:00:00Z,high,Export,"first\r\nsecond\r\n\r\nfourth, with ""quotes"""\r\n'
        "tic-2,acc-1,2026-11-03T09:00:00Z,dire,Export,late\r\n",
    )
    assert company.one_error().startswith("tickets.csv:6: severity: 'dire' does not fit; right would be: one of low,")
    assert company.read().tickets[0].text == 'first\r\nsecond\r\n\r\nfourth, with "quotes"'


def test_empty_lines_are_no_rows(company: Any) -> None:
    company.exports("usage", GOOD_USAGE + "\n,,,,\nacc-1,2026-11-03,-5,9,31\n")
    assert company.one_error().startswith("usage.csv:5: active_users: '-5' does not fit")
    assert len(company.read().usage) == 1


def test_a_windows_1252_file_is_refused_as_such_with_the_line(company: Any) -> None:
    company.exports("contacts", "id,account,name,email\ncon-1,acc-1,Zoë,zoe@x.example\n".encode("cp1252"))
    assert company.one_error() == (
        "contacts.csv:2: the file is not UTF-8 (byte 0xEB on this line; it may be Windows-1252); "
        "right would be: a file saved as UTF-8, in Excel as 'CSV UTF-8'"
    )


def test_a_utf_16_file_is_refused_as_such(company: Any) -> None:
    company.exports("contacts", "id,account,name,email\n".encode("utf-16"))
    assert "the file is UTF-16" in company.one_error()


def test_a_quote_that_never_ends_is_named_where_it_starts(company: Any) -> None:
    company.exports("usage", GOOD_USAGE + 'acc-1,2026-11-03,"5,9,31\nacc-1,2026-11-04,5,9,31\n')
    assert company.one_error().startswith("usage.csv:3: the row that starts here is no CSV")
    assert len(company.read().usage) == 1


def test_a_row_with_too_few_cells_is_refused_and_the_others_are_kept(company: Any) -> None:
    company.exports("usage", GOOD_USAGE + "acc-1,2026-11-03,5\nacc-1,2026-11-04,5,9,31\n")
    assert company.one_error().startswith("usage.csv:3: the row has 3 cells and the header 5")
    assert [row.line for row in company.read().usage] == [2, 4]


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("account,date,active_users,logins", "the header lacks key_feature_events"),
        ("account,date,active_users,logins,key_feature_events,mood", "the header has the unknown column 'mood'"),
        ("account,date,date,active_users,logins,key_feature_events", "the header repeats 'date'"),
        ("account;date;active_users;logins;key_feature_events", "has the unknown column 'account;date;active_users"),
        ("acc-1,2026-11-02,5,9,31", "the header lacks account, date, active_users, logins, key_feature_events and"),
        ("", "the file is empty"),
    ],
)
def test_a_header_that_does_not_fit_is_one_error_that_names_what_is_expected(
    company: Any, header: str, says: str
) -> None:
    company.exports("usage", f"{header}\nacc-1,2026-11-02,5,9,31\n" if header else "")
    error = company.one_error()
    assert error.startswith("usage.csv:1: ")
    assert says in error
    assert error.endswith("right would be: the header account,date,active_users,logins,key_feature_events")


def test_a_header_may_be_in_any_order_and_in_capital_letters(company: Any) -> None:
    company.exports("usage", "Logins,Account,Key Feature Events,DATE,active_users\n9,acc-1,31,2026-11-02,5\n")
    portfolio = company.read()
    assert portfolio.errors == ()
    assert (portfolio.usage[0].logins, portfolio.usage[0].active_users) == (9, 5)


def test_a_portfolio_without_accounts_says_which_file_is_missing(company: Any) -> None:
    (company.folder / "accounts.csv").unlink()
    first = company.read().errors[0]
    assert (first.file, first.line, first.wrong) == ("accounts.csv", 0, "the file is missing")


def test_a_misspelt_file_name_is_not_passed_over_in_silence(company: Any) -> None:
    company.exports("tickts", "id\n1\n")
    assert company.one_error().startswith(
        "tickts.csv: no portfolio has a file of this name; right would be: one of abs"
    )


def test_a_folder_in_the_place_of_a_file_is_an_error_of_that_file(company: Any) -> None:
    (company.folder / "usage.csv").mkdir()
    assert company.one_error().startswith("usage.csv: the file cannot be read (Is a directory)")
