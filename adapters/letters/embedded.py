"""Letters from the templates of the messages folder, with the drafts kept in the database."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from adapters.crm.port import CrmPort
from adapters.database import Database
from adapters.directory.port import DirectoryPort
from adapters.exports.port import ExportsPort
from adapters.invoices.port import InvoicesPort
from adapters.letters import attaching, checks, correspondents, hypertext, knowing, leaving
from adapters.letters.catalogue import MessageSpec, PartRule, PartSpec, Signed, load_catalogue
from adapters.letters.checks import Parts
from adapters.letters.correspondents import Correspondents, Ends
from adapters.letters.drafts import Drafts, StoredDraft
from adapters.letters.port import Draft, DraftPart
from adapters.letters.staff import StaffLetters
from adapters.letters.templates import Reader, Templates, Written
from models.case import Edit
from models.directory import Card
from models.leaving_facts import LeavingFacts
from models.letter import Attachment, Letter, LetterKind, Mailbox
from models.work import DraftMessage, NotifyTeam, Receipt, ReleaseMessage, SendDigest

_CONTACT = DraftPart(name="contact", what="whom to write to; add a contact of the account in the CRM")
_SIGNER = DraftPart(name="signature", what="who signs, with a job title in the team directory")


class EmbeddedLetters:
    """The embedded ``LettersPort``. ``folder`` is ``playbooks/messages``, ``sender`` where mail comes from.

    ``download_page`` is the URL at which customers use the codes of their exports, if there is one.
    """

    def __init__(
        self,
        database: Database,
        directory: DirectoryPort,
        crm: CrmPort,
        exports: ExportsPort,
        invoices: InvoicesPort,
        folder: Path,
        sender: Mailbox,
        download_page: str = "",
    ) -> None:
        self._drafts = Drafts(database)
        self._exports = exports
        self._invoices = invoices
        self._correspondents = Correspondents(directory, crm)
        self._templates = Templates(folder)
        self._catalogue = load_catalogue(folder)
        self._staff = StaffLetters(self._templates, sender)
        self._sender = sender
        self._download_page = download_page

    async def draft(self, message: DraftMessage) -> Receipt:
        """Keep a draft, once for its key; its text shows what is still to be written."""
        spec = self._catalogue.message(message.template)
        ends = await self._correspondents.ends(message, message.signer, message.stands_in_for)
        shown = self._write(message, ends, _marked(spec, await self._given(spec, message, ends)))
        return await self._drafts.keep(message, self._language(message, ends), shown)

    async def others(self, account_id: str, reader: str) -> tuple[str, ...]:
        """See LettersPort."""
        return await self._correspondents.others(account_id, reader)

    async def preview(self, case_id: str, message_id: str) -> Draft:
        """A draft as it stands, with the parts that are still to be written."""
        stored = await self._drafts.find(case_id, message_id)
        message = stored.message
        spec = self._catalogue.message(message.template)
        ends = await self._correspondents.ends(message, message.signer, message.stands_in_for)
        parts = stored.parts or await self._given(spec, message, ends)
        shown = self._write(message, ends, _marked(spec, parts))
        gaps = tuple(_asked(part) for part in checks.missing(spec, parts))
        return Draft(
            case_id=case_id,
            message_id=message_id,
            template=message.template,
            language=self._language(message, ends),
            to=ends.contact.id if ends.contact else "",
            subject=shown.subject,
            text=shown.text,
            missing=gaps + attaching.missing(spec, message) + _missing_ends(spec, ends),
            optional=tuple(_asked(part) for part in _open_choices(spec, parts)),
            filled=tuple(_asked(part) for part in spec.parts if part.name in parts),
        )

    async def compose(self, release: ReleaseMessage) -> Letter:
        """The finished letter, after every check; what it was composed from is noted on the draft."""
        stored = await self._drafts.find(release.case_id, release.message_id)
        message = stored.message
        spec = self._catalogue.message(message.template)
        ends = await self._correspondents.ends(message, release.by, release.stands_in_for)
        language = self._language(message, ends)
        parts = self._parts(spec, await self._given(spec, message, ends), release, language)
        head = self._head(spec, ends)
        attached = await self._whole(attaching.attached(spec, message), message.account_id, ends)
        await self._check_own(spec, stored, parts, ends)
        done = self._write(message, ends, _filled(spec, parts), release.at)
        checks.check_subject(done.subject, self._catalogue.limits)
        await self._drafts.released(release, parts, language, done)
        return Letter(
            **head,
            subject=done.subject,
            text=done.text,
            html=hypertext.from_text(done.text, language),
            in_reply_to=await self._drafts.first_mail(release),
            kind=LetterKind.CUSTOMER,
            case_id=release.case_id,
            attachments=attached,
            automatic=spec.signed is Signed.TEAM,
            unsubscribe=spec.unsubscribe,
        )

    async def _whole(self, files: tuple[Attachment, ...], account_id: str, ends: Ends) -> tuple[Attachment, ...]:
        """The files with the bytes of an invoice, so that the letter is whole wherever it is sent from."""
        return tuple([await self._printed(one, account_id, ends) for one in files])

    async def _printed(self, file: Attachment, account_id: str, ends: Ends) -> Attachment:
        if file.name != attaching.INVOICE or file.content:
            return file
        paper = await self._invoices.pdf(account_id, file.document, ends.locale)
        return Attachment(**(file.model_dump() | {"content": b64encode(paper), "document": ""}))

    def digest(self, request: SendDigest, card: Card, account_name: str) -> Letter:
        """All that one member of the team must be told now about a case, in one letter."""
        return self._staff.digest(request, card, account_name)

    def notice(self, request: NotifyTeam, card: Card, account_name: str) -> Letter:
        """A notice about a step to one member of the team."""
        return self._staff.notice(request, card, account_name)

    async def _given(self, spec: MessageSpec, message: DraftMessage, ends: Ends) -> Parts:
        reader = self._templates.reader(message.template, ends.locale, ends.account.works.time_zone)
        names = await self._correspondents.names(one.owner for one in message.told.promises)
        of_leaving = await self._of_leaving(message.leaving, reader, ends) if message.leaving else {}
        given = knowing.given(spec, message, self._templates, reader, names)
        return given | {
            part.name: of_leaving[part.name] for part in spec.parts if part.given and part.name in of_leaving
        }

    async def _of_leaving(self, facts: LeavingFacts, reader: Reader, ends: Ends) -> dict[str, str]:
        around = leaving.Around(
            contact=self._sender.address,
            code=await self._code(facts),
            page=self._download_page,
            consumer=ends.is_consumer,
        )
        return leaving.told(facts, self._templates, reader, around)

    async def _code(self, facts: LeavingFacts) -> str:
        """The download code of the export; it is good for as long as the letter will say."""
        if not facts.export:
            return ""
        if facts.export_until is None:
            return (await self._exports.find(facts.export)).code
        return (await self._exports.extend(facts.export, facts.export_until)).code

    def _parts(self, spec: MessageSpec, given: Parts, release: ReleaseMessage, language: str) -> Parts:
        by_hand = checks.written(spec, release.edits, self._catalogue)
        known = [Edit(name=name, text=text) for name, text in given.items() if name not in by_hand]
        parts = checks.written(spec, known, self._catalogue) | by_hand
        checks.check(spec, parts, self._catalogue)
        return {name: self._catalogue.phrases.spoken(text, language) for name, text in parts.items()}

    async def _check_own(self, spec: MessageSpec, stored: StoredDraft, parts: Parts, ends: Ends) -> None:
        silent = {part.name: "" for part in spec.parts if PartRule.OWN in part.rules}
        anyway = self._write(stored.message, ends, _filled(spec, parts) | silent)
        earlier = await self._drafts.earlier(stored.message)
        said = checks.fingerprint(spec, earlier.parts) if earlier else None
        checks.check_own(spec, parts, anyway.text, said)

    def _language(self, message: DraftMessage, ends: Ends) -> str:
        return self._templates.reader(message.template, ends.locale, ends.account.works.time_zone).language

    def _write(
        self, message: DraftMessage, ends: Ends, parts: Mapping[str, str | None], today: datetime | None = None
    ) -> Written:
        reader = self._templates.reader(message.template, ends.locale, ends.account.works.time_zone)
        values = {
            "account": ends.account.name.strip(),
            "customer": ends.contact.name.strip() if ends.contact else _mark(_CONTACT),
            "team": self._sender,
            "signer": ends.signer or Card(id=ends.signer_id, name=_mark(_SIGNER), email=""),
            "at": message.at,
            "today": today or message.at,
            "opened_at": message.opened_at,
            "occurrence": message.occurrence,
            "consumer": ends.is_consumer,
            "stands_for": ends.stands_for,
            "stands_in": ends.stands_in,
        }
        return self._templates.write(message.template, reader, values | dict(parts))

    def _head(self, spec: MessageSpec, ends: Ends) -> dict[str, Any]:
        """Who gets it, from whom it comes, and where answers go; a letter of the team needs nobody's signature."""
        if spec.signed is Signed.TEAM:
            return {"to": correspondents.recipient(ends), "sender": self._sender}
        checked = correspondents.checked(ends)
        sender = Mailbox(address=self._sender.address, name=checked.signer.name)
        return {"to": checked.to, "sender": sender, "reply_to": checked.signer}


def _filled(spec: MessageSpec, parts: Parts) -> dict[str, str | None]:
    return {part.name: parts.get(part.name) for part in spec.parts}


def _marked(spec: MessageSpec, parts: Parts) -> dict[str, str | None]:
    """The parts, with a mark in the place of each one that must still be written."""
    gaps = {part.name: f"⟪{checks.asked_for(spec, part)}⟫" for part in checks.missing(spec, parts)}
    return _filled(spec, parts | gaps)


def _mark(gap: DraftPart) -> str:
    return f"⟪{gap.name}: {gap.what}⟫"


def _asked(part: PartSpec) -> DraftPart:
    return DraftPart(name=part.name, what=part.what)


def _open_choices(spec: MessageSpec, parts: Parts) -> tuple[PartSpec, ...]:
    return tuple(part for part in spec.parts if part.name not in parts and (part.instead_of or not part.required))


def _missing_ends(spec: MessageSpec, ends: Ends) -> tuple[DraftPart, ...]:
    signed = spec.signed is Signed.TEAM or (ends.signer is not None and bool(ends.signer.title.strip()))
    return (() if ends.contact else (_CONTACT,)) + (() if signed else (_SIGNER,))
