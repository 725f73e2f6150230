"""What is particular to a review: it asks one person, is confirmed as held, or ends as not held."""

from __future__ import annotations

from datetime import datetime

from models.case import Case
from models.effects import Word
from models.plan import Plan
from models.review import ReviewCase, ReviewOutcome, ReviewStage, ReviewStart
from models.step import Step, StepState
from rules import asking, ending, planning
from rules.edit import change, say, tell
from rules.refusal import wrong_kind
from rules.reviews import calendar

SPINE = ""
HELD = "held"
"""The step of every review: somebody confirms that it was held."""


def opened(start: ReviewStart, case_id: str, now: datetime) -> ReviewCase:
    """A new review at ``now`` (UTC), which runs the playbook of its name. Raises ``Refused`` for no such period."""
    since, until = calendar.looked_back_on(start.period)
    case = ReviewCase(
        case_id=case_id,
        opened_at=now,
        reason=f"by the calendar, for {start.period}",
        review=start.review,
        subject=start.subject or "",
        period=start.period,
        closing_noted=True,  # it is no matter of one account's notes
    )
    text = f"it looks back on {since} to {until}, that day not included"
    return asking.plan(say(case, now, "opened", text), start.review, "", "the calendar asks for it", now)


def account_loaded(case: ReviewCase, now: datetime) -> ReviewCase:
    """It is known who holds the review; that of an account belongs to the account."""
    account = case.account.id if case.account else ""
    case = change(case, account_id=account if account == case.subject else "")
    if not case.team.seats:
        return reject(case, "nobody is there to hold it; give somebody the role that its playbook names", now)
    return say(case, now, "team", f"{len(case.team.people)} people may be asked for it")


def plan_wanted(_: ReviewCase, __: Plan) -> str | None:
    """It has the plan that it asked for."""
    return None


def plan_unfit(case: ReviewCase, plan: Plan) -> str:
    """Why this plan may not be adopted: it is of another kind of case."""
    return "" if plan.kind == case.kind else wrong_kind(case, plan)


def plan_adopted(case: ReviewCase, _: datetime) -> ReviewCase:
    """A plan is in force."""
    return case


def plan_refused(case: ReviewCase, playbook: str, now: datetime) -> ReviewCase:
    """Without its playbook nobody can be asked."""
    return case if case.plan or case.closed else reject(case, f"the playbook '{playbook}' cannot be had", now)


def step_ended(case: ReviewCase, _: Step, now: datetime) -> ReviewCase:
    """A step came to its end."""
    return settle(case, now)


def effect_ended(case: ReviewCase, now: datetime) -> ReviewCase:
    """Whoever owes the review hears of it as soon as its page is there, or cannot be had."""
    step = held_step(case)
    if case.asked_at or case.closed or step is None or step.state is not StepState.OPEN:
        return case
    if not (step.page or step.page_failed):
        return case
    page = f"the page: 'review show {case.name}'" if step.page else "the page could not be made; go through it without"
    asked = f"{title(case)}. Hold it, then 'review confirm {case.name}'; {page}"
    return tell(change(case, asked_at=now), now, step.person, Word.ASSIGNED, asked, step.id)


def reject(case: ReviewCase, reason: str, now: datetime) -> ReviewCase:
    """A review of somebody or something that nobody knows closes as ``rejected``."""
    return ending.reject(case, ReviewOutcome.REJECTED, ReviewStage.CLOSED, reason, now)


def settle(case: ReviewCase, now: datetime) -> ReviewCase:
    """It ends once its step is ended and nothing else is owed: held as somebody confirmed, else not held."""
    step = held_step(case)
    if case.closed or step is None or any(True for _ in planning.running(case)):
        return case
    if step.state is StepState.DONE:
        said = step.evidence.text if step.evidence else ""
        return ending.close(case, ReviewOutcome.HELD, ReviewStage.CLOSED, said, now, step.ended_by)
    text = f"nobody confirmed it; {step.person or 'nobody'} was asked"
    return ending.close(case, ReviewOutcome.NOT_HELD, ReviewStage.CLOSED, text, now)


def held_step(case: Case) -> Step | None:
    """The step by which the review is confirmed; None before its plan is there."""
    return next((step for step in reversed(case.steps) if step.step_id == HELD), None)


def title(case: ReviewCase) -> str:
    """What the review is called, with its period."""
    return f"{case.plan.title if case.plan else case.review}, {case.period}"
