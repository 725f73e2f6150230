"""A diagnosed save in which offers can be made, and a book that says what was conceded before."""

from __future__ import annotations

from typing import Any

from models.case import Case
from models.commands import AnswerOffer, DecideApproval, LogContact, ProposeOffer, RecordRootCause
from models.concession import Offer, Standing
from models.effects import Action, Outcome, Verb
from models.starts import SaveStart
from rules import investigating
from rules.refusal import Refused
from tests.unit.rules.plans import world
from tests.unit.rules.world import START, Drive, World

BRIDGE: dict[str, Any] = {"offer": "bridge_discount", "pct": 10, "lasts": "P6M", "tied_to": "reference"}
NET60: dict[str, Any] = {"offer": "net60", "details": {"from": "30 days", "to": "60 days"}}
PHASE_IN: dict[str, Any] = {"offer": "phase_in_40_20", "tied_to": "demonstrated_recovery", "reason": "cash is out"}


def book_says(standing: Standing, inner: World | None = None) -> World:
    """A world whose book knows of earlier concessions."""
    plain = inner or world()

    def answer(case: Case, action: Action) -> Outcome:
        return Outcome(standing=standing) if action.verb is Verb.LOAD_STANDING else plain(case, action)

    return answer


def diagnosed(cause: str = "budget_cut", around: World | None = None, playbook: str | None = None) -> Drive:
    """A save of an account that was spoken to, and whose root cause and circumstances are known."""
    start = SaveStart(account_id="acc-1", opened_by="p-csm", reason=cause, playbook=playbook)
    d = Drive(start, around or world(), START)
    d.do(LogContact(by="p-csm", channel="phone", answered=True, summary="they told us all"))
    d.do(RecordRootCause(by="p-csm", root_cause=cause, whys=("it was cut",)))
    investigated(d)
    return d


def investigated(d: Drive) -> None:
    """Every question that the playbook asks before an offer is answered (PLAY-3)."""
    for step in investigating.unanswered(d.case):
        d.done(step.id)


def proposal(by: str = "p-csm", **fields: Any) -> ProposeOffer:
    """A bridge of ten percent for six months, unless something else is said."""
    return ProposeOffer.model_validate({"by": by, **(fields if "offer" in fields else BRIDGE | fields)})


def said(d: Drive, command: Any) -> str:
    """What the command is answered, as the shell answers it. Raises ``Refused``."""
    asked, events = d.case.asked, d.case.events
    d.do(command)
    if d.case.asked == asked:
        return "; ".join(event.text for event in d.case.timeline if event.n > events)
    ask = next(ask for ask in d.case.asks if ask.id == f"ask-{d.case.asked}")
    if ask.refusal:
        raise Refused(ask.refusal, ask.sentence)
    return ask.sentence


def decided(
    d: Drive, approval: str = "approval_1", by: str = "p-mgr", decision: str = "approved", reason: str = ""
) -> None:
    d.do(DecideApproval(approval_id=approval, by=by, decision=decision, reason=reason))


def answered(offer: str = "offer_1", answer: str = "accepted", by: str = "p-csm") -> AnswerOffer:
    return AnswerOffer(offer_id=offer, answer=answer, evidence="email 4711: they take it", by=by)


def accepted(d: Drive, by: str = "p-mgr", **fields: Any) -> Offer:
    """An offer that was proposed, approved and accepted today."""
    said(d, proposal(**fields))
    name = d.case.offers[-1].id
    decided(d, name.replace("offer", "approval"), by)
    said(d, answered(name))
    return register(d, name)


def register(d: Drive, offer: str = "offer_1") -> Offer:
    found = d.case.offer(offer)
    assert found is not None
    return found
