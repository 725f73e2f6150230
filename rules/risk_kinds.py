"""The words by which risk signals are known: no other word feeds a case, or ends a recovery (RISK-9..24, POST-12)."""

from __future__ import annotations

from difflib import get_close_matches

from models.case import Case, RefusalType
from models.policy import Policy
from rules.refusal import Refused, one_of
from rules.routing import policy_of

_NEAR = 5


def known(policy: Policy) -> tuple[str, ...]:
    """Every kind that a signal may have, statements of the dictionary included; none where the policy names none."""
    rules = policy.risk_signals
    listed = (*rules.relapse, *rules.watched)
    return tuple(dict.fromkeys((*listed, *(one.code for one in policy.statements)))) if listed else ()


def check_kind(policy: Policy, kind: str) -> None:
    """Raises ``Refused(UnknownSignal)`` for a word that is no kind of risk signal, naming those that are near to it."""
    kinds = known(policy)
    if not kinds or kind in kinds:
        return
    near = get_close_matches(kind, kinds, n=_NEAR) or kinds[:_NEAR]
    sentence = f"'{kind}' is no kind of risk signal; there are {one_of(near)}, and others in policies/signals.yaml"
    raise Refused(RefusalType.UNKNOWN_SIGNAL, sentence)


def is_relapse(case: Case, kind: str) -> bool:
    """Whether that kind ends a recovery; what may be nothing is only watched (RISK-89)."""
    return kind not in policy_of(case).risk_signals.watched
