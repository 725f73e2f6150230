"""A customer who decides later: what is handed on to that day, and what it looks like until then (CONV-23)."""

from __future__ import annotations

from datetime import datetime

from models.case import CaseKind, Sibling
from models.save import SaveCase
from models.starts import DeferralStart, SaveStart, TakeOver
from models.status import Status
from rules import carrying, offers, remembering, taking_over
from rules.edit import change
from rules.save.stages import OutcomeRule

REASON = "decision_due"


def start_of(case: SaveCase, sibling: Sibling) -> DeferralStart:
    """The day on which the customer decides, and who asks them then."""
    return DeferralStart(
        account_id=case.account_id,
        save_case_id=case.case_id,
        decides_at=case.decision_date or sibling.at,
        opened_by=sibling.by or case.opened_by,
        detail=sibling.detail,
        commitments=carrying.commitments(case),
        offers=offers.carried_over(case),
        known=remembering.known(case, sibling.detail),
        taken_over=tuple(one for one in (case.carried_from, *case.taken_over) if one),
    )


def merged(start: DeferralStart) -> DeferralStart:
    """The deferral with what the one still carried whose place it takes; each promise and offer counts once (SAVE-29).

    Ids that it uses for something else are changed.
    """
    given = start.earlier
    if given is None or given.case_id in (start.save_case_id, *start.taken_over):
        return start
    promised = taking_over.named_anew((one.id for one in given.commitments), (one.id for one in start.commitments))
    offered = taking_over.named_anew((one.offer.id for one in given.offers), (one.offer.id for one in start.offers))
    commitments = (one.model_copy(update={"id": promised[one.id]}) for one in given.commitments)
    offers_ = (taking_over.renamed(one, offered, promised, given.case_id) for one in given.offers)
    changed = {
        "commitments": (*start.commitments, *commitments),
        "offers": (*start.offers, *offers_),
        "known": remembering.both(start.known, given.known),
        "taken_over": (*start.taken_over, given.case_id),
        "earlier": None,
    }
    return start.model_copy(update=changed)


def save_start(start: DeferralStart, now: datetime) -> SaveStart:
    """The save that is opened on that day, with what the deferred one still owed, had found out and was working by.

    It begins at ``now``, the time (UTC) of the deferral's own clock.
    """
    return SaveStart(
        account_id=start.account_id,
        opened_by=start.opened_by,
        reason=REASON,
        playbook=start.known.playbook if start.known else None,
        known=start.known,
        carried_from=start.save_case_id,
        commitments=start.commitments,
        offers=start.offers,
        begins_at=now,
    )


def looked_for(case: SaveCase, now: datetime) -> SaveCase:
    """The case that takes over what a deferral of its account carries, unless it was opened by that (SAVE-29)."""
    wanted = case.deferred_before and case.reason != REASON
    return change(case, parked_since=now) if wanted else case


def is_over(case: SaveCase, rule: OutcomeRule) -> bool:
    """Whether nobody needs to ask on the day of an earlier deferral: they have decided, and it carries nothing owed."""
    return case.deferred_before and rule.decided and (rule.drops_promises or case.parked_since is None)


def parked(start: DeferralStart) -> TakeOver | None:
    """What waits here for a save that is open before the day, and what is known; None where that is nothing (SAVE-29)."""
    if not start.commitments and not start.offers and start.known is None:
        return None
    return TakeOver(case_id=start.save_case_id, commitments=start.commitments, offers=start.offers, known=start.known)


def handed_over(start: DeferralStart) -> DeferralStart:
    """The deferral that has only its day left, and what is known: what it carried is owed by another case, once."""
    return start.model_copy(update={"commitments": (), "offers": ()})


def status_of(start: DeferralStart, opened: str, since: datetime, now: datetime) -> Status:
    """The deferral at ``now``, as ``status`` answers it; it waits ``since`` then (both UTC).

    ``opened`` is the save that it has opened, empty until then.
    """
    return Status(
        case_id=start.save_case_id,
        kind=CaseKind.DEFERRAL,
        account_id=start.account_id,
        stage="decided" if opened else "waiting",
        as_of=now,
        opened_at=since,
        next_due=None if opened else start.decides_at,
        next_wake=None if opened else start.decides_at,
    )
