"""Closing the loop with those who left: what they named is fixed, and whether they may be told (OFFB-37, OFFB-51)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from models.case import CaseKind
from models.incident import Incident
from models.leaving_stages import RetentionStage
from models.metrics import (
    OPTED_IN,
    OPTED_OUT,
    OUTREACH,
    OUTREACH_LEFT,
    OUTREACH_SENT,
    TRIGGER,
    CaseRecord,
    LoopEntry,
)
from models.metrics_policy import MetricsPolicy
from models.win_back import TriggerKind, WinBackOutcome
from rules.dating import later
from rules.metrics import cases
from rules.metrics.cases import Records

_FIXED = f"{TriggerKind.WE_FIXED_IT}: "


_DELETED = (RetentionStage.DELETED, RetentionStage.PURGED)


def loop(
    records: Records, incidents: Sequence[Incident], policy: MetricsPolicy, now: datetime
) -> tuple[LoopEntry, ...]:
    """Leavers who named something that is fixed by now, those who may be written to first.

    They named it where one of their cases shares an entry of the register that is closed, or where somebody noted
    ``we_fixed_it`` in their win-back.
    """
    gone = {r.case.account_id: r for r in cases.leavers(records, policy.counting)}
    memories = {r.case.account_id: r for r in cases.of_kind(records, CaseKind.WIN_BACK)}
    deleted = {r.case.account_id for r in cases.of_kind(records, CaseKind.RETENTION) if r.case.stage in _DELETED}
    found = [
        entry
        for account, record in sorted(gone.items())
        for entry in _of_account(record, memories.get(account), incidents, policy, now)
    ]
    found = [_without_address(entry) if entry.account_id in deleted else entry for entry in found]
    return tuple(sorted(found, key=lambda entry: (bool(entry.blocked), entry.fixed_at, entry.account_id, entry.named)))


def _without_address(entry: LoopEntry) -> LoopEntry:
    return entry.model_copy(update={"blocked": entry.blocked or "their data was deleted; no address is left"})


def _of_account(
    gone: CaseRecord, memory: CaseRecord | None, incidents: Sequence[Incident], policy: MetricsPolicy, now: datetime
) -> Iterator[LoopEntry]:
    known = {
        "account_id": gone.case.account_id,
        "case_id": gone.case.case_id,
        "left_at": cases.left_at(gone),
        "letter": policy.loop.letter,
    }
    for named in (*_of_register(gone, incidents), *_of_memory(gone, memory)):
        entry = LoopEntry.model_validate(known | named)
        yield entry.model_copy(update={"blocked": _blocked(entry, gone, memory, policy, now)})


def _of_register(gone: CaseRecord, incidents: Sequence[Incident]) -> Iterator[dict[str, object]]:
    """What they shared with others, and what was closed only after they had asked to leave."""
    for incident in incidents:
        shared = any(link.account_id == gone.case.account_id for link in incident.links)
        if shared and incident.closed_at and incident.closed_at >= cases.requested_at(gone):
            fixed = incident.progress[-1].text if incident.progress else incident.title
            yield {
                "named": incident.title,
                "incident_id": incident.id,
                "fixed_at": incident.closed_at,
                "fixed": fixed,
            }


def _of_memory(gone: CaseRecord, memory: CaseRecord | None) -> Iterator[dict[str, object]]:
    seen = cases.leaving(gone)
    for event in memory.timeline if memory else ():
        if event.kind == TRIGGER and event.text.startswith(_FIXED):
            named = seen.reason_detail or seen.churn_reason
            yield {"named": named, "fixed_at": event.at, "fixed": event.text.removeprefix(_FIXED)}


def _blocked(
    entry: LoopEntry, gone: CaseRecord, memory: CaseRecord | None, policy: MetricsPolicy, now: datetime
) -> str:
    """Why nobody writes to them; empty where somebody may."""
    if cases.leaving(gone).clean_break or (memory and memory.case.outcome == WinBackOutcome.CLEAN_BREAK):
        return "clean break: they want no contact"
    if memory is None:
        return "no win-back was begun for them"
    if memory.case.closed_at:
        return f"their win-back is closed ({memory.case.outcome})"
    if not _wants_to_hear(gone, memory):
        return "they did not say that they want to hear of it; 'winback opt-in' notes their yes"
    if drafted := _under_way(memory):
        return f"a letter was drafted on {drafted:%Y-%m-%d} and waits for its release"
    last = max((event.at for event in memory.timeline if event.kind == OUTREACH_SENT), default=None)
    if last and last >= entry.fixed_at:
        return f"told already, they were written to on {last:%Y-%m-%d}"
    again = later(last, policy.loop.contact_every) if last else None
    if last and again and max(now, memory.case.as_of) < again:
        return f"written to on {last:%Y-%m-%d}; the next time is {again:%Y-%m-%d} or later"
    return ""


def _wants_to_hear(gone: CaseRecord, memory: CaseRecord) -> bool:
    """Whether they said yes: in what they said last since, or else in the survey."""
    said = [event.kind for event in memory.timeline if event.kind in (OPTED_IN, OPTED_OUT)]
    return said[-1] == OPTED_IN if said else cases.leaving(gone).may_tell is True


def _under_way(memory: CaseRecord) -> datetime | None:
    """When the letter was asked for that neither went out nor was left out yet."""
    letters = [event for event in memory.timeline if event.kind in (OUTREACH, OUTREACH_SENT, OUTREACH_LEFT)]
    return letters[-1].at if letters and letters[-1].kind == OUTREACH else None
