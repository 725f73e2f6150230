"""Tickets, portal forms and notes as they arrive, and files that are none of them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.inbound import forms, note, portal, ticket
from adapters.inbound.fault import Unreadable
from adapters.inbound.reading import files_in, read
from models.cancellation import RequestChannel, Scope
from models.faults import PermanentFault

TICKET: dict[str, Any] = {
    "ticket": {
        "id": 88123,
        "subject": "Fewer\nlicences\x1b[31m",
        "description": "Cancel 12.\r\n\x00Thanks",
        "created_at": "2026-11-25T09:12:30+08:00",
        "requester": {"email": "Ann@One.Example", "name": "Ann"},
        "organization": {"external_id": "acc-1"},
        "attachments": [{"file_name": "a\nb.pdf", "size": 3, "sha256": "f" * 64}],
    }
}
PORTAL: dict[str, Any] = {
    "id": "evt_1",
    "type": "cancellation.requested",
    "timestamp": "2026-11-24T14:15:40Z",
    "data": {"account_id": "acc-1", "user": {"email": "ann@one.example"}, "end_date": "2026-12-31", "scope": "users"},
}
NOTE = (
    "Account: acc-1\nTaken by: usr-1\nAsked by: Ann\nAt: 2026-11-26T11:30:00+08:00\nEnd date: 2027-01-31\n\nShe rang."
)


def form(**changes: Any) -> dict[str, Any]:
    return PORTAL | {"data": PORTAL["data"] | changes}


def test_a_ticket_is_read_and_cleaned() -> None:
    found = ticket.read_ticket(TICKET, "t.json")
    assert (found.id, found.channel, found.sender) == ("ticket-88123", RequestChannel.TICKET, "ann@one.example")
    assert (found.subject, found.text) == ("Fewer licences[31m", "Cancel 12.\nThanks")
    assert (found.account_id, found.at) == ("acc-1", datetime(2026, 11, 25, 1, 12, 30, tzinfo=UTC))
    assert found.attachments[0].name == "a b.pdf"


def test_an_id_that_is_not_safe_is_replaced_by_one_that_is() -> None:
    ids = {ticket.read_ticket({"ticket": {"id": one}}, "t.json").id for one in ("a/b", "a\nb", "x" * 99)}
    assert len(ids) == 3
    assert all(len(one) == len("ticket-") + 20 for one in ids)


def test_a_portal_form_says_what_it_means() -> None:
    found = portal.read_portal(PORTAL, "p.json")
    assert (found.id, found.stated, found.exit_date, found.scope) == (
        "portal-evt_1",
        True,
        date(2026, 12, 31),
        Scope.USERS,
    )
    assert portal.read_portal(form(reason="bankruptcy"), "p.json").reason == "bankruptcy"
    assert portal.read_portal(form(reason="<script>"), "p.json").reason == ""


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (PORTAL | {"type": "cancellation.rescinded"}, "this event of the portal is 'cancellation.rescinded'"),
        (form(end_date="31.12."), "a day is written like 2026-12-31"),
        (form(scope="everything"), "known are whole, part, users"),
        (PORTAL | {"data": {}}, "data.account_id is missing"),
    ],
)
def test_a_form_that_cannot_be_followed_is_refused(payload: dict[str, Any], said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        portal.read_portal(payload, "p.json")


def test_a_note_has_a_head_and_words() -> None:
    found = note.read_note(NOTE.encode(), "n.txt")
    assert (found.account_id, found.taken_by, found.contact, found.exit_date) == (
        "acc-1",
        "usr-1",
        "Ann",
        date(2027, 1, 31),
    )
    assert found.text == "She rang."
    assert note.read_note(NOTE.encode(), "copy.txt").id == found.id


@pytest.mark.parametrize("line", ["Account: acc-1\n", "Taken by: usr-1\n"])
def test_a_note_without_account_or_taker_is_refused(line: str) -> None:
    with pytest.raises(Unreadable, match="this note has no line"):
        note.read_note(NOTE.replace(line, "").encode(), "n.txt")


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"1", b"\xff", b"[" * 100_000, b'{"ticket": [1]}', b'{"a": 1}'])
def test_json_of_another_shape_is_kept_as_unreadable(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.json").write_bytes(content)
    arrival, why = read(tmp_path / "x.json")
    assert why
    assert arrival.id.startswith("file-")
    assert read(tmp_path / "x.json")[0].id == arrival.id


def test_a_folder_gives_its_files_with_a_form_and_names_the_others(tmp_path: Path) -> None:
    for name in ("b.eml", "a.EML", "sub/c.json", "README.md", ".hidden.eml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    taken, left = files_in([tmp_path, tmp_path / "b.eml"])
    assert [file.name for file in taken] == ["a.EML", "b.eml", "c.json"]
    assert [file.name for file in left] == ["README.md"]
    with pytest.raises(PermanentFault, match="there is no file or folder"):
        files_in([tmp_path / "nowhere"])


def test_a_file_that_is_named_and_has_no_form_is_kept_as_unreadable(tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(b"%PDF")
    (file,), _ = files_in([tmp_path / "scan.pdf"])
    assert "has no form that is known; give .eml, .json, .txt" in read(file)[1]


def test_a_file_that_is_too_big_is_kept_by_name_and_size(tmp_path: Path) -> None:
    with (tmp_path / "big.eml").open("wb") as big:
        big.truncate(40_000_000)
    arrival, why = read(tmp_path / "big.eml")
    assert "40000000 bytes" in why
    assert (arrival.source, arrival.text) == ("big.eml", "")


_NAMES = [*TICKET["ticket"], *PORTAL, *PORTAL["data"], "email", "name", "external_id", "file_name", "size"]
_LEAF = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10)
_INNER = st.dictionaries(st.sampled_from(_NAMES), _LEAF | st.lists(_LEAF, max_size=2), max_size=3)
_TICKETS = st.fixed_dictionaries({"ticket": st.dictionaries(st.sampled_from(_NAMES), _LEAF | _INNER, max_size=6)})
_EVENTS = st.fixed_dictionaries({"id": _LEAF, "type": st.just(portal.EVENT), "data": _INNER})


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(_TICKETS | _EVENTS)
def test_no_payload_breaks_the_readers(payload: dict[str, Any]) -> None:
    content = json.dumps(payload).encode()
    for reader in (ticket.read_ticket, portal.read_portal):
        try:
            found = reader(forms.json_object(content), "x.json")
        except Unreadable as fault:
            assert "\n" not in fault.sentence
        else:
            assert found.model_dump_json()


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"Account: {text}\nTaken by: {text}".encode()))
def test_no_bytes_break_a_note(content: bytes) -> None:
    try:
        found = note.read_note(content, "n.txt")
    except Unreadable as fault:
        assert "\n" not in fault.sentence
    else:
        assert found.model_dump_json()
