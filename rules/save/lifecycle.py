"""What is particular to a save: how it begins, what its plan is, how it is turned away."""

from __future__ import annotations

from datetime import datetime

from models.case import CaseKind, RefusalType
from models.plan import Plan
from models.promise import Commitment
from models.save import Assessment, SaveCase, SaveOutcome, SaveStage
from models.starts import KnownBefore, SaveStart
from models.step import Step
from rules import asking, deferring, ending, remembering, respecting, taking_over, talking, triage, under_cancellation
from rules.dating import later
from rules.edit import change, put_steps, say
from rules.planning import dated, hastened, running
from rules.refusal import Refused, one_of, wrong_kind
from rules.routing import policy_of
from rules.save import correcting, stages

SPINE = "common_spine"


def opened(start: SaveStart, case_id: str, now: datetime) -> SaveCase:
    """A new save case at ``now`` (UTC), or when it begins; an imported one keeps the day on which it began elsewhere.

    Raises ``Refused(BadPayload)`` for a past that has not happened yet.
    """
    past, known = start.past, start.known or KnownBefore()
    now = max(now, start.begins_at or now)
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
        stated_reason=known.stated_reason or start.reason,
        root_cause=past.root_cause if past else known.root_cause,
        whys=past.whys if past else known.whys,
        past=past.done if past else (),
        imported_at=now if past else None,
        carried_from=start.carried_from or "",
        carried_offers=start.offers,
        cancellation_case_id=start.cancellation or "",
        barred_roles=start.barred_roles,
        commitments=tuple(Commitment(**promise.model_dump()) for promise in start.commitments),
    )
    case = say(case, now, "opened", f"save attempt opened: {start.reason}", by=start.opened_by)
    case = remembering.told(case, known, f"save case {case.carried_from}", now)
    if start.corrects:
        case = correcting.taken_on(case, start.corrects, now)
    if start.beside:
        text = f"the recovery {start.beside} of this account goes on; a sign of risk there ends it as relapsed"
        case = say(case, now, "beside_recovery", text)
    if start.cancellation:
        text = f"the cancellation {start.cancellation} of this account goes on; it hears how this save ends"
        case = say(case, now, "beside_cancellation", text)
    return asking.plan(case, start.playbook or SPINE, start.opened_by, "the case was opened", now)


def account_loaded(case: SaveCase, now: datetime) -> SaveCase:
    """The account is known: the case can be judged as soon as the policy is there.

    What waits in a deferral for a day that lies ahead is taken over now (SAVE-29).
    """
    return talking.account_known(deferring.looked_for(case, now), now)


def plan_adopted(case: SaveCase, now: datetime) -> SaveCase:
    """A plan is in force: judge the case by its policy and see which stage it has earned.

    What an earlier case of the account still owed is seen through here.
    """
    case = taking_over.carry_on(case, case.carried_from, now)
    case = under_cancellation.settle(respecting.settle(judge(known_cause(case, now), now), now), now)
    return stages.settle(case, now)


def plan_wanted(case: SaveCase, plan: Plan) -> str | None:
    """The playbook that an imported root cause picks, where nobody named one; None where ``plan`` is right."""
    if case.plan or not case.imported_at or plan.name != SPINE:
        return None
    rule = next((rule for rule in plan.policy.root_causes if rule.code == case.root_cause), None)
    return rule.playbook if rule and rule.playbook != SPINE else None


def plan_unfit(case: SaveCase, plan: Plan) -> str:
    """Why this plan may not be adopted: a module needs a playbook beside it, and a root cause that allows it (PLAY-150)."""
    if not plan.is_module:
        return "" if plan.kind == case.kind else wrong_kind(case, plan)
    if case.plan is None:
        return f"{plan.name} is a module; open the case with a playbook, and add the module to it with 'adopt_plan'"
    rule = next((rule for rule in policy_of(case).root_causes if rule.code == case.root_cause), None)
    if rule is None or plan.name in rule.modules:
        return ""
    return f"{plan.name} is no answer to {rule.code}; modules for it: {one_of(rule.modules)}"


def known_cause(case: SaveCase, now: datetime) -> SaveCase:
    """A root cause of elsewhere or of before that the company's list does not have counts for nothing, and is told."""
    known = {rule.code for rule in policy_of(case).root_causes}
    given = case.imported_at or case.carried_from or case.taken_over
    if case.root_cause is None or not given or not known or case.root_cause in known:
        return case
    text = f"'{case.root_cause}' is no root cause here; record it anew: {one_of(sorted(known))}"
    return say(change(case, root_cause=None), now, "import_unknown_root_cause", text)


def step_ended(case: SaveCase, _: Step, now: datetime) -> SaveCase:
    """A step came to its end by the system: the stage may move."""
    return stages.settle(case, now)


def effect_ended(case: SaveCase, _: datetime) -> SaveCase:
    """What took place by itself moves no stage of a save."""
    return case


def plan_refused(case: SaveCase, playbook: str, now: datetime) -> SaveCase:
    """A case that has no plan yet runs the common spine rather than none."""
    return asking.at_least(case, SPINE, playbook, now)


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
    """A case for an account that nobody knows closes as ``rejected``."""
    return ending.reject(case, SaveOutcome.REJECTED, SaveStage.CLOSED, reason, now)
