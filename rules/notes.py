"""What the CRM is told when a case ends."""

from __future__ import annotations

from models.case import Case
from models.recovery import RecoveryCase
from models.save import SaveCase


def closing(case: Case) -> str:
    """The outcome in a few lines: what was tried, why, and how it ended (CONV-21)."""
    done = sum(1 for step in case.steps if step.state == "done")
    lines = [f"Case {case.case_id} closed: {case.outcome}.", f"Reason given: {case.reason}."]
    if isinstance(case, SaveCase):
        lines.append(f"Root cause: {case.root_cause or 'not found'}. Plan: {case.plan.ref if case.plan else 'none'}.")
        lines.append(f"Contacts: {case.contacts_made}; steps done: {done}; saveable test: {case.saveable}.")
        lines += _documented(case)
    if isinstance(case, RecoveryCase):
        found = {True: "verified", False: "not verified", None: "not judged"}[case.verified]
        lines.append(f"The save of {case.saved_at:%Y-%m-%d} (case {case.save_case_id}): {found}; steps done: {done}.")
    return "\n".join(lines)


def _documented(case: SaveCase) -> list[str]:
    """What was kept with the outcome: the customer's own words, the offer accepted, the next contact (CONV-21, CONV-23)."""
    lines = [f"It puts right {case.corrects.case_id}, {case.corrects.closed_as}."] if case.corrects else []
    lines += [f'They said: "{quote}"' for quote in case.customer_quotes]
    lines += [f"Accepted: {case.accepted_offer}."] if case.accepted_offer else []
    return lines + ([f"Follow-up: {case.follow_up:%Y-%m-%d}."] if case.follow_up else [])
