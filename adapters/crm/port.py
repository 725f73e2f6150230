"""What Followthrough needs of a CRM."""

from __future__ import annotations

from typing import Protocol

from models.account import AccountFile
from models.closing import CloseAccount, TagAccount
from models.crm import AccountRecord, Contact, NoteRecord, SeatRecord, TaskStatus
from models.people import PersonId, RoleId
from models.work import AddNote, Receipt, SyncTasks


class CrmPort(Protocol):
    """Accounts, contacts, seats, tasks and notes. What asks for one account raises
    ``PermanentFault(UnknownAccount)`` where there is none of that id.

    Writes carry a key: the same key twice has one effect and returns the first receipt. A service without keys looks
    for the key on the object first. Raises ``TransientFault`` where the service cannot be reached.
    """

    async def account(self, account_id: str) -> AccountRecord:
        """The account with its name."""
        ...

    async def accounts(self) -> tuple[AccountRecord, ...]:
        """The whole portfolio, by id."""
        ...

    async def account_file(self, account_id: str, people: tuple[PersonId, ...] = ()) -> AccountFile:
        """What a case knows of an account: facts without personal data, and its team with their calendars.

        The team is everyone with a seat, their deputies, and ``people``; ids that the directory does not know are
        left out of it.
        """
        ...

    async def contacts(self, account_id: str) -> tuple[Contact, ...]:
        """The people at the customer, by id."""
        ...

    async def contacts_at(self, addresses: tuple[str, ...], domain: str = "") -> tuple[Contact, ...]:
        """The people at all customers with one of these addresses, and those whose address is at ``domain``, by id.

        Small and capital letters are the same.
        """
        ...

    async def seats_held(self, person_id: PersonId) -> tuple[SeatRecord, ...]:
        """The seats that a person holds or stands in for, by account and role."""
        ...

    async def put_account(self, account: AccountRecord) -> None:
        """Add an account, or replace what is known of it."""
        ...

    async def put_contact(self, contact: Contact) -> None:
        """Add a contact, or replace what is known of them."""
        ...

    async def put_seat(self, seat: SeatRecord) -> None:
        """Give a role on an account to a person (for imports; a case uses ``change_seat``)."""
        ...

    async def change_seat(
        self, account_id: str, role: RoleId, person: PersonId, deputy: PersonId | None, key: str
    ) -> Receipt:
        """Hand a role on an account over to a person, once for the key."""
        ...

    async def sync_tasks(self, request: SyncTasks) -> Receipt:
        """Open and close the tasks of a case in one call, once for the key of the request."""
        ...

    async def add_note(self, request: AddNote) -> Receipt:
        """Write a note on the account, once for the key of the request."""
        ...

    async def close_account(self, request: CloseAccount) -> Receipt:
        """Mark the account as churned, with its reason and a note: no customer, and not in the forecast (OFFB-45).

        Once for the key.
        """
        ...

    async def tag_account(self, request: TagAccount) -> Receipt:
        """Note how a customer who left is remembered (OFFB-50, OFFB-55), once for the key."""
        ...

    async def tasks(self, account_id: str) -> tuple[TaskStatus, ...]:
        """The tasks on an account, the earliest due first."""
        ...

    async def notes(self, account_id: str) -> tuple[NoteRecord, ...]:
        """The notes on an account, the oldest first."""
        ...

    async def check(self) -> str:
        """Nothing where the CRM can be read and written now, else one sentence that says what to do. Writes nothing."""
        ...

    async def prepare(self) -> tuple[str, ...]:
        """Create the fields that the CRM lacks for all this; gives their names. What is there stays as it is."""
        ...
