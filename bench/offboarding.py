"""A cancellation on the rules alone: from the request to the last step of day 16, in a world that does all at once."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from bench.rehearsal import Rehearsal, World
from bench.year import OPENED, company
from cli import sim_company
from models import cancellation_commands as cc
from models import commands as c
from models.account import AccountFile
from models.cancellation import RequestChannel
from models.contact import CustomerCase
from models.effects import Action, Outcome, Verb
from models.leaving import OffboardingName
from models.plan import Plan
from models.step import EvidenceItem
from rules.cancellation import commands, lifecycle

_CONTACT, _DAYS = "sim-contact", 40
_CSM, _MANAGER = sim_company.person_id("csm"), sim_company.person_id("cs_manager")
_FIGURES = MappingProxyType(
    {
        Verb.PREVIEW_INVOICE: {"total": "-310000", "refund": "310000", "refund_invoice": "inv-1", "balance": "0"},
        Verb.PREPARE_EXPORT: {"rows": "1200", "link": "sim"},
    }
)


async def seconds() -> float:
    """How long the decisions of one whole standard cancellation take."""
    file, plans = await company((lifecycle.SPINE, OffboardingName.STANDARD))
    account = file.account.model_copy(update={"may_cancel": (_CONTACT,)})
    began = time.perf_counter()
    played = _confirmed(_world(file.model_copy(update={"account": account}), plans), OPENED)
    played.work(OPENED + timedelta(days=_DAYS))
    if played.case.outcome is None:
        raise RuntimeError(f"the cancellation did not end; it is {played.case.stage}")
    return time.perf_counter() - began


def _confirmed(world: World, now: datetime) -> Rehearsal:
    asked = cc.RequestCancellation(
        account_id=sim_company.ACCOUNT, channel=RequestChannel.EMAIL, requested_by=_CONTACT, request_id="sim-1"
    )
    played = Rehearsal(lifecycle.opened(asked, "cancellation-1", now), commands, world, now, _MANAGER)
    played.settle()
    played.until(now + timedelta(minutes=30))
    played.do(c.ReleaseMessage(message_id="acknowledgement-1", by=_CSM))
    played.do(cc.Validate(by=_CSM, intentional=True, reason="firm_decision"))
    played.do(cc.Confirm(by=_CSM))
    return played


def _world(file: AccountFile, plans: Mapping[str, Plan]) -> World:
    """Everything is done at once, and billing finds something to pay back."""

    def answers(case: CustomerCase, action: Action) -> Outcome:
        if action.verb is Verb.LOAD_ACCOUNT:
            return Outcome(file=file)
        if action.verb is Verb.LOAD_PLAN:
            return Outcome(plan=plans[next(ask.subject for ask in case.asks if ask.id == action.subject)])
        found = _FIGURES.get(action.verb, {}) | {"currency": "USD"}
        proof = tuple(EvidenceItem(content=name, text=text) for name, text in found.items())
        return Outcome(receipt=f"r-{action.key}", proof=proof)

    return answers
