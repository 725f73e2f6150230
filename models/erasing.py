"""What is asked to delete the data of a customer, and to prove it (OFFB-25, OFFB-26)."""

from __future__ import annotations

from datetime import date

from models.base import Id, Record, Request, Utc
from models.retention import Erased
from models.work import Receipt


class EraseData(Request):
    """Delete what is kept of an account in every store, once for the key.

    ``keep_address``: a confirmation is still to be written, so that the address for it stays until then: that of the contact
    ``written_to``, or of the account's own where there is none. ``cases`` are the
    workflows of the account that are asked before whether something must go out first, and told afterwards. ``closure``
    counts how often the account was closed under the case.
    """

    key: str
    case_id: str
    account_id: Id
    at: Utc
    keep_address: bool = False
    written_to: str = ""
    cases: tuple[str, ...] = ()
    closure: int = 1


class Counted(Record):
    """How many entries a store had to delete; ``finished`` once it has."""

    rows: int = 0
    finished: bool = False


class ErasureReceipt(Receipt):
    """What each store did. It is whole: a store that could not delete makes the erasure fail."""

    stores: tuple[Erased, ...] = ()


class IssueCertificate(Request):
    """Write the certificate of a deletion as a PDF, once for the key.

    ``keep_address``: the address for the confirmation is still there, and is no failure of the deletion.
    """

    key: str
    case_id: str
    account_id: Id
    at: Utc
    deleted_at: Utc
    stores: tuple[Erased, ...]
    verified_by: Id
    backups_until: date
    locale: str = "en"
    time_zone: str = "UTC"
    keep_address: bool = False
    written_to: str = ""
