"""The save case that is open beside a cancellation: what is left to it, told whenever it changes (CANC-36, CANC-41)."""

from __future__ import annotations

from datetime import datetime

from models.cancellation import CancellationCase, CancellationOutcome, SaveTerms
from models.case import CaseKind, Sibling
from models.commands import CancellationRequested
from rules.cancellation import policies, save_talk
from rules.edit import change
from rules.routing import barred

_OVER = (CancellationOutcome.SAVED, CancellationOutcome.SAVED_AFTER_CONFIRMATION)
_STAYS = (*_OVER, CancellationOutcome.MISROUTED, CancellationOutcome.SCOPE_CHANGED)


def news(case: CancellationCase) -> CancellationRequested:
    """What the save case of the account hears now."""
    return CancellationRequested(case_id=case.case_id, **terms(case).model_dump())


def terms(case: CancellationCase) -> SaveTerms:
    """What this cancellation leaves to a save; a talk that the customer accepted is the attempt that it counts as."""
    stays = case.withdrawn_at is not None or case.outcome in _STAYS
    return SaveTerms(
        no_sales_contact=case.no_sales_contact, barred_roles=barred(case), attempts_left=_left(case), stays=stays
    )


def opened(case: CancellationCase, now: datetime) -> CancellationCase:
    """The case that tells a save which it did not open what it leaves to it, whatever a former save knew."""
    return _told(case, terms(case), now)


def known_open(case: CancellationCase, now: datetime) -> CancellationCase:
    """A save case heard of this cancellation, and is told what changes from here on."""
    return settle(case if case.save_terms else change(case, save_terms=SaveTerms()), now)


def settle(case: CancellationCase, now: datetime) -> CancellationCase:
    """The case that tells an open save what it leaves to it, where that is not what the save knows. Idempotent."""
    if case.save_terms is None:
        return case
    left = terms(case)
    if left.binds == case.save_terms.binds:
        return case
    return _told(case, left, now)


def _told(case: CancellationCase, left: SaveTerms, now: datetime) -> CancellationCase:
    told = Sibling(kind=CaseKind.SAVE, at=now, only_told=True)
    return change(case, save_terms=left, siblings=(*case.siblings, told))


def _left(case: CancellationCase) -> int | None:
    if policies.leaving_policy(case) is None or case.account is None:
        return None
    if case.no_sales_contact or (case.intentional is not None and save_talk.ruled_out(case) is not None):
        return 0
    if save_talk.why_over(case):
        return 0
    talking = bool(case.invitations and case.invitations[-1].accepted)
    return max(policies.attempts_allowed(case) - len(case.invitations) + talking, 0)
