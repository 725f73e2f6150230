"""What an import did, and how that looks on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from cli.words import counted, table
from models.base import Record
from models.portfolio import FileReport, ImportReport, RowError


class StartedCase(Record):
    """A case with a past: whether this import opened it, and how many steps were done already."""

    account_id: str
    opened: bool
    steps_done: int


class Imported(Record):
    """The report of a portfolio, the rows of running cases that were refused, the cases, and whether it is judged."""

    report: ImportReport
    case_errors: tuple[RowError, ...] = ()
    cases: tuple[StartedCase, ...] = ()
    judged: str = ""

    @property
    def clean(self) -> bool:
        """Whether every row was taken."""
        return self.report.clean and not self.case_errors


def of_import(done: Imported) -> RenderableType:
    """File by file what became of the rows, then the cases, the notes and every fault."""
    parts: list[RenderableType] = [_files(done.report.files)]
    if done.cases:
        opened = [case.account_id for case in done.cases if case.opened]
        known = len(done.cases) - len(opened)
        said = f"opened with their past: {', '.join(opened) or 'none'}" + (f"; known already: {known}" if known else "")
        parts.append(Text(said))
    parts += [Text(f"note: {note}", style="dim") for note in done.report.notes]
    errors = (*done.report.errors, *done.case_errors)
    parts += [Text(str(error), style="red") for error in errors]
    end = f"{counted(len(errors), 'fault')}; good rows were kept" if errors else "every row was taken"
    parts.append(Text(end, style="red" if errors else "green"))
    return Group(*parts, Text(done.judged, style="dim"))


def _files(files: Sequence[FileReport]) -> RenderableType:
    rows = table("file", "new", "changed", "unchanged", "refused")
    for column in rows.columns[1:]:
        column.justify = "right"
    for file in files:
        counts = (file.created, file.changed, file.unchanged, file.refused)
        rows.add_row(file.file, *(str(count) if count else "[dim]-[/]" for count in counts))
    return rows
