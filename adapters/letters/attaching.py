"""The files that go with a letter: those that the case gives, and the final invoice of a customer who leaves (OFFB-22)."""

from __future__ import annotations

from adapters.letters.catalogue import MessageSpec
from adapters.letters.checks import refuse
from adapters.letters.port import MissingPart
from models.letter import Attachment
from models.work import DraftMessage

INVOICE = "final_invoice"


def attached(spec: MessageSpec, message: DraftMessage) -> tuple[Attachment, ...]:
    """The files of a message; one that it speaks of and that is not there is refused."""
    lacking = [gap.name for gap in missing(spec, message)]
    if lacking:
        refuse(f"Not attached: {', '.join(lacking)}; the message says that it is, so add it first.")
    return _all(spec, message)


def missing(spec: MessageSpec, message: DraftMessage) -> tuple[MissingPart, ...]:
    """The files without which the message does not leave, and that are not there."""
    there = {one.name for one in _all(spec, message)}
    return tuple(MissingPart(name=name, what="a file that goes with it") for name in spec.attaches if name not in there)


def _all(spec: MessageSpec, message: DraftMessage) -> tuple[Attachment, ...]:
    given = {one.name for one in message.attachments}
    wanted = INVOICE in spec.attaches and INVOICE not in given
    return message.attachments + (_invoice(message) if wanted else ())


def _invoice(message: DraftMessage) -> tuple[Attachment, ...]:
    number = message.leaving.invoice if message.leaving else ""
    if not number:
        return ()
    file_name = f"{number}.pdf"
    return (Attachment(name=INVOICE, file_name=file_name, media_type="application/pdf", document=number),)
