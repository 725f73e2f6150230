"""A finished example of every letter of a cancellation (TMPL-34..52)."""

from __future__ import annotations

from tests.adapters.letters.company import PERSONAL_WORD
from tests.adapters.letters.sample import Sample

RECEIVED = "Monday, November 23, 2026, 9:00 AM (Malaysia Time)"
END = "Tuesday, December 8, 2026"
UNTIL = {"end_date": END, "last_day": "Monday, December 7, 2026"}
KEPT = {"deletion_day": "Monday, March 8, 2027", "backups_until": "Wednesday, December 8, 2027"}
INVOICE = "-1,204.40 USD"
FEE = {"fee": "1,650.00 USD", "fee_before": "Saturday, January 1, 2028"}
REDUCED = {"access_from": "Monday, November 30, 2026"}
QUESTIONS = "1. Main reason?\n2. What else?"


def _said(req: str, may: dict[str, str] | None = None, **must: str) -> Sample:
    return Sample(req, {"personal_word": PERSONAL_WORD, **must}, may or {})


def _given(req: str, may: dict[str, str] | None = None, **must: str) -> Sample:
    return Sample(req, must, may or {})


LEAVING = {
    "cancellation_receipt": _given(
        "CANC-10", UNTIL, received=RECEIVED, request="to cancel the whole subscription, by email"
    ),
    "cancellation_acknowledgement": _said("TMPL-34, TMPL-36, TMPL-37, TMPL-38, TMPL-39", UNTIL, received=RECEIVED),
    "reason_question": _said("TMPL-35"),
    "cancellation_followup": _said("CANC-27", UNTIL, next_steps="I send you the dated plan on 2026-11-26."),
    "date_answer": _said(
        "CANC-46",
        FEE,
        asked_end="Monday, November 30, 2026",
        earliest_end=END,
        waiver_by="our head of customer success",
    ),
    "save_invitation": _said(
        "TMPL-40", why="the row limit of the import, which is gone in our test system", who="Mira Tan, VP Product"
    ),
    "offboarding_plan": _said(
        "TMPL-41",
        FEE | REDUCED,
        export_by="Wednesday, November 25, 2026, 9:00 AM (Malaysia Time)",
        transfer_from="Thursday, November 26, 2026",
        transfer_until="Sunday, November 29, 2026",
        closing_day="Monday, December 7, 2026",
        end_date=END,
    ),
    "export_notice": _given("TMPL-42", export_by="Wednesday, November 25, 2026, 9:00 AM (Malaysia Time)"),
    "export_ready": _given(
        "OFFB-10",
        {"export_since": "Monday, November 23, 2026", "empty_sections": "- Integrations and configurations"},
        export_link="7K2M-44QX-9ZRT",
        export_until="Saturday, March 6, 2027",
    ),
    "access_notice": _given(
        "TMPL-43",
        REDUCED | {"data_back": "Your data is returned to you first."},
        last_day="Monday, December 7, 2026",
        deletion_day=KEPT["deletion_day"],
    ),
    "access_notice_users": _given(
        "TMPL-43, OFFB-17",
        REDUCED,
        last_day="Monday, December 7, 2026",
        deletion_day=KEPT["deletion_day"],
    ),
    "closure_confirmation": _given(
        "TMPL-44, TMPL-45",
        {
            "refund": "1,204.40 USD",
            "refund_owed": "310.00 USD",
            "refund_by": "Tuesday, December 15, 2026",
            "balance": "88.00 USD",
            "balance_by": "Monday, December 21, 2026",
            "export_code": "7K2M-44QX-9ZRT, until Saturday, March 6, 2027",
            "proof_wanted": "You asked for it in writing.",
            "data_back": "Your data is returned to you first.",
        },
        closed_on="Monday, December 7, 2026",
        paper="final credit note",
        invoice="INV-2291",
        invoice_total=INVOICE,
        to_pay="This amount is in your favour; there is nothing to pay.",
        retention_days="91",
        **KEPT,
    ),
    "retention_choice": _given("OFFB-23, TMPL-45", **KEPT),
    "deletion_confirmation": _said(
        "TMPL-46",
        {"kept": "Invoices until 2033-12-31, tax law."},
        deleted_on="Monday, March 8, 2027",
        deleted="Contacts, tickets and usage: 1,204 rows in the database",
        backups_until=KEPT["backups_until"],
    ),
    "survey_invitation": _given("TMPL-47, OFFB-27", questions=QUESTIONS),
    "survey_reminder": _given("OFFB-34", questions=QUESTIONS),
    "satisfaction_question": _given("METR-5"),
    "interview_invitation": _said("OFFB-33", when="Thursday 2026-12-03, 10:00"),
    "final_message": _given(
        "TMPL-48, TMPL-49",
        {
            "data_back": "Your data is returned to you first.",
            "refund": "1,204.40 USD",
            "refunded_on": "Friday, December 11, 2026",
        },
        specific="your team taught us how bookshops really count their stock",
        wish="your new warehouse in Ipoh",
        closed_on="Monday, December 7, 2026",
        **KEPT,
        invoice_total=INVOICE,
        invoice_date="Wednesday, December 9, 2026",
        obligations="The non-disclosure agreement of 2024 until 2029.",
        general_contact="hello@tanglin-cloud.example",
    ),
    "executive_note": _said("TMPL-50"),
    "withdrawal_confirmed": _said("AMB-18", {"undone": "- Everybody in the team can edit again."}),
    "requester_check": _said("CANC-11", received=RECEIVED),
    "win_back_contact": _said(
        "TMPL-52",
        {"named": "The nightly import stops at 10,000 rows."},
        change="the import has no row limit since 2027-11-02",
    ),
    "fixed_what_you_named": _said(
        "OFFB-37",
        named="The nightly import stops at 10,000 rows.",
        fixed="The limit is gone; 40,000 rows went through.",
        since="Tuesday, February 2, 2027",
    ),
}
"""By template: what it answers, what must be there, and what may."""
