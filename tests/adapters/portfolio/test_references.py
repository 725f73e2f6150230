"""Rows that name each other across files."""

from __future__ import annotations

from typing import Any

import pytest


def test_the_second_row_of_one_id_is_refused_and_the_first_kept(company: Any) -> None:
    company.exports(
        "accounts",
        "id,name,arr,currency,time_zone\nacc-1,First,1,USD,UTC\nacc-2,Other,1,USD,UTC\nacc-1,Second,2,USD,UTC\n",
    )
    assert company.one_error().startswith("accounts.csv:4: id: id 'acc-1' was given before, on line 2")
    assert [row.name for row in company.read().accounts] == ["First", "Other"]


def test_one_day_of_usage_is_counted_once(company: Any) -> None:
    day = "acc-1,2026-11-02,5,9,31\n"
    company.exports("usage", "account,date,active_users,logins,key_feature_events\n" + day + day)
    assert "usage.csv:3: account: account and day 'acc-1 2026-11-02' was given before, on line 2" in company.one_error()


@pytest.mark.parametrize(
    ("seat", "says"),
    [
        ("acc-7,csm,usr-1,", "account: 'acc-7' is not in accounts.csv, or has a fault there"),
        ("acc-1,csm,usr-7,", "person: 'usr-7' is not in people.csv, or has a fault there"),
        ("acc-1,csm,usr-1,usr-7", "deputy: 'usr-7' is not in people.csv, or has a fault there"),
        ("acc-1,cms,usr-1,", "role: 'cms' is not in the roles of people.csv"),
        ("acc-1,csm,usr-1,usr-1", "deputy: the deputy is the person they stand in for"),
    ],
)
def test_a_seat_of_somebody_or_something_unknown_is_refused(company: Any, seat: str, says: str) -> None:
    company.exports("seats", f"account,role,person,deputy\n{seat}\nacc-2,csm,usr-2,\n")
    assert f"seats.csv:2: {says}" in company.one_error()
    assert [row.account for row in company.read().seats] == ["acc-2"]


def test_facts_of_an_account_with_a_fault_are_refused_and_say_why(company: Any) -> None:
    company.exports("accounts", "id,name,arr,currency,time_zone\nacc-1,One,1,USD,UTC\nacc-2,Two,-1,USD,UTC\n")
    errors = [str(error) for error in company.read().errors]
    assert errors[0].startswith("accounts.csv:3: arr:")
    assert errors[1].startswith("contacts.csv:3: account: 'acc-2' is not in accounts.csv, or has a fault there")
    assert errors[2].startswith("seats.csv:3: account: 'acc-2'")


def test_an_absence_of_a_stranger_is_refused(company: Any) -> None:
    company.exports("absences", "person,first_day,last_day\nusr-9,2026-12-01,2026-12-02\n")
    assert "absences.csv:2: person: 'usr-9' is not in people.csv" in company.one_error()


def test_an_absence_does_not_end_before_it_starts(company: Any) -> None:
    company.exports("absences", "person,first_day,last_day\nusr-1,2026-12-03,2026-12-02\n")
    assert "absences.csv:2: last_day: the absence ends before it starts" in company.one_error()


def test_an_answer_of_an_unknown_contact_is_refused(company: Any) -> None:
    company.exports("nps", "account,contact,at,score\nacc-1,con-9,2026-11-02T09:00:00Z,7\n")
    assert "nps.csv:2: contact: 'con-9' is not in contacts.csv" in company.one_error()


def test_an_account_has_one_primary_contact_and_keeps_the_others(company: Any) -> None:
    company.exports(
        "contacts",
        "id,account,name,email,primary\ncon-1,acc-1,A,a@k.example,yes\ncon-2,acc-1,B,b@k.example,yes\n",
    )
    assert "contacts.csv:3: primary: 'acc-1' has its primary contact on line 2" in company.one_error()
    assert [(row.id, row.primary) for row in company.read().contacts] == [("con-1", True), ("con-2", False)]


def test_an_account_that_nobody_can_work_for_is_pointed_out(company: Any) -> None:
    (company.folder / "contacts.csv").unlink()
    company.exports("seats", "account,role,person\nacc-1,csm,usr-1\n")
    notes = [str(note) for note in company.read().notes]
    assert "accounts.csv:2: acc-1 has no primary contact, so no message can be sent to it" in notes
    assert "accounts.csv:3: acc-2 has nobody on its team, so no case can run for it" in notes


@pytest.mark.parametrize(
    ("fact", "says"),
    [
        ("open_save,,missing_feature,", "by: a request needs somebody who asks"),
        ("run_playbook,usr-1,missing_feature,", "playbook: run_playbook names no playbook"),
        ("gossip,usr-1,missing_feature,", "fact: 'gossip' does not fit; right would be: one of risk_signal, open_save"),
        ("open_save,usr-9,missing_feature,", "by: 'usr-9' is not in people.csv"),
    ],
)
def test_a_request_says_who_asks_for_what(company: Any, fact: str, says: str) -> None:
    company.exports("inbound", f"id,at,account,fact,by,kind,playbook\ninb-1,2026-11-16T09:00:00Z,acc-1,{fact}\n")
    assert f"inbound.csv:2: {says}" in company.one_error()
