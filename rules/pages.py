"""The pages that the system prepares for the steps of a plan: which are owed, of which days, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from models.case import Case
from models.document import DocumentKind
from models.effects import Action, Outcome, Verb, Word
from models.plan import StepSpec
from models.step import Step, StepState
from models.work import DraftMessage, PreparePage
from rules import promises
from rules.edit import C, put_steps, say, tell
from rules.planning import frozen, running
from rules.routing import policy_of

_DAY = timedelta(days=1)


def awaited(step: Step, spec: StepSpec) -> bool:
    """Whether the page of a step is still to be prepared by the system."""
    return spec.page is not None and not step.page and not step.page_failed


def owed(case: Case) -> Iterator[tuple[Step, StepSpec, datetime]]:
    """The steps that need their page, each with its obligation and the moment (UTC) at which it is prepared."""
    for step, spec in running(case) if case.account and not case.closed else ():
        if step.state is StepState.OPEN and awaited(step, spec) and not frozen(case, spec):
            yield step, spec, max(step.opened_at or case.opened_at, _ready(step, spec, case.opened_at))


def verb_of(spec: StepSpec) -> Verb:
    """Who prepares the page of a step: a brief is made of all that is known, a report of what was measured."""
    own = {DocumentKind.BRIEF: Verb.PREPARE_BRIEF, DocumentKind.REVIEW: Verb.PREPARE_REVIEW}
    return own.get(spec.page.kind, Verb.PREPARE_PAGE) if spec.page else Verb.PREPARE_PAGE


def request(case: Case, action: Action, letter: DraftMessage | None) -> PreparePage:
    """What the page of the action's step is to be made of; ``letter`` is the draft that goes with it."""
    step, spec = _step_of(case, action)
    assert spec.page is not None, step.id
    since, until = _days(case, step, spec, action.moment)
    return PreparePage(
        key=action.key,
        case_id=case.case_id,
        account_id=case.account_id,
        kind=spec.page.kind,
        title=spec.title,
        titles=spec.page.titles,
        person=step.person or case.opened_by,
        at=action.moment,
        since=since,
        until=until,
        anchor=_anchor(case, spec),
        commitments=promises.counting(case),
        rules=policy_of(case).brief,
        letter=letter,
    )


def prepared(case: C, action: Action, outcome: Outcome, now: datetime) -> C:
    """The page is kept; its owner finds it under the step."""
    step, spec = _step_of(case, action)
    case = put_steps(case, step.model_copy(update={"page": outcome.receipt}))
    return say(case, now, "page_prepared", f"the page for '{spec.title}' is ready", step=step.id)


def not_prepared(case: C, action: Action, outcome: Outcome, now: datetime) -> C:
    """The system could not make the page: its owner puts it together, and is told so."""
    step, spec = _step_of(case, action)
    if step.ended:
        return case
    case = put_steps(case, step.model_copy(update={"page_failed": True}))
    text = f"the page could not be prepared ({outcome.reason}); it is for {step.person} to put together"
    case = say(case, now, "page_missing", text, step=step.id)
    return tell(case, now, step.person, Word.FAILED, f"{spec.title}: {text}", step.id)


def _ready(step: Step, spec: StepSpec, otherwise: datetime) -> datetime:
    """So long before it is due, in elapsed days and minutes, that its owner can review it; else as soon as it may be."""
    before = spec.page.before if spec.page else None
    if before is None or step.due is None:
        return otherwise
    return step.due - timedelta(days=before.days, minutes=before.minutes)


def _days(case: Case, step: Step, spec: StepSpec, now: datetime) -> tuple[date, date]:
    """Turns of a report follow one another without a gap; a single review looks back to its anchor, or as its page says."""
    anchor = _anchor(case, spec)
    if spec.page and spec.page.look_back:
        return now.date() - timedelta(days=spec.page.look_back.days), now.date()
    if step.recurring and step.opens and step.due:
        ready = _ready(step, spec, now)
        since, until = max(step.opens - (step.due - ready), anchor).date(), ready.date()
    else:
        since, until = anchor.date(), now.date()
    return since, max(until, since + _DAY)


def _anchor(case: Case, spec: StepSpec) -> datetime:
    return case.anchor(spec.opens.after) or case.opened_at


def _step_of(case: Case, action: Action) -> tuple[Step, StepSpec]:
    step = next(step for step in case.steps if step.id in action.steps)
    spec = case.spec(step.step_id)
    assert spec is not None, step.id
    return step, spec
