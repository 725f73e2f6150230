"""What an offer must say besides its figures: days that lie ahead, an amount, what terms become (DIS-27, PLAY-82)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from models.case import RefusalType
from models.offer import OfferSpec
from models.offer_commands import ProposeOffer
from rules.refusal import Refused, one_of

_MOST = 10**12


def details_of(spec: OfferSpec, command: ProposeOffer, today: date) -> dict[str, str]:
    """What an offer of its kind must say, each by its name, and nothing else: the software reads some of them.

    A need that has a duration in its name says it by itself; one that is a date lies ahead. Raises ``Refused``:
    ``EvidenceMissing`` naming what lacks, ``AbsurdFigure`` for what the offer does not say.
    """
    asked = [need for need in spec.needs if "_P" not in need]
    if strange := sorted(command.details.keys() - set(asked)):
        raise Refused(
            RefusalType.ABSURD_FIGURE,
            f"{spec.id} says nothing of {one_of(strange)}; under 'details' it says: {one_of(asked)}",
        )
    missing = [need for need in asked if not command.details.get(need, "").strip()]
    if missing:
        raise Refused(RefusalType.EVIDENCE_MISSING, f"{spec.id} must say, under 'details': {one_of(missing)}")
    check_days(command.details.items(), today)
    _check_amounts(command.details)
    _check_change(spec, command.details)
    given = dict(need.rsplit("_", 1) for need in spec.needs if "_P" in need)
    return {**given, **command.details}


def check_days(details: Iterable[tuple[str, str]], today: date) -> None:
    """Raises ``Refused(AbsurdFigure)`` for a day of an offer that is none, or that lies ahead no more."""
    for name, text in details:
        if name.endswith("_date"):
            _check_date(name, text, today)


def _check_amounts(details: dict[str, str]) -> None:
    for name, text in details.items():
        if name.endswith("_minor") and not (text.isascii() and text.isdigit() and 0 < int(text) < _MOST):
            raise Refused(
                RefusalType.ABSURD_FIGURE,
                f"'{name}' is an amount above 0 in minor units, such as 250000; '{text}' is none",
            )


def _check_change(spec: OfferSpec, details: dict[str, str]) -> None:
    if "from" in details and details["from"].casefold() == details.get("to", "").casefold():
        raise Refused(
            RefusalType.ABSURD_FIGURE, f"{spec.id} changes nothing: 'from' and 'to' are both '{details['to']}'"
        )


def _check_date(name: str, text: str, today: date) -> None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today
    if not today < day or day.year > today.year + 5:
        raise Refused(
            RefusalType.ABSURD_FIGURE, f"'{name}' is a day ahead like {today.year + 1}-03-31; '{text}' is none"
        )
