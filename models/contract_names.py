"""The Updates and signals of each workflow by their contract names (section 4 of the design)."""

from __future__ import annotations

from models import after_commands as ac
from models import cancellation_commands as cc
from models import close_commands as cl
from models import commands as c
from models.base import Command, Request
from models.review import ConfirmReview
from models.starts import ClosedAgain, HandedOver, TakeOver
from models.sweep import FactArrived

UPDATES: dict[str, type[Command]] = {
    "log_contact": c.LogSaveContact,
    "record_root_cause": c.RecordRootCause,
    "complete_step": c.CompleteStep,
    "release_message": c.ReleaseMessage,
    "tag_statement": c.TagStatement,
    "triage": c.Triage,
    "reschedule_step": c.RescheduleStep,
    "reopen_step": c.ReopenStep,
    "skip_step": c.SkipStep,
    "add_step": c.AddStep,
    "make_commitment": c.MakeCommitment,
    "fulfil_commitment": c.FulfilCommitment,
    "communicate_commitment": c.CommunicateCommitment,
    "confirm_commitment": c.ConfirmCommitment,
    "withdraw_commitment": c.WithdrawCommitment,
    "propose_offer": c.ProposeOffer,
    "decide_approval": c.DecideApproval,
    "answer_offer": c.AnswerOffer,
    "withdraw_offer": c.WithdrawOffer,
    "assign": c.Assign,
    "hold": c.HoldCase,
    "resume": c.Resume,
    "adopt_plan": c.AdoptPlan,
    "close": cl.CloseSave,
}
"""The Updates of a save attempt by their contract names."""

SIGNALS: dict[str, type[Request]] = {
    "trigger_playbook": c.TriggerPlaybook,
    "risk_signal": c.RiskSignal,
    "cancellation_requested": c.CancellationRequested,
    "team_changed": c.TeamChanged,
    "retry_now": c.RetryNow,
    "incident_progressed": c.IncidentProgressed,
    "take_over": TakeOver,
}
"""The signals of a save attempt by their contract names."""

_SAVES_ONLY = (
    *("record_root_cause", "triage", "close"),
    *("propose_offer", "decide_approval", "answer_offer", "withdraw_offer"),
)

RECOVERY_UPDATES: dict[str, type[Command]] = {
    **{name: model for name, model in UPDATES.items() if name not in _SAVES_ONLY},
    "log_contact": c.LogContact,
    "correct_outcome": cl.CorrectOutcome,
    "close": cl.CloseRecovery,
}
"""The Updates of a recovery by their contract names: the step commands, how it ends, and that it should not have begun."""

RECOVERY_SIGNALS: dict[str, type[Request]] = {
    name: SIGNALS[name]
    for name in (
        "risk_signal",
        "cancellation_requested",
        "team_changed",
        "retry_now",
        "incident_progressed",
        "take_over",
    )
}
"""The signals of a recovery by their contract names; a sign of risk there is a relapse."""

_ALIKE = (
    *("complete_step", "release_message", "reschedule_step", "reopen_step", "skip_step", "add_step", "assign"),
    *("adopt_plan", "make_commitment", "fulfil_commitment", "communicate_commitment", "confirm_commitment"),
    "withdraw_commitment",
)

CANCELLATION_UPDATES: dict[str, type[Command]] = {
    **{name: UPDATES[name] for name in _ALIKE},
    "log_contact": c.LogContact,
    "request_cancellation": cc.RequestCancellation,
    "validate": cc.Validate,
    "decide_save": cc.DecideSave,
    "invite_to_talk": cc.InviteToTalk,
    "answer_save_invitation": cc.AnswerSaveInvitation,
    "decide_approval": cc.DecideLeaving,
    "confirm": cc.Confirm,
    "change_end_date": cc.ChangeEndDate,
    "request_export": cc.RequestExport,
    "withdraw": cc.Withdraw,
    "answer_survey": cc.AnswerSurvey,
    "decline_survey": cc.DeclineSurvey,
    "set_clean_break": cc.SetCleanBreak,
    "choose_data": cc.ChooseData,
    "request_deletion_proof": cc.RequestDeletionProof,
    "personal_request": ac.PersonalRequest,
}
"""The Updates of a cancellation by their contract names."""

CANCELLATION_SIGNALS: dict[str, type[Request]] = {
    **{name: SIGNALS[name] for name in ("team_changed", "retry_now", "incident_progressed")},
    "save_opened": cc.SaveOpened,
    "save_attempted": cc.SaveAttempted,
    "save_finished": cc.SaveFinished,
    "data_erased": ac.DataErased,
}
"""The signals of a cancellation by their contract names."""

RETENTION_UPDATES: dict[str, type[Command]] = {
    **{name: UPDATES[name] for name in _ALIKE},
    "log_contact": c.LogContact,
    "legal_hold": ac.LegalHoldOn,
    "release_hold": ac.ReleaseHold,
    "erase_now": ac.EraseNow,
    "want_proof": ac.WantProof,
    "choose_data": ac.ChooseKeptData,
    "personal_request": ac.PersonalRequest,
    "choose_policy": ac.ChoosePolicy,
    "customer_returned": ac.CustomerReturned,
}
"""The Updates of a retention by their contract names."""

WIN_BACK_UPDATES: dict[str, type[Command]] = {
    **{name: UPDATES[name] for name in _ALIKE},
    "log_contact": c.LogContact,
    "record_trigger": ac.RecordTrigger,
    "contact": ac.ContactAgain,
    "tell_fixed": ac.TellFixed,
    "set_opt_in": ac.SetOptIn,
    "leave_in_peace": ac.LeaveInPeace,
    "customer_returned": ac.CustomerReturned,
}
"""The Updates of a win-back by their contract names."""

_AFTER_SIGNALS: dict[str, type[Request]] = {
    **{name: SIGNALS[name] for name in ("team_changed", "retry_now", "incident_progressed")},
    "customer_returned": ac.CameBack,
}

WIN_BACK_SIGNALS: dict[str, type[Request]] = {
    **_AFTER_SIGNALS,
    "data_erased": ac.DataErased,
    "risk_signal": c.RiskSignal,
}
"""The signals of a win-back by their contract names."""

RETENTION_SIGNALS: dict[str, type[Request]] = {
    **_AFTER_SIGNALS,
    "want_proof": ac.ProofWanted,
    "choose_data": ac.DataChosen,
    "account_closed": ClosedAgain,
}
"""The signals of a retention by their contract names."""

DEFERRAL_SIGNALS: dict[str, type[Request]] = {"handed_over": HandedOver}
"""The signals of a deferral by their contract names."""

REVIEW_UPDATES: dict[str, type[Command]] = {
    **{name: UPDATES[name] for name in ("complete_step", "reschedule_step", "skip_step", "add_step")},
    "confirm_review": ConfirmReview,
}
"""The Updates of a review by their contract names: that it was held, and the step commands."""

REVIEW_SIGNALS: dict[str, type[Request]] = {name: SIGNALS[name] for name in ("team_changed", "retry_now")}
"""The signals of a review by their contract names."""

SWEEP_SIGNALS: dict[str, type[Request]] = {"fact_arrived": FactArrived}
"""The signals of a sweep by their contract names."""

_TABLES = (
    *(UPDATES, SIGNALS, RECOVERY_UPDATES, RECOVERY_SIGNALS, CANCELLATION_UPDATES, CANCELLATION_SIGNALS),
    *(RETENTION_UPDATES, WIN_BACK_UPDATES, RETENTION_SIGNALS, DEFERRAL_SIGNALS, REVIEW_UPDATES, SWEEP_SIGNALS),
)
NAMES: dict[type[Request], str] = {model: name for table in _TABLES for name, model in table.items()}
"""The contract name of each command, for the authority and stage tables."""
