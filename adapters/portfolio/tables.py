"""Which files a portfolio has, which columns each of them has, and what every row must agree with."""

from __future__ import annotations

from adapters.portfolio import cells
from adapters.portfolio.table import Check, Column, Table
from adapters.portfolio.told import PAYMENTS, SIGNALS, SUBMETRICS
from models.account import CustomerType, MidTerm
from models.portfolio import (
    AbsenceRow,
    AccountRow,
    ContactRow,
    Fact,
    InboundRow,
    NpsRow,
    PersonRow,
    RunningCaseRow,
    RunningStepRow,
    SeatRow,
    Sentiment,
    TicketRow,
    TicketSeverity,
    UsageRow,
)


def _shared_columns() -> tuple[Column, ...]:
    return (
        Column("locale", cells.locale, optional=True),
        Column("time_zone", cells.time_zone),
        Column("holiday_region", cells.holiday_region, optional=True),
        Column("working_hours", cells.working_hours, "week", optional=True),
    )


PEOPLE = Table(
    file="people.csv",
    model=PersonRow,
    columns=(
        Column("id", cells.identifier),
        Column("name", cells.line_of_text),
        Column("email", cells.email),
        Column("title", cells.line_of_text),
        Column("phone", cells.line_of_text, optional=True),
        *_shared_columns(),
        Column("roles", cells.roles, optional=True),
        Column("active", cells.yes_or_no, optional=True),
    ),
    key=("id",),
    required=True,
)

ABSENCES = Table(
    file="absences.csv",
    model=AbsenceRow,
    columns=(
        Column("person", cells.identifier),
        Column("first_day", cells.day),
        Column("last_day", cells.day),
        Column("reason", cells.line_of_text, optional=True),
    ),
    key=("person", "first_day"),
    checks=(
        Check(
            lambda row: row.last_day >= row.first_day,
            "last_day",
            "the absence ends before it starts",
            "a day that is not before first_day",
        ),
    ),
)

ACCOUNTS = Table(
    file="accounts.csv",
    model=AccountRow,
    columns=(
        Column("id", cells.identifier),
        Column("name", cells.line_of_text),
        Column("arr", cells.amount, "arr_minor"),
        Column("currency", cells.currency),
        Column("customer_since", cells.day, optional=True, past=True),
        Column("tier", cells.identifier, optional=True),
        Column("strategic", cells.yes_or_no, optional=True),
        Column("renewal_date", cells.day, optional=True),
        Column("jurisdiction", cells.jurisdiction, optional=True),
        *_shared_columns(),
        Column("customer_type", cells.one_of(CustomerType), optional=True),
        Column("switching", cells.yes_or_no, optional=True),
        Column("expansion_potential", cells.yes_or_no, optional=True),
        Column("reference", cells.yes_or_no, optional=True),
        Column("term_ends", cells.day, optional=True),
        Column("notice", cells.notice_period, optional=True),
        Column("auto_renews", cells.yes_or_no, optional=True),
        Column("mid_term", cells.one_of(MidTerm), optional=True),
        Column("early_termination_fee", cells.amount, "fee_minor", optional=True),
        Column("tax", cells.tax, optional=True),
        Column("tax_number", cells.line_of_text, optional=True),
        Column("postal_address", cells.line_of_text, optional=True),
        Column("bought_for", cells.line_of_text, optional=True),
    ),
    key=("id",),
    required=True,
    checks=(
        Check(
            lambda row: row.mid_term is MidTerm.ALLOWED or row.term_ends is not None,
            "mid_term",
            "the contract has no term that could end early",
            "the last day of the term in term_ends, or allowed",
        ),
        Check(
            lambda row: (row.mid_term is MidTerm.WITH_FEE) == (row.fee_minor is not None),
            "early_termination_fee",
            "a fee for ending early and mid_term disagree",
            "a fee with mid_term with_fee, and none otherwise",
        ),
    ),
)

CONTACTS = Table(
    file="contacts.csv",
    model=ContactRow,
    columns=(
        Column("id", cells.identifier),
        Column("account", cells.identifier),
        Column("name", cells.line_of_text),
        Column("email", cells.email),
        Column("title", cells.line_of_text, optional=True),
        Column("phone", cells.line_of_text, optional=True),
        Column("locale", cells.locale, optional=True),
        Column("primary", cells.yes_or_no, optional=True),
        Column("email_only", cells.yes_or_no, optional=True),
        Column("may_cancel", cells.yes_or_no, optional=True),
        Column("sponsor", cells.yes_or_no, optional=True),
    ),
    key=("id",),
)

SEATS = Table(
    file="seats.csv",
    model=SeatRow,
    columns=(
        Column("account", cells.identifier),
        Column("role", cells.identifier),
        Column("person", cells.identifier),
        Column("deputy", cells.identifier, optional=True),
    ),
    key=("account", "role"),
    checks=(
        Check(
            lambda row: row.deputy != row.person,
            "deputy",
            "the deputy is the person they stand in for",
            "another person, or nothing",
        ),
    ),
)

USAGE = Table(
    file="usage.csv",
    model=UsageRow,
    columns=(
        Column("account", cells.identifier),
        Column("date", cells.day, "day", past=True),
        Column("active_users", cells.count),
        Column("logins", cells.count),
        Column("key_feature_events", cells.count),
    ),
    key=("account", "day"),
)

TICKETS = Table(
    file="tickets.csv",
    model=TicketRow,
    columns=(
        Column("id", cells.identifier),
        Column("account", cells.identifier),
        Column("opened_at", cells.moment, past=True),
        Column("answered_at", cells.moment, optional=True, past=True),
        Column("closed_at", cells.moment, optional=True, past=True),
        Column("severity", cells.one_of(TicketSeverity), optional=True),
        Column("sentiment", cells.one_of(Sentiment), optional=True),
        Column("csat", cells.score(1, 10), optional=True),
        Column("locale", cells.locale, optional=True),
        Column("subject", cells.line_of_text),
        Column("text", cells.text, optional=True),
    ),
    key=("id",),
    checks=(
        Check(
            lambda row: row.answered_at is None or row.answered_at >= row.opened_at,
            "answered_at",
            "the ticket is answered before it was opened",
            "a moment that is not before opened_at, or nothing",
        ),
        Check(
            lambda row: row.closed_at is None or row.closed_at >= row.opened_at,
            "closed_at",
            "the ticket is closed before it was opened",
            "a moment that is not before opened_at, or nothing",
        ),
    ),
)

NPS = Table(
    file="nps.csv",
    model=NpsRow,
    columns=(
        Column("account", cells.identifier),
        Column("contact", cells.identifier),
        Column("at", cells.moment, past=True),
        Column("score", cells.score(0, 10)),
        Column("comment", cells.text, optional=True),
    ),
    key=("account", "contact", "at"),
)

INBOUND = Table(
    file="inbound.csv",
    model=InboundRow,
    columns=(
        Column("id", cells.identifier),
        Column("at", cells.moment),
        Column("account", cells.identifier),
        Column("fact", cells.one_of(Fact)),
        Column("by", cells.identifier, optional=True),
        Column("kind", cells.identifier),
        Column("playbook", cells.identifier, optional=True),
        Column("detail", cells.text, optional=True),
    ),
    key=("id",),
    checks=(
        Check(
            lambda row: row.fact is Fact.RISK_SIGNAL or row.by is not None,
            "by",
            "a request needs somebody who asks",
            "the id of a person in people.csv",
        ),
        Check(
            lambda row: row.fact is not Fact.RUN_PLAYBOOK or row.playbook is not None,
            "playbook",
            "run_playbook names no playbook",
            "the name of the playbook, such as product_technical",
        ),
    ),
)

CASES = Table(
    file="cases.csv",
    model=RunningCaseRow,
    columns=(
        Column("account_id", cells.identifier),
        Column("opened_at", cells.moment, past=True),
        Column("opened_by", cells.identifier),
        Column("reason", cells.text),
        Column("playbook", cells.identifier, optional=True),
        Column("root_cause", cells.identifier, optional=True),
        Column("whys", cells.texts, optional=True),
    ),
    key=("account_id",),
    required=True,
)

CASE_STEPS = Table(
    file="case_steps.csv",
    model=RunningStepRow,
    columns=(
        Column("account_id", cells.identifier),
        Column("step_id", cells.step_identifier),
        Column("by", cells.identifier),
        Column("at", cells.moment, past=True),
        Column("evidence", cells.text),
    ),
    key=("account_id", "step_id"),
)

PORTFOLIO_FILES = frozenset(
    table.file
    for table in (
        *(PEOPLE, ABSENCES, ACCOUNTS, CONTACTS, SEATS, USAGE, TICKETS, NPS, INBOUND),
        *(SIGNALS, SUBMETRICS, PAYMENTS, CASES, CASE_STEPS),
    )
)
