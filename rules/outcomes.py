"""What an outcome makes of a case: for each verb what done means, and what follows when it could not be done."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from models.case import Ask, Case, MessageState, RefusalType
from models.concession import Standing
from models.effects import BILLING_VERBS, OWED_AFTER_CLOSE, Action, Outcome, OutcomeKind, Retry, Verb, Word
from models.plan import StepSpec, When
from models.step import Evidence, Step, StepState, Told
from rules import (
    adopting,
    applying,
    asking,
    automatic,
    beside,
    carrying,
    drafting,
    lifecycle,
    measuring,
    offering,
    pages,
    raci,
    staffing,
    team,
)
from rules.edit import C, change, put_steps, say, tell
from rules.planning import follow_up
from rules.routing import holder, policy_of


def done(case: C, action: Action, outcome: Outcome, now: datetime) -> C:
    """The case after the effect took place."""
    return lifecycle.of(case).effect_ended(_done(case, action, outcome, now), now)


def _done(case: C, action: Action, outcome: Outcome, now: datetime) -> C:
    match action.verb:
        case Verb.LOAD_ACCOUNT | Verb.LOAD_REVIEW:
            return _account_loaded(case, outcome, now)
        case Verb.LOAD_PLAN:
            return _plan_loaded(case, action, outcome, now)
        case Verb.LOAD_PERSON:
            return _person_loaded(case, action, outcome, now)
        case Verb.SYNC_TASKS:
            return case
        case Verb.SEND_DIGEST:
            return _told(case, action, now)
        case Verb.MEASURE_SERVICE:
            return measuring.measured(case, action, outcome, now)
        case Verb.DRAFT_MESSAGE:
            return drafting.drafted(case, action, now)
        case Verb.RELEASE_MESSAGE:
            return _released(case, action, outcome, now)
        case Verb.ADD_NOTE:
            return change(case, closing_noted=True)
        case Verb.PREPARE_PAGE | Verb.PREPARE_BRIEF | Verb.PREPARE_REVIEW:
            return _page_prepared(case, action, outcome, now)
        case Verb.START_CASE | Verb.TELL_CASE | Verb.END_DEFERRAL | Verb.TAKE_OVER:
            return carrying.done(case, action, outcome, now)
        case Verb.LOAD_STANDING:
            return _standing_loaded(case, action, outcome, now)
        case Verb.APPLY_CONCESSION | Verb.PAUSE_BILLING:
            return applying.applied(case, action, outcome, now)
        case Verb.WRITE_BOOK:
            return case.model_copy(update={"booked_revision": action.revision, "booked_events": action.events})
        case _:
            return automatic.done(case, action, outcome, now)


def is_moot(case: Case, action: Action) -> bool:
    """Whether nobody waits for what was looked up any more, since the case was closed meanwhile."""
    waiting = any(ask.id == action.subject and not ask.answered for ask in case.asks)
    return action.verb in (Verb.LOAD_PLAN, Verb.LOAD_PERSON, Verb.LOAD_STANDING) and not waiting


def is_off(case: Case, action: Action) -> bool:
    """Whether what did not take place must not any more: the case was closed, or the message dropped, meanwhile."""
    if case.closed:
        return action.verb not in OWED_AFTER_CLOSE and not _is_news(case, action)
    if automatic.is_over(case, action):
        return True
    ask = next((ask for ask in case.asks if ask.id == action.subject), None)
    dropped = {message.id for message in case.messages if message.state is MessageState.DROPPED}
    return action.verb is Verb.RELEASE_MESSAGE and ask is not None and ask.subject in dropped


def _is_news(case: Case, action: Action) -> bool:
    """Whether a digest brings what somebody is told even of a closed case."""
    marks = {line.mark for line in action.lines}
    told = {notice.line.mark for notice in case.notices if notice.person in action.recipients}
    return action.verb is Verb.SEND_DIGEST and bool(marks & told)


def left_undone(case: C, action: Action, outcome: Outcome, now: datetime) -> C:
    """It had not taken place when the need for it ended; whoever asked for it is told so."""
    ask = next((ask for ask in case.asks if ask.id == action.subject), None)
    kind, why = RefusalType.ILLEGAL_MOVE, "its step ended before it was sent"
    if case.closed:
        kind, why = RefusalType.CASE_CLOSED, f"the case was closed as {case.outcome}"
    case = asking.answer(case, ask, kind, why) if ask else case
    return say(case, now, "not_done", f"{action.summary}: {outcome.reason}; {why}")


def postponed(case: C, again: Retry, outcome: Outcome, now: datetime) -> C:
    """Held or failed for now: said once on the timeline when it begins, then tried until patience ends."""
    case = asking.put_off(case, again.action.subject, outcome.reason)
    if (again.held or again.attempts) > 1:
        return case
    if again.action.verb is Verb.LOAD_PLAN and outcome.permanent:
        case = tell(case, now, _whom(case, _ask_of(case, again.action).by, now), Word.REFUSED, outcome.reason)
    return waits(case, again.action, outcome, again.not_before, now)


def waits(case: C, action: Action, outcome: Outcome, until: datetime, now: datetime) -> C:
    """The case with the wait on its timeline."""
    word = "held back" if outcome.kind is OutcomeKind.HELD else "did not go through"
    text = f"{word}: {outcome.reason}; tried again at {until:%Y-%m-%d %H:%M} UTC"
    return say(case, now, f"{action.verb}_waits", text)


def given_up(case: C, action: Action, outcome: Outcome, now: datetime) -> C:
    """It cannot be done by the system: whoever asked is answered, and what is owed becomes a person's step."""
    return lifecycle.of(case).effect_ended(_given_up(case, action, outcome, now), now)


def _given_up(case: C, action: Action, outcome: Outcome, now: datetime) -> C:
    if action.verb in (Verb.LOAD_ACCOUNT, Verb.LOAD_REVIEW):
        return lifecycle.of(case).reject(case, outcome.reason, now)
    if action.verb in (Verb.LOAD_PLAN, Verb.LOAD_PERSON, Verb.LOAD_STANDING, Verb.RELEASE_MESSAGE):
        return _ask_refused(case, action, outcome, now)
    if action.verb in automatic.AUTOMATIC:
        return automatic.failed(case, action, outcome, now)
    if action.verb in BILLING_VERBS:
        return applying.failed(case, action, outcome, now)
    if action.verb in (Verb.PREPARE_PAGE, Verb.PREPARE_BRIEF, Verb.PREPARE_REVIEW):
        return pages.not_prepared(case, action, outcome, now)
    if action.verb is Verb.SEND_DIGEST:
        case = _told(case, action, now)
    elif action.verb is Verb.DRAFT_MESSAGE:
        case = drafting.given_up(case, action, now)
    elif action.verb is Verb.ADD_NOTE:
        case = change(case, closing_noted=True)
    elif action.verb in (Verb.START_CASE, Verb.TELL_CASE, Verb.END_DEFERRAL, Verb.TAKE_OVER):
        case = carrying.without(case, action)
    return _repair(case, action, outcome, now)


def _ask_of(case: Case, action: Action) -> Ask:
    return next(ask for ask in case.asks if ask.id == action.subject)


def _account_loaded(case: C, outcome: Outcome, now: datetime) -> C:
    if outcome.file is None:
        return case
    case = change(case, account=outcome.file.account, team=outcome.file.team, deferred_before=outcome.file.deferred)
    case = lifecycle.of(case).account_loaded(case, now)
    return beside.told(case, outcome.file, now)


def _plan_loaded(case: C, action: Action, outcome: Outcome, now: datetime) -> C:
    ask = _ask_of(case, action)
    if outcome.plan is None:
        return case
    if unfit := lifecycle.of(case).plan_unfit(case, outcome.plan):
        case = _refuse_ask(case, ask, RefusalType.ILLEGAL_MOVE, unfit, action.verb, now)
        return lifecycle.of(case).plan_refused(case, ask.subject, now)
    wanted = lifecycle.of(case).plan_wanted(case, outcome.plan)
    if wanted:
        return asking.plan(
            asking.answer(case, ask), wanted, ask.by, f"root cause picks {wanted}", now, awaited=ask.awaited
        )
    case = asking.answer(adopting.adopt(case, outcome.plan, ask, now), ask)
    return lifecycle.of(case).plan_adopted(case, now)


def _person_loaded(case: C, action: Action, outcome: Outcome, now: datetime) -> C:
    ask = _ask_of(case, action)
    if outcome.joined is None:
        return case
    if outcome.joined.team is not None:
        return asking.answer(staffing.filled(case, outcome.joined.team, now), ask)
    if not ask.role:
        return asking.answer(team.person_changed(case, outcome.joined, now), ask)
    if unfit := staffing.unvouched(case, outcome.joined) or team.unfit(case, outcome.joined.person, ask.role):
        return _refuse_ask(case, ask, RefusalType.NOT_ALLOWED, unfit, "assign", now)
    joined = staffing.with_voucher(team.with_person(case, outcome.joined), outcome.joined)
    return asking.answer(team.seat(joined, ask.role, ask.subject, ask.by, now), ask)


def _standing_loaded(case: C, action: Action, outcome: Outcome, now: datetime) -> C:
    """Only a save asks for it."""
    save: Any = case
    known: Any = offering.standing_known(save, _ask_of(case, action), outcome.standing or Standing(), now)
    return cast(C, known)


def _told(case: C, action: Action, now: datetime) -> C:
    """Each line is marked on its step; a notice leaves the list."""
    recipient = action.recipients[0]
    marks = {(line.step, line.mark): line for line in action.lines}
    steps = tuple(_marked(step, [m for s, m in marks if s == step.id], recipient, now) for step in case.steps)
    sent = {mark for _, mark in marks}
    notices = tuple(n for n in case.notices if not (n.person == recipient and n.line.mark in sent))
    return _tell_history(case.model_copy(update={"steps": steps, "notices": notices}), action, now)


def _marked(step: Step, marks: list[str], recipient: str, now: datetime) -> Step:
    told = tuple(Told(word=mark, person=recipient, at=now) for mark in marks if not mark.startswith("notice:"))
    return step.model_copy(update={"told": step.told + told}) if told else step


def _tell_history(case: C, action: Action, now: datetime) -> C:
    words: dict[Word, list[str]] = {}
    for line in action.lines:
        words.setdefault(line.word, []).append(line.step or line.subject)
    said = "; ".join(f"{word.value}: {', '.join(subjects)}" for word, subjects in words.items())
    return say(case, now, "told", f"{action.recipients[0]} was told ({said})")


def _page_prepared(case: C, action: Action, outcome: Outcome, now: datetime) -> C:
    """The page is there, and with it the draft of the message that it sums up."""
    case = pages.prepared(case, action, outcome, now)
    return drafting.drafted(case, action, now) if action.subject else case


def _released(case: C, action: Action, outcome: Outcome, now: datetime) -> C:
    ask = _ask_of(case, action)
    message = next(m for m in case.messages if m.id == ask.subject)
    sent = {"state": MessageState.SENT, "released_by": ask.by, "receipt": outcome.receipt, "at": now}
    case = asking.answer(drafting.put(case, message.model_copy(update=sent)), ask)
    case = say(case, now, "message_sent", f"message {message.id} was sent ({outcome.receipt})", by=ask.by)
    return _prove_by_message(case, message.step, ask.by, outcome.receipt, now)


def _prove_by_message(case: C, step_id: str, by: str, receipt: str, now: datetime) -> C:
    """A step that asks for a message is done by the message; one that asks for a call is not."""
    step = next((step for step in case.steps if step.id == step_id), None)
    spec = case.spec(step.step_id) if step else None
    if step is None or spec is None or step.ended or spec.evidence.kind != "message":
        return case
    proof = Evidence(text=f"message {receipt}")
    ended = step.model_copy(update={"state": StepState.DONE, "ended_at": now, "ended_by": by, "evidence": proof})
    case = say(put_steps(case, ended), now, "step_done", proof.text, by=by, step=step.id)
    case = raci.inform(follow_up(case, ended, spec), ended, spec, now)
    return lifecycle.of(case).step_ended(case, ended, now)


def _ask_refused(case: C, action: Action, outcome: Outcome, now: datetime) -> C:
    ask = _ask_of(case, action)
    kind = RefusalType(outcome.error_type) if outcome.error_type in set(RefusalType) else RefusalType.ILLEGAL_MOVE
    case = _refuse_ask(case, ask, kind, outcome.reason, action.verb, now)
    return lifecycle.of(case).plan_refused(case, ask.subject, now) if action.verb is Verb.LOAD_PLAN else case


def _refuse_ask(case: C, ask: Ask, kind: RefusalType, sentence: str, word: str, now: datetime) -> C:
    case = say(case, now, f"{word}_refused", f"{ask.subject}: {sentence}", by=ask.by)
    if not ask.awaited:
        case = tell(case, now, _whom(case, ask.by, now), Word.REFUSED, sentence)
    return asking.answer(case, ask, kind, sentence)


def _whom(case: Case, person: str, now: datetime) -> str | None:
    """The person who asked where the case knows them, else the manager."""
    return person if case.team.person(person) else holder(case, policy_of(case).manager_role, now)


def _repair(case: C, action: Action, outcome: Outcome, now: datetime) -> C:
    """What the system could not do is put in front of a person, with an owner and a due moment; once for each effect."""
    title = f"By hand, since the system could not: {action.summary}"
    if case.closed or _is_repaired(case, title):
        return say(case, now, "not_done", f"{action.summary}: {outcome.reason}")
    taken = {spec.id for spec in case.extras}
    spec = StepSpec(
        id=next(name for n in range(1, len(taken) + 2) if (name := f"by_hand_{n}") not in taken),
        title=title,
        owner=policy_of(case).manager_role,
        due=When(offset=policy_of(case).reopened_due),
        task=action.verb is not Verb.SYNC_TASKS,  # a CRM that failed would fail again, and again become a step
    )
    step = Step(step_id=spec.id, origin=now, by_hand=True)
    case = put_steps(change(case, extras=(*case.extras, spec)), step)
    text = f"{action.summary}: {outcome.reason}; a person takes over"
    case = say(case, now, "by_hand", text, step=spec.id)
    return tell(case, now, holder(case, spec.owner, now), Word.FAILED, spec.title, spec.id)


def _is_repaired(case: Case, title: str) -> bool:
    ids = {spec.id for spec in case.extras if spec.title == title}
    return any(step.step_id in ids and not step.ended for step in case.steps)
