"""Requests that a CSM heard: a note in plain text, a head of ``Name: value`` lines above what was said."""

from __future__ import annotations

import re

from adapters.inbound.cleaning import address, cleaned, hashed_id, one_line
from adapters.inbound.fault import Unreadable
from adapters.inbound.forms import day, moment
from models.cancellation import RequestChannel
from models.inbound import Arrival

NEEDED = ("account", "taken by")
KNOWN = (*NEEDED, "asked by", "at", "end date", "id")
_LINE = re.compile(r"\s*([A-Za-z][A-Za-z ]{0,20}?)\s*:\s*(.*)")


def read_note(content: bytes, source: str) -> Arrival:
    """A note as it was taken. Raises ``Unreadable`` for one that does not say whose account it is, or who took it in."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("this note is not UTF-8 text; save it as UTF-8") from error
    head, words = _parted(text)
    lacking = [name for name in NEEDED if not head.get(name)]
    if lacking:
        raise Unreadable(f"this note has no line '{lacking[0].capitalize()}: ...'; write it above an empty line")
    said = one_line(head.get("asked by", ""), 120)
    end = day(head["end date"]) if head.get("end date") else None
    if head.get("end date") and end is None:
        raise Unreadable(f"the end date of this note is '{one_line(head['end date'], 40)}'; write it like 2026-12-31")
    return Arrival(
        id=hashed_id("note", one_line(head.get("id", "")) or text),
        channel=RequestChannel.CSM,
        source=source,
        sender=address(said),
        subject=one_line(words.strip().split("\n")[0], 80),
        text=cleaned(words),
        at=moment(head.get("at", "")),
        account_id=one_line(head["account"], 80),
        contact=said,
        taken_by=one_line(head["taken by"], 80),
        exit_date=end,
    )


def _parted(text: str) -> tuple[dict[str, str], str]:
    """The lines of the head by their small names, and the text below."""
    head: dict[str, str] = {}
    lines = text.replace("\r\n", "\n").split("\n")
    for n, line in enumerate(lines):
        found = _LINE.fullmatch(line)
        if not found or found[1].lower() not in KNOWN:
            return head, "\n".join(lines[n:])
        head.setdefault(found[1].lower(), found[2].strip())
    return head, ""
