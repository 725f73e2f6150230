"""What a rule says in the words of the contract, said in the words that are typed here."""

from __future__ import annotations

import re

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
    "propose_offer": "offer propose",
    "decide_approval": "offer decide",
    "answer_offer": "offer answer",
    "adopt_plan": "adopt",
    "trigger_playbook": "trigger",
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
}
_QUOTED = re.compile(r"'([a-z_]+)'")


def as_typed(sentence: str) -> str:
    """A refusal of the contract, with its commands and fields named as this command line names them."""
    return _QUOTED.sub(lambda found: _OPTIONS.get(found[1]) or f"'{COMMANDS.get(found[1], found[1])}'", sentence)
