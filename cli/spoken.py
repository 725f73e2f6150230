"""What a rule says in the words of the contract, said in the words that are typed here."""

from __future__ import annotations

import re

from models.case import CaseKind

COMMANDS = {
    "log_contact": "contact",
    "record_root_cause": "cause",
    "complete_step": "step",
    "release_message": "release",
    "tag_statement": "statement",
    "reschedule_step": "reschedule",
    "reopen_step": "reopen",
    "skip_step": "skip",
    "add_step": "add-step",
    "make_commitment": "promise make",
    "fulfil_commitment": "promise done",
    "communicate_commitment": "promise told",
    "confirm_commitment": "promise seen",
    "withdraw_commitment": "promise withdraw",
    "propose_offer": "offer propose",
    "decide_approval": "offer decide",
    "answer_offer": "offer answer",
    "withdraw_offer": "offer withdraw",
    "adopt_plan": "adopt",
    "request_cancellation": "request",
    "decide_save": "save-decision",
    "invite_to_talk": "invite",
    "answer_save_invitation": "answer-invitation",
    "change_end_date": "end-date",
    "request_export": "export",
    "answer_survey": "survey",
    "decline_survey": "survey --decline",
    "set_clean_break": "clean-break",
    "choose_data": "data",
    "request_deletion_proof": "deletion-proof",
    "legal_hold": "hold",
    "release_hold": "free",
    "erase_now": "erase",
    "want_proof": "proof",
    "personal_request": "personal-request",
    "choose_policy": "policy",
    "retry_now": "case retry",
    "correct_outcome": "save correct",
    "customer_returned": "returned",
    "record_trigger": "trigger",
    "leave_in_peace": "clean-break",
    "tell_fixed": "tell",
    "set_opt_in": "opt-in",
    "trigger_playbook": "trigger",
    "confirm_review": "review confirm",
}
"""What a command of the contract is called here, where it is called otherwise."""
_OPTIONS = {
    "items": "--item",
    "edits": "--edit",
    "whys": "--why",
    "decision": "--decision",
    "evidence": "--evidence",
    "reason": "--reason",
    "consent": "--consent",
    "decision_date": "--decision-date",
    "without_brief": "--without-brief",
    "customer_quotes": "--quote",
    "without_quotes": "--without-quotes",
    "accepted_offer": "--accepted-offer",
    "follow_up": "--follow-up",
    "asked_renewal": "--asked-renewal",
    "pct": "--pct",
    "lasts": "--lasts",
    "schedule": "--step",
    "price": "--price",
    "tied_to": "--tied-to",
    "tie_ref": "--tie-ref",
    "details": "--detail",
    "confirmed_by_customer": "--confirmed",
    "answers": "--answer",
    "satisfaction": "--satisfaction",
    "waiver": "--waiver",
    "exit_date": "--exit-date",
    "until": "--until",
    "received_at": "--received",
    "request_id": "--source",
    "law": "--law",
}
_OF_A_CANCELLATION = {"decide_approval": "approve", "customer_returned": "retention returned"}
_QUOTED = re.compile(r"'([a-z_]+)'")


def as_typed(sentence: str, kind: CaseKind = CaseKind.SAVE) -> str:
    """A refusal of the contract, with its commands and fields named as the commands of that kind of case name them."""
    typed = COMMANDS | (_OF_A_CANCELLATION if kind is CaseKind.CANCELLATION else {})
    return _QUOTED.sub(lambda found: _OPTIONS.get(found[1]) or f"'{typed.get(found[1], found[1])}'", sentence)
