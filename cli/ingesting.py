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
from cli.opening import left_since
from models.base import Record
from models.crm import AccountRecord, Contact
from models.faults import PermanentFault, TransientFault
from models.inbound import Arrival, InboxReason, InboxState, Judged, Kept
from models.inbound_policy import InboundRules
from parts import Parts
from rules.inbound.judging import judged
from rules.inbound.sorting import arrived, arrived_again, handed_on, request_of, turned_away
from rules.inbound.whose import Known


class Result(StrEnum):
    """What became of a file this time."""

    ON_ITS_WAY = "on_its_way"
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
    """One file, judged as at ``today`` (UTC) and kept; the same one again changes nothing. ``go_on`` hands it on."""
    arrival, fault = await asyncio.to_thread(read, file)
    return await keep(desk, str(file), arrival, fault, rules, today)


async def keep(desk: Desk, name: str, arrival: Arrival, fault: str, rules: InboundRules, today: datetime) -> Taken:
    """The same of what was read already; ``fault`` says why it could not be."""
    inbox, now = (await desk.parts()).inbox, utc_now()
    kept = arrived(arrival, await _judged(desk, arrival, fault, rules, today), now)
    first = await inbox.add(kept)
    if first is not None:
        changed = arrived_again(first, arrival, now)
        known = await inbox.add(changed) if changed else first
        kept = known or changed or first
        if known and known.state is not InboxState.ON_ITS_WAY:
            return Taken(file=name, result=Result.KNOWN, kept=known)
    result = Result.ON_ITS_WAY if kept.state is InboxState.ON_ITS_WAY else Result.WAITS
    return Taken(file=name, result=result, kept=kept, why=kept.judged.why)


async def go_on(desk: Desk, taken: Taken) -> Taken:
    """Hand on what is on its way; it stays so where nobody answers now. Raises ``NoTemporal`` where no server does."""
    if taken.result is not Result.ON_ITS_WAY:
        return taken
    try:
        kept = await hand_on(desk, taken.kept, taken.kept.id)
    except TransientFault as later:
        return not_now(taken, str(later))
    result = Result.HANDED_ON if kept.state is InboxState.HANDED_ON else Result.WAITS
    return Taken(file=taken.file, result=result, kept=kept, why=kept.judged.why)


def not_now(taken: Taken, why: str) -> Taken:
    """It could not be handed on yet; everything else stays as it is."""
    if taken.result is not Result.ON_ITS_WAY:
        return taken
    return taken.model_copy(update={"result": Result.NOT_NOW, "why": f"kept, and not handed on yet: {why}"})


async def hand_on(desk: Desk, kept: Kept, known_as: str) -> Kept:
    """Give it to the case and keep what the case says; a refusal brings it before a person.

    Raises ``TransientFault`` where the case does not answer and ``NoTemporal`` where no server does: it stays on its way.
    """
    try:
        kept = handed_on(kept, (await requesting.request(desk, request_of(kept), known_as)).said)
    except Failure as no:
        kept = turned_away(kept, no.sentence)
    await (await desk.parts()).inbox.put(kept)
    return kept


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
    return tuple([account.id for account in accounts if await left_since(parts, account)])
