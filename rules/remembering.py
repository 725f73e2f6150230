"""What a save that is opened again knows from the start: what was found, heard and offered before (CONV-21, CONV-23)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from models.save import SaveCase
from models.starts import KnownBefore
from rules.edit import C, say
from rules.refusal import counted

_LAST = 10
_LONGEST, _MOST = 2000, 50
_GOES_ON = "it goes on from"


def known(case: SaveCase, closing: str) -> KnownBefore:
    """What the next save of the account is given; ``closing`` is how this one ended, in its own words."""
    remarks = (closing, *_heard(case), *_offered(case), *_before(case))
    return KnownBefore(
        playbook=case.plan.name if case.plan else None,
        root_cause=case.root_cause,
        whys=case.whys,
        stated_reason=case.stated_reason,
        remarks=cut(remark for remark in remarks if remark),
    )


def cut(remarks: Iterable[str]) -> tuple[str, ...]:
    """As much of the remarks as a start takes along: the first ones, each no longer than a remark may be."""
    return tuple(remark[:_LONGEST] for remark in remarks)[:_MOST]


def both(later: KnownBefore | None, earlier: KnownBefore | None) -> KnownBefore | None:
    """What two saves of an account found out; the later one is right where they differ."""
    if later is None or earlier is None:
        return later or earlier
    cause = later if later.root_cause else earlier
    own = set(later.remarks)
    return KnownBefore(
        playbook=cause.playbook,
        root_cause=cause.root_cause,
        whys=cause.whys,
        stated_reason=later.stated_reason or earlier.stated_reason,
        remarks=(*later.remarks, *(remark for remark in earlier.remarks if remark not in own))[:_MOST],
    )


def found_out(lines: Iterable[str]) -> Iterator[str]:
    """The lines without those that only name the case which they come from."""
    yield from (line for line in lines if not line.startswith(_GOES_ON))


def told(case: C, before: KnownBefore, source: str, now: datetime) -> C:
    """The case with all that on its timeline, where it comes from and the cause first."""
    cause = f"{before.root_cause} after {counted(len(before.whys), 'why')}: {' <- '.join(reversed(before.whys))}"
    lines = (*((cause,) if before.root_cause and before.whys else ()), *before.remarks)
    for line in (f"{_GOES_ON} {source}", *lines) if lines else ():
        case = say(case, now, "known_before", line)
    return case


def _heard(case: SaveCase) -> Iterator[str]:
    yield from (f"the customer said: {quote}" for quote in case.customer_quotes)
    spoken = [contact for contact in case.contacts if contact.answered][-_LAST:]
    yield from (f"{contact.channel} of {contact.at:%Y-%m-%d}: {contact.summary}" for contact in spoken)
    yield from (f"{fact.kind} on {fact.at:%Y-%m-%d}: {fact.detail}".rstrip(": ") for fact in case.facts[-_LAST:])


def _offered(case: SaveCase) -> Iterator[str]:
    for offer in case.offers[-_LAST:]:
        yield f"{offer.id} ({offer.title}): {offer.state.replace('_', ' ')}; {offer.answer}".rstrip("; ")


def _before(case: SaveCase) -> Iterator[str]:
    lines = (event.text for event in case.timeline if event.kind == "known_before")
    yield from found_out(lines)
