"""Lines of JSON as messages: good ones are kept, each broken one is named by its line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from models.portfolio import RowError
from models.stream import Call, CallType, StreamMessage

_CLOCKS_DIFFER_BY = timedelta(minutes=5)
_SHAPE = 'an object such as {"type": "track", "messageId": "m-1", "timestamp": "2026-11-16T01:30:00Z", ...}'
_RIGHT = {
    "type": "one of " + ", ".join(CallType),
    "messageId": "the id that the sender gave the message, at most 200 characters",
    "timestamp": "a moment with its time zone, such as 2026-11-16T01:30:00Z",
    "userId": "a text of at most 200 characters",
    "groupId": "the id of an account, such as acc-0017",
}


@dataclass
class Calls:
    """The good messages of a file by their lines, and what was wrong with the others."""

    good: list[tuple[int, Call]] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    lines: int = 0


def read_calls(file: str, lines: Iterable[bytes], now: datetime) -> Calls:
    """The messages of ``lines``, up to the moment ``now``. Never raises for what the lines hold."""
    found = Calls()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        found.lines += 1
        try:
            call = _call(file, number, line, now)
        except Unfit as fault:
            found.errors.append(fault.error)
        else:
            found.good.append((number, call))
    return found


class Unfit(Exception):
    """A line that is no message."""

    def __init__(self, error: RowError) -> None:
        super().__init__(str(error))
        self.error = error


def _call(file: str, number: int, line: bytes, now: datetime) -> Call:
    try:
        data = json.loads(line.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Unfit(RowError(file=file, line=number, wrong="the line is no JSON in UTF-8", right=_SHAPE)) from None
    try:
        call = Call.model_validate(_without_nulls(data))
    except ValidationError as error:
        raise Unfit(_first(file, number, error)) from None
    if call.timestamp > now + _CLOCKS_DIFFER_BY:
        wrong = f"{call.timestamp.astimezone(UTC):%Y-%m-%dT%H:%MZ} lies in the future"
        raise Unfit(RowError(file=file, line=number, field="timestamp", wrong=wrong, right="when it happened"))
    if call.type is CallType.TRACK and not call.event:
        right = "the name of what was done, such as Signed In"
        raise Unfit(
            RowError(file=file, line=number, field="event", wrong="a track message names no event", right=right)
        )
    return call


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _without_nulls(data: Any) -> Any:
    """Senders write null for what they do not know."""
    return {key: value for key, value in data.items() if value is not None} if isinstance(data, Mapping) else data


def _first(file: str, number: int, error: ValidationError) -> RowError:
    fault = error.errors(include_url=False)[0]
    name = str(fault["loc"][0]) if fault["loc"] else ""
    wrong = f"{name} is missing" if fault["type"] == "missing" else f"{name or 'the line'} does not fit"
    return RowError(file=file, line=number, field=name, wrong=wrong, right=_RIGHT.get(name, _SHAPE))


def message_of(call: Call, account: str, *, worded: bool) -> StreamMessage:
    """The message as it is kept; of its properties a short text where it is to be ``worded``, since they hold anything."""
    plain = ((key, value) for key, value in call.properties.items() if isinstance(value, str | int | float | bool))
    detail = "; ".join(f"{key}: {value}" for key, value in plain)
    return StreamMessage(
        message_id=call.messageId,
        type=call.type,
        at=call.timestamp,
        account_id=account,
        user_id=call.user,
        event=call.event,
        detail=f"{call.event} ({detail})" if detail and worded else call.event,
    )
