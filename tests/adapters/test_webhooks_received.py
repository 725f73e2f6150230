"""What other systems sent: kept once, held by one at a time, forgotten when it is done."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from adapters.database import Database
from adapters.webhooks.received import ReceivedEvents
from models.faults import PermanentFault
from models.webhooks import Received, ReceivedState, Source, Worked
from tests.adapters.conftest import WallClock

LEASE = timedelta(minutes=2)


@pytest.fixture
def received(database: Database) -> ReceivedEvents:
    return ReceivedEvents(database)


def some(clock: WallClock, n: int = 1, source: Source = Source.SEGMENT) -> Received:
    return Received(source=source, id=f"m-{n}", kind="track", body=b"\x00\xff bytes", received_at=clock())


async def test_it_is_kept_once_by_its_sender_and_id_however_many_come_at_once(
    received: ReceivedEvents, clock: WallClock
) -> None:
    counts = await asyncio.gather(*(received.keep([some(clock), some(clock), some(clock, 2)]) for _ in range(20)))
    assert sum(counts) == 2
    assert await received.keep([some(clock, source=Source.STRIPE)]) == 1
    assert await received.count(ReceivedState.WAITING) == 3


async def test_what_one_holds_nobody_else_gets_until_its_lease_is_over(
    received: ReceivedEvents, clock: WallClock
) -> None:
    await received.keep([some(clock, n) for n in range(6)])
    held = await asyncio.gather(*(received.claim(clock(), LEASE, 2) for _ in range(4)))
    assert sorted(one.id for some in held for one in some) == [f"m-{n}" for n in range(6)]
    assert {one.body for some in held for one in some} == {b"\x00\xff bytes"}
    clock.advance(minutes=1)
    assert await received.claim(clock(), LEASE, 9) == ()
    clock.advance(minutes=2)
    assert {one.attempts for one in await received.claim(clock(), LEASE, 9)} == {2}


async def test_what_is_done_is_forgotten_but_for_what_it_brought_about(
    received: ReceivedEvents, clock: WallClock, database: Database
) -> None:
    await received.keep([some(clock)])
    (one,) = await received.claim(clock(), LEASE, 9)
    assert not await received.has_effect("wish-1")
    await received.done(one, Worked(said="asked", effect="wish-1", account_id="acc-1"), clock())
    assert await received.has_effect("wish-1")
    clock.advance(days=1)
    assert await received.claim(clock(), LEASE, 9) == ()
    (done,) = await received.entries((ReceivedState.DONE,), 5)
    assert (done.said, done.account_id, done.done_at, done.body) == ("asked", "acc-1", one.received_at, b"")
    assert await received.keep([some(clock)]) == 0, "the same again is known still"


async def test_what_waits_for_a_person_is_tried_again_or_put_aside_by_one(
    received: ReceivedEvents, clock: WallClock
) -> None:
    await received.keep([some(clock)])
    (one,) = await received.claim(clock(), LEASE, 9)
    await received.not_done(one, "not now", clock() + timedelta(seconds=2))
    assert await received.count(ReceivedState.WAITING) == 1
    await received.not_done(one, "never", None)
    clock.advance(days=1)
    assert await received.claim(clock(), LEASE, 9) == ()
    assert (await received.again(one.source, one.id, clock())).attempts == 0
    (one,) = await received.claim(clock(), LEASE, 9)
    await received.not_done(one, "never", None)
    aside = await received.dismiss(one.source, one.id, "p-1", "a test of theirs", clock())
    assert (aside.state, aside.said, aside.body) == (ReceivedState.DISMISSED, "a test of theirs", b"")
    with pytest.raises(PermanentFault, match="waits for a person"):
        await received.dismiss(one.source, one.id, "p-1", "once more", clock())
