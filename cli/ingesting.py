"""What comes in, file by file: read, judged, kept, and handed on to the case where all is sure."""

from __future__ import annotations

import asyncio
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from adapters.clock import utc_now
from adapters.inbound.reading import read
from cli import requesting
from cli.desk import Desk
from cli.exits import Failure
from models.base import Record
from models.crm import AccountRecord, Contact
from models.faults import PermanentFault, TransientFault
from models.inbound import Arrival, InboxReason, InboxState, Judged, Kept
from models.inbound_policy import InboundRules
from parts import Parts
from rules.inbound.judging import judged
from rules.inbound.sorting import arrived, arrived_again, handed_on, request_of, turned_away
from rules.inbound.whose import Known

_NOBODY_THERE = "NoTemporal"


class Result(StrEnum):
    """What became of a file this time."""

    HANDED_ON = "handed_on"
    WAITS = "waits"
    KNOWN = "known"
    NOT_NOW = "not_now"


class Taken(Record):
    """A file with what became of it; ``why`` is one sentence where it is not with its case."""

    file: str
    result: Result
    kept: Kept
    why: str = ""

    @property
    def unreadable(self) -> bool:
        """Whether it was found unreadable just now."""
        return self.result is Result.WAITS and self.kept.judged.reason is InboxReason.UNREADABLE


async def take_in(desk: Desk, file: Path, rules: InboundRules, today: datetime) -> Taken:
    """One file, judged as at ``today`` (UTC); the same one again changes nothing.

    What is on its way since an earlier time goes on from there.
    """
    now = utc_now()
    inbox = (await desk.parts()).inbox
    arrival, fault = await asyncio.to_thread(read, file)
    fresh = arrived(arrival, await _judged(desk, arrival, fault, rules, today), now)
    first = await inbox.add(fresh)
    if first is None:
        return await _go_on(desk, file, fresh)
    changed = arrived_again(first, arrival, now)
    if changed and await inbox.add(changed) is None:
        return await _go_on(desk, file, changed)
    if first.state is InboxState.ON_ITS_WAY:
        return await _go_on(desk, file, first)
    return Taken(file=str(file), result=Result.KNOWN, kept=first)


async def hand_on(desk: Desk, kept: Kept, known_as: str) -> Kept:
    """Give it to the case and keep what the case says; a refusal brings it before a person.

    Raises ``TransientFault`` where nobody answers: it stays on its way.
    """
    try:
        said = (await requesting.request(desk, request_of(kept), known_as)).said
        kept = handed_on(kept, said)
    except Failure as no:
        kept = turned_away(kept, no.sentence)
    except PermanentFault as fault:
        if fault.kind != _NOBODY_THERE:
            raise
        raise TransientFault(fault.sentence) from fault
    await (await desk.parts()).inbox.put(kept)
    return kept


async def _go_on(desk: Desk, file: Path, kept: Kept) -> Taken:
    if kept.state is not InboxState.ON_ITS_WAY:
        return Taken(file=str(file), result=Result.WAITS, kept=kept, why=kept.judged.why)
    try:
        kept = await hand_on(desk, kept, kept.id)
    except TransientFault as later:
        why = f"kept, and not handed on yet: {later}"
        return Taken(file=str(file), result=Result.NOT_NOW, kept=kept, why=why)
    given = kept.state is InboxState.HANDED_ON
    return Taken(
        file=str(file),
        result=Result.HANDED_ON if given else Result.WAITS,
        kept=kept,
        why="" if given else kept.judged.why,
    )


async def _judged(desk: Desk, arrival: Arrival, fault: str, rules: InboundRules, now: datetime) -> Judged:
    if fault:
        return Judged(reason=InboxReason.UNREADABLE, why=fault)
    return judged(arrival, await _known(await desk.parts(), arrival, rules), rules, now)


async def _known(parts: Parts, arrival: Arrival, rules: InboundRules) -> Known:
    """What the CRM and the directory know of who asks, and of the account that is named."""
    domain = arrival.sender.rpartition("@")[2]
    private = "" if domain in rules.public_domains else domain
    found = await parts.crm.contacts_at((arrival.sender,), private) if arrival.sender else ()
    named = await _account(parts, arrival.account_id)
    of_named = await parts.crm.contacts(named.id) if named else ()
    people = await parts.directory.people()
    return Known(
        at_address=tuple(one for one in found if one.email.casefold() == arrival.sender),
        at_domain=tuple(one for one in found if one.email.casefold() != arrival.sender),
        named=named,
        of_named=of_named,
        left=await _left(parts, (*found, *of_named)),
        own_team=any(person.email.casefold() == arrival.sender for person in people if arrival.sender),
        taken_by_known=any(person.id == arrival.taken_by for person in people),
    )


async def _account(parts: Parts, account_id: str) -> AccountRecord | None:
    try:
        return await parts.crm.account(account_id) if account_id else None
    except PermanentFault:
        return None


async def _left(parts: Parts, contacts: tuple[Contact, ...]) -> tuple[str, ...]:
    accounts = [await parts.crm.account(one) for one in sorted({contact.account_id for contact in contacts})]
    return tuple(account.id for account in accounts if account.churned_on)
