"""The words that playbooks and policies may use because the software knows them."""

from __future__ import annotations

from enum import StrEnum

from models.cancellation import Found
from models.case import CaseKind
from models.contract_names import CANCELLATION_UPDATES, RETENTION_UPDATES, REVIEW_UPDATES, WIN_BACK_UPDATES
from models.leaving_stages import CancellationStage, LeavingKind, RetentionStage, WinBackStage
from models.plan import MODULE
from models.recovery import RecoveryStage
from models.review import ReviewStage
from models.save import SaveStage

STAGES: dict[str, type[StrEnum]] = {
    CaseKind.SAVE.value: SaveStage,
    CaseKind.RECOVERY.value: RecoveryStage,
    LeavingKind.CANCELLATION.value: CancellationStage,
    LeavingKind.RETENTION.value: RetentionStage,
    LeavingKind.WIN_BACK.value: WinBackStage,
    CaseKind.REVIEW.value: ReviewStage,
    MODULE: SaveStage,
}
"""The stages that the steps of each kind of playbook may name."""

FINDINGS = {
    CaseKind.CANCELLATION.value: tuple(found.value for found in Found),
    CaseKind.RETENTION.value: ("proof_wanted", "retrievable", "return_chosen"),
    CaseKind.WIN_BACK.value: ("reference",),
}
"""What the steps of each kind may depend on with ``only``."""

UPDATES_OF = {
    CaseKind.CANCELLATION.value: (*CANCELLATION_UPDATES, "close"),
    CaseKind.REVIEW.value: tuple(REVIEW_UPDATES),
}
"""The commands that steps of a kind may be ended by with ``command``; ``close`` is that of the save case."""

COMMANDS = (
    "log_contact",
    "record_root_cause",
    "complete_step",
    "release_message",
    "tag_statement",
    "triage",
    "reschedule_step",
    "reopen_step",
    "skip_step",
    "add_step",
    "make_commitment",
    "fulfil_commitment",
    "communicate_commitment",
    "confirm_commitment",
    "withdraw_commitment",
    "propose_offer",
    "decide_approval",
    "answer_offer",
    "withdraw_offer",
    "assign",
    "hold",
    "resume",
    "adopt_plan",
    "close",
    "correct_outcome",
    "trigger_playbook",
)
"""The commands of saves."""

COMMANDS_OF_LEAVING = tuple(
    sorted({*CANCELLATION_UPDATES, *RETENTION_UPDATES, *WIN_BACK_UPDATES} - {*COMMANDS}),
)
"""The commands on customers who leave, and on what follows."""

COMMANDS_OF_REVIEWS = tuple(sorted({*REVIEW_UPDATES} - {*COMMANDS}))
"""The commands on reviews."""

ALL_COMMANDS = (*COMMANDS, *COMMANDS_OF_LEAVING, *COMMANDS_OF_REVIEWS)
"""Every command that the authority policy must speak of."""

CATEGORIES = (
    "product_fit",
    "service_experience",
    "value_perception",
    "circumstance",
    "champion_loss",
    "competition",
)
"""The categories of root causes (RISK-115..118, DIS-15)."""

FAMILIES = ("direct", "indirect", "relationship", "budget", "competitive", "other")
"""The families of customer statements (RISK-26..52)."""

DISCOUNT_LADDER = "discount_ladder"
"""The approval of an offer whose size decides who approves it (SAVE-42..44)."""

ACTIVITIES = (
    "first_contact",
    "root_cause_and_plan",
    "roadmap_answer",
    "feasibility_and_dates",
    "workaround",
    "concession_standard",
    "concession_significant",
    "concession_emergency",
    "executive_outreach",
    "updates_and_check_ins",
    "daily_standup",
    "cancellation_and_offboarding",
    "cancellation_approval",
    "contract_review",
    "final_billing",
)
"""The activities that the RACI must speak of (SAVE-26)."""
