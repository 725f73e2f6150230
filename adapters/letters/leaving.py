"""The facts of a cancellation as its letters say them: dates, money and words of the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from babel.dates import format_date

from adapters.letters.templates import Reader, Templates
from models.leaving_facts import LeavingFacts

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "whole": "to cancel the whole subscription",
        "part": "to cancel a part of the subscription",
        "users": "to remove some users from the subscription",
        "email": "by email",
        "ticket": "by support ticket",
        "portal": "in the account portal",
        "csm": "in a talk with us",
        "asked": "to end on {day}",
        "cs_manager": "our head of customer success",
        "executive": "our management",
    },
    "ms": {
        "whole": "membatalkan keseluruhan langganan",
        "part": "membatalkan sebahagian langganan",
        "users": "mengeluarkan beberapa pengguna daripada langganan",
        "email": "melalui e-mel",
        "ticket": "melalui tiket sokongan",
        "portal": "di portal akaun",
        "csm": "dalam perbualan dengan kami",
        "asked": "berakhir pada {day}",
        "cs_manager": "ketua kejayaan pelanggan kami",
        "executive": "pihak pengurusan kami",
    },
    "id": {
        "whole": "membatalkan seluruh langganan",
        "part": "membatalkan sebagian langganan",
        "users": "mengeluarkan beberapa pengguna dari langganan",
        "email": "melalui email",
        "ticket": "melalui tiket dukungan",
        "portal": "di portal akun",
        "csm": "dalam percakapan dengan kami",
        "asked": "berakhir pada {day}",
        "cs_manager": "kepala keberhasilan pelanggan kami",
        "executive": "manajemen kami",
    },
}
_PLAIN = ("export_link", "invoice")
_DAYS = (
    *("asked_end", "end_date", "earliest_end", "transfer_from", "transfer_until", "access_from"),
    *("deletion_day", "backups_until", "closed_on", "invoice_date"),
)
_MOMENTS = ("received", "export_by", "export_until")
_AMOUNTS = ("invoice_total", "refund")


def told(facts: LeavingFacts, templates: Templates, reader: Reader, contact: str) -> dict[str, str]:
    """What the letters may say, by the names of their parts; what is not known is left out.

    ``contact`` is the address for future enquiries.
    """
    said = {name: getattr(facts, name) for name in _PLAIN}
    said |= {name: _day(getattr(facts, name), reader) for name in _DAYS}
    said |= {name: templates.said("moment", getattr(facts, name), reader) for name in _MOMENTS if getattr(facts, name)}
    said |= {name: templates.said("money", getattr(facts, name), reader) for name in _AMOUNTS if getattr(facts, name)}
    said |= _derived(facts, reader) | {"general_contact": contact}
    return {name: text for name, text in said.items() if text}


def _derived(facts: LeavingFacts, reader: Reader) -> dict[str, str]:
    words = _WORDS[reader.language]
    asked = [words["asked"].format(day=_day(facts.asked_end, reader))] if facts.asked_end else []
    request = ", ".join([words[facts.scope], *asked, words.get(facts.channel, "")]).strip(", ")
    last = facts.end_date - timedelta(days=1) if facts.end_date else None
    numbered = (f"{n}. {one.text[reader.language]}" for n, one in enumerate(facts.questions, 1))
    return {
        "request": request,
        "last_day": _day(last, reader),
        "closing_day": _day(last, reader),
        "waiver_by": words.get(facts.waiver_role, facts.waiver_role.replace("_", " ")),
        "questions": "\n".join(numbered),
    }


def _day(day: date | None, reader: Reader) -> str:
    return format_date(day, "full", locale=reader.locale) if day else ""
