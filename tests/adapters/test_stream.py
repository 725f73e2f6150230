"""A stream: each message once, and lines of JSON as messages."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.stream.port import StreamPort
from adapters.stream.reading import Calls, message_of, read_calls
from models.facts import Origin
from models.stream import CallType, StreamMessage

AT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
CAME = Origin(source="segment", received_at=AT)


def message(id_: str, user: str = "u-1", account: str = "acc-1", at: datetime = AT, **more: object) -> StreamMessage:
    said = {"message_id": id_, "type": CallType.TRACK, "at": at, "account_id": account, "user_id": user}
    return StreamMessage.model_validate(said | {"event": "Signed In"} | more)


async def test_a_message_counts_once_whatever_it_says_later(stream: StreamPort) -> None:
    assert await stream.add([message("m-1"), message("m-1", event="Other")], CAME) == {"m-1"}
    assert await stream.add([message("m-1", account="acc-2"), message("m-2")], CAME) == {"m-2"}
    assert await stream.stored({"m-1", "m-2", "m-3"}) == (message("m-1"), message("m-2"))


async def test_the_messages_of_a_day_of_an_account_are_found_and_no_others(stream: StreamPort) -> None:
    next_day, elsewhere = message("m-2", at=AT + timedelta(days=1)), message("m-3", account="acc-2")
    await stream.add([message("m-1"), next_day, elsewhere], CAME)
    assert await stream.of_days({("acc-1", AT.date())}) == (message("m-1"),)
    both = {("acc-1", date(2026, 11, 17)), ("acc-2", AT.date())}
    assert await stream.of_days(both) == (elsewhere, next_day)
    assert await stream.of_days(set()) == ()


async def test_a_user_belongs_to_the_account_that_was_said_last(stream: StreamPort) -> None:
    later = AT + timedelta(hours=1)
    await stream.add([message("m-2", type="group", account="acc-2", at=later), message("m-1", type="group")], CAME)
    await stream.add([message("m-3", account="acc-3", at=later + timedelta(hours=1))], CAME)
    assert await stream.accounts_of({"u-1", "u-9"}) == {"u-1": "acc-2"}


async def test_more_messages_than_a_statement_takes_go_in_at_once(stream: StreamPort) -> None:
    many = [message(f"m-{n}") for n in range(2500)]
    assert len(await stream.add(many, CAME)) == 2500
    assert len(await stream.stored({one.message_id for one in many})) == 2500


def read(*lines: object) -> Calls:
    texts = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    return read_calls("events.jsonl", texts, AT)


GOOD = {"type": "track", "messageId": "m-1", "timestamp": "2026-11-16T08:00:00Z", "userId": "u-1", "event": "Signed In"}


def test_good_lines_are_kept_with_their_numbers_and_empty_ones_are_no_lines() -> None:
    found = read(GOOD, b"  \n", GOOD | {"messageId": "m-2", "context": {"groupId": "acc-1"}, "userId": None})
    assert [(line, call.messageId, call.account) for line, call in found.good] == [(1, "m-1", ""), (3, "m-2", "acc-1")]
    assert (found.lines, found.errors) == (2, [])


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"{not json", "the line is no JSON in UTF-8"),
        (b"\xff\xfe", "the line is no JSON in UTF-8"),
        (b'{"type": NaN}', "the line is no JSON in UTF-8"),
        ([1, 2], "the line does not fit; right would be: an object such as"),
        (GOOD | {"type": "page"}, "type: type does not fit; right would be: one of identify, track, group"),
        ({k: v for k, v in GOOD.items() if k != "messageId"}, "messageId: messageId is missing"),
        (GOOD | {"messageId": " "}, "messageId: messageId does not fit"),
        (GOOD | {"timestamp": "2026-11-16"}, "timestamp: timestamp does not fit; .*a moment with its time zone"),
        (GOOD | {"timestamp": "2026-11-16T09:06:00Z"}, "timestamp: 2026-11-16T09:06Z lies in the future"),
        (GOOD | {"event": None}, "event: a track message names no event"),
        (GOOD | {"userId": "u" * 201}, "userId: userId does not fit"),
    ],
)
def test_a_broken_line_is_named_with_what_would_be_right(line: object, error: str) -> None:
    found = read(GOOD, line)
    assert [number for number, _ in found.good] == [1]
    (fault,) = found.errors
    with pytest.raises(AssertionError, match="^events.jsonl:2: " + error):
        raise AssertionError(str(fault))


def test_clocks_of_senders_may_be_a_little_ahead() -> None:
    assert len(read(GOOD | {"timestamp": "2026-11-16T09:04:00Z"}).good) == 1


def test_of_the_properties_only_a_short_text_is_kept() -> None:
    ((_, call),) = read(
        GOOD | {"properties": {"format": "csv", "rows": 3, "deep": {"name": "Dewi"}, "x": "y" * 900}}
    ).good
    assert message_of(call, "acc-1", worded=False).detail == "Signed In"
    kept = message_of(call, "acc-1", worded=True)
    assert kept.detail.startswith("Signed In (format: csv; rows: 3; x: yyy")
    assert len(kept.detail) == 500


@given(st.binary())
def test_no_line_breaks_the_reading(line: bytes) -> None:
    found = read(line)
    assert len(found.good) + len(found.errors) == found.lines
