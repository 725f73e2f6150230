"""Requests by email: one ``.eml`` file as an Arrival."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime

from adapters.inbound import hypertext
from adapters.inbound.cleaning import TEXT_MOST, address, cleaned, hashed_id, one_line
from adapters.inbound.fault import Unreadable
from models.cancellation import RequestChannel
from models.inbound import Arrival, Attachment

HEAD_MOST = 65_536
HEADER_MOST = 2_000  # the standard library takes more than linear time on a long one
PARTS_MOST = 200
DEEPEST = 50
LINES_BETWEEN_MOST = 2_000
_TOO_MANY = f"this mail has more than {PARTS_MOST} parts, or parts within parts within parts; open it by hand"
_AS_WRITTEN = ("from", "received", "date", "message-id")  # read by parts, or kept exactly
BODY_MOST = 1_000_000
_BROKEN = (
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    RecursionError,
    OverflowError,
    MessageError,
)
_PART_HEADS = re.compile(rb"^content-[a-z\-]+[ \t]*:(?:[^\n]*\n[ \t])*[^\n]*", re.IGNORECASE | re.MULTILINE)
_ABSENT = re.compile(r"auto-(?:generated|replied|notified)", re.IGNORECASE)
_ROBOTS = re.compile(r"^(?:mailer-daemon|postmaster|no-?reply|donotreply)@", re.IGNORECASE)
_FAILED = re.compile(r"\bdmarc\s*=\s*fail\b", re.IGNORECASE)


def read_mail(content: bytes, source: str) -> Arrival:
    """A mail as it arrived. Raises ``Unreadable``, and nothing else, for what is no mail or has no words in it."""
    try:
        return _read(content, source)
    except _BROKEN as error:
        raise Unreadable(f"this is no mail that can be read ({type(error).__name__}); open it by hand") from error


def _read(content: bytes, source: str) -> Arrival:
    _check_head(content)
    _check_parts(content)
    message = message_from_bytes(content, policy=policy.default)
    heads = _heads(message)
    sender, name, doubt = _sender(heads)
    subject, parts = one_line(_first(heads, "subject")), _parts(message)
    text, at = _text(parts), _received(heads)
    if not (sender or subject) or not (subject or text):
        raise Unreadable("this is no mail: it has no sender, or neither a subject nor any words")
    return Arrival(
        id=hashed_id("mail", _identity(heads, sender, subject, text)),
        channel=RequestChannel.EMAIL,
        source=source,
        sender=sender,
        sender_name=name,
        subject=subject,
        text=text,
        at=at,
        automatic=_automatic(heads, sender),
        doubt=doubt,
        attachments=tuple(_attachment(part) for part in parts if _is_attached(part)),
    )


def _check_head(content: bytes) -> None:
    head = re.split(rb"\r?\n\r?\n", content[: HEAD_MOST + 2], maxsplit=1)[0]
    if len(head) > HEAD_MOST:
        raise Unreadable(f"the head of this mail is longer than {HEAD_MOST} bytes; open it by hand")
    if not re.match(rb"(?:>?From [^\n]*\n)?[A-Za-z][A-Za-z0-9\-]*[ \t]*:", head):
        raise Unreadable("this is no mail: it does not begin with headers such as 'From:'")


def _check_parts(content: bytes) -> None:
    """Parts within parts and endless ones cost the standard library more than linear time, so they are not tried."""
    if any(len(found.group()) > HEADER_MOST for found in _PART_HEADS.finditer(content)):
        raise Unreadable(f"a part of this mail has a head of more than {HEADER_MOST} bytes; open it by hand")
    nested = content.lower().count(b"multipart/")
    if nested > DEEPEST or (nested and content.count(b"\n--") > LINES_BETWEEN_MOST):
        raise Unreadable(_TOO_MANY)


def _heads(message: EmailMessage | Message) -> dict[str, list[str]]:
    """Every header by its small name, decoded, the first ones first; one that cannot be decoded as it stands."""
    found: dict[str, list[str]] = {}
    for name, raw in message.raw_items():
        unfolded = str(raw)[:HEADER_MOST].replace("\r", "").replace("\n", "")
        known = name.lower()
        found.setdefault(known, []).append(unfolded if known in _AS_WRITTEN else _decoded(name, unfolded))
    return found


def _decoded(name: str, unfolded: str) -> str:
    try:
        return str(policy.default.header_factory(name, unfolded))
    except _BROKEN:
        return unfolded


def _first(heads: dict[str, list[str]], name: str) -> str:
    return next(iter(heads.get(name, [])), "")


def _sender(heads: dict[str, list[str]]) -> tuple[str, str, str]:
    """Address and name of the one sender, and why that may be another; no address where there are several."""
    named = [pair for text in heads.get("from", []) for pair in _mailboxes(text)]
    addresses = tuple(dict.fromkeys(one for _, one in named))
    if len(addresses) != 1:
        return "", "", f"it names {len(addresses)} senders" if addresses else ""
    sender, name = addresses[0], one_line(named[0][0], 120)
    return sender, name, _doubt(heads, sender, name)


def _mailboxes(text: str) -> list[tuple[str, str]]:
    """Name and address of each mailbox; an encoded name is decoded after the addresses were told apart."""
    header = policy.default.header_factory("from", text)
    return [(one.display_name, found) for one in header.addresses if (found := address(one.addr_spec))]


def _doubt(heads: dict[str, list[str]], sender: str, name: str) -> str:
    """Only the first verdict counts: our own mail server puts it on top, and a sender may write further ones."""
    if _FAILED.search(_first(heads, "authentication-results")):
        return f"the mail server could not confirm that {sender} sent it (DMARC failed)"
    shown = re.search(r"[^\s<>\"']+@[^\s<>\"']+", name)
    if shown and address(shown.group()) not in ("", sender):
        return f"it shows {one_line(shown.group(), 80)} as its sender, and came from {sender}"
    return ""


def _automatic(heads: dict[str, list[str]], sender: str) -> bool:
    bulk = _first(heads, "precedence").strip().lower() in ("bulk", "junk", "list", "auto_reply")
    empty_path = _first(heads, "return-path").strip() == "<>"
    told = _ABSENT.search(_first(heads, "auto-submitted")) or "x-autoreply" in heads
    return bool(bulk or empty_path or told or _ROBOTS.match(sender))


def _received(heads: dict[str, list[str]]) -> datetime | None:
    """When the mail was received (UTC): by the last server's stamp, else by the sender's clock; none where neither reads."""
    stamped = [text.rpartition(";")[2] for text in heads.get("received", [])[:1]]
    for text in (*stamped, *heads.get("date", [])[:1]):
        try:
            found = parsedate_to_datetime(text.strip())
            at = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        except _BROKEN:
            continue
        if 2000 <= at.year < 2200:
            return at
    return None


def _identity(heads: dict[str, list[str]], sender: str, subject: str, text: str) -> str:
    """Its Message-ID; without one, what it says, so that the same mail is the same."""
    named = one_line(_first(heads, "message-id"), 990)
    return named or "\n".join((sender, _first(heads, "date"), subject, text))


def _parts(message: EmailMessage | Message) -> list[Message]:
    parts = [part for part in _walk(message) if not part.is_multipart() or part.get_content_type() == "message/rfc822"]
    if len(parts) > PARTS_MOST:
        raise Unreadable(_TOO_MANY)
    return parts


def _walk(part: Message) -> list[Message]:
    """The parts in their order; a mail that is attached stays whole, since its words are another's."""
    waiting: list[Message] = [part]
    found: list[Message] = []
    while waiting and len(found) <= PARTS_MOST * 2:
        one = waiting.pop(0)
        found.append(one)
        inner = one.get_payload()
        if one.is_multipart() and isinstance(inner, list) and one.get_content_maintype() == "multipart":
            waiting = [each for each in inner if isinstance(each, Message)] + waiting
    return found


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_file_name(part)) or not _is_text(part)


def _is_text(part: Message) -> bool:
    return part.get_content_type() in ("text/plain", "text/html")


def _text(parts: list[Message]) -> str:
    """The plain text, or what the HTML shows where there is none."""
    bodies = [part for part in parts if not _is_attached(part)]
    plain = cleaned("\n".join(_words(part) for part in bodies if part.get_content_type() == "text/plain"), TEXT_MOST)
    if plain:
        return plain
    shown = [hypertext.text_of(_words(part)) for part in bodies if part.get_content_type() == "text/html"]
    return cleaned("\n".join(shown), TEXT_MOST)


def _words(part: Message) -> str:
    """The part as text in the charset that it names, in UTF-8 or Western European where it names none that is known."""
    content = _bytes(part)[:BODY_MOST]
    for charset in (str(part.get_content_charset() or ""), "utf-8"):
        try:
            return content.decode(charset)
        except (LookupError, ValueError, TypeError):
            continue
    return content.decode("cp1252", "replace")


def _bytes(part: Message) -> bytes:
    try:
        content = part.as_bytes() if part.is_multipart() else part.get_payload(decode=True)
    except _BROKEN:
        content = str(part.get_payload()).encode("utf-8", "replace")
    return content if isinstance(content, bytes) else b""


def _file_name(part: Message) -> str:
    try:
        return one_line(part.get_filename() or "", 120)
    except _BROKEN:
        return "a name that cannot be read"


def _attachment(part: Message) -> Attachment:
    content = _bytes(part)
    name = _file_name(part) or one_line(part.get_content_type(), 120)
    return Attachment(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())
