"""What a command works with: the settings, the parts and Temporal, each opened when it is first needed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from settings import Settings, load_settings

if TYPE_CHECKING:
    from temporalio.client import Client

    from models.directory import DirectoryPerson
    from models.people import PersonId
    from parts import Parts


class Names:
    """The names of people, shown beside their ids."""

    def __init__(self, people: tuple[DirectoryPerson, ...]) -> None:
        self._names = {person.id: person.name for person in people}
        self._left = frozenset(person.id for person in people if not person.active)
        ids = "|".join(re.escape(id_) for id_ in sorted(self._names, key=len, reverse=True))
        self._bare = re.compile(rf"(?<![\w.(/-])(?:{ids})(?![\w/@-]|\.\w)") if ids else None

    def of(self, person: PersonId | None) -> str:
        """``Name (id)``; the id alone where the directory does not know it, and a dash for nobody."""
        if not person:
            return "-"
        name = self._names.get(person)
        return f"{name} ({person})" if name else person

    def leading(self, person: PersonId | None) -> str:
        """The same of whoever leads a case, marked where they have left the team and others owe what it asks."""
        return f"{self.of(person)}, has left" if person in self._left else self.of(person)

    def in_text(self, text: str) -> str:
        """A text with ``Name (id)`` for each id of a person that stands in it alone."""
        return self._bare.sub(lambda found: self.of(found[0]), text) if self._bare else text


class Desk:
    """One command's way to the instance. Progress is shown on ``aside`` (standard error)."""

    def __init__(self, settings: Settings, stack: AsyncExitStack, aside: Console) -> None:
        self.settings = settings
        self.aside = aside
        self._stack = stack
        self._parts: Parts | None = None
        self._client: Client | None = None
        self._names: Names | None = None

    async def parts(self) -> Parts:
        """The parts of the instance. Raises ``PermanentFault("NotMigrated")`` with what to do."""
        if self._parts is None:
            from parts import open_parts  # a command that needs no database does not pay for one

            self._parts = await self._stack.enter_async_context(open_parts(self.settings))
        return self._parts

    async def client(self) -> Client:
        """Temporal. Raises ``NoTemporal`` where nobody answers."""
        if self._client is None:
            from adapters.temporal.connect import connect

            self._client = await connect(home=self.settings.home)
        return self._client

    async def names(self) -> Names:
        """Everybody's name."""
        if self._names is None:
            self._names = Names(await (await self.parts()).directory.people())
        return self._names

    @contextmanager
    def working(self, on: str) -> Iterator[None]:
        """Say on a terminal what takes its time, for as long as it does."""
        with self.aside.status(on):
            yield

    @contextmanager
    def counting(self, on: str, total: int) -> Iterator[Progress]:
        """A bar for ``total`` things; call ``advance`` of what is given with its only task, 0."""
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=self.aside, transient=True, disable=not self.aside.is_terminal) as progress:
            progress.add_task(on, total=total)
            yield progress


@asynccontextmanager
async def open_desk(aside: Console) -> AsyncIterator[Desk]:
    """A desk by the settings of the environment, cleared at the end. Raises ``SettingsError``."""
    async with AsyncExitStack() as stack:
        yield Desk(load_settings(), stack, aside)
