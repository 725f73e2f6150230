"""Webhooks that come in: who may send them, how large they are, and that each is kept once and never lost."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from uvicorn import Config

from models.faults import PermanentFault
from models.webhooks import ReadSubscription, Received, ReceivedState, Source, Worked
from settings import Settings
from tests.company import ACCOUNT, MANAGER, moved_in
from tests.endpoint import Quiet
from tests.web.senders import EXAMPLES, SOURCES, Web, event, signed, web_of
from web import working
from web.app import build_app
from web.house import House

FOUR_MINUTES, SIX_MINUTES = 240, 360
ASKED = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
async def web(founded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Web]:
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "none.toml"))
    async with web_of(moved_in(founded, tmp_path / "home")) as opened:
        yield opened


async def kept(web: Web, *states: ReceivedState) -> list[tuple[str, str]]:
    found = await (await web.house.desk.parts()).received.entries(states, 2_000)
    return [(one.source.value, one.id) for one in found]


@pytest.mark.parametrize("source", SOURCES)
async def test_what_is_signed_by_its_sender_is_kept_and_answered(web: Web, source: str) -> None:
    answer = await web.post(source, EXAMPLES[source])
    assert (answer.status_code, answer.json()) == (200, {"new": 1, "known": 0, "ignored": 0})
    again = await web.post(source, EXAMPLES[source])
    assert again.json() == {"new": 0, "known": 1, "ignored": 0}
    assert len(await kept(web, ReceivedState.WAITING)) == 1


@pytest.mark.parametrize("source", SOURCES)
async def test_what_is_not_signed_by_its_sender_is_refused(
    web: Web, source: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    body = EXAMPLES[source]
    other = "whsec_" + "QUFB" * 10
    for headers in ({}, signed(source, body, secret=other), signed(source, body + b" ")):
        answer = await web.post(source, body, headers)
        assert answer.status_code == 401, answer.text
        assert len(answer.json()["detail"].splitlines()) == 1
    assert await kept(web) == []
    assert "4711" not in caplog.text


@pytest.mark.parametrize("source", ["stripe", "hubspot", "mail"])
async def test_a_clock_may_be_some_minutes_off_and_no_more(web: Web, source: str) -> None:
    body = EXAMPLES[source]
    for skew in (-FOUR_MINUTES, FOUR_MINUTES):
        assert (await web.post(source, body, signed(source, body, time.time() + skew))).status_code == 200
    for skew in (-SIX_MINUTES, SIX_MINUTES):
        answer = await web.post(source, body, signed(source, body, time.time() + skew))
        assert answer.status_code == 401
        assert "set the clocks" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("source", "name", "value"),
    [
        ("stripe", "stripe-signature", "t=soon,v1=ab"),
        ("stripe", "stripe-signature", "nonsense"),
        ("stripe", "stripe-signature", "t=99999999999999999999,v1=ü"),
        ("hubspot", "x-hubspot-request-timestamp", "-"),
        ("mail", "webhook-signature", "v2,abc v1"),
        ("mail", "webhook-timestamp", "1e9"),
    ],
)
async def test_a_signature_of_another_shape_is_refused(web: Web, source: str, name: str, value: str) -> None:
    body = EXAMPLES[source]
    headers = {key: text.encode("latin-1") for key, text in (signed(source, body) | {name: value}).items()}
    assert (await web.client.post(f"/webhooks/{source}", content=body, headers=headers)).status_code == 401


@pytest.mark.parametrize("source", SOURCES)
async def test_ten_megabytes_are_refused_also_without_a_length(web: Web, source: str) -> None:
    large = b"x" * 10_000_000

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(large), 500_000):
            yield large[start : start + 500_000]

    assert (await web.post(source, large, {})).status_code == 413
    assert (await web.client.post(f"/webhooks/{source}", content=pieces())).status_code == 413
    assert await kept(web) == []


@pytest.mark.parametrize("source", ["segment", "stripe", "hubspot"])
async def test_what_is_signed_and_means_nothing_is_refused(web: Web, source: str) -> None:
    for body in (b"", b"{", b"[" * 100_000, b"null", b'"text"', b"{}", b"[1]", b'{"id": 7}', b'{"batch": 1}'):
        answer = await web.post(source, body)
        assert answer.status_code == 400, body[:20]
    assert await kept(web) == []


async def test_an_empty_list_and_types_that_nobody_asked_for_change_nothing(web: Web) -> None:
    assert (await web.post("hubspot", b"[]")).json() == {"new": 0, "known": 0, "ignored": 0}
    others = (
        ("stripe", event("stripe", type="invoice.created")),
        ("hubspot", event("hubspot", objectTypeId="0-2")),
        ("segment", event("segment", type="page")),
    )
    for source, body in others:
        assert (await web.post(source, body)).json()["ignored"] == 1
    assert await kept(web) == []


async def test_of_an_event_of_stripe_or_hubspot_only_what_to_read_again_is_kept(web: Web) -> None:
    personal = {"id": "sub_1", "cancellation_details": {"comment": "call Anna on +65 1234"}}
    await web.post("stripe", event("stripe", data={"object": personal}))
    parts = await web.house.desk.parts()
    async with parts.database.reading() as session:
        (body,) = await session.scalars(text("SELECT body FROM webhooks_in"))
    assert json.loads(body) == {"object": "sub_1"}


async def test_the_same_message_is_one_however_often_and_in_whichever_order_it_comes(web: Web) -> None:
    bodies = [event("segment", messageId=f"m-{n}") for n in range(5)] * 20
    for start in range(0, 100, 50):
        answers = await asyncio.gather(*(web.post("segment", body) for body in bodies[start : start + 50]))
        assert {answer.status_code for answer in answers} == {200}
    assert sorted(await kept(web)) == [("segment", f"m-{n}") for n in range(5)]


async def test_a_sender_whose_secret_is_not_set_is_not_found(founded: Path, tmp_path: Path) -> None:
    async with web_of(moved_in(founded, tmp_path / "home")) as web:
        plain = House(Settings(home=web.house.settings.home), web.house.desk)
        app = build_app(plain)
        assert not [route for route in app.routes if "webhooks" in getattr(route, "path", "")]


async def test_a_register_that_is_out_of_reach_has_the_sender_send_it_again(web: Web) -> None:
    parts = await web.house.desk.parts()
    async with parts.database.writing() as session:
        await session.execute(text("ALTER TABLE webhooks_in RENAME TO elsewhere"))
    answer = await web.post("stripe", EXAMPLES["stripe"])
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"


async def test_messages_of_a_stream_are_worked_whichever_comes_first(web: Web) -> None:
    """A user's account is known once ``group`` has come; what came before waits for it."""
    track = event("segment", messageId="m-2", userId="u-1", event="Signed In")
    group = event("segment", messageId="m-1", type="group", userId="u-1", groupId=ACCOUNT)
    await web.post("segment", track)
    await _worked(web)
    (waiting,) = await (await web.house.desk.parts()).received.entries((ReceivedState.WAITING,), 5)
    assert "groupId: it is not known whose account it is" in waiting.said
    await web.post("segment", group)
    await _worked(web)
    await _later(web)
    await _worked(web)
    assert sorted(await kept(web, ReceivedState.DONE)) == [("segment", "m-1"), ("segment", "m-2")]
    parts = await web.house.desk.parts()
    assert {one.message_id for one in await parts.stream.stored({"m-1", "m-2"})} == {"m-1", "m-2"}


async def test_what_never_fits_waits_for_a_person_who_tries_it_again_or_puts_it_aside(web: Web) -> None:
    await web.post("segment", event("segment", timestamp="soon", groupId=ACCOUNT))
    await _worked(web)
    received = (await web.house.desk.parts()).received
    (failed,) = await received.entries((ReceivedState.FAILED,), 5)
    assert failed.said.startswith("timestamp: timestamp does not fit; right would be a moment with its time zone")
    assert failed.account_id == ACCOUNT
    assert await received.count(ReceivedState.FAILED) == 1
    await received.again(Source.SEGMENT, failed.id, web.house.now())
    await _worked(web)
    aside = await received.dismiss(Source.SEGMENT, failed.id, MANAGER, "a test of theirs", web.house.now())
    assert (aside.state, aside.body, aside.settled_by) == (ReceivedState.DISMISSED, b"", MANAGER)
    with pytest.raises(PermanentFault, match="webhooks received"):
        await received.again(Source.SEGMENT, failed.id, web.house.now())


async def test_without_a_temporal_what_came_waits_and_is_not_lost(web: Web) -> None:
    web.subscriptions.now["sub_1"] = ReadSubscription(id="sub_1", account_id=ACCOUNT, cancelled_at=ASKED)
    await web.post("stripe", EXAMPLES["stripe"])
    await _worked(web)
    (waiting,) = await (await web.house.desk.parts()).received.entries((ReceivedState.WAITING,), 5)
    assert "No Temporal server is named" in waiting.said
    assert waiting.attempts == 1
    assert waiting.due_at is not None
    assert waiting.due_at > web.house.now()


async def test_a_wish_that_was_asked_for_once_is_not_asked_for_again_when_its_case_has_ended(web: Web) -> None:
    web.subscriptions.now["sub_1"] = ReadSubscription(id="sub_1", account_id=ACCOUNT, cancelled_at=ASKED)
    received = (await web.house.desk.parts()).received
    first = Received(source=Source.STRIPE, id="evt_0", kind="k", received_at=ASKED)
    await received.keep([first])
    await received.done(first, Worked(said="asked", effect=f"sub_1-{int(ASKED.timestamp())}"), ASKED)
    await web.post("stripe", EXAMPLES["stripe"])
    await _worked(web)
    assert {one.said for one in await received.entries((), 5)} == {"asked", f"{ACCOUNT} was asked about before"}


async def test_what_a_killed_program_held_is_worked_by_the_next_one(web: Web) -> None:
    started = asyncio.Event()

    async def hangs(_: object) -> None:
        started.set()
        await asyncio.Event().wait()

    mine, web.house.handlers[Source.SEGMENT] = web.house.handlers[Source.SEGMENT], hangs  # type: ignore[assignment]
    await web.post("segment", event("segment", groupId=ACCOUNT))
    killed = asyncio.create_task(working.round_of(web.house))
    await asyncio.wait_for(started.wait(), 5)
    killed.cancel()
    await asyncio.wait({killed})
    web.house.handlers[Source.SEGMENT] = mine
    assert await working.round_of(web.house) == 0
    await _later(web)
    await _worked(web)
    assert await kept(web, ReceivedState.DONE) == [("segment", "m-1")]


async def test_a_fault_of_ours_holds_nothing_else_back(web: Web, caplog: pytest.LogCaptureFixture) -> None:
    words = " ".join(("secret", "words"))

    async def breaks(_: object) -> None:
        raise RuntimeError(words)

    web.house.handlers[Source.HUBSPOT] = breaks  # type: ignore[assignment]
    await web.post("hubspot", EXAMPLES["hubspot"])
    await web.post("segment", event("segment", groupId=ACCOUNT))
    await _worked(web)
    found = {one.source: one for one in await (await web.house.desk.parts()).received.entries((), 5)}
    assert found[Source.HUBSPOT].said == "it ran into a fault of ours (RuntimeError)"
    assert found[Source.HUBSPOT].state is ReceivedState.WAITING
    assert found[Source.SEGMENT].state is ReceivedState.DONE
    assert "a fault of ours (RuntimeError)" in caplog.text
    assert "secret words" not in caplog.text


async def test_a_message_with_signs_that_no_database_takes_stops_nothing(web: Web) -> None:
    odd = event("segment", messageId="\ud800", type="track", event="\0 a sign", groupId="acc\0")
    assert (await web.post("segment", odd)).json() == {"new": 1, "known": 0, "ignored": 0}
    assert (await web.post("segment", odd)).json() == {"new": 0, "known": 1, "ignored": 0}
    await _worked(web)
    (one,) = await (await web.house.desk.parts()).received.entries((), 5)
    assert one.said
    assert "\0" not in one.said + one.id + one.account_id


async def test_one_misshapen_message_of_a_batch_costs_none_of_the_others(web: Web) -> None:
    good = json.loads(event("segment", groupId=ACCOUNT))
    answer = await web.post("segment", json.dumps({"batch": [{"type": 7}, good]}).encode())
    assert answer.json() == {"new": 1, "known": 0, "ignored": 1}


async def test_a_round_that_breaks_is_followed_by_the_next_one(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds = iter([RuntimeError("broken"), 1])
    again = asyncio.Event()

    async def breaks_once(_: object) -> int:
        found = next(rounds, 0)
        if isinstance(found, Exception):
            raise found
        again.set()
        return int(found)

    monkeypatch.setattr(working, "round_of", breaks_once)
    monkeypatch.setattr(working, "EVERY_SECONDS", 0.01)
    task = asyncio.create_task(working.run(web.house))
    await asyncio.wait_for(again.wait(), 5)
    task.cancel()


async def test_over_the_wire_half_a_body_is_nothing_and_the_program_goes_on(web: Web) -> None:
    app = build_app(web.house)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        server = Quiet(Config(app, log_config=None, access_log=False))
        task = asyncio.create_task(server.serve(sockets=[listener]))
        await server.up.wait()
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /webhooks/stripe HTTP/1.1\r\nHost: web\r\nContent-Length: 400\r\n\r\n{")
        await writer.drain()
        writer.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n")
        assert b"200 OK" in await asyncio.wait_for(reader.read(), 5)
        writer.close()
        server.should_exit = True
        await task
    assert await kept(web) == []


async def _worked(web: Web) -> None:
    """Everything that is due now."""
    while await working.round_of(web.house):
        pass


async def _later(web: Web) -> None:
    """Everything that waits is due."""
    parts = await web.house.desk.parts()
    async with parts.database.writing() as session:
        await session.execute(text("UPDATE webhooks_in SET due_at = received_at WHERE due_at IS NOT NULL"))
