"""The plan engine: what is due now, when the case must wake next, and what an outcome makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from models.case import Case
from models.effects import Action, Outcome, OutcomeKind, Verb, Word
from models.policy import FailureClass
from models.step import Step, StepState
from rules import asking, automatic, holding, lifecycle, offers, outcomes, planning, promises, retrying, tasks
from rules.agenda import BOOK, CRM, Entry, agenda, asked
from rules.dating import later
from rules.drafting import message_id
from rules.edit import C
from rules.failure_classes import FAILURE_CLASS
from rules.routing import barred, holder, policy_of
from rules.summaries import of_action

__all__ = ["advance", "changes_plan", "due", "due_for_waiting", "is_settled", "next_wake", "put_off", "record", "start"]


def advance(case: C, now: datetime) -> C:
    """The case as it stands at ``now`` (UTC): a hold that is over has ended, steps are dated, opened, repeated, missed."""
    if case.hold and case.hold.until <= now:
        case = holding.resume(case, None, now)
    case = automatic.settle(planning.advance(put_off(case, now), now), now)
    return _lapsed(offers.settle(promises.settle(case, now), now), now)


def _lapsed(case: C, now: datetime) -> C:
    """The case after what time has put an end to: its lifecycle says what follows."""
    for step in case.steps if case.plan and not case.closed else ():
        spec = case.spec(step.step_id) if step.state is StepState.FAILED else None
        if spec and spec.lapses:
            return lifecycle.of(case).step_ended(case, step, now)
    return case


def put_off(case: C, now: datetime) -> C:
    """The case in which nobody waits for an answer behind an effect that is tried again later: they are told so."""
    later_on = {retry.action.lane for retry in case.retries if retry.not_before > now}
    if not later_on or not any(ask.awaited for ask in case.asks):
        return case
    behind = {entry.ask for entry in agenda(case) if entry.ask and entry.lane in later_on}
    for ask in (ask for ask in case.asks if ask.awaited and ask.id in behind):
        case = asking.put_off(case, ask.id, "what goes out before it has to be tried again")
    return case


def due(case: Case, now: datetime) -> list[Action]:
    """The actions whose moment has come at ``now`` (UTC), at most one for each idle lane, in a fixed order.

    An action that did not go through before goes again, word for word, before anything else on its lane. A case that
    the book does not know yet is written at once, so that everybody finds it.
    """
    again = [retry.action for retry in case.retries if retry.not_before <= now]
    waiting = [retry.action.lane for retry in case.retries] + [p.lane for p in case.paused if p.not_before > now]
    busy = {*waiting, *(action.lane for action in case.in_flight)}
    fresh: dict[str, list[Entry]] = {}
    for entry in agenda(case):
        if entry.verb and entry.moment <= now and entry.lane not in busy:
            fresh.setdefault(entry.lane, []).append(entry)
    flying = {action.key for action in case.in_flight}
    again = [action for action in again if action.key not in flying]
    if case.booked_revision and (again or case.in_flight or fresh.keys() - {BOOK}):
        fresh.pop(BOOK, None)  # what is under way changes the case again; one write takes it all
    return _tasks_last(case, again, [_action(case, lane, now) for lane in fresh.values()])


def _tasks_last(case: Case, again: list[Action], fresh: list[Action]) -> list[Action]:
    """These actions without the tasks of the CRM, where what is under way may change them again within minutes."""
    others = (one for one in (*case.in_flight, *again, *fresh) if one.lane not in (BOOK, CRM))
    wait = any(one.failure_class is not FailureClass.BULK for one in others)
    return again + [one for one in fresh if not (wait and one.verb is Verb.SYNC_TASKS)]


def due_for_waiting(case: Case, now: datetime) -> list[Action]:
    """Of what is due, only what travels on a lane on which somebody waits for an answer, whatever is ahead of it there."""
    awaited = {ask.id for ask in case.asks if ask.awaited}
    lanes = {entry.lane for entry in agenda(case) if entry.ask in awaited or entry.verb is Verb.LOAD_PLAN}
    return [action for action in due(case, now) if action.lane in lanes]


def changes_plan(case: Case, now: datetime) -> bool:
    """Whether another plan is about to be in force at ``now`` (UTC); one that cannot be had for now is not waited for."""
    later_on = {retry.action.lane for retry in case.retries if retry.not_before > now}
    return any(entry.verb is Verb.LOAD_PLAN and entry.lane not in later_on for entry in asked(case))


def next_wake(case: Case, now: datetime) -> datetime | None:
    """The next moment (UTC) after ``now`` at which something falls due; None where only the outside can wake the case.

    What waits behind a busy lane is left out, since the end of that lane wakes the case.
    """
    flying = {action.lane for action in case.in_flight}
    waiting = {retry.action.lane: retry.not_before for retry in case.retries}
    paused = {lane.lane: lane.not_before for lane in case.paused}
    ahead = [at for lane, at in waiting.items() if lane not in flying]
    free = (e for e in agenda(case) if e.lane not in flying and e.lane not in waiting)
    ahead += [max(e.moment, paused.get(e.lane, e.moment)) for e in free]
    return min((at for at in ahead if at > now), default=None)


def start(case: C, action: Action) -> C:
    """The case with that action in flight."""
    counts = {
        Verb.SEND_DIGEST: {"digests": case.digests + 1},
        Verb.SYNC_TASKS: {"syncs": case.syncs + 1},
    }
    known = {retry.action.key for retry in case.retries} | {paused.key for paused in case.paused}
    again = action.key in known
    update = {} if again else counts.get(action.verb, {})
    case = tasks.sent(case, action) if action.verb is Verb.SYNC_TASKS and not again else case
    return case.model_copy(update={**update, "in_flight": (*case.in_flight, action)})


def record(case: C, action: Action, outcome: Outcome, now: datetime) -> C:
    """The case after that action ended at ``now`` (UTC): done, held back, or failed and planned again."""
    before, case = case, _landed(case, action)
    if outcomes.is_moot(case, action):
        return case
    if outcome.kind is OutcomeKind.DONE:
        return outcomes.done(case, action, outcome, now)
    if outcomes.is_off(case, action):
        return outcomes.left_undone(case, action, outcome, now)
    if outcome.kind is OutcomeKind.HELD and action.verb is Verb.SEND_DIGEST:
        return retrying.pause(before, case, action, outcome, now)
    again = retrying.again(before, action, outcome, now)
    if again is None:
        return outcomes.given_up(case, action, outcome, now)
    return outcomes.postponed(case.model_copy(update={"retries": (*case.retries, again)}), again, outcome, now)


def _landed(case: C, action: Action) -> C:
    return case.model_copy(
        update={
            "in_flight": tuple(other for other in case.in_flight if other.key != action.key),
            "retries": tuple(retry for retry in case.retries if retry.action.key != action.key),
            "paused": tuple(paused for paused in case.paused if paused.lane != action.lane),
        }
    )


def is_settled(case: Case) -> bool:
    """Whether the case is closed, owes nothing, and nothing is on its way."""
    if not case.closed or case.in_flight or case.retries:
        return False
    return not any(entry.verb for entry in agenda(case))


def _action(case: Case, entries: list[Entry], now: datetime) -> Action:
    """One action of the entries that are due on one lane: the first one's verb, with all that goes out together."""
    first = entries[0]
    together = list(_together(case, first, now))
    verb = first.verb or Verb.WRITE_BOOK
    steps = tuple(entry.step for entry in together if entry.step)
    return Action(
        key=_key(case, verb, first),
        lane=first.lane,
        verb=verb,
        failure_class=_failure_class(case, verb, first),
        summary=of_action(verb, together),
        steps=steps,
        tasks=tasks.changes(case, steps) if verb is Verb.SYNC_TASKS else (),
        recipients=_recipients(case, first, now),
        lines=tuple(entry.line for entry in together if entry.line),
        subject=first.ask,
        revision=case.revision,
        events=case.events,
        moment=now,
    )


def _together(case: Case, first: Entry, now: datetime) -> Iterator[Entry]:
    """What leaves with the first entry: a whole digest, all CRM tasks, else itself."""
    if first.verb is Verb.SYNC_TASKS:
        yield from (entry for entry in agenda(case) if entry.verb is Verb.SYNC_TASKS)
    elif first.verb is Verb.SEND_DIGEST:
        yield from _digest(case, first.lane, now)
    else:
        yield first


def _digest(case: Case, lane: str, now: datetime) -> Iterator[Entry]:
    """All that one person must be told by now; reminders of the next moments ride along, a breach is never foretold."""
    until = later(now, policy_of(case).digest_window)
    mine = [entry for entry in agenda(case) if entry.lane == lane and entry.line]
    late = {entry.step for entry in mine if entry.line and entry.line.word is Word.OVERDUE and entry.moment <= now}
    for entry in mine:
        reminds = entry.line is not None and entry.line.word is Word.WARN
        if entry.moment <= (until if reminds else now) and not (reminds and entry.step in late):
            yield entry


def _recipients(case: Case, entry: Entry, now: datetime) -> tuple[str, ...]:
    """Whom a mail goes to: one person, or for an automatic notice whoever answers for its roles, each once."""
    if entry.person:
        return (entry.person,)
    step = case.step(entry.step) if entry.verb is Verb.NOTIFY_TEAM else None
    spec = case.spec(step.step_id) if step else None
    roles = spec.automatic.notify if spec and spec.automatic else ()
    off = barred(case)
    people = [holder(case, role, now) for role in roles if role not in off]
    return tuple(dict.fromkeys(person for person in people if person))


def _failure_class(case: Case, verb: Verb, entry: Entry) -> FailureClass:
    step = case.step(entry.step) if verb in automatic.AUTOMATIC else None
    spec = case.spec(step.step_id) if step else None
    return spec.automatic.failure_class if spec and spec.automatic else FAILURE_CLASS[verb]


def _turn(step: Step) -> str:
    """Which occurrence, and after it was opened again which round of it."""
    return f"{step.occurrence}" + (f".{step.round}" if step.round > 1 else "")


def _again(case: Case, message: str) -> str:
    """Which draft of a message it is, from the second on."""
    known = next((one for one in case.messages if one.id == message), None)
    return f"/{known.drafts + 1}" if known else ""


def _key(case: Case, verb: Verb, entry: Entry) -> str:
    """``{case_id}/{subject}/{verb}[/{occurrence}]``: never the run, never the attempt."""
    held = next((paused.key for paused in case.paused if paused.lane == entry.lane), None)
    if held and verb is Verb.SEND_DIGEST:
        return held
    step = case.step(entry.step) if entry.step else None
    ask = next((ask for ask in case.asks if ask.id == entry.ask), None)
    subjects = {
        Verb.SEND_DIGEST: f"{entry.person}/{verb}/{case.digests + 1}",
        Verb.SYNC_TASKS: f"tasks/{verb}/{case.syncs + 1}",
        Verb.WRITE_BOOK: f"book/{verb}/{case.revision}",
        Verb.DRAFT_MESSAGE: f"{message_id(step)}/{verb}{_again(case, message_id(step))}" if step else "",
        **{done: f"{step.step_id}/{verb}/{_turn(step)}" if step else "" for done in automatic.AUTOMATIC},
        Verb.RELEASE_MESSAGE: f"{ask.subject}/{verb}" if ask else "",
        Verb.PREPARE_PAGE: f"{step.step_id}/{verb}/{step.occurrence}" if step else "",
        Verb.PREPARE_BRIEF: f"{step.step_id}/{verb}" if step else "",
        Verb.PREPARE_REVIEW: f"{step.step_id}/{verb}" if step else "",
    }
    return f"{case.case_id}/{subjects.get(verb) or f'{entry.ask or verb.value}/{verb}'}"
