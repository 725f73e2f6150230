"""What was entered by mistake is taken back before it counts: a promise that is still open, an offer nobody accepted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from models.case import AskKind, Case, RefusalType
from models.commands import WithdrawCommitment, WithdrawOffer
from models.concession import Approval, ApprovalState, Offer, OfferState
from models.effects import Word
from models.people import PersonId
from models.plan import EvidenceRule, StepSpec, When
from models.promise import Commitment, PromiseState
from models.save import SaveCase
from models.step import Step, StepState
from rules import offering, offers, promises, promising
from rules.concessions import is_open
from rules.dating import later
from rules.edit import C, change, drop_drafts, put_steps, say, tell
from rules.planning import new_steps
from rules.refusal import Refused, one_of
from rules.routing import holder, policy_of, roles_of


def commitment(case: C, command: WithdrawCommitment, now: datetime) -> C:
    """A promise that was a mistake is owed no more, and counts neither as kept nor as broken (SAVE-28, SAVE-29).

    Customers who were told that it is done are told that it does not hold.
    """
    known = promising.find(case, command.commitment_id)
    _check_person(case, command.by, f"{known.id} is withdrawn by its owner {known.owner}", known.owner, known.made_by)
    _check_promise(case, known)
    ids = (known.id, known.told_step, known.seen_step)
    was_told = any(step.state is StepState.DONE for name in ids[1:] if (step := case.step(name)))
    case = _left_out(case, ids, command.reason, command.by, now)
    withdrawn = {"state": PromiseState.WITHDRAWN, "reason": command.reason}
    case = promises.put(case, known.model_copy(update=withdrawn))
    text = f"'{known.title}' was no promise: {command.reason}"
    case = say(case, now, "promise_withdrawn", text, by=command.by, step=known.id)
    if command.by != known.owner:
        case = tell(case, now, known.owner, Word.PROPOSED, f"withdrawn: {text}", known.id)
    return _to_be_told(case, known, now) if was_told else case


def offer(case: SaveCase, command: WithdrawOffer, now: datetime) -> SaveCase:
    """An offer that nobody accepted yet is taken back; nobody has to decide on it any more (SAVE-37, SAVE-44)."""
    known = offering.find(case, command.offer_id)
    _check_person(
        case, command.by, f"{known.id} is withdrawn by its proposer {known.proposed_by}".rstrip(), known.proposed_by
    )
    _check_offer(case, known)
    case = offers.put(case, known.model_copy(update={"state": OfferState.WITHDRAWN}))
    text = f"{known.id} ({known.title}): {command.reason}"
    for approval in (one for one in case.approvals if one.subject == known.id and one.state is ApprovalState.PENDING):
        case = _undecided(case, approval, text, command, now)
    case = say(case, now, "offer_withdrawn", text, by=command.by)
    if command.by != known.proposed_by:
        case = tell(case, now, known.proposed_by or None, Word.PROPOSED, f"withdrawn: {text}")
    return case


def _check_person(case: Case, by: PersonId, whose: str, *theirs: PersonId | None) -> None:
    """Who answers for it or entered it may take it back, and who answers for the case. Raises ``Refused(NotAllowed)``."""
    leads = (policy_of(case).manager_role, policy_of(case).executive_role)
    if by not in theirs and not set(leads) & set(roles_of(case, by)):
        raise Refused(
            RefusalType.NOT_ALLOWED,
            f"{whose}, whoever entered it, {one_of(leads)}; '{by}' is {one_of(roles_of(case, by))}",
        )


def _check_promise(case: Case, known: Commitment) -> None:
    if known.state is not PromiseState.OPEN:
        raise Refused(
            RefusalType.ILLEGAL_MOVE, f"{known.id} is {known.state}; only a promise that is still open is withdrawn"
        )
    bound = (one for one in case.offers if is_open(one) or one.state in offers.IN_FORCE)
    offer = next((one for one in bound if known.id in (one.tie_ref, one.receipt)), None)
    if offer:
        raise Refused(
            RefusalType.ILLEGAL_MOVE,
            f"{offer.id} ({offer.title}), which is {offer.state}, stands on {known.id}; keep it",
        )


def _check_offer(case: SaveCase, known: Offer) -> None:
    if not is_open(known):
        raise Refused(
            RefusalType.ILLEGAL_MOVE,
            f"{known.id} is {known.state}; only an offer that waits for its answer is withdrawn",
        )
    if any(ask.kind is AskKind.STANDING and ask.subject == known.id and not ask.answered for ask in case.asks):
        raise Refused(RefusalType.ILLEGAL_MOVE, f"the customer's acceptance of {known.id} is being carried out already")


def _left_out(case: C, ids: Iterable[str], why: str, by: PersonId, now: datetime) -> C:
    ended = {"state": StepState.SKIPPED, "reason": f"withdrawn: {why}", "ended_at": now, "ended_by": by}
    owed = [step for name in ids if (step := case.step(name)) and not step.ended]
    case = put_steps(case, *(step.model_copy(update=ended) for step in owed))
    return drop_drafts(case, *(step.id for step in owed))


def _undecided(case: SaveCase, approval: Approval, text: str, command: WithdrawOffer, now: datetime) -> SaveCase:
    step = case.step(approval.id)
    lapsed = {"state": ApprovalState.LAPSED, "decided_at": now, "reason": f"withdrawn: {command.reason}"[:2000]}
    case = offers.put_approval(case, approval.model_copy(update=lapsed))
    case = _left_out(case, (approval.id,), command.reason, command.by, now)
    return tell(case, now, step.person if step else None, Word.PROPOSED, f"nothing to decide any more, {text}")


def _to_be_told(case: C, known: Commitment, now: datetime) -> C:
    """The step in which the customer hears that what they were told does not hold."""
    policy = policy_of(case)
    name, due = f"{known.id}_withdrawn", later(now, policy.promises.communicate_within)
    spec = StepSpec(
        id=name,
        title=f"Tell the customer that this does not hold: {known.title}"[:200],
        req="SAVE-29",
        owner=policy.lead_role,
        due=When(offset=policy.promises.communicate_within),
        evidence=EvidenceRule(kind=policy.promises.communicated_by, what="how the customer was told"),
        customer_facing=True,
    )
    person = holder(case, policy.lead_role, now)
    owed: Step = new_steps((spec,), now)[0].model_copy(
        update={"by_hand": True, "opens": now, "due": due, "pinned_due": True, "person": person}
    )
    case = put_steps(change(case, extras=(*case.extras, spec)), owed)
    return tell(case, now, person, Word.ASSIGNED, spec.title, name)
