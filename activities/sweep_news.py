"""What managers hear of a sweep that did not do all that it should."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.effects import DigestLine, Word
from models.faults import Held, PermanentFault
from models.sweep import SweepReport
from models.work import SendDigest
from rules.sweeping import trouble

if TYPE_CHECKING:
    from adapters.directory.port import DirectoryPort
    from adapters.email.port import EmailPort
    from adapters.letters.port import LettersPort
    from adapters.playbooks.port import PlaybookPort

ABOUT = "The health of the portfolio"


class SweepNews:
    """Tells everybody with the role of a manager, in one mail each."""

    def __init__(
        self, letters: LettersPort, email: EmailPort, directory: DirectoryPort, playbooks: PlaybookPort
    ) -> None:
        self._letters, self._email, self._directory, self._playbooks = letters, email, directory, playbooks

    async def tell(self, report: SweepReport) -> int:
        """Tell what was left undone, once for the sweep; how many were told. Who cannot be reached keeps no other back.

        Raises ``TransientFault`` where a service is out of reach.
        """
        role = (await self._playbooks.policy()).manager_role
        managers = [one.id for one in await self._directory.people() if one.active and role in one.roles]
        return sum([await self._told(person, report) for person in managers])

    async def _told(self, person: str, report: SweepReport) -> bool:
        assert report.at is not None
        key = f"{report.id}/trouble/{person}"
        lines = tuple(DigestLine(word=Word.FAILED, mark=str(n), subject=said) for n, said in enumerate(trouble(report)))
        digest = SendDigest(
            key=key, case_id=report.id, account_id="", person=person, at=report.at, lines=lines, about=ABOUT
        )
        try:
            letter = self._letters.digest(digest, await self._directory.card(person), ABOUT)
            await self._email.send(letter, key)
        except (PermanentFault, Held):
            return False
        return True
