"""Who is spoken to about staying, and how often (F.4): both lists, the precedence of CANC-44, and the limit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain

from models.account import Account
from models.case import RefusalType
from models.eligibility import Criterion, EligibilityRules, Override, StatedReason, Verdict, Wish
from models.leaving import LeavingPolicy
from models.people import RoleId
from rules.refusal import Refused, one_of
from rules.triage import tenure

_BINDING = (
    Criterion.NO_SALES_CONTACT,
    Criterion.STRUCTURAL,
    Criterion.SIGNED_ELSEWHERE,
    Criterion.FIRM_DECISION,
)
"""What nobody overrides, the strongest first."""
_WORDS = {
    Criterion.HIGH_VALUE: "it is a high-value account",
    Criterion.EXPANSION: "it has high expansion potential",
    Criterion.STRATEGIC_OR_REFERENCE: "it is strategic or a reference",
    Criterion.ADDRESSABLE: "the reason can be addressed",
    Criterion.LONG_TENURE: "it is a customer of long standing with a strong relationship",
    Criterion.LOW_VALUE: "an attempt on an account of this value is not worth the effort",
    Criterion.NO_SALES_CONTACT: "the customer asked for no sales conversation",
    Criterion.STRUCTURAL: "the reason is structural",
    Criterion.SIGNED_ELSEWHERE: "the customer has signed with somebody else",
    Criterion.FIRM_DECISION: "it is a firm decision, clearly communicated",
}


def judge(
    account: Account,
    severity: str | None,
    wish: Wish,
    rules: EligibilityRules,
    today: date,
    override: Override | None = None,
) -> Verdict:
    """Whether there is a save attempt, by the precedence of CANC-44.

    No sales conversation, then structural, signed or firm, then anything that speaks for an attempt, then low value;
    without any of them the customer is let go. ``severity`` is that of the triage, None where it is not known. An
    ``override`` that the verdict does not admit changes nothing.
    """
    for_attempt = tuple(_for_attempt(account, severity, wish, rules, today))
    for_accepting = tuple(_for_accepting(severity, wish, rules))
    deciding = _deciding(for_attempt, for_accepting)
    found = Verdict(
        attempt=deciding in for_attempt,
        for_attempt=for_attempt,
        for_accepting=for_accepting,
        deciding=deciding,
        sentence=_sentence(deciding, attempt=deciding in for_attempt),
        overridable=deciding in (None, Criterion.LOW_VALUE),
    )
    return _overridden(found, override) if override and found.overridable else found


def check_override(verdict: Verdict, roles: tuple[RoleId, ...], rules: EligibilityRules) -> None:
    """Whether somebody with these roles may decide for an attempt. Raises ``Refused`` with what would be right."""
    if not set(roles) & set(rules.override_roles):
        sentence = f"Only {one_of(rules.override_roles)} may decide for a save attempt against the default."
        raise Refused(RefusalType.NOT_ALLOWED, sentence)
    if verdict.attempt or verdict.overridable:
        return
    correct = "Nobody can override that; if it is not so, correct the recorded fact with a reason."
    raise Refused(RefusalType.NOT_ALLOWED, f"{verdict.sentence} {correct}")


def is_high_value(account: Account, severity: str | None, rules: EligibilityRules) -> bool:
    """Whether an account is strategic or of high value (AMB-12)."""
    return account.strategic or severity in rules.high_value_severities


def attempts_allowed(policy: LeavingPolicy, *, strategic: bool) -> int:
    """How many save attempts the policy gives, over all channels (CANC-41)."""
    return policy.attempts.strategic if strategic else policy.attempts.standard


def under_policy(verdict: Verdict, policy: LeavingPolicy, *, strategic: bool) -> Verdict:
    """The verdict where the policy is asked as well: it may allow no attempt at all, and nobody overrides that."""
    if attempts_allowed(policy, strategic=strategic):
        return verdict
    sentence = f"There is no save attempt: the policy '{policy.name}' allows none ({policy.attempts.rule})."
    return verdict.model_copy(
        update={"attempt": False, "sentence": sentence, "overridable": False, "overridden_by": None}
    )


def check_attempt(policy: LeavingPolicy, made: int, *, strategic: bool) -> None:
    """Whether one more attempt may be made after ``made``. Raises ``Refused(AttemptLimit)``; nobody overrides it.

    An invitation and the conversation that it leads to are one attempt (AMB-17).
    """
    allowed = attempts_allowed(policy, strategic=strategic)
    if made < allowed:
        return
    limit = (
        f"{allowed} save attempt{'' if allowed == 1 else 's'} by the policy '{policy.name}' ({policy.attempts.rule})"
    )
    done = f"{made} made already" if made else "none may be made"
    sentence = (
        f"There is no further save attempt: {limit}, {done}. Respect the decision and go on with the offboarding."
    )
    raise Refused(RefusalType.ATTEMPT_LIMIT, sentence)


def barred_roles(wish: Wish, rules: EligibilityRules) -> tuple[RoleId, ...]:
    """The roles that have no part in the case, since the customer wants no sales conversation (DIS-32)."""
    return rules.sales_roles if wish.no_sales_contact else ()


def _for_attempt(
    account: Account, severity: str | None, wish: Wish, rules: EligibilityRules, today: date
) -> Iterator[Criterion]:
    long_tenured = tenure(account.customer_since, today) >= rules.long_tenure_years
    matches = {
        Criterion.HIGH_VALUE: severity in rules.high_value_severities,
        Criterion.EXPANSION: account.expansion_potential,
        Criterion.STRATEGIC_OR_REFERENCE: account.strategic or account.reference,
        Criterion.ADDRESSABLE: _cites(wish, rules.addressable),
        Criterion.LONG_TENURE: long_tenured and wish.strong_relationship,
    }
    return (criterion for criterion, holds in matches.items() if holds)


def _for_accepting(severity: str | None, wish: Wish, rules: EligibilityRules) -> Iterator[Criterion]:
    matches = {
        Criterion.LOW_VALUE: severity in rules.low_value_severities,
        Criterion.NO_SALES_CONTACT: wish.no_sales_contact,
        Criterion.STRUCTURAL: _cites(wish, rules.structural),
        Criterion.SIGNED_ELSEWHERE: _cites(wish, rules.signed_elsewhere),
        Criterion.FIRM_DECISION: _cites(wish, rules.firm),
    }
    return (criterion for criterion, holds in matches.items() if holds)


def _cites(wish: Wish, reasons: tuple[StatedReason, ...]) -> bool:
    return any(reason in reasons for reason in wish.reasons)


def _deciding(for_attempt: tuple[Criterion, ...], for_accepting: tuple[Criterion, ...]) -> Criterion | None:
    binding = (criterion for criterion in _BINDING if criterion in for_accepting)
    return next(chain(binding, for_attempt, for_accepting), None)


def _sentence(deciding: Criterion | None, *, attempt: bool) -> str:
    if deciding is None:
        return "There is no save attempt: nothing speaks for one, and the decision is accepted by default (CANC-44)."
    what = "There is a save attempt" if attempt else "There is no save attempt"
    return f"{what}: {_WORDS[deciding]} ({deciding})."


def _overridden(verdict: Verdict, override: Override) -> Verdict:
    sentence = f"There is a save attempt: {override.by} decided for it ({override.reason})."
    return verdict.model_copy(update={"attempt": True, "sentence": sentence, "overridden_by": override.by})
