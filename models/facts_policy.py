"""Which words facts are told in, and what the events of a stream mean (RISK-9..68); ``playbooks/facts.yaml``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from models.base import Id, Record, Request
from models.facts import Metric

EventName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
_COUNTED_BY_PEOPLE = "active_users"


class FactWords(Record):
    """The kinds of signals and the sub-metrics that a fact may name."""

    signals: tuple[Id, ...] = ()
    submetrics: tuple[Id, ...] = ()


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


class StreamRules(Request):
    """What the ``track`` messages of a stream mean, by the names of their events; any other event is left out."""

    usage: tuple[UsageEvent, ...] = ()
    signals: tuple[SignalEvent, ...] = ()


class FactsPolicy(Request):
    """The words of facts, and the stream."""

    signals: tuple[Id, ...] = Field(min_length=1)
    submetrics: tuple[Id, ...] = Field(min_length=1)
    stream: StreamRules = StreamRules()

    @property
    def words(self) -> FactWords:
        """The kinds of signals and the sub-metrics."""
        return FactWords(signals=self.signals, submetrics=self.submetrics)
