"""The words by which risk signals are known: no other word feeds a case, or ends a recovery (RISK-9..24, POST-12)."""

from __future__ import annotations

from models.case import Case, RefusalType
from models.commands import RiskSignal
from models.contract_names import NAMES
from models.policy import Policy
from rules import authority
from rules.refusal import Refused, one_of
from rules.routing import policy_of


def known(policy: Policy) -> tuple[str, ...]:
    """Every kind that a signal may have, statements of the dictionary included; none where the policy names none."""
    rules = policy.risk_signals
    listed = (*rules.relapse, *rules.watched)
    return tuple(dict.fromkeys((*listed, *(one.code for one in policy.statements)))) if listed else ()


def check_kind(policy: Policy, kind: str) -> None:
    """Raises ``Refused(UnknownSignal)`` for a word that is no kind of risk signal, naming those that are."""
    if (kinds := known(policy)) and kind not in kinds:
        raise Refused(RefusalType.UNKNOWN_SIGNAL, f"'{kind}' is no kind of risk signal; known: {one_of(kinds)}")


def check(case: Case, signal: RiskSignal) -> None:
    """Whether the case can use the signal. Raises ``Refused``: ``UnknownSignal``, or ``UnknownPerson`` for a stranger."""
    check_kind(policy_of(case), signal.kind)
    if signal.by:
        authority.check(case, NAMES[RiskSignal], signal.by)


def is_relapse(case: Case, kind: str) -> bool:
    """Whether that kind ends a recovery; what may be nothing is only watched (RISK-89)."""
    return kind not in policy_of(case).risk_signals.watched
