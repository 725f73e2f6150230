"""The facts of a cancellation as its letters say them: dates, money and words of the reader's language."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from adapters.erasure.telling import Telling
from adapters.exports.report import WORDS as REPORT
from adapters.invoices.wording import WORDS as PAPER
from adapters.letters.templates import Reader, Templates, full_day
from models.base import Record
from models.billing import InvoiceKind
from models.leaving_facts import LeavingFacts
from models.retention import ErasureMethod

_WORDS = "_leaving"
_PLAIN = ("invoice", "named")
_KEPT = ErasureMethod.KEPT
_DAYS = (
    *("asked_end", "end_date", "earliest_end", "transfer_from", "transfer_until", "access_from"),
    *("deletion_day", "backups_until", "closed_on", "invoice_date", "deleted_on", "export_since", "since"),
    *("refunded_on", "refund_by", "balance_by", "fee_before"),
)
_MOMENTS = ("received", "export_by")
_MONEY = ("refund_owed", "refund_by", "balance", "balance_by", "fee", "fee_before")
_AMOUNTS = ("refund", "refund_owed", "balance", "fee")


class Around(Record):
    """What a letter tells besides the facts: where to enquire, the export's code, and the page (URL) where it is used.

    Without a page, whoever has the code asks for the archive by answering the letter.
    """

    contact: str
    code: str = ""
    page: str = ""
    consumer: bool = False


def told(facts: LeavingFacts, templates: Templates, reader: Reader, around: Around) -> dict[str, str]:
    """What the letters may say, by the names of their parts; what is not known is left out."""
    said = {name: getattr(facts, name) for name in _PLAIN}
    said |= {name: _day(getattr(facts, name), reader) for name in _DAYS}
    said |= {name: templates.said("moment", getattr(facts, name), reader) for name in _MOMENTS if getattr(facts, name)}
    said |= {name: templates.said("money", getattr(facts, name), reader) for name in _AMOUNTS if getattr(facts, name)}
    said |= {"obligations": templates.block("obligations", _WORDS, reader, dict.fromkeys(_MONEY, "") | said)}
    said |= {"export_until": _day(_last_day_of(facts.export_until, reader), reader)}
    said |= _in_words(facts, templates, reader, around) | {"general_contact": around.contact}
    said |= _fetched(facts, templates, reader, around, said["export_until"]) if around.code else {}
    return {name: text for name, text in said.items() if text}


def _fetched(facts: LeavingFacts, templates: Templates, reader: Reader, around: Around, until: str) -> dict[str, str]:
    """The code of the export, and how one gets the archive with it."""
    values = {"code": around.code, "until": until, "page": around.page}
    way = templates.block("export_way", _WORDS, reader, values)
    there = bool(until) and facts.export_rows != 0
    code = templates.block("export_code", _WORDS, reader, values) if there else ""
    return {"export_link": f"{around.code}\n\n{way}", "export_code": code and f"{code}\n\n{way}"}


def _in_words(facts: LeavingFacts, templates: Templates, reader: Reader, around: Around) -> dict[str, str]:
    last = _day_before(facts.end_date)
    values = facts.model_dump(include={"scope", "channel", "waiver_role"}) | {
        "asked": _day(facts.asked_end, reader),
        "asked_last": _day(_day_before(facts.asked_end), reader),
        "ends": _day(facts.end_date, reader),
        "consumer": around.consumer,
    }
    telling = Telling(templates, reader)
    numbered = (f"{n}. {one.asked(reader.language)}" for n, one in enumerate(facts.questions, 1))
    return {
        "request": templates.block("request", _WORDS, reader, values),
        "last_day": _day(last, reader),
        "closing_day": _day(last, reader),
        "waiver_by": templates.block("waiver_by", _WORDS, reader, values),
        "deleted": "\n".join(f"- {telling.deleted(one)}" for one in facts.erased if one.method is not _KEPT),
        "kept": "\n".join(f"- {telling.kept(one)}" for one in facts.erased if one.kept),
        "questions": "\n".join(numbered),
        "undone": "\n".join(f"- {templates.block(f'undone_{one}', _WORDS, reader, values)}" for one in facts.undone),
        "retention_days": _days_kept(facts),
        "data_back": templates.block("data_back", _WORDS, reader, values) if facts.data_back else "",
        "proof_wanted": templates.block("proof_wanted", _WORDS, reader, values) if facts.proof_wanted else "",
        **_paper(facts, templates, reader),
        **_stored(facts, templates, reader),
    }


def _paper(facts: LeavingFacts, templates: Templates, reader: Reader) -> dict[str, str]:
    """What the final invoice is called and asks for, in the very words of its PDF."""
    if facts.invoice_total is None:
        return {}
    total = facts.invoice_total.minor
    values = {"kind": InvoiceKind.FINAL.value, "credit": total < 0, "due": total > 0, "tax": True}
    title = templates.block("title", PAPER, reader, values)
    amount = facts.invoice_total.model_copy(update={"minor": abs(total)})
    shown = values | {"amount": templates.said("money", amount, reader)}
    return {
        "paper": title[0].lower() + title[1:],
        "to_pay": templates.block("note", PAPER, reader, values),
        "invoice_total": templates.block("invoice_total", _WORDS, reader, shown),
    }


def _stored(facts: LeavingFacts, templates: Templates, reader: Reader) -> dict[str, str]:
    """What is said of an export in which nothing is stored, in some of its sections or at all."""
    if facts.export_rows == 0:
        return {"empty_sections": templates.block("nothing_stored", _WORDS, reader, {})}
    sections = (templates.block("of_section", REPORT, reader, {"name": name}) for name in facts.export_empty)
    return {"empty_sections": "\n".join(f"- {section}" for section in sections)}


def _day_before(day: date | None) -> date | None:
    return day - timedelta(days=1) if day else None


def _last_day_of(until: datetime | None, reader: Reader) -> date | None:
    """The last day on which something is still good, on the reader's calendar."""
    return (until - timedelta(seconds=1)).astimezone(ZoneInfo(reader.time_zone)).date() if until else None


def _days_kept(facts: LeavingFacts) -> str:
    if facts.closed_on is None or facts.deletion_day is None:
        return ""
    return str((facts.deletion_day - facts.closed_on).days)


def _day(day: date | None, reader: Reader) -> str:
    return full_day(day, reader.locale) if day else ""
