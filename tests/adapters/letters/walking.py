"""Whole cancellations on the rules, with every letter that they ask for as the case asked for it."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from adapters.letters.catalogue import load_catalogue
from models.account import CustomerType, Money
from models.case import Case
from models.effects import Action, Outcome, Verb
from models.letter import Letter
from models.step import EvidenceItem
from models.work import DraftMessage
from tests.adapters.letters.company import MESSAGES, Desk, release
from tests.adapters.letters.leaving_samples import LEAVING
from tests.unit.rules.leaving import Leaving, company
from workflows import effects

CATALOGUE = load_catalogue(MESSAGES)
BUYERS: dict[str, dict[str, Any]] = {
    "default": {"currency": "MYR"},
    "eu_data_act": {"currency": "EUR", "jurisdiction": "DE", "switching": True},
    "de_consumer": {"currency": "EUR", "jurisdiction": "DE", "customer_type": CustomerType.CONSUMER},
    "us_california_consumer": {"currency": "USD", "jurisdiction": "US-CA", "customer_type": CustomerType.CONSUMER},
    "us_minnesota_consumer": {"currency": "USD", "jurisdiction": "US-MN", "customer_type": CustomerType.CONSUMER},
}
"""An account under each policy of leaving."""

CHANNELS = ("email", "ticket", "portal", "csm")


class Walk(Leaving):
    """A cancellation under a policy, by a channel, worked through to its end; ``asked`` are its letters in order."""

    def __init__(self, policy: str, channel: str, figures: dict[str, str] | None = None) -> None:
        self.asked: list[DraftMessage] = []
        self.figures = {"refund": "120440", "total": "-120440", "balance": "0"} | (figures or {})
        facts = dict(BUYERS[policy])
        self.currency = facts.pop("currency")
        arr = Money(minor=4_800_000, currency=self.currency)
        self.inner = company(arr=arr, strategic=policy == "default", **facts)
        by = {"by": "p-csm"} if channel == "csm" else {}
        super().__init__(self.answers, channel=channel, reason="missing_feature", **by)

    def answers(self, case: Case, action: Action) -> Outcome:
        """The world, which keeps what each letter was asked for with."""
        if action.verb is Verb.SEND_LETTER:
            self.asked.append(effects._letter(case, action))
        if action.verb is Verb.DRAFT_MESSAGE:
            self.asked.append(effects._draft(case, action))
        outcome = self.inner(case, action)
        known = {
            Verb.PREVIEW_INVOICE: {**self.figures, "refund_invoice": "inv-1"},
            Verb.ISSUE_FINAL_INVOICE: {"number": "INV-2291", "total": self.figures["total"]},
            Verb.PREPARE_EXPORT: {"export": "exp-1", "rows": "12", "empty": "integrations"},
        }.get(action.verb)
        if known is None:
            return outcome
        items = (known | {"currency": self.currency}).items()
        return Outcome(receipt=outcome.receipt, proof=tuple(EvidenceItem(content=n, text=t) for n, t in items))

    def leaves(self) -> Walk:
        """From the request to the last thing that is owed."""
        self.confirmed()
        self.work_through(70)
        return self


class Codes:
    """Exports whose codes are good for as long as they were asked to be."""

    async def extend(self, _: str, until: datetime) -> Any:
        return SimpleNamespace(code="7K2M-44QX-9ZRT", until=until)


async def read(desk: Desk, message: DraftMessage, language: str) -> Letter:
    """A letter as the customer reads it, with what a person writes of the example."""
    desk.locale(language)
    desk.letters._exports = Codes()  # type: ignore[attr-defined]
    own = {"account_id": "acct-1", "case_id": f"{message.case_id}-{language}", "reader": "", "signer": "p-csm"}
    mine = message.model_copy(update=own | {"key": f"{message.key}/{language}"})
    await desk.letters.draft(mine)
    spec, example = CATALOGUE.message(message.template), LEAVING[message.template].must
    open_parts = {part.name for part in (await desk.letters.preview(mine.case_id, mine.message_id)).missing}
    edits = {part.name: example[part.name] for part in spec.parts if part.name in open_parts}
    more = {"case_id": mine.case_id, "message_id": mine.message_id, "key": f"{mine.key}/release"}
    return await desk.letters.compose(release(edits, **more))
