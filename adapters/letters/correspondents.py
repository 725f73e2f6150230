"""The two ends of a message: who signs it, and who at the customer gets it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from adapters.crm.port import CrmPort
from adapters.directory.port import DirectoryPort
from adapters.letters.checks import mailbox, one_line, refuse
from models.account import CustomerType
from models.base import Record
from models.case import RefusalType
from models.crm import AccountRecord, Contact
from models.directory import Card
from models.faults import PermanentFault
from models.letter import Mailbox
from models.people import PersonId
from models.work import DraftMessage

_LEFT_OPEN = re.compile(r"[{}<>\[\]]")


class Ends(Record):
    """Who signs and who gets a message; ``signer`` and ``contact`` are None where they are unknown.

    ``stands_for`` is the name of the person who wrote to the customer first, where another one signs in their place;
    ``stands_in`` that of whom the signer stands in for until they are back.
    """

    account: AccountRecord
    contact: Contact | None
    signer: Card | None
    signer_id: PersonId
    stands_for: str = ""
    stands_in: str = ""

    @property
    def is_consumer(self) -> bool:
        """Whether the customer is a private person, who has no team."""
        return self.account.customer_type is CustomerType.CONSUMER

    @property
    def locale(self) -> str:
        """The language to write in: the contact's own, else that of the account (AMB-42)."""
        return (self.contact.locale if self.contact else "") or self.account.locale


class CheckedEnds(Record):
    """Both ends of a letter that may leave."""

    to: Mailbox
    signer: Mailbox


class Correspondents:
    """Looks both ends up, in the CRM and in the team directory."""

    def __init__(self, directory: DirectoryPort, crm: CrmPort) -> None:
        self._directory = directory
        self._crm = crm

    async def ends(self, message: DraftMessage, signer: PersonId, stands_in_for: PersonId) -> Ends:
        """Both ends of a message; it goes to the account's own contact where the contact that it names is not there.

        Raises ``PermanentFault(UnknownAccount)`` where there is no such account.
        """
        account = await self._crm.account(message.account_id)
        contacts = await self._crm.contacts(message.account_id)
        known = {contact.id: contact for contact in reversed(contacts)}
        first = contacts[0] if contacts else None
        contact = known.get(message.reader) or known.get(account.contact_id or "") or first
        card = await self._card(signer)
        replaced = await self._another(message.first_writer, signer)
        away = await self._another(stands_in_for, signer)
        return Ends(
            account=account, contact=contact, signer=card, signer_id=signer, stands_for=replaced, stands_in=away
        )

    async def _another(self, person: PersonId, signer: PersonId) -> str:
        """The name of that person, where somebody else signs."""
        if not person or person == signer:
            return ""
        return (await self.names((person,))).get(person, "")

    async def others(self, account_id: str, reader: str) -> tuple[str, ...]:
        """The contacts of an account, in order, without that one, or without its own where nobody is named."""
        account = await self._crm.account(account_id)
        contacts = await self._crm.contacts(account_id)
        return tuple(contact.id for contact in contacts if contact.id != (reader or account.contact_id))

    async def names(self, people: Iterable[PersonId]) -> dict[PersonId, str]:
        """The names of those of these people whom the directory knows."""
        found = [await self._card(person) for person in sorted(set(people))]
        return {card.id: card.name.strip() for card in found if card and card.name.strip()}

    async def _card(self, person: PersonId) -> Card | None:
        try:
            return await self._directory.card(person)
        except PermanentFault as fault:
            if fault.kind != RefusalType.UNKNOWN_PERSON:
                raise
            return None


def checked(ends: Ends) -> CheckedEnds:
    """Both ends as mailboxes. A missing contact, signer or title is refused (CANC-21), as is a name that is no name."""
    return CheckedEnds(to=recipient(ends), signer=_signature(ends))


def recipient(ends: Ends) -> Mailbox:
    """Who gets the message. A missing contact and a name that is none are refused."""
    one_line(ends.account.name, f"The name of account {ends.account.id}")
    contact = ends.contact
    if contact is None:
        refuse(f"Account {ends.account.id} has no contact to write to; add one in the CRM.")
    return _mailbox(contact.email, contact.name, f"contact {contact.id}")


def _signature(ends: Ends) -> Mailbox:
    signer = ends.signer
    if signer is None:
        refuse(f"The signature is missing: nobody in the team directory has the id '{ends.signer_id}'.")
    if not signer.title.strip():
        refuse(f"The signature is missing: {signer.id} has no job title in the team directory; add it there.")
    one_line(signer.phone, f"The phone number of {signer.id}")
    one_line(signer.title, f"The job title of {signer.id}")
    return _mailbox(signer.email, signer.name, signer.id)


def _mailbox(address: str, name: str, who: str) -> Mailbox:
    plain = one_line(name, f"The name of {who}")
    if not plain or _LEFT_OPEN.search(plain):
        refuse(f"The name of {who} is not a person's name; write it out where it is kept.")
    return mailbox(address, plain, who)
