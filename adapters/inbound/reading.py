"""From files to arrivals: each file by its form; what cannot be read is an arrival, too, for a person."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from adapters.inbound import forms, mail, note, portal, ticket
from adapters.inbound.cleaning import cleaned, one_line
from adapters.inbound.fault import Unreadable
from models.cancellation import RequestChannel
from models.faults import PermanentFault
from models.inbound import Arrival

BIGGEST = 30_000_000  # bytes; mail servers take less
FORMS = {".eml": RequestChannel.EMAIL, ".json": RequestChannel.TICKET, ".txt": RequestChannel.CSM}


def files_in(places: Iterable[Path]) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """The files to read, each once, and those of folders that are left out since they have no form of ours.

    Raises ``PermanentFault("UnknownFile")`` for a place that is not there.
    """
    taken: list[Path] = []
    left: list[Path] = []
    for place in places:
        if not (place.is_file() or place.is_dir()):
            raise PermanentFault("UnknownFile", f"there is no file or folder {place}; check the path")
        for file in _below(place):
            fits = file.is_file() and file.suffix.lower() in FORMS
            (taken if place.is_file() or fits else left).append(file)
    return tuple(dict.fromkeys(taken)), tuple(dict.fromkeys(left))


def read(file: Path) -> tuple[Arrival, str]:
    """The file as an arrival, and why it cannot be read: empty where it can."""
    size = 0
    try:
        size = file.stat().st_size
        if size > BIGGEST:
            raise Unreadable(f"this file has {size} bytes, more than {BIGGEST}; open it by hand")
        content = file.read_bytes()
    except OSError as error:
        return _unread(file, b"", size), f"the file cannot be read ({error.strerror or 'unknown reason'})"
    except Unreadable as fault:
        return _unread(file, b"", size), fault.sentence
    return read_bytes(content, str(file))


def read_bytes(content: bytes, name: str) -> tuple[Arrival, str]:
    """What came without a file, as an arrival; ``name`` says by its ending what it is."""
    try:
        return _by_form(Path(name), content), ""
    except Unreadable as fault:
        return _unread(Path(name), content, len(content)), fault.sentence


def _below(place: Path) -> Iterator[Path]:
    if place.is_dir():
        yield from sorted(file for file in place.rglob("*") if not file.is_dir() and not file.name.startswith("."))
    else:
        yield place


def _by_form(file: Path, content: bytes) -> Arrival:
    match file.suffix.lower():
        case ".eml":
            return mail.read_mail(content, _name(file))
        case ".txt":
            return note.read_note(content, _name(file))
        case ".json":
            return _payload(content, _name(file))
        case _:
            raise Unreadable(f"'{_name(file)}' has no form that is known; give {', '.join(FORMS)}")


def _payload(content: bytes, source: str) -> Arrival:
    payload = forms.json_object(content)
    if ticket.is_ticket(payload):
        return ticket.read_ticket(payload, source)
    if portal.is_portal(payload):
        return portal.read_portal(payload, source)
    raise Unreadable("this JSON is neither a ticket ('ticket') nor an event of the portal ('type' and 'data')")


def _unread(file: Path, content: bytes, size: int) -> Arrival:
    """What is kept of a file that nobody could read: its words as far as there are any, and its name."""
    known = content or f"{file.absolute()} {size}".encode("utf-8", "replace")
    return Arrival(
        id=f"file-{hashlib.sha256(known).hexdigest()[:20]}",
        channel=FORMS.get(file.suffix.lower(), RequestChannel.EMAIL),
        source=_name(file),
        text=cleaned(content[:200_000].decode("utf-8", "replace")),
    )


def _name(file: Path) -> str:
    return one_line(file.name, 120)
