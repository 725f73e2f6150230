"""The shipped policies of leaving, and accounts that leave under them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from adapters.playbooks.folder import FolderPlaybooks
from models.account import Account, ContractTerms, Money
from models.leaving import LeavingPolicy

POLICY = asyncio.run(FolderPlaybooks(Path("playbooks")).policy())
RULES = POLICY.eligibility
POLICIES = POLICY.leaving


def account(arr: int = 50_000, **facts: Any) -> Account:
    return Account(id="acc-1", arr=Money(minor=arr * 100), **facts)


def contract(**terms: Any) -> ContractTerms:
    return ContractTerms.model_validate(terms)


def policy(name: str) -> LeavingPolicy:
    return next(one for one in POLICIES if one.name == name)
