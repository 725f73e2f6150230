"""Contacts with the customer, whatever the case: what was said or tried, and how they want to be met (SAVE-2, DIS-7)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from models import commands as c
from models.case import RefusalType
from models.contact import STATEMENT, ContactAttempt, CustomerCase, RiskFact
from models.effects import Word
from models.people import PersonId
from models.plan import Channel
from rules.edit import change, say, tell
from rules.refusal import Refused, one_of
from rules.routing import holder, policy_of

EMAIL_ONLY = "email_only"  # RISK-36: as a statement, a fact and a line of the timeline
T = TypeVar("T", bound=CustomerCase)


def unanswered(case: CustomerCase) -> int:
    """How many contacts in a row nobody answered."""
    return case.contacts[-1].unanswered if case.contacts else 0


def logged(case: T, command: c.LogContact, now: datetime) -> T:
    """The case with a contact that took place or was tried; unanswered ones in a row are counted."""
    if command.channel is Channel.INTERNAL:
        raise Refused(
            RefusalType.ILLEGAL_MOVE, "an internal talk is no contact; log one with the customer: phone, email, meeting"
        )
    attempt = ContactAttempt(
        at=now,
        by=command.by,
        channel=command.channel,
        answered=command.answered,
        summary=command.summary,
        n=case.contacts_made + 1,
        unanswered=0 if command.answered else unanswered(case) + 1,
    )
    case = change(case, contacts=(*case.contacts, attempt)[-policy_of(case).kept_timeline :])
    word = "answered" if command.answered else f"no answer ({unanswered(case)} in a row)"
    case = say(case, now, "contact", f"{command.channel}, {word}: {command.summary}", by=command.by)
    return wants_email_only(case, command.summary, command.by, now) if command.prefers_email else case


def heard(case: T, command: c.TagStatement, now: datetime) -> T:
    """The case with a statement of the dictionary as a fact, and what it asks for as an answer (RISK-25..52)."""
    known = next((s for s in policy_of(case).statements if s.code == command.code), None)
    if known is None:
        codes = one_of(s.code for s in policy_of(case).statements)
        raise Refused(RefusalType.UNKNOWN_STATEMENT, f"'{command.code}' is not in the dictionary; codes: {codes}")
    fact = RiskFact(at=now, kind=known.code, detail=command.quote or known.phrase, by=command.by)
    case = noted(case, fact, prefers_email=case.prefers_email or known.code == EMAIL_ONLY)
    text = f"{known.code} ({known.family}): {known.meaning}. Respond: {'; '.join(known.response)}"
    return say(case, now, STATEMENT, text, by=command.by)


def wants_email_only(case: T, detail: str, by: PersonId | None, now: datetime) -> T:
    """The customer wants no calls: it is recorded as the warning sign that it is, and respected (DIS-7, RISK-36)."""
    if case.prefers_email:
        return case
    fact = RiskFact(at=now, kind=EMAIL_ONLY, detail=detail, by=by)
    case = noted(case, fact, prefers_email=True)
    return say(case, now, EMAIL_ONLY, "the customer wants email only; no call is forced", by=by)


def noted(case: T, fact: RiskFact, **fields: Any) -> T:
    """The case with one more fact and these fields.

    The oldest go whose kind was seen again since, so that no judgement changes by it.
    """
    facts, surplus = (*case.facts, fact), len(case.facts) + 1 - policy_of(case).kept_timeline
    later = [known.kind for known in facts]
    kept = (known for n, known in enumerate(facts) if n >= surplus or known.kind not in later[n + 1 :])
    return change(case, facts=tuple(kept), **fields)


def account_known(case: T, now: datetime) -> T:
    """The account and its team were read."""
    case = say(case, now, "account", f"account and team read: {len(case.team.seats)} roles filled")
    return wants_email_only(case, "as the CRM says", None, now) if case.account and case.account.email_only else case


def warn_manager(case: T, now: datetime, text: str) -> T:
    """The case with a line for the manager."""
    return tell(case, now, holder(case, policy_of(case).manager_role, now), Word.PROPOSED, text)
