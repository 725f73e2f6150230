"""What may be offered to a customer in a save, and for which cause: the answer of ``save offer kinds``."""

from __future__ import annotations

from models.base import Record
from models.calendar import ZERO, Offset
from models.concession_policy import ConcessionRung
from models.offer import OfferKind


class MenuLine(Record):
    """An offer by its id: where it comes from, who approves it, and by which rule its cost of a year is counted.

    ``approval`` is a role, ``discount_ladder`` where the rate decides, or empty where nobody needs to approve it.
    ``blocked`` says why the cause rules it out. ``source`` is a playbook, a module that has to be added, or empty where
    every playbook allows it.
    """

    id: str
    kind: OfferKind | None = None
    what: str = ""
    source: str = ""
    module: bool = False
    limit_pct: int | None = None
    lasts: Offset | None = None
    needs: tuple[str, ...] = ()
    tied: bool = False
    approval: str = ""
    cost: str = ""
    blocked: str = ""


class Menu(Record):
    """The offers for a cause, or all of them, and what binds them (SAVE-37..51)."""

    cause: str = ""
    playbook: str = ""
    lines: tuple[MenuLine, ...] = ()
    ladder: tuple[ConcessionRung, ...] = ()
    ties: tuple[str, ...] = ()
    cooldown: Offset = ZERO
    valid_for: Offset = ZERO
    approval_within: Offset = ZERO


class CauseLine(Record):
    """A root cause that can be recorded, the playbook that it picks, and what may be added to it."""

    code: str
    category: str
    title: str
    playbook: str
    modules: tuple[str, ...] = ()
    no_price: bool = False
