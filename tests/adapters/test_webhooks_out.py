"""Events for other systems: announced with what they tell, in order, signed, at least once, and never lost."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
import trustme
from fastapi import Response
from sqlalchemy import text

from adapters.alerts.embedded import EmbeddedAlerts
from adapters.book.embedded import EmbeddedBook
from adapters.clock import utc_now
from adapters.database import Database
from adapters.webhooks.delivering import Delivery
from adapters.webhooks.outgoing import OutgoingEvents
from adapters.webhooks.posting import HttpEndpoint
from models.alerts import RiskLevel
from models.book import BookBatch
from models.faults import PermanentFault
from models.webhooks import CaseEvent, EventName, Outgoing, OutgoingState
from tests.adapters.conftest import WallClock
from tests.adapters.test_alerts import alert
from tests.adapters.test_book import OPENED, batch, entry
from tests.endpoint import SECRET, Endpoint, endpoint, raw_server


@pytest.fixture
async def there() -> AsyncIterator[Endpoint]:
    async with endpoint() as opened:
        yield opened


@pytest.fixture
def book(database: Database, clock: WallClock) -> EmbeddedBook:
    return EmbeddedBook(database, clock, announces=True)


@pytest.fixture
def outgoing(database: Database) -> OutgoingEvents:
    return OutgoingEvents(database)


def telling(case: str, revision: int, *names: EventName) -> BookBatch:
    events = tuple(CaseEvent(name=name, n=revision * 10 + n, at=OPENED, step=f"s{n}") for n, name in enumerate(names))
    return batch(entry(case, revision)).model_copy(update={"events": events})


async def delivered(outgoing: OutgoingEvents, there: Endpoint, clock: WallClock) -> None:
    """Everything that is due now."""
    delivery = Delivery(outgoing, there.sender(), clock)
    while await delivery.round():
        pass


def now_like(clock: WallClock) -> None:
    """The receiver's library goes by the real clock."""
    clock.at = utc_now()


async def test_events_of_a_case_arrive_signed_in_their_order_with_ids_alone(
    book: EmbeddedBook, outgoing: OutgoingEvents, there: Endpoint, clock: WallClock
) -> None:
    now_like(clock)
    first = telling("case-1", 1, EventName.SAVE_STARTED, EventName.COMMITMENT_MISSED)
    await book.write(first)
    await book.write(first)
    await book.write(telling("case-1", 2, EventName.CONCESSION_APPROVED))
    await delivered(outgoing, there, clock)
    assert [body["type"] for body in there.bodies] == ["save.started", "commitment.missed", "concession.approved"]
    assert [body["data"]["sequence"] for body in there.bodies] == [1, 2, 3]
    own = {"account_id": "acc-1", "case_id": "case-1", "kind": "save", "workflow_id": "save:acc-1"}
    assert there.bodies[1]["data"] == own | {"step_id": "s1", "sequence": 2}
    assert there.bodies[1]["timestamp"] == OPENED.isoformat()
    assert len(set(there.ids)) == 3


async def test_an_event_is_in_the_register_exactly_where_its_batch_is_in_the_book(
    book: EmbeddedBook, outgoing: OutgoingEvents, database: Database
) -> None:
    async with database.writing() as session:
        await session.execute(text("ALTER TABLE webhooks_out RENAME TO elsewhere"))
    with pytest.raises(Exception, match=r"webhooks_out|not migrated"):
        await book.write(telling("case-1", 1, EventName.SAVE_STARTED))
    with pytest.raises(PermanentFault):
        await book.case("case-1")
    async with database.writing() as session:
        await session.execute(text("ALTER TABLE elsewhere RENAME TO webhooks_out"))
    await book.write(telling("case-1", 1, EventName.SAVE_STARTED))
    assert await outgoing.count(OutgoingState.WAITING) == 1


async def test_cases_that_write_at_once_count_each_for_itself(book: EmbeddedBook, outgoing: OutgoingEvents) -> None:
    names = (EventName.STEP_COMPLETED,) * 3
    batches = [telling(f"case-{case}", revision, *names) for case in range(3) for revision in range(1, 4)]
    await asyncio.gather(*(book.write(each) for each in batches))
    found = await outgoing.entries((), "", 100)
    for case in range(3):
        assert sorted(one.sequence for one in found if one.case_id == f"case-{case}") == list(range(1, 10))


async def test_a_new_alert_is_told_once_and_one_of_hygiene_is_not(
    database: Database, outgoing: OutgoingEvents, clock: WallClock
) -> None:
    alerts = EmbeddedAlerts(database, clock, announces=True)
    raised = [alert(), alert(rule="other"), alert(rule="gap", level=RiskLevel.NONE)]
    await alerts.raised(raised)
    await alerts.raised(raised)
    found = await outgoing.entries((), "acc-1", 10)
    assert [(one.name, one.sequence) for one in found] == [("risk.detected", 2), ("risk.detected", 1)]
    assert {one.stream for one in found} == {"alerts:acc-1"}
    assert '"rule": "no_login", "level": "low"' in found[1].body


async def test_an_instance_without_an_endpoint_keeps_no_events(
    database: Database, outgoing: OutgoingEvents, clock: WallClock
) -> None:
    await EmbeddedBook(database, clock).write(telling("case-1", 1, EventName.SAVE_STARTED))
    await EmbeddedAlerts(database, clock).raised([alert()])
    assert await outgoing.entries((), "", 10) == ()


async def test_what_is_not_taken_is_sent_again_under_the_same_id_until_it_is(
    book: EmbeddedBook, outgoing: OutgoingEvents, there: Endpoint, clock: WallClock
) -> None:
    now_like(clock)
    there.answers.extend([Response(status_code=500), Response(status_code=307, headers={"location": there.url})])
    await book.write(telling("case-1", 1, EventName.SAVE_STARTED))
    await delivered(outgoing, there, clock)
    (waiting,) = await outgoing.entries((OutgoingState.WAITING,), "case-1", 10)
    assert waiting.said == "the endpoint answered 500"
    assert waiting.due_at == clock.at + timedelta(seconds=5)
    clock.advance(seconds=6)
    await delivered(outgoing, there, clock)
    assert (await outgoing.entry(waiting.id)).said == "the endpoint answered 307"
    clock.advance(seconds=31)
    await delivered(outgoing, there, clock)
    assert len(there.ids) == 3
    assert len(set(there.ids)) == 1
    assert (await outgoing.entry(waiting.id)).state is OutgoingState.DELIVERED


async def test_an_endpoint_that_asks_for_time_is_left_alone_for_so_long(
    book: EmbeddedBook, outgoing: OutgoingEvents, there: Endpoint, clock: WallClock
) -> None:
    now_like(clock)
    there.answers.append(Response(status_code=429, headers={"retry-after": "90"}))
    await book.write(telling("case-1", 1, EventName.SAVE_STARTED))
    await delivered(outgoing, there, clock)
    clock.advance(seconds=80)
    await delivered(outgoing, there, clock)
    assert len(there.ids) == 1
    clock.advance(seconds=11)
    await delivered(outgoing, there, clock)
    assert await outgoing.count(OutgoingState.DELIVERED) == 1


async def test_what_is_given_up_waits_for_a_person_who_sends_it_again(
    book: EmbeddedBook, outgoing: OutgoingEvents, there: Endpoint, clock: WallClock
) -> None:
    now_like(clock)
    there.answers.append(Response(status_code=410))
    await book.write(telling("case-1", 1, EventName.SAVE_STARTED, EventName.COMMITMENT_MISSED))
    await delivered(outgoing, there, clock)
    (dead,) = await outgoing.entries((OutgoingState.DEAD,), "", 10)
    assert (dead.name, dead.due_at) == (EventName.SAVE_STARTED, None)
    assert await outgoing.count(OutgoingState.DELIVERED) == 1, "the next event of the case does not wait for it"
    assert [one.id for one in await outgoing.replay((), clock())] == [dead.id]
    await delivered(outgoing, there, clock)
    assert await outgoing.count(OutgoingState.DELIVERED) == 2
    assert [one.id for one in await outgoing.replay((dead.id,), clock())] == [dead.id]
    await delivered(outgoing, there, clock)
    assert there.ids.count(dead.id) == 3
    with pytest.raises(PermanentFault, match="webhooks list"):
        await outgoing.replay(("evt-none",), clock())


async def test_what_a_killed_worker_held_is_sent_by_another_one(
    book: EmbeddedBook, outgoing: OutgoingEvents, there: Endpoint, clock: WallClock
) -> None:
    now_like(clock)
    there.pause = asyncio.Event()
    await book.write(telling("case-1", 1, EventName.SAVE_STARTED))
    killed = asyncio.create_task(Delivery(outgoing, there.sender(), clock).round())
    await asyncio.wait_for(there.arrived.wait(), 5)
    killed.cancel()
    await asyncio.wait({killed})
    there.pause.set()
    assert await Delivery(outgoing, there.sender(), clock).round() == 0, "it is still the other one's"
    clock.advance(minutes=4)
    await delivered(outgoing, there, clock)
    assert there.ids[0] == there.ids[1]
    (event,) = await outgoing.entries((), "", 10)
    assert (event.state, event.attempts) == (OutgoingState.DELIVERED, 2)


async def test_two_workers_never_send_the_same_event_side_by_side(
    book: EmbeddedBook, outgoing: OutgoingEvents, there: Endpoint, clock: WallClock
) -> None:
    now_like(clock)
    for case in range(12):
        await book.write(telling(f"case-{case}", 1, EventName.SAVE_STARTED))
    await asyncio.gather(*(delivered(outgoing, there, clock) for _ in range(3)))
    assert sorted(there.ids) == sorted(set(there.ids))
    assert await outgoing.count(OutgoingState.DELIVERED) == 12


EVENT = Outgoing(id="evt-1", stream="s", sequence=1, name=EventName.SAVE_STARTED, account_id="a", body="{}", at=OPENED)


async def test_a_refused_connection_a_slow_one_and_half_an_answer_are_told_apart(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    async with raw_server(_half) as url:
        half = await HttpEndpoint(url, SECRET).post(EVENT)
    refused = await HttpEndpoint(url, SECRET).post(EVENT)
    async with raw_server(_silent) as url:
        slow = await HttpEndpoint(url, SECRET, timeout=0.2).post(EVENT)
    assert half.said.startswith("the endpoint could not be reached (RemoteProtocolError")
    assert refused.said == "the endpoint could not be reached (ConnectError)"
    assert slow.said == "the endpoint did not answer within 0.2 s"
    assert SECRET.get_secret_value() not in caplog.text
    assert SECRET.get_secret_value() not in repr(HttpEndpoint(url, SECRET))
    assert "could not be reached" in (await HttpEndpoint("https://[::1", SECRET).post(EVENT)).said


async def test_a_certificate_of_nobody_we_trust_gets_no_event() -> None:
    encrypted = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(encrypted)
    async with raw_server(_silent, encrypted) as url:
        sender = HttpEndpoint(url, SECRET)
        assert (await sender.post(EVENT)).said == "the endpoint could not be reached (ConnectError)"
        assert (await sender.check()).startswith("the certificate of 127.0.0.1 is refused (")


async def test_an_endless_answer_is_not_read(there: Endpoint) -> None:
    async with raw_server(_endless) as url:
        posted = await HttpEndpoint(url, SECRET, timeout=5).post(EVENT)
    assert posted.said == ""


async def test_an_endpoint_is_checked_without_sending_anything(there: Endpoint) -> None:
    sender = there.sender()
    assert await sender.check() == ""
    assert there.ids == []
    async with raw_server(_silent) as url:
        pass
    assert "cannot be reached; check FOLLOWTHROUGH_WEBHOOK_URL" in await replace(sender, url=url).check()
    no_tls = await replace(sender, url=there.url.replace("http:", "https:"), timeout=2).check()
    assert "cannot be reached" in no_tls


async def _half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 20")
    await writer.drain()


async def _silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


async def _endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    try:
        while True:
            writer.write(b"400\r\n" + b"x" * 1024 + b"\r\n")
            await writer.drain()
            await asyncio.sleep(0.001)
    except ConnectionError:
        pass
