"""A cancellation as ``status`` and the book show it."""

from __future__ import annotations

from datetime import datetime

from models.cancellation import CLOSED, CONFIRMED, EXPORT_ASKED, CancellationCase
from models.leaving_status import LeavingStatus
from models.step import StepState
from rules.cancellation import erased, opting, policies, save_talk
from rules.routing import barred

_ALIKE = set(LeavingStatus.model_fields) & set(CancellationCase.model_fields)


def leaving(case: CancellationCase) -> LeavingStatus:
    """What is particular to this cancellation."""
    attempt, why = save_talk.attempt_wanted(case)
    return LeavingStatus(
        **{name: getattr(case, name) for name in _ALIKE},
        may_tell=opting.may_tell(case),
        barred_roles=barred(case),
        attempt=attempt,
        attempt_why=why,
        attempts_allowed=policies.attempts_allowed(case),
        confirmed_at=case.anchor(CONFIRMED),
        export_asked_at=case.anchor(EXPORT_ASKED),
        exported_at=_done_at(case, "export_delivered"),
        account_closed_at=case.anchor(CLOSED),
        deactivated_at=_done_at(case, "read_back"),
        too_late_to_withdraw=case.begun("stop_charging"),
        before_erasure=erased.owed_before(case),
    )


def _done_at(case: CancellationCase, step_id: str) -> datetime | None:
    done = (s.ended_at for s in case.steps if s.step_id == step_id and s.state is StepState.DONE)
    return next(done, None)
