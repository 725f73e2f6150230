"""What the letters of a cancellation are told: dates, figures and links, which are written in the reader's language."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from models.account import Money
from models.base import Record, Text, Utc
from models.retention import Erased
from models.survey import SurveyQuestion


class Undone(StrEnum):
    """What a withdrawal has undone, as it was read back (AMB-18)."""

    END_DATE = "end_date"
    ACCESS = "access"
    BILLING = "billing"


class LeavingFacts(Record):
    """The facts of a cancellation that its letters may speak of; what is not known is left out.

    ``end_date`` is the first day without the service. ``transfer`` and ``access_from`` are the days of the plan.
    ``export`` is the id of the export; the code that fetches it is kept with it, and never in a case. It holds what was
    made or changed from ``export_since`` on, everything where that is unknown; ``export_rows`` is how much, and
    ``export_empty`` the sections in which nothing is stored. ``proof_wanted``: a written confirmation of the deletion was
    asked for already. ``named`` is what the customer named as the reason, in their own words; ``since`` the day since
    which it is fixed. ``refund`` was paid back on ``refunded_on``, ``refund_owed`` is still to be, by ``refund_by``;
    ``balance`` is still unpaid and collected separately until ``balance_by``; ``fee`` is what ending before ``fee_before``
    costs by the contract (CANC-46). ``data_back``: they chose that their data is returned before it is deleted (OFFB-23).
    """

    received: Utc | None = None
    channel: str = ""
    scope: str = "whole"
    asked_end: date | None = None
    end_date: date | None = None
    earliest_end: date | None = None
    waiver_role: str = ""
    export_by: Utc | None = None
    transfer_from: date | None = None
    transfer_until: date | None = None
    access_from: date | None = None
    export: str = ""
    export_until: Utc | None = None
    export_since: date | None = None
    export_rows: int | None = None
    export_empty: tuple[str, ...] = ()
    deletion_day: date | None = None
    backups_until: date | None = None
    closed_on: date | None = None
    invoice: str = ""
    invoice_total: Money | None = None
    invoice_date: date | None = None
    refund: Money | None = None
    refunded_on: date | None = None
    refund_owed: Money | None = None
    refund_by: date | None = None
    balance: Money | None = None
    balance_by: date | None = None
    fee: Money | None = None
    fee_before: date | None = None
    proof_wanted: bool = False
    data_back: bool = False
    deleted_on: date | None = None
    erased: tuple[Erased, ...] = ()
    questions: tuple[SurveyQuestion, ...] = ()
    undone: tuple[Undone, ...] = ()
    named: str = ""
    since: date | None = None


class Churned(Record):
    """What the team is told of a customer who left (TMPL-51): the closing day, why, and where they went if they said so."""

    left_on: date
    reason: Text
    destination: str = ""
