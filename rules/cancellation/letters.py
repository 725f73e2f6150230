"""What the letters of a cancellation may tell, from what the case knows and has done."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from models.calendar import Calendar
from models.cancellation import CLOSED, CancellationCase, DataChoice, ReceivedRequest
from models.case import Case
from models.leaving_facts import LeavingFacts, Undone
from models.retention import BACKUPS_DUE, RetentionCase
from models.step import Step, StepState
from models.win_back import WinBackCase
from rules import conditions
from rules.cancellation import keeping, policies, receipts, scoping, settling
from rules.cancellation.save_talk import TALK
from rules.cancellation.terms import day_after
from rules.dating import local_day
from rules.planning import dated
from rules.retention import work as erasing
from rules.routing import policy_of
from rules.win_back import telling_fixed

_EXPORT, _DELTA, _RETURN = "data_export", "delta_export", "return_data"
_REDUCED = "read_only_some"


def facts(case: Case, step: Step) -> LeavingFacts | None:
    """The facts for the letter of a step; None for a case that is neither a cancellation nor what follows one."""
    if isinstance(case, RetentionCase):
        return _of_retention(case, step)
    if isinstance(case, WinBackCase):
        return telling_fixed.facts(case, step)
    if not isinstance(case, CancellationCase):
        return None
    export = _DELTA if step.step_id == "delta_delivered" else _EXPORT
    return LeavingFacts(
        **_request(case, step),
        questions=policy_of(case).survey.questions,
        undone=_undone(case),
        named=" ".join(case.reason_detail.split()),
        proof_wanted=case.proof_wanted,
        data_back=case.data_choice is DataChoice.RETURN,
        **_terms(case),
        **_plan(case),
        **_export(case, export),
        **_keeping(case),
        **settling.settled(case, step),
    )


def _request(case: CancellationCase, step: Step) -> dict[str, Any]:
    """What was asked: in a receipt as that request said it, in every other letter as the case has it."""
    own = receipts.request_of(case, step)
    answered = own or case.request
    return {
        "received": answered.at,
        "channel": answered.channel,
        "scope": own.scope if own else scoping.scope_of(case),
        "asked_end": own.exit_date if own else case.asked_end_date,
        "end_date": None if _is_strangers(case, own) else case.end_date or _promised(case),
    }


def _is_strangers(case: CancellationCase, own: ReceivedRequest | None) -> bool:
    """Whether a receipt goes to somebody who joined and may not cancel: the day of the account is not theirs to hear."""
    return own is not None and own is not case.request and not own.authorised


def _undone(case: CancellationCase) -> tuple[Undone, ...]:
    """What the withdrawal has undone so far; billing and access are said once they were read back."""
    if case.withdrawn_at is None:
        return ()
    proved = case.done("prove_undone")
    holds = {
        Undone.END_DATE: case.end_date is not None,
        Undone.ACCESS: proved and case.done("restore_access"),
        Undone.BILLING: proved and case.end_date is not None,
    }
    return tuple(one for one, held in holds.items() if held)


def _of_retention(case: RetentionCase, letter: Step) -> LeavingFacts:
    """When what was deleted, and what stays until when; or where what is given back can be fetched."""
    if letter.step_id == "return_delivered":
        return LeavingFacts(**_export(case, _RETURN))
    step, backups = erasing.done(case), case.anchor(BACKUPS_DUE)
    assert case.account is not None
    calendar = case.account.calendar
    return LeavingFacts(
        deleted_on=local_day(step.ended_at, calendar) if step.ended_at else None,
        erased=erasing.stores(case),
        backups_until=local_day(backups, calendar) if backups else None,
    )


def _promised(case: CancellationCase) -> date | None:
    """The day that the customer asked for, or the earliest that contract and policy allow; nothing where none was asked."""
    found = policies.end_date(case, case.asked_end_date, case.opened_at) if case.asked_end_date else None
    return found.ends if found else None


def _terms(case: CancellationCase) -> dict[str, Any]:
    policy = policies.leaving_policy(case)
    found = policies.end_date(case, case.asked_end_date, case.opened_at)
    known = {"earliest_end": found.earliest if found else None, "waiver_role": policy.waiver.role if policy else ""}
    return known | settling.fee(case, found)


def _plan(case: CancellationCase) -> dict[str, Any]:
    """The days of the plan, as its steps are dated."""
    export = next((s.due for s in case.steps if s.step_id == _EXPORT and s.due), None)
    transfer = _planned(case, "knowledge_transfer")
    return {
        "export_by": export,
        "transfer_from": _day(case, transfer.opens) if transfer else None,
        "transfer_until": _day(case, transfer.due) if transfer else None,
        "access_from": _access_from(case),
    }


def _access_from(case: CancellationCase) -> date | None:
    """The day from which access is reduced; none while that waits for the talk that the customer accepted (AMB-19)."""
    reduced, spec = next((s for s in case.steps if s.step_id == _REDUCED and s.opens), None), case.spec(_REDUCED)
    if reduced is None or spec is None:
        return case.end_date
    return None if TALK in conditions.waits_for(case, spec) else _day(case, reduced.opens)


def _planned(case: CancellationCase, step_id: str) -> Step | None:
    """A step with the dates that its plan gives it, also while nobody has decided whether it is needed."""
    step, spec = next((s for s in case.steps if s.step_id == step_id), None), case.spec(step_id)
    planned = dated(case, step, spec) if step and spec else None
    return planned if planned and planned.opens and planned.due else None


def _export(case: CancellationCase | RetentionCase, step_id: str) -> dict[str, Any]:
    done = _done(case, step_id)
    if done is None or done.opened_at is None:
        return {}
    rows, empty = _item(done, "rows"), _item(done, "empty")
    return {
        "export": _item(done, "export"),
        "export_until": keeping.fetched_until(case, done.opened_at),
        "export_rows": int(rows) if rows else None,
        "export_since": _since(case) if step_id == _DELTA else None,
        "export_empty": tuple(empty.split()),
    }


def _since(case: CancellationCase | RetentionCase) -> date | None:
    """The day of the first export, after which the last one holds what was made or changed."""
    first = _done(case, _EXPORT)
    return _day(case, first.opened_at) if first else None


def _keeping(case: CancellationCase) -> dict[str, Any]:
    """When the data is deleted and the backups are purged, counted from the closure (AMB-24)."""
    policy, from_day = policies.leaving_policy(case), keeping.closing_day(case)
    if policy is None or from_day is None:
        return {}
    return {
        "closed_on": from_day if case.anchor(CLOSED) else None,
        "deletion_day": day_after(from_day, policy.retention.kept),
        "backups_until": day_after(from_day, policy.retention.backups_purged_by),
    }


def _done(case: Case, step_id: str) -> Step | None:
    return next((s for s in case.steps if s.step_id == step_id and s.state is StepState.DONE), None)


def _item(step: Step, name: str) -> str:
    items = step.evidence.items if step.evidence else ()
    return next((item.text for item in items if item.content == name), "")


def _day(case: Case, at: datetime | None) -> date | None:
    return local_day(at, _calendar(case)) if at else None


def _calendar(case: Case) -> Calendar:
    assert case.account is not None
    return case.account.calendar
