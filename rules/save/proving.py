"""What the outcome of a save rests on: the customer's words, and what was agreed with them (CONV-21..23)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from models.case import RefusalType
from models.commands import CloseSave
from models.offer import OfferKind
from models.policy import QUOTE
from models.save import SaveCase, SaveStage
from rules import evidence, offers, promises
from rules.refusal import Refused
from rules.save import stages

Proof = Callable[[SaveCase, CloseSave], None]


def check(case: SaveCase, command: CloseSave, field: str) -> None:
    """Raises ``Refused(EvidenceMissing)`` unless what the policy asks for under that name is there."""
    if field in _PROOFS:
        _PROOFS[field](case, command)
    elif not getattr(command if field in CloseSave.model_fields else case, field):
        raise _missing(command, f"'{field}' to be documented")


def _quotes(case: SaveCase, command: CloseSave) -> None:
    """The customer's own words; where nobody spoke to them, why there are none (CONV-22)."""
    spoken = stages.at_least(case.stage, SaveStage.CONTACTED)
    if command.without_quotes and not command.customer_quotes and spoken:
        raise _missing(command, "'customer_quotes': the customer was spoken to, so that there are words of theirs")
    said = " ".join(command.customer_quotes) or command.without_quotes
    if not said:
        raise _missing(
            command, "'customer_quotes' to be documented; where nobody spoke to them, 'without_quotes' says why"
        )
    wanted = f"{command.outcome} needs 'customer_quotes' in a sentence, or 'without_quotes' where nobody spoke to them"
    evidence.check(case, QUOTE, said, RefusalType.EVIDENCE_MISSING, wanted)


def _pause(case: SaveCase, command: CloseSave) -> None:
    if not any(offer.kind is OfferKind.PAUSE and offer.state in offers.IN_FORCE for offer in case.offers):
        raise _missing(command, "a pause that was offered and accepted: 'propose_offer', then 'answer_offer'")


def _terms(case: SaveCase, command: CloseSave) -> None:
    if not any(offer.state in offers.IN_FORCE for offer in case.offers) and not promises.counting(case):
        raise _missing(command, "an accepted offer or a promise on the register, which says what was agreed")


def _missing(command: CloseSave, wanted: str) -> Refused:
    return Refused(RefusalType.EVIDENCE_MISSING, f"{command.outcome} needs {wanted}")


_PROOFS: Mapping[str, Proof] = {"customer_quotes": _quotes, "accepted_pause": _pause, "agreed_terms": _terms}

NAMES = tuple(_PROOFS)
"""What a policy may ask for besides the fields of ``close`` and of the case."""
