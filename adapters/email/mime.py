"""A letter as the bytes of a mail: parts, files, thread, and headers that nobody can smuggle into."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage, Message
from email.policy import SMTP, Policy
from urllib.parse import quote

from models.case import RefusalType
from models.faults import PermanentFault
from models.letter import Attachment, Letter, LetterKind, Mailbox

NO_MORE = "No more of these letters, please"
"""The subject of a wish for no more; it holds no word that would make an incoming mail a cancellation."""


class _AsItIs(UnstructuredHeader, BaseHeader):
    """A header that is never folded or encoded: half a Message-ID is none, and an encoded one neither."""

    def fold(self, *, policy: Policy[Message[str, str]]) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
for _name in ("message-id", "in-reply-to", "references", "list-unsubscribe"):
    _HEADERS.map_to_type(_name, _AsItIs)
_ASCII = SMTP.clone(header_factory=_HEADERS)
_UTF8 = _ASCII.clone(utf8=True)


def needs_utf8(letter: Letter) -> bool:
    """Whether an address of the letter can only be written to a server that knows SMTPUTF8."""
    ends = (letter.to, letter.sender, letter.reply_to or letter.sender)
    return not all(on_the_wire(end.address).isascii() for end in ends)


def on_the_wire(address: str) -> str:
    """An address with its domain as the name system knows it. Raises ``PermanentFault(MailRefused)`` for no domain."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"
    except UnicodeError:
        sentence = "Email: the domain of an address of this letter is no domain; correct the address where it is kept."
        raise PermanentFault(RefusalType.MAIL_REFUSED, sentence) from None


def written(letter: Letter, message_id: str, at: datetime) -> bytes:
    """The whole mail, the same for the same letter, id and moment but for the boundaries between its parts.

    Raises ``PermanentFault(MailRefused)`` for a file without its bytes, and for a header of more than one line.
    """
    mail = EmailMessage(policy=_UTF8 if needs_utf8(letter) else _ASCII)
    try:
        for name, value in _headers(letter, message_id).items():
            mail[name] = value
    except ValueError:
        sentence = "Email: a name, address or subject of this letter is no single line; correct it where it is kept."
        raise PermanentFault(RefusalType.MAIL_REFUSED, sentence) from None
    mail["Date"] = at
    mail.set_content(letter.text)
    if letter.html:
        mail.add_alternative(letter.html, subtype="html")
    for file in letter.attachments:
        _attach(mail, file)
    return mail.as_bytes()


def _headers(letter: Letter, message_id: str) -> dict[str, str | Address]:
    headers: dict[str, str | Address] = {
        "From": _mailbox(letter.sender),
        "To": _mailbox(letter.to),
        "Subject": _plain(letter.subject),
        "Message-ID": f"<{message_id}>",
    }
    if letter.reply_to:
        headers["Reply-To"] = _mailbox(letter.reply_to)
    if letter.in_reply_to:
        headers["In-Reply-To"] = f"<{letter.in_reply_to}>"
    if thread := letter.in_reply_to or _thread_of_staff(letter):
        headers["References"] = f"<{thread}>"
    if letter.automatic:
        headers["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe:
        asked = on_the_wire((letter.reply_to or letter.sender).address)
        headers["List-Unsubscribe"] = f"<mailto:{quote(asked, '@')}?subject={quote(NO_MORE)}>"
    return headers


def _thread_of_staff(letter: Letter) -> str:
    """What the notices of one case to the team refer to, so that mail programs show them as one conversation."""
    if letter.kind is not LetterKind.STAFF or not letter.case_id:
        return ""
    domain = on_the_wire(letter.sender.address).rpartition("@")[2]
    return f"{hashlib.sha256(letter.case_id.encode()).hexdigest()[:32]}.case@{domain}"


def _mailbox(box: Mailbox) -> Address:
    local, _, domain = on_the_wire(box.address).rpartition("@")
    return Address(display_name=_plain(box.name), username=local, domain=domain)


def _plain(text: str) -> str:
    """Text that no mail program reads as an encoded word of somebody's own making."""
    return text.replace("=?", "= ?")


def _attach(mail: EmailMessage, file: Attachment) -> None:
    if not file.content:
        sentence = (
            f"Email: the file '{file.name}' of this letter is not there; attach it to the letter or send it by hand."
        )
        raise PermanentFault(RefusalType.MAIL_REFUSED, sentence)
    kind, _, subtype = file.media_type.partition("/")
    mail.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.file_name)
