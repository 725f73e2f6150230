"""What the messages of a stream mean: days of use, and signals of risk. Days are those of UTC."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

from models.facts import MEASURES, InboundFact, Payment, PaymentState, UsageDay
from models.facts_policy import StreamRules
from models.stream import CallType, StreamMessage


def meant(event: str, rules: StreamRules) -> bool:
    """Whether an event is mapped to a measure, a signal or a payment."""
    return event in _measures(rules) or is_told(event, rules)


def is_told(event: str, rules: StreamRules) -> bool:
    """Whether an event becomes a fact that people read, and not only a figure."""
    return event in _kinds(rules) or event in {one.event for one in rules.payments}


def is_use(message: StreamMessage, rules: StreamRules) -> bool:
    """Whether a message tells of use of the product."""
    return message.type is CallType.TRACK and message.event in _measures(rules)


def used_days(messages: Iterable[StreamMessage], rules: StreamRules) -> tuple[UsageDay, ...]:
    """The days of use that all messages of those days come to: events by measure, and the people behind them.

    A measure without an event on a day was not measured; no zero is invented.
    """
    by_day: dict[tuple[str, date], list[StreamMessage]] = defaultdict(list)
    for message in messages:
        if is_use(message, rules):
            by_day[message.account_id, message.at.date()].append(message)
    return tuple(_day(account, day, found, _measures(rules)) for (account, day), found in sorted(by_day.items()))


def merged(known: UsageDay | None, given: UsageDay) -> UsageDay:
    """What is known of a day with what is given now; a measure that is not given stays."""
    if known is None:
        return given
    measures = {name: getattr(given, name) for name in MEASURES if getattr(given, name) is not None}
    return known.model_copy(update=measures | {"more": known.more | given.more})


def signals(messages: Iterable[StreamMessage], rules: StreamRules) -> tuple[InboundFact, ...]:
    """The signals of risk among the messages, each with an id that follows from that of its message."""
    kinds = _kinds(rules)
    return tuple(
        InboundFact(
            id=_id(one),
            account_id=one.account_id,
            at=one.at,
            kind=kinds[one.event],
            detail=one.detail or one.event,
        )
        for one in messages
        if one.type is CallType.TRACK and one.event in kinds
    )


def payments(messages: Iterable[StreamMessage], rules: StreamRules) -> tuple[Payment, ...]:
    """What became of payments (RISK-53), each with an id that follows from that of its message."""
    states = {one.event: one.state for one in rules.payments}
    return tuple(
        Payment(
            id=_id(one),
            account_id=one.account_id,
            due_on=one.at.date(),
            state=states[one.event],
            paid_on=one.at.date() if states[one.event] is PaymentState.PAID else None,
            detail=one.detail,
        )
        for one in messages
        if one.type is CallType.TRACK and one.event in states
    )


def _id(message: StreamMessage) -> str:
    return f"str-{hashlib.sha256(message.message_id.encode()).hexdigest()[:20]}"


def _day(account: str, day: date, found: list[StreamMessage], measures: dict[str, str]) -> UsageDay:
    counts, told = Counter(measures[message.event] for message in found), set(measures.values())
    people = {message.user_id for message in found if message.user_id}
    own = {name: float(n) for name, n in counts.items() if name not in MEASURES}
    return UsageDay(
        account_id=account,
        day=day,
        active_users=len(people) or None,
        logins=counts["logins"] if "logins" in told else None,
        key_feature_events=counts["key_feature_events"] if "key_feature_events" in told else None,
        more=own,
    )


def _measures(rules: StreamRules) -> dict[str, str]:
    return {one.event: one.measure for one in rules.usage}


def _kinds(rules: StreamRules) -> dict[str, str]:
    return {one.event: one.kind for one in rules.signals}
