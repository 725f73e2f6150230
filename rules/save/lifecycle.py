"""What is particular to a save: how it begins, what its plan is, how it is turned away."""

from __future__ import annotations

from datetime import datetime

from models.case import AskKind, CaseKind, RefusalType
from models.commands import SaveStart
from models.effects import Word
from models.people import PersonId
from models.plan import Plan
from models.save import Assessment, RiskFact, SaveCase, SaveOutcome, SaveStage
from models.step import Step
from rules import asking, triage
from rules.dating import later
from rules.edit import change, put_steps, say, tell
from rules.planning import dated, hastened, running
from rules.refusal import Refused, one_of
from rules.routing import holder, policy_of
from rules.save import stages
from rules.steps import end_all

SPINE = "common_spine"
EMAIL_ONLY = "email_only"  # RISK-36: as a statement, a fact and a line of the timeline


def opened(start: SaveStart, case_id: str, now: datetime) -> SaveCase:
    """A new save case at ``now`` (UTC); an imported one keeps the day on which it began elsewhere.

    Raises ``Refused(BadPayload)`` for a past that has not happened yet.
    """
    past = start.past
    if past and max((past.opened_at, *(step.at for step in past.done))) > now:
        raise Refused(
            RefusalType.BAD_PAYLOAD, f"past: nothing in it may lie after {now:%Y-%m-%d %H:%M} UTC, which is now"
        )
    case = SaveCase(
        case_id=case_id,
        kind=CaseKind.SAVE,
        account_id=start.account_id,
        opened_by=start.opened_by,
        opened_at=past.opened_at if past else now,
        reason=start.reason,
        stated_reason=start.reason,
        root_cause=past.root_cause if past else None,
        whys=past.whys if past else (),
        past=past.done if past else (),
        imported_at=now if past else None,
    )
    case = say(case, now, "opened", f"save attempt opened: {start.reason}", by=start.opened_by)
    return asking.plan(case, start.playbook or SPINE, start.opened_by, "the case was opened", now)


def account_loaded(case: SaveCase, now: datetime) -> SaveCase:
    """The account is known: the case can be judged as soon as the policy is there."""
    case = say(case, now, "account", f"account and team read: {len(case.team.seats)} roles filled")
    return wants_email_only(case, "as the CRM says", None, now) if case.account and case.account.email_only else case


def wants_email_only(case: SaveCase, detail: str, by: PersonId | None, now: datetime) -> SaveCase:
    """The customer wants no calls: it is recorded as the warning sign that it is, and respected (DIS-7, RISK-36)."""
    if case.prefers_email:
        return case
    fact = RiskFact(at=now, kind=EMAIL_ONLY, detail=detail, by=by)
    case = change(case, prefers_email=True, facts=(*case.facts, fact))
    return say(case, now, EMAIL_ONLY, "the customer wants email only; no call is forced", by=by)


def plan_adopted(case: SaveCase, now: datetime) -> SaveCase:
    """A plan is in force: judge the case by its policy and see which stage it has earned."""
    return stages.settle(judge(_known_cause(case, now), now), now)


def plan_wanted(case: SaveCase, plan: Plan) -> str | None:
    """The playbook that an imported root cause picks, where nobody named one; None where ``plan`` is right."""
    if case.plan or not case.imported_at or plan.name != SPINE:
        return None
    rule = next((rule for rule in plan.policy.root_causes if rule.code == case.root_cause), None)
    return rule.playbook if rule and rule.playbook != SPINE else None


def plan_unfit(case: SaveCase, plan: Plan) -> str:
    """Why this plan may not be adopted: a module needs a playbook beside it, and a root cause that allows it (PLAY-150)."""
    if not plan.is_module:
        return ""
    if case.plan is None:
        return f"{plan.name} is a module; open the case with a playbook, and add the module to it with 'adopt_plan'"
    rule = next((rule for rule in policy_of(case).root_causes if rule.code == case.root_cause), None)
    if rule is None or plan.name in rule.modules:
        return ""
    return f"{plan.name} is no answer to {rule.code}; modules for it: {one_of(rule.modules)}"


def _known_cause(case: SaveCase, now: datetime) -> SaveCase:
    """An imported root cause that the company's list does not have counts for nothing; it is on the timeline."""
    known = {rule.code for rule in policy_of(case).root_causes}
    if case.root_cause is None or not case.imported_at or not known or case.root_cause in known:
        return case
    text = f"'{case.root_cause}' is no root cause here; record it anew: {one_of(sorted(known))}"
    return say(change(case, root_cause=None), now, "import_unknown_root_cause", text)


def step_ended(case: SaveCase, _: Step, now: datetime) -> SaveCase:
    """A step came to its end by the system: the stage may move."""
    return stages.settle(case, now)


def plan_refused(case: SaveCase, playbook: str, now: datetime) -> SaveCase:
    """A case that has no plan yet runs the common spine rather than none."""
    asked = any(ask.kind is AskKind.PLAN and not ask.answered and ask.subject != playbook for ask in case.asks)
    if case.plan or case.closed or asked:
        return case
    return asking.plan(case, SPINE, case.opened_by, f"in place of {playbook}", now)


def judge(case: SaveCase, now: datetime) -> SaveCase:
    """Severity, urgency and the first response by the matrix; a shorter response moves the first contact forward."""
    if case.account is None or case.closed:
        return case
    reasons = (case.reason, case.stated_reason, *(fact.kind for fact in case.facts))
    found = triage.assess(case.account, reasons, now, policy_of(case).triage)
    if found is None and case.assessment is None and not any(event.kind == "not_judged" for event in case.timeline):
        return say(case, now, "not_judged", f"no rate for {case.account.arr.currency}, or no cell of the matrix fits")
    found = _never_later(found, case) if found else None
    if found is None or found == case.assessment:
        return case
    date = hastened if case.assessment else dated  # what an import was given is not taken back by the first judgement
    case = change(case, assessment=found)
    text = f"{found.severity} x {found.urgency}: first contact within {found.respond}, {found.resources}"
    case = say(case, now, "judged", text)
    owed = [date(case, step, spec) for step, spec in running(case) if spec.respond and step.due]
    return put_steps(case, *owed) if owed else case


def _never_later(found: Assessment, case: SaveCase) -> Assessment:
    """The first judgement counts from the opening, a later one from now; none puts off what was owed before."""
    former = case.assessment
    if former is None:
        return found.model_copy(update={"since": case.opened_at})
    sooner = later(found.since, found.respond) < later(former.since, former.respond)
    return found if sooner else found.model_copy(update={"respond": former.respond, "since": former.since})


def reject(case: SaveCase, reason: str, now: datetime) -> SaveCase:
    """A case for an account that nobody knows closes as ``rejected``; nothing was owed."""
    case = end_all(case, "rejected", now)
    ended = {"outcome": SaveOutcome.REJECTED, "stage": SaveStage.CLOSED, "closed_at": now, "asks": ()}
    return say(change(case, **ended), now, "rejected", reason)


def warn_manager(case: SaveCase, now: datetime, text: str) -> SaveCase:
    """The case with a line for the manager."""
    return tell(case, now, holder(case, policy_of(case).manager_role, now), Word.PROPOSED, text)
