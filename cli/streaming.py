"""Takes a stream in: keeps what is new, and brings the usage history and the signals up to what is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from adapters.crm.port import CrmPort
from adapters.stream.reading import Calls, message_of
from models.facts import InboundFact, Origin, Payment, UsageDay
from models.facts_policy import StreamRules
from models.faults import PermanentFault
from models.portfolio import RowError
from models.stream import Call, CallType, IngestReport, StreamMessage
from parts import Parts
from rules import stream

SOURCE = "segment"


@dataclass
class _Taken:
    """The messages that mean something, those that mean nothing by their events, and the faults."""

    messages: list[StreamMessage] = field(default_factory=list)
    unmapped: Counter[str] = field(default_factory=Counter)
    errors: list[RowError] = field(default_factory=list)


async def ingest(file: str, calls: Calls, rules: StreamRules, parts: Parts, origin: Origin) -> IngestReport:
    """Take the messages in; the same ones again change nothing, also after a crash halfway.

    What is derived follows from all messages that are kept, so that it does not matter in how many pieces they came.
    """
    taken = await _resolved(file, calls, rules, parts)
    new = await parts.stream.add(taken.messages, origin)
    stored = await parts.stream.stored({message.message_id for message in taken.messages})
    days = await _bring_usage(stored, rules, parts, origin)
    heard = await _bring_signals(stored, rules, parts, origin)
    paid = await _bring_payments(stored, rules, parts, origin)
    accounts = {signal.account_id for signal in heard} | {payment.account_id for payment in paid}
    touched = {day.account_id for day in days} | accounts
    return IngestReport(
        lines=calls.lines,
        new=len(new),
        known=len(taken.messages) - len(new),
        days_changed=len(days),
        signals=len(heard),
        payments=len(paid),
        accounts=tuple(sorted(touched)),
        unmapped=dict(sorted(taken.unmapped.items())),
        errors=tuple(sorted((*calls.errors, *taken.errors), key=lambda error: error.line)),
    )


async def _resolved(file: str, calls: Calls, rules: StreamRules, parts: Parts) -> _Taken:
    """Each message with its account: the one it names, or the one its user was last said to belong to."""
    belongs = dict(await parts.stream.accounts_of({call.user for _, call in calls.good if call.user}))
    known: dict[str, bool] = {}
    taken = _Taken()
    for line, call in calls.good:
        account = call.account or belongs.get(call.user, "")
        if account and account not in known:
            known[account] = await _is_account(parts.crm, account)
        if nothing := _means_nothing(call, account, rules):
            taken.unmapped[nothing] += 1
        elif fault := _fault(file, line, account, known):
            taken.errors.append(fault)
        else:
            taken.messages.append(message_of(call, account, worded=stream.is_told(call.event, rules)))
            belongs |= _said(call, account)
    return taken


def _means_nothing(call: Call, account: str, rules: StreamRules) -> str:
    """What is left out: an event that is not mapped, or an ``identify`` that names no account; else empty."""
    if call.type is CallType.TRACK:
        return "" if stream.meant(call.event, rules) else call.event
    return CallType.IDENTIFY.value if call.type is CallType.IDENTIFY and not account else ""


def _said(call: Call, account: str) -> dict[str, str]:
    return {call.user: account} if call.type is not CallType.TRACK and call.user else {}


def _fault(file: str, line: int, account: str, known: dict[str, bool]) -> RowError | None:
    if not account:
        right = "the id of an account in groupId, or a group message of the same user before"
        return RowError(file=file, line=line, field="groupId", wrong="it is not known whose account it is", right=right)
    if not known[account]:
        wrong = f"there is no account {account!r:.90}"
        return RowError(
            file=file, line=line, field="groupId", wrong=wrong, right="the id of an account of the portfolio"
        )
    return None


async def _is_account(crm: CrmPort, account: str) -> bool:
    try:
        await crm.account(account)
    except PermanentFault:
        return False
    return True


async def _bring_usage(
    stored: Sequence[StreamMessage], rules: StreamRules, parts: Parts, origin: Origin
) -> tuple[UsageDay, ...]:
    """The days of use that changed."""
    touched = {(message.account_id, message.at.date()) for message in stored if stream.is_use(message, rules)}
    changed = []
    for day in stream.used_days(await parts.stream.of_days(touched), rules):
        known = await parts.usage.days(day.account_id, day.day, day.day + timedelta(days=1))
        if (stream.merged(next(iter(known), None), day),) != known:
            changed.append(day)
    await parts.usage.put(changed, origin)
    return tuple(changed)


async def _bring_signals(
    stored: Sequence[StreamMessage], rules: StreamRules, parts: Parts, origin: Origin
) -> tuple[InboundFact, ...]:
    """The signals that were not known."""
    found = stream.signals(stored, rules)
    accounts = sorted({signal.account_id for signal in found})
    known = {fact.id for account in accounts for fact in await parts.facts.inbound(account_id=account)}
    new = tuple(signal for signal in found if signal.id not in known)
    await parts.facts.put_inbound(new, origin)
    return new


async def _bring_payments(
    stored: Sequence[StreamMessage], rules: StreamRules, parts: Parts, origin: Origin
) -> tuple[Payment, ...]:
    """The payments that were not known."""
    found = stream.payments(stored, rules)
    accounts = sorted({payment.account_id for payment in found})
    known = {payment.id for account in accounts for payment in await parts.facts.payments(account)}
    new = tuple(payment for payment in found if payment.id not in known)
    await parts.facts.put_payments(new, origin)
    return new
