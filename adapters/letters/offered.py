"""The offer that a letter makes, in the words of the reader's language (TMPL-2, TMPL-19, TMPL-23, TMPL-25, TMPL-33)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from adapters.letters.checks import Parts
from adapters.letters.templates import Reader, Templates
from models.calendar import Offset
from models.offer import OfferKind
from models.telling import Offered

_WORDS = "_offered"
_CLAUSES: Mapping[OfferKind | None, str] = {
    OfferKind.GUARANTEE: "performance_guarantee",
    OfferKind.PILOT: "paid_pilot",
    OfferKind.EASIER_EXIT: "easier_exit",
}


def told(offered: Offered, templates: Templates, reader: Reader) -> Parts:
    """The parts that the offer fills; a part about which it says nothing is empty, and left to the writer."""
    ends = offered.ends_at

    def block(name: str, day: date | None = None) -> str:
        values = {"offered": offered, "notice": _notice_days(offered), "on_day": day}
        return templates.block(name, _WORDS, reader, values)

    schedule = block("terms")
    return {
        "terms": schedule,
        "schedule": schedule,
        "until": block("until"),
        "standard_from": block("standard_from"),
        "tied_to": block("tied_to"),
        "kind": _CLAUSES.get(offered.kind, ""),
        "measure": block("measure"),
        "by": block("on_day", _day(offered, "measure_date")),
        "then": block("then"),
        "start": block("on_day", _day(offered, "start_date")),
        "starts": block("on_day", offered.starts),
        "ends": block("on_day", _local(ends, reader) if ends else None),
    }


def _notice_days(offered: Offered) -> int:
    """The days of notice of an easier exit; 0 where the offer says none, or counts them in months."""
    text = offered.detail("exit_notice")
    notice = Offset.model_validate(text) if text else Offset()
    return 0 if notice.months else notice.days


def _day(offered: Offered, detail: str) -> date | None:
    text = offered.detail(detail)
    return date.fromisoformat(text) if text else None


def _local(moment: datetime, reader: Reader) -> date:
    return moment.astimezone(ZoneInfo(reader.time_zone)).date()
