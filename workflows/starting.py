"""How a case starts or tells another case of its account: which workflow, under which id, with what."""

from __future__ import annotations

from typing import Any, cast

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.after_commands import CameBack, DataChosen, ProofWanted
    from models.cancellation import CancellationCase
    from models.cancellation_commands import SaveAttempted, SaveFinished, SaveOpened
    from models.case import Case, CaseKind, Sibling
    from models.commands import CancellationRequested, RiskSignal
    from models.effects import Action
    from models.recovery import RecoveryCase
    from models.save import SaveCase
    from models.work import EndDeferral, StartCase, TakeOverParked, TellCase
    from rules import beside, carrying, deferring, under_cancellation
    from rules.cancellation import following, save_beside

from workflows.contract import WorkflowType, workflow_id

_TYPES = {
    CaseKind.SAVE: WorkflowType.SAVE_ATTEMPT,
    CaseKind.RECOVERY: WorkflowType.SAVE_RECOVERY,
    CaseKind.DEFERRAL: WorkflowType.DEFERRAL,
    CaseKind.RETENTION: WorkflowType.DATA_RETENTION,
    CaseKind.WIN_BACK: WorkflowType.WIN_BACK,
}


_News = (
    SaveOpened | SaveAttempted | SaveFinished | CancellationRequested | RiskSignal | CameBack | DataChosen | ProofWanted
)


def start(case: Case, action: Action) -> StartCase:
    """The start of the case that follows, or the reaching of the one that is open."""
    sibling = carrying.sibling_of(case, action)
    return StartCase(
        key=action.key,
        case_id=case.case_id,
        account_id=case.account_id,
        workflow_type=_TYPES[sibling.kind],
        workflow_id=workflow_id(sibling.kind, case.account_id),
        summary=f"{sibling.kind}: {case.account_id}",
        signal=_signal(case, sibling),
        **_start_input(case, sibling),
    )


def tell(case: Case, action: Action) -> TellCase:
    """A cancellation is heard of where the account has other cases open, and so is a return; a save says how it ended."""
    sibling = carrying.sibling_of(case, action)
    return TellCase(
        key=action.key,
        case_id=case.case_id,
        account_id=case.account_id,
        workflow_id=workflow_id(sibling.kind, case.account_id),
        signal=_news(case, sibling),
    )


def take_over(case: Case, action: Action) -> TakeOverParked:
    """What a deferral of the account carries, wanted by the case that is open (SAVE-29)."""
    return TakeOverParked(
        key=action.key,
        case_id=case.case_id,
        account_id=case.account_id,
        deferral_id=workflow_id(CaseKind.DEFERRAL, case.account_id),
        workflow_id=workflow_id(case.kind, case.account_id),
    )


def end_wait(case: Case, action: Action) -> EndDeferral:
    """The end of what waits for a decision that the account has taken (CONV-23)."""
    waiting = workflow_id(CaseKind.DEFERRAL, case.account_id)
    return EndDeferral(key=action.key, case_id=case.case_id, account_id=case.account_id, workflow_id=waiting)


def _news(case: Case, sibling: Sibling) -> _News:
    if sibling.signal == beside.RETURNED:
        return CameBack(case_id=case.case_id, detail=sibling.detail)
    if sibling.signal == beside.OPENED:
        return SaveOpened(case_id=case.case_id, opened_at=case.opened_at)
    if isinstance(case, CancellationCase) and sibling.kind is CaseKind.RETENTION:
        return following.wishes(case)
    if isinstance(case, CancellationCase):
        return _risk(sibling) if sibling.signal else save_beside.news(case)
    if case.kind in (CaseKind.RETENTION, CaseKind.WIN_BACK):
        return CameBack(case_id=case.case_id, detail=sibling.detail)
    if sibling.signal == under_cancellation.ATTEMPTED:
        return SaveAttempted(case_id=case.case_id, at=sibling.at, by=sibling.by)
    assert case.outcome is not None
    return SaveFinished(case_id=case.case_id, outcome=case.outcome)


def _signal(case: Case, sibling: Sibling) -> RiskSignal | CancellationRequested | None:
    if not sibling.signal:
        return None
    if isinstance(case, CancellationCase):
        return save_beside.news(case)
    if isinstance(case, RecoveryCase) and case.cancellation:
        return case.cancellation
    return _risk(sibling)


def _risk(sibling: Sibling) -> RiskSignal:
    return RiskSignal(kind=sibling.signal, detail=sibling.detail, at=sibling.at)


def _start_input(case: Case, sibling: Sibling) -> dict[str, Any]:
    match sibling.kind:
        case CaseKind.RECOVERY:
            return {"recovery": carrying.recovery_start(cast(SaveCase, case), sibling)}
        case CaseKind.DEFERRAL:
            return {"deferral": deferring.start_of(cast(SaveCase, case), sibling)}
        case CaseKind.RETENTION:
            return {"retention": following.retention(cast(CancellationCase, case), sibling.at)}
        case CaseKind.WIN_BACK:
            return {"win_back": following.win_back(cast(CancellationCase, case), sibling.at)}
        case _:
            return {"save": carrying.save_start(case, sibling)}
