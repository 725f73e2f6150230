"""Which words facts are told in, and what the events of a stream mean (RISK-9..68); ``playbooks/facts.yaml``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from models.base import Id, Record, Request
from models.detection import DetectionRules
from models.facts import PAYMENT_KINDS, Metric, PaymentState
from models.inbound_policy import Words

EventName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
_COUNTED_BY_PEOPLE = "active_users"


class FactWords(Record):
    """The kinds of signals and the sub-metrics that a fact may name."""

    signals: tuple[Id, ...] = ()
    submetrics: tuple[Id, ...] = ()

    @classmethod
    def of(cls, policy: FactsPolicy, rules: DetectionRules) -> FactWords:
        """All that detection judges by, but for payments and statements, which are told elsewhere, and what only informs."""
        apart = (signal.kind for signal in rules.signals if not signal.statement and signal.kind not in PAYMENT_KINDS)
        return cls(signals=(*apart, *policy.informational), submetrics=rules.health.given)


class UsageEvent(Request):
    """An event that is use of the product: each one adds one to its measure of the day, and its user is active."""

    event: EventName
    measure: Metric

    @model_validator(mode="after")
    def _counted(self) -> UsageEvent:
        if self.measure == _COUNTED_BY_PEOPLE:
            raise ValueError("active_users are the people behind all events of use; name another measure")
        return self


class SignalEvent(Request):
    """An event that is a signal of risk."""

    event: EventName
    kind: Id


class PaymentEvent(Request):
    """An event that says what became of a payment."""

    event: EventName
    state: PaymentState


class StreamRules(Request):
    """What the ``track`` messages of a stream mean, by the names of their events; any other event is left out."""

    usage: tuple[UsageEvent, ...] = ()
    signals: tuple[SignalEvent, ...] = ()
    payments: tuple[PaymentEvent, ...] = ()


class Spotted(Request):
    """By which words a statement is proposed: one of ``phrases``, or one word of each of the groups ``together``.

    The groups of ``together`` stand in one sentence in any order, with at most so many words between them.
    """

    code: Id
    phrases: Words = ()
    together: tuple[tuple[Words, ...], ...] = ()

    @model_validator(mode="after")
    def _has_words(self) -> Spotted:
        if not self.phrases and not self.together:
            raise ValueError(f"{self.code} has no words; give phrases, or groups of words together")
        if any(len(groups) < 2 for groups in self.together):
            raise ValueError(f"{self.code} has a single group together; write its words as phrases")
        return self


class MatchingRules(Request):
    """How statements are proposed for a text: a ``denials`` word at most ``denied_within`` words before takes one back."""

    gap: int = Field(default=4, ge=0, le=20)
    denied_within: int = Field(default=1, ge=0, le=10)
    denials: Words = ()
    words: tuple[Spotted, ...] = ()


class FactsPolicy(Request):
    """What only informs, the stream, and by which words statements of customers are proposed."""

    informational: tuple[Id, ...] = ()
    stream: StreamRules = StreamRules()
    matching: MatchingRules = MatchingRules()
