"""Everything that lies ahead of a case, each with its moment: what to do, for whom, on which lane.

``follow_through`` turns the entries whose moment has come into actions, and the earliest other one into the wake-up.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import is_not
from typing import Any

from models.case import AskKind, Case, CaseKind
from models.effects import DigestLine, Verb, Word
from models.people import PersonId, RoleId
from models.plan import StepSpec
from models.policy import Rung
from models.step import Step, StepState
from rules import dating, incidents, offer_letters, offers, pages, tasks
from rules.cancellation import telling_the_day
from rules.drafting import message_id
from rules.ladders import ladder_of, rung_moment
from rules.planning import finished, following, frozen, lapses_at, leaves_undone, present_owner, running
from rules.routing import holder, policy_of
from rules.working import lane_of

CRM, DIRECTORY, PLAN, BOOK, DRAFTS, MAIL, CASES = "crm", "directory", "plan", "book", "drafts", "email:", "cases"
HISTORY, BILLING, PAGES, TICKETS = "history", "billing", "pages", "tickets"


def mailbox(recipient: str) -> str:
    """The lane of one recipient's mail."""
    return f"{MAIL}{recipient}"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something ahead at a moment (UTC). Without a verb it only wakes the case, because time alone changes it."""

    moment: datetime
    verb: Verb | None = None
    lane: str = ""
    step: str = ""
    person: PersonId | None = None
    role: RoleId = ""
    line: DigestLine | None = None
    ask: str = ""


_OF_THE_LANES = frozenset({"in_flight", "retries", "paused", "digests", "syncs"})
_last = threading.local()


def agenda(case: Case) -> tuple[Entry, ...]:
    """Everything ahead, in a fixed order; within a lane the earlier entry goes first.

    A waking asks for it several times, while only the lanes move; so the last answer is kept for as long as every other
    field of the case is the very same object.
    """
    read = tuple(value for name, value in case if name not in _OF_THE_LANES)
    kept: tuple[tuple[Any, ...], tuple[Entry, ...]] | None = getattr(_last, "answer", None)
    if kept is None or len(kept[0]) != len(read) or any(map(is_not, kept[0], read)):
        kept = _last.answer = (read, tuple(_ahead(case)))
    return kept[1]


def _ahead(case: Case) -> Iterator[Entry]:
    yield from _loading(case)
    yield from asked(case)
    yield from _turning_points(case)
    yield from _drafts(case)
    yield from _pages(case)
    yield from _automatic(case)
    yield from _reminders(case)
    yield from _notices(case)
    yield from _tasks(case)
    yield from _closing_note(case)
    yield from _siblings(case)
    yield from _applications(case)
    yield from _book(case)


def _loading(case: Case) -> Iterator[Entry]:
    if case.account is None and not case.closed:
        verb = Verb.LOAD_REVIEW if case.kind is CaseKind.REVIEW else Verb.LOAD_ACCOUNT
        yield Entry(moment=case.opened_at, verb=verb, lane=DIRECTORY)


def asked(case: Case) -> Iterator[Entry]:
    """What commands still need from outside, in the order in which they were given."""
    verbs = {
        AskKind.PLAN: (Verb.LOAD_PLAN, PLAN),
        AskKind.PERSON: (Verb.LOAD_PERSON, DIRECTORY),
        AskKind.STANDING: (Verb.LOAD_STANDING, HISTORY),
    }
    for ask in case.asks:
        if ask.answered or case.account is None or case.closed:
            continue
        verb, lane = verbs.get(ask.kind, (Verb.RELEASE_MESSAGE, mailbox(case.account.contact_id or "customer")))
        yield Entry(moment=ask.at, verb=verb, lane=lane, ask=ask.id)


def _turning_points(case: Case) -> Iterator[Entry]:
    """Moments at which time alone changes the case."""
    if case.hold:
        yield Entry(moment=case.hold.until)
    yield from (Entry(moment=at) for at in offers.turning_points(case))
    for step, spec in running(case):
        yield from (Entry(moment=at, step=step.id) for at in _absences(case, step, spec))
        if frozen(case, spec):
            continue
        if step.state is StepState.WAITING and step.opens:
            yield Entry(moment=step.opens, step=step.id)
        yield from (Entry(moment=at, step=step.id) for at in _recurrence(case, step, spec))
        if step.state is StepState.OPEN and (lapses := lapses_at(case, step, spec)):
            yield Entry(moment=lapses, step=step.id)


def _recurrence(case: Case, step: Step, spec: StepSpec) -> Iterator[datetime]:
    if spec.recur is None or finished(case, spec):
        return
    after = following(case, step)
    at = step.due if after is None else after.due
    if at:
        yield at


def _absences(case: Case, step: Step, spec: StepSpec) -> Iterator[datetime]:
    """When the step changes hands: its owner goes, or somebody comes back while the owner is still away."""
    if step.state is not StepState.OPEN or step.opened_at is None:
        return
    absences = (away for person in case.team.people for away in person.absences)
    for at in (moment for away in absences for moment in (away.start, away.end)):
        if (
            at > step.opened_at
            and leaves_undone(case, step, at)
            and holder(case, spec.owner, at) not in (None, step.person)
        ):
            yield at


def _drafts(case: Case) -> Iterator[Entry]:
    """A message is drafted when its step opens, or with the page that it sums up; a person releases it.

    It is drafted anew when there is news for it, and not before somebody has the step.
    """
    for step, spec in running(case):
        wanted = step.state is StepState.OPEN and step.person and spec.template and case.account and not case.closed
        wanted = wanted and not tasks.waits_for_system(step, spec)
        wanted = wanted and not pages.awaited(step, spec)
        if wanted and step.opened_at and message_id(step) not in {message.id for message in case.messages}:
            lane = f"{DRAFTS}:{message_id(step)}"
            yield Entry(moment=step.opened_at, verb=Verb.DRAFT_MESSAGE, lane=lane, step=step.id)
        elif wanted and (at := _news(case, step, spec)):
            yield Entry(moment=at, verb=Verb.DRAFT_MESSAGE, lane=f"{DRAFTS}:{message_id(step)}", step=step.id)


def _news(case: Case, step: Step, spec: StepSpec) -> datetime | None:
    """Since when there is news for a draft: of what many customers wait for, of its offer, or of the day of the end."""
    if spec.recur and not spec.page:
        return incidents.news_for(case, message_id(step))
    if spec.offers:
        return offer_letters.news_for(case, spec, message_id(step))
    return telling_the_day.news_for(case, spec, message_id(step))


def _pages(case: Case) -> Iterator[Entry]:
    for step, spec, at in pages.owed(case):
        letter = message_id(step) if spec.template else ""
        yield Entry(moment=at, verb=pages.verb_of(spec), lane=PAGES, step=step.id, ask=letter)


def _automatic(case: Case) -> Iterator[Entry]:
    for step, spec in running(case):
        if not spec.automatic or step.state is not StepState.OPEN or step.automatic_failed or not step.opened_at:
            continue
        if spec.automatic.notify:
            yield Entry(moment=step.opened_at, verb=Verb.NOTIFY_TEAM, lane=mailbox("team"), step=step.id)
        elif spec.automatic.does:
            yield Entry(moment=step.opened_at, verb=Verb(spec.automatic.does), lane=lane_of(case, spec), step=step.id)
        elif step.due and not frozen(case, spec):
            yield Entry(moment=step.due, verb=Verb.MEASURE_SERVICE, lane=TICKETS, step=step.id)


def _reminders(case: Case) -> Iterator[Entry]:
    """Warn the owner, tell them when it is overdue, and climb the ladder (AMB-37)."""
    for step, spec in running(case):
        if step.state is not StepState.OPEN or frozen(case, spec) or tasks.waits_for_system(step, spec):
            continue
        if (
            step.warn
            and ladder_of(case, spec).warns
            and not step.was_told(Word.WARN)
            and not step.was_told(Word.OVERDUE)
        ):
            yield from _line(case, step, spec, Word.WARN, Word.WARN, step.warn, None)
        if step.due:
            yield Entry(moment=step.due, step=step.id)  # from then on it shows as overdue, whoever is told
            yield from _late(case, step, spec, step.due)


def _late(case: Case, step: Step, spec: StepSpec, due: datetime) -> Iterator[Entry]:
    rungs = ladder_of(case, spec).rungs
    if rungs and not step.was_told(Word.OVERDUE):
        yield from _line(case, step, spec, Word.OVERDUE, Word.OVERDUE, due, None)
    for number, rung in enumerate(rungs):
        mark = f"{Word.ESCALATE}:{number}"
        if not step.was_told(mark):
            yield from _line(case, step, spec, Word.ESCALATE, mark, rung_moment(case, rung, due), rung)


def _line(
    case: Case, step: Step, spec: StepSpec, word: Word, mark: str, at: datetime, rung: Rung | None
) -> Iterator[Entry]:
    person = holder(case, rung.role, at) if rung else present_owner(case, step, at)
    if person is None:
        return
    line = DigestLine(word=word, mark=mark, subject=spec.title, step=step.id, due=step.due)
    role = rung.role if rung else spec.owner
    yield Entry(
        moment=at, verb=Verb.SEND_DIGEST, lane=mailbox(person), step=step.id, person=person, role=role, line=line
    )


def _notices(case: Case) -> Iterator[Entry]:
    for notice in case.notices:
        yield Entry(
            moment=notice.at,
            verb=Verb.SEND_DIGEST,
            lane=mailbox(notice.person),
            person=notice.person,
            line=notice.line,
        )


def _tasks(case: Case) -> Iterator[Entry]:
    """Openings and changes go to the CRM at once; closings ride along, or go after the policy's delay."""
    patience = policy_of(case).task_closings_within
    specs = case.specs()
    for step in case.steps if case.account else ():
        spec = specs.get(step.step_id)
        card = tasks.wanted(step, spec) if spec and spec.task else None
        if card is None or card == step.task:
            continue
        since = step.ended_at or step.opened_at or case.opened_at
        at = since if card.open or case.closed else dating.later(since, patience)
        yield Entry(moment=at, verb=Verb.SYNC_TASKS, lane=CRM, step=step.id)


def _closing_note(case: Case) -> Iterator[Entry]:
    if case.closed_at and case.account and not case.closing_noted:
        yield Entry(moment=case.closed_at, verb=Verb.ADD_NOTE, lane=CRM)


def _siblings(case: Case) -> Iterator[Entry]:
    """Cases that this one starts before it ends, once billing has spoken: what it refused goes along, for a person.

    So is a wait for a decision that was taken ended; what it carries is taken over before.
    """
    owed = any(offers.owed(case))
    for sibling in (one for one in case.siblings if one.only_told or not owed):
        verb = Verb.TELL_CASE if sibling.only_told else Verb.START_CASE
        yield Entry(moment=sibling.at, verb=verb, lane=CASES, ask=sibling.kind)
    if case.parked_since and not case.closed:
        yield Entry(moment=case.parked_since, verb=Verb.TAKE_OVER, lane=CASES, ask=CaseKind.DEFERRAL)
    if case.deferral_over_at:
        yield Entry(moment=case.deferral_over_at, verb=Verb.END_DEFERRAL, lane=CASES, ask=CaseKind.DEFERRAL)


def _applications(case: Case) -> Iterator[Entry]:
    """What customers accepted is applied at once, also where the case is closed by then."""
    for offer, verb, since in offers.owed(case):
        yield Entry(moment=since, verb=verb, lane=BILLING, ask=offer.id)


def _book(case: Case) -> Iterator[Entry]:
    if (case.account or case.closed) and case.revision > case.booked_revision:
        yield Entry(moment=case.opened_at, verb=Verb.WRITE_BOOK, lane=BOOK)
