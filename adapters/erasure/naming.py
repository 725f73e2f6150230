"""Where our own people's pages and notes name an account, although they are about no single one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from models.case import CaseKind
from models.document import DocumentKind
from models.tables import AccountRow, CaseRow, DocumentRow

GONE = "What this page said of a customer whose data was deleted is gone."


class Naming:
    """How an account is named: by its id, or as the CRM still calls it; as whole words, in capitals or not."""

    def __init__(self, account_id: str, name: str) -> None:
        self._called = tuple(filter(None, (account_id, name.strip())))
        said = "|".join(re.escape(one) for one in self._called)
        self._pattern = re.compile(rf"(?<![\w-])(?:{said})(?![\w-])", re.IGNORECASE)

    def is_in(self, text: str) -> bool:
        """Whether a text names it."""
        return self._pattern.search(text) is not None

    def without(self, text: str) -> str:
        """A page without its lines that name it; it says at its end that something is gone."""
        kept = "\n".join(line for line in text.splitlines() if not self.is_in(line))
        return kept if GONE in kept else f"{kept}\n\n{GONE}\n"

    async def pages(self, session: AsyncSession) -> Sequence[DocumentRow]:
        """The pages of reviews of many accounts that name it."""
        named = or_(*(col(DocumentRow.text).icontains(one, autoescape=True) for one in self._called))
        wanted = select(DocumentRow).where(DocumentRow.kind == DocumentKind.REVIEW, DocumentRow.account_id == "", named)
        return [page for page in (await session.scalars(wanted)).all() if self.is_in(page.text)]


async def naming(session: AsyncSession, account_id: str) -> Naming:
    """How that account is named now."""
    account = await session.get(AccountRow, account_id)
    return Naming(account_id, account.name if account else "")


async def reviews(session: AsyncSession, *, ended: bool) -> Sequence[CaseRow]:
    """The reviews of many accounts; of those alone that ended, if told so."""
    wanted = select(CaseRow).where(CaseRow.kind == CaseKind.REVIEW, CaseRow.account_id == "")
    found = (await session.scalars(wanted)).all()
    return [case for case in found if case.closed_at or not ended]
