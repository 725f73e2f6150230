"""What a root cause means for prices: some are never answered with one (SAVE-41, SAVE-47, PLAY-150)."""

from __future__ import annotations

from models.policy import Policy, RootCauseRule


def rule_of(policy: Policy, code: str | None) -> RootCauseRule | None:
    """What the company's list says of a root cause; None for one that it does not have."""
    return next((rule for rule in policy.root_causes if rule.code == code), None)


def no_price_answers(policy: Policy, cause: RootCauseRule) -> bool:
    """Whether no price concession answers that cause: its category says so, unless the cause is an exception."""
    return cause.category in policy.concessions.blocked_categories and not cause.price_helps
