"""What a case makes of an incident or product gap that it shares with others: it hears each progress once."""

from __future__ import annotations

from datetime import datetime

from models.case import Case, Edit
from models.commands import IncidentProgressed
from models.effects import Word
from models.incident import SharedIncident
from models.step import Step
from rules.edit import C, change, say, tell, waits_since
from rules.routing import holder, policy_of

PART = "shared_progress"
"""The part of a message in which progress on what is shared stands."""


def progressed(case: C, signal: IncidentProgressed, now: datetime) -> C:
    """The case with what was reported; one that it has heard of already, or that comes late, changes nothing."""
    known = next((shared for shared in case.incidents if shared.id == signal.incident_id), None)
    if signal.unlinks:
        return _left(case, signal, now) if known and not case.closed else case
    if case.closed or (known and signal.number <= known.number):
        return case
    shared = _heard(known, signal, now)
    others = tuple(other for other in case.incidents if other.id != shared.id)
    case = change(case, incidents=(*others, shared))
    if known is None:
        case = say(case, now, "incident_linked", f"shares {shared.kind} {shared.id}: {shared.title}", by=signal.by)
    if signal.number == 0:
        return case
    word = "closed" if shared.closed else f"progress {shared.number}"
    case = say(case, now, "incident", f"{shared.id}, {word}: {_told(shared)}", by=signal.by)
    lead = holder(case, policy_of(case).lead_role, now)
    return tell(case, now, lead, Word.INFORMED, f"{shared.id}, {word}: {_told(shared)}")


def _left(case: C, signal: IncidentProgressed, now: datetime) -> C:
    """The case without what it was linked to by mistake; its later progress is none of its business."""
    case = change(case, incidents=tuple(one for one in case.incidents if one.id != signal.incident_id))
    text = f"shares {signal.incident_id} no more, it was linked by mistake: {signal.text}"
    return say(case, now, "incident_unlinked", text, by=signal.by)


def to_tell(case: Case, step: Step) -> tuple[Edit, ...]:
    """What a message of this step has to tell: what is not solved, and what was heard since the turn before.

    Nothing where nothing was reported yet.
    """
    ends = (
        s.ended_at for s in case.steps if s.step_id == step.step_id and s.occurrence < step.occurrence and s.ended_at
    )
    since = max(ends, default=case.opened_at)
    told = [_told(one) for one in case.incidents if one.number and (not one.closed or one.heard_at >= since)]
    return (Edit(name=PART, text="\n".join(told)),) if told else ()


def news_for(case: Case, message_id: str) -> datetime | None:
    """Since when (UTC) a draft is behind what was heard of shared incidents; None where it is not, or is on its way."""
    since = waits_since(case, message_id)
    heard = (shared.heard_at for shared in case.incidents if since and shared.number and shared.heard_at > since)
    return min(heard, default=None)


def _heard(known: SharedIncident | None, signal: IncidentProgressed, now: datetime) -> SharedIncident:
    return SharedIncident(
        id=signal.incident_id,
        kind=signal.kind,
        title=signal.title,
        linked_at=known.linked_at if known else now,
        number=signal.number,
        text=signal.text,
        estimate=signal.estimate,
        heard_at=now,
        closed=signal.closes,
    )


def _told(shared: SharedIncident) -> str:
    by_then = f" ({shared.estimate:%Y-%m-%d})" if shared.estimate and not shared.closed else ""
    return f"{shared.title}: {' '.join(shared.text.split())}{by_then}"
