"""Which property of HubSpot holds what, as a file says, and the values in both directions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import ValidationError, field_validator

from adapters.crm.hubspot.records import HubSpotObject, Kind
from models.account import Money
from models.base import Request
from models.case import RefusalType
from models.crm import AccountRecord, Contact
from models.faults import PermanentFault

PROPERTIES = Path(__file__).with_name("properties.yaml")
"""The map that holds unless another one is named."""

_NAME = ("first_name", "last_name")
_OF_ACCOUNT = frozenset({"currency", *AccountRecord.model_fields}) - {"contract", "works"}
_OF_CONTACT = frozenset({*_NAME, *Contact.model_fields}) - {"name", "account_id"}
_MINOR = 100
T = TypeVar("T", AccountRecord, Contact)


class Marks(Request):
    """The properties by which a task or a note is known to be ours; the key is unique."""

    key: str
    case_id: str


class TaskMarks(Marks):
    """The same of a task, and its step."""

    step: str


class PropertyMap(Request):
    """The names of properties. What is not in it stays in our own database."""

    accounts: dict[str, str]
    contacts: dict[str, str]
    seats: dict[str, str] = {}
    tasks: TaskMarks
    notes: Marks

    @field_validator("accounts")
    @classmethod
    def _accounts(cls, names: dict[str, str]) -> dict[str, str]:
        return _checked(names, _OF_ACCOUNT, {"id", "name"})

    @field_validator("contacts")
    @classmethod
    def _contacts(cls, names: dict[str, str]) -> dict[str, str]:
        return _checked(names, _OF_CONTACT, {"id", "email", "last_name"})

    def names(self, kind: Kind) -> tuple[str, ...]:
        """The properties of a kind that are read and written."""
        return tuple(dict.fromkeys(self._by_kind(kind).values()))

    def unique(self, kind: Kind) -> str:
        """The property of a kind whose values are unique."""
        return self._by_kind(kind)["key" if kind in (Kind.TASKS, Kind.NOTES) else "id"]

    def kept_as(self, kind: Kind, name: str) -> type:
        """What a property holds: ``date``, ``bool``, ``int`` for an amount, else ``str``."""
        models: dict[Kind, type[AccountRecord | Contact]] = {Kind.COMPANIES: AccountRecord, Kind.CONTACTS: Contact}
        field = next((field for field, mapped in self._by_kind(kind).items() if mapped == name), "")
        if kind not in models or field not in models[kind].model_fields:
            return str
        wanted = models[kind].model_fields[field].annotation
        return (
            int if wanted is Money else next((one for one in (date, bool) if one in (wanted, *get_args(wanted))), str)
        )

    def _by_kind(self, kind: Kind) -> dict[str, str]:
        seats = {f"seat of {role}": name for role, name in self.seats.items()}
        marks: dict[Kind, dict[str, str]] = {Kind.TASKS: self.tasks.model_dump(), Kind.NOTES: self.notes.model_dump()}
        return {Kind.COMPANIES: self.accounts | seats, Kind.CONTACTS: self.contacts, **marks}[kind]

    def account(self, company: HubSpotObject, ours: AccountRecord | None) -> AccountRecord:
        """The account as HubSpot has it, and for the rest as we have it."""
        given = {field: company.value(name) for field, name in self.accounts.items()}
        known = ours or AccountRecord(id=given["id"], name=given["id"])
        currency = given.pop("currency", "").upper() or known.arr.currency
        minor = _minor(given.pop("arr"), given["id"]) if "arr" in given else known.arr.minor
        theirs = {field: value or _empty(AccountRecord, field) for field, value in given.items()}
        theirs |= {"name": given["name"] or given["id"], "arr": {"minor": minor, "currency": currency}}
        return _shaped(known, theirs, f"company of account '{given['id']}'")

    def company(self, account: AccountRecord) -> dict[str, str]:
        """The properties of an account's company."""
        said = account.model_dump() | {"arr": _major(account.arr), "currency": account.arr.currency}
        return {name: _text(said[field]) for field, name in self.accounts.items()}

    def contact(self, person: HubSpotObject, account_id: str, ours: Contact | None) -> Contact:
        """The contact as HubSpot has them, and for the rest as we have them."""
        given = {field: person.value(name) for field, name in self.contacts.items()}
        own_id = self.contact_id(person)
        named = " ".join(filter(None, (given.pop(part, "") for part in _NAME))) or given["email"] or own_id
        theirs = {field: value or _empty(Contact, field) for field, value in given.items()}
        theirs |= {"id": own_id, "account_id": account_id, "name": named, "email": given["email"]}
        known = ours or Contact(id=own_id, account_id=account_id, name=named, email="")
        return _shaped(known, theirs, f"contact '{own_id}'")

    def contact_id(self, person: HubSpotObject) -> str:
        """Our id of a contact; who was never given one is known by HubSpot's."""
        return person.value(self.contacts["id"]) or f"hs-{person.id}"

    def person(self, contact: Contact) -> dict[str, str]:
        """The properties of a contact."""
        first, _, last = contact.name.rpartition(" ") if "first_name" in self.contacts else ("", "", contact.name)
        said = contact.model_dump() | {"first_name": first, "last_name": last}
        return {name: _text(said[field]) for field, name in self.contacts.items()}


def read_map(path: Path) -> PropertyMap:
    """The map in a file. Raises ``ValueError`` with one sentence for a file that cannot be used."""
    try:
        return PropertyMap.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise ValueError(f"{path} is no file of YAML that can be read") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise ValueError(f"{path}: {where}: {first['msg'].removeprefix('Value error, ')}") from None


def _checked(names: dict[str, str], known: frozenset[str], needed: set[str]) -> dict[str, str]:
    if unknown := sorted(names.keys() - known):
        raise ValueError(f"'{unknown[0]}' is not known; there are {', '.join(sorted(known))}")
    if missing := sorted(needed - names.keys()):
        raise ValueError(f"'{missing[0]}' is missing")
    return names


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return value.value if isinstance(value, StrEnum) else str(value)


def _empty(model: type[AccountRecord | Contact], field: str) -> Any:
    """What an empty property means: the field as it is where nobody said anything."""
    known = model.model_fields[field]
    return None if known.is_required() else known.default


def _major(money: Money) -> str:
    return f"{Decimal(money.minor) / _MINOR:f}"


def _minor(value: str, account_id: str) -> int:
    try:
        return int((Decimal(value or "0") * _MINOR).to_integral_value())
    except (InvalidOperation, OverflowError):
        raise _unfit("arr", f"company of account '{account_id}'") from None


def _shaped(known: T, theirs: dict[str, Any], whose: str) -> T:
    try:
        return type(known).model_validate(known.model_dump() | theirs)
    except ValidationError as error:
        raise _unfit(str(error.errors()[0]["loc"][0]), whose) from None


def _unfit(field: str, whose: str) -> PermanentFault:
    sentence = f"HubSpot: the property for '{field}' of the {whose} has a value that does not fit; correct it there."
    return PermanentFault(RefusalType.CRM_REFUSED, sentence)
