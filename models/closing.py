"""What closes an account, and what proves that it is closed (OFFB-18..22, OFFB-45)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from models.base import Id, Remark, Request, Utc
from models.win_back import Memory
from models.work import Receipt


class CloseAccount(Request):
    """Mark the account as churned in the CRM, with all that belongs to it (OFFB-45), once for the key."""

    key: str
    case_id: str
    account_id: Id
    at: Utc
    closed_on: date
    reason: Id = "unknown"
    destination: Remark = ""


class TagAccount(Request):
    """Note in the CRM how a customer who left is remembered, once for the key (OFFB-50, OFFB-55)."""

    key: str
    case_id: str
    account_id: Id
    at: Utc
    tag: Memory


class Expected(StrEnum):
    """What is expected when the systems are read back."""

    CLOSED = "closed"
    RESTORED = "restored"


class ReadBack(Request):
    """Look into billing, access and CRM whether the account stands as it should on ``on``."""

    key: str
    case_id: str
    account_id: Id
    at: Utc
    on: date
    expects: Expected


class ReadBackReport(Receipt):
    """What the systems show. ``wrong`` says in a sentence each what is not as it should be; empty is proof."""

    shown: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
