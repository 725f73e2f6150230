"""The commands of a save: each takes the case, the command and the time, and gives the new case or raises ``Refused``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from models import commands as c
from models.case import RefusalType
from models.contract_names import NAMES
from models.effects import Word
from models.save import Saveable, SaveCase
from models.step import StepState
from rules import (
    adopting,
    asking,
    authority,
    briefing,
    fixing,
    investigating,
    obeying,
    offering,
    offers,
    promises,
    respecting,
    taking_back,
    talking,
    triage,
    under_cancellation,
)
from rules.edit import change, say, tell
from rules.refusal import Refused, counted, one_of
from rules.routing import holder, policy_of
from rules.save import closing, stages
from rules.save.closing import check_open
from rules.save.lifecycle import judge
from rules.talking import unanswered, warn_manager

Handler = Callable[[SaveCase, Any, datetime], SaveCase]


def apply(case: SaveCase, command: c.Command, now: datetime) -> SaveCase:
    """The case after a person's command at ``now`` (UTC). Raises ``Refused``; the case is unharmed then."""
    check_open(case, command)
    authority.check(case, NAMES[type(command)], command.by)
    authority.check_not_barred(case, command.by)
    case = under_cancellation.counted(_HANDLERS[type(command)](case, command, now), command, now)
    case = under_cancellation.settle(case, now)
    return stages.settle(offers.settle(promises.settle(case, now), now), now)


def complete_step(case: SaveCase, command: c.CompleteStep, now: datetime) -> SaveCase:
    """As any step; the first call waits for its brief (DIS-6), a long estimate moves the case on (DIS-14), and a decision
    may speak for another root cause (SAVE-8)."""
    done = obeying.complete_step(briefing.check(case, command, now), command, now)
    return investigating.weighed(fixing.weighed(done, command, now), command, now)


def log_contact(case: SaveCase, command: c.LogContact, now: datetime) -> SaveCase:
    """A contact that took place or was tried; where many stay unanswered, ``no_contact`` is proposed."""
    asks = isinstance(command, c.LogSaveContact) and command.asked_renewal
    if asks:
        respecting.check_renewal_question(case)
    case = talking.logged(case, command, now)
    if asks:
        case = say(
            change(case, renewal_asked_at=now), now, "renewal_asked", "the customer was asked to renew", by=command.by
        )
    if command.answered and case.no_contact_proposed:
        case = change(case, no_contact_proposed=False)
    return _propose_no_contact(case, now)


def record_root_cause(case: SaveCase, command: c.RecordRootCause, now: datetime) -> SaveCase:
    """The root cause picks the playbook, and the modules that may go on (PLAY-150); what is done is kept (AMB-39)."""
    rule = next((r for r in policy_of(case).root_causes if r.code == command.root_cause), None)
    if rule is None:
        known = one_of(r.code for r in policy_of(case).root_causes)
        raise Refused(RefusalType.UNKNOWN_ROOT_CAUSE, f"'{command.root_cause}' is no root cause; known: {known}")
    former = case.former_causes + ((case.root_cause,) if case.root_cause not in (None, rule.code) else ())
    stated = command.stated_reason or case.stated_reason
    case = change(case, root_cause=rule.code, whys=command.whys, former_causes=former, stated_reason=stated)
    text = f"{rule.code} after {counted(len(command.whys), 'why')}: {' <- '.join(reversed(command.whys))}"
    case = adopting.leave_unfit(say(case, now, "root_cause", text, by=command.by), rule, now)
    if asking.playbook(case) == rule.playbook:
        return case
    return asking.plan(case, rule.playbook, command.by, f"root cause {rule.code}", now)


def tag_statement(case: SaveCase, command: c.TagStatement, now: datetime) -> SaveCase:
    """A statement of the dictionary was heard; it counts as a fact of the case (RISK-25..52)."""
    return respecting.settle(judge(talking.heard(case, command, now), now), now)


def triage_case(case: SaveCase, command: c.Triage, now: datetime) -> SaveCase:
    """The saveable test is answered; the verdict is recorded, never acted on by itself (RISK-90, AMB-35)."""
    found = triage.verdict(command.answers)
    case = change(
        case,
        answers=command.answers,
        saveable=found,
        probability=command.probability or case.probability,
        window=command.window or case.window,
    )
    case = say(case, now, "triage", f"saveable test: {found}", by=command.by)
    if found in (Saveable.UNSAVEABLE, Saveable.NEEDS_MANAGER_DECISION):
        case = warn_manager(case, now, f"saveable test says {found}: decide whether to let go")
    return case


def _propose_no_contact(case: SaveCase, now: datetime) -> SaveCase:
    if case.no_contact_proposed or unanswered(case) < policy_of(case).no_contact_after:
        return case
    text = f"{unanswered(case)} contacts in a row without an answer: consider closing as no_contact"
    case = say(change(case, no_contact_proposed=True), now, "proposed", text)
    owner = next((s.person for s in case.steps if s.state is StepState.OPEN and s.person), None)
    case = warn_manager(case, now, text)
    manager = holder(case, policy_of(case).manager_role, now)
    return tell(case, now, owner, Word.PROPOSED, text) if owner != manager else case


_HANDLERS: dict[type[c.Command], Handler] = {
    **obeying.HANDLERS,
    c.CompleteStep: complete_step,
    c.LogContact: log_contact,
    c.LogSaveContact: log_contact,
    c.RecordRootCause: record_root_cause,
    c.TagStatement: tag_statement,
    c.Triage: triage_case,
    c.ProposeOffer: offering.propose,
    c.DecideApproval: offering.decide,
    c.AnswerOffer: offering.answer,
    c.WithdrawOffer: taking_back.offer,
    c.CloseSave: closing.close,
}
