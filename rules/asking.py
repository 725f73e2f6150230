"""Commands that need something from outside first: they are kept as an ask, and answered when the loop has the result."""

from __future__ import annotations

from datetime import datetime

from models.case import Ask, AskKind, Case, Edit, RefusalType
from models.concession import Offer
from models.people import PersonId, RoleId
from rules.edit import C


def plan(case: C, playbook: str, by: PersonId, reason: str, now: datetime, *, awaited: bool = False) -> C:
    """The case with a playbook asked for; it is adopted whole once it is loaded, or not at all."""
    return _with(case, AskKind.PLAN, playbook, by, now, reason=reason, awaited=awaited)


def person(case: C, role: RoleId, person_id: PersonId, by: PersonId, now: datetime) -> C:
    """The case with a person of the directory asked for, to take a role."""
    return _with(case, AskKind.PERSON, person_id, by, now, role=role, awaited=True)


def news_of(case: C, person_id: PersonId, now: datetime) -> C:
    """The case with a member of its team asked for anew, since something about them changed in the directory."""
    return _with(case, AskKind.PERSON, person_id, person_id, now, awaited=False)


def release(case: C, message_id: str, by: PersonId, edits: dict[str, str], now: datetime) -> C:
    """The case with the release of a message asked for."""
    parts = tuple(Edit(name=name, text=text) for name, text in edits.items())
    return _with(case, AskKind.RELEASE, message_id, by, now, edits=parts, awaited=True)


def standing(case: C, subject: str, by: PersonId, offer: Offer, now: datetime) -> C:
    """The case with a look into the book asked for, before an offer is made or its acceptance counts."""
    return _with(case, AskKind.STANDING, subject, by, now, offer=offer, awaited=True)


def answer(case: C, ask: Ask, refusal: RefusalType | None = None, sentence: str = "") -> C:
    """The case with that ask answered; one that nobody waits for is dropped."""
    update = {"answered": True, "refusal": refusal, "sentence": sentence}
    after = tuple(a.model_copy(update=update) if a.id == ask.id else a for a in case.asks)
    return case.model_copy(update={"asks": tuple(a for a in after if a.awaited or not a.answered)})


def playbook(case: Case) -> str:
    """The playbook that the case runs or was last asked to run; empty before the first."""
    asked = [ask.subject for ask in case.asks if ask.kind is AskKind.PLAN and not ask.answered]
    return asked[-1] if asked else case.plan.name if case.plan else ""


def at_least(case: C, spine: str, refused: str, now: datetime) -> C:
    """A case that has no plan yet, and could not have the one it wanted, asks for the plan that no case goes without."""
    asked = any(ask.kind is AskKind.PLAN and not ask.answered and ask.subject != refused for ask in case.asks)
    if case.plan or case.closed or asked:
        return case
    return plan(case, spine, case.opened_by, f"in place of {refused}", now)


def find(case: Case, ask_id: str) -> Ask | None:
    """The ask of that id, or None."""
    return next((ask for ask in case.asks if ask.id == ask_id), None)


def without(case: C, ask_id: str) -> C:
    """The case after the answer of that ask was given to whoever waited for it."""
    return case.model_copy(update={"asks": tuple(ask for ask in case.asks if ask.id != ask_id)})


def put_off(case: C, ask_id: str, why: str) -> C:
    """The case in which whoever waits for that ask is told that it is accepted and takes place later."""
    told = {"awaited": False, "sentence": f"accepted, and held back for now: {why}"}
    return case.model_copy(
        update={"asks": tuple(a.model_copy(update=told) if a.id == ask_id else a for a in case.asks)}
    )


def _with(
    case: C,
    kind: AskKind,
    subject: str,
    by: PersonId,
    now: datetime,
    *,
    awaited: bool,
    reason: str = "",
    role: RoleId = "",
    edits: tuple[Edit, ...] = (),
    offer: Offer | None = None,
) -> C:
    number = case.asked + 1
    ask = Ask(
        id=f"ask-{number}",
        kind=kind,
        subject=subject,
        by=by,
        at=now,
        reason=reason,
        role=role,
        edits=edits,
        offer=offer,
        awaited=awaited,
    )
    return case.model_copy(update={"asks": (*case.asks, ask), "asked": number})
