"""The report of an export as PDF: what is inside, in the customer's language."""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from babel.numbers import format_decimal

from adapters.letters.templates import Templates
from models.export import ExportFile, Manifest

Word = Callable[..., str]

WORDS = "_export"
"""The file of the messages folder that has the words."""

_FONTS, _EASTERN_FONTS = ("fontpkg_noto_sans",), "justmytype_intl_cjk"
_EASTERN = "\u2e80"  # from here on lie Chinese, Japanese and Korean
_FAMILIES = '#set text(font: ("Noto Sans", "Noto Sans JP", "Noto Sans SC", "Noto Sans TC", "Noto Sans KR"))\n'

_PAGE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set page(margin: 2.4cm, numbering: "1 / 1")
#set text(size: 10.5pt, lang: data.language)
#set par(justify: false, leading: 0.75em)
#let listed(columns, head, rows) = table(
  columns: columns, inset: 8pt, stroke: 0.4pt + luma(180),
  align: (_, y) => left, fill: (_, y) => if y == 0 { luma(235) },
  table.header(..head.map(cell => strong(cell))), ..rows.flatten(),
)
#text(size: 22pt, weight: "bold", data.title)
#v(0.4em)
#for line in data.about [#line \\ ]
#v(0.8em)
#listed((1fr, auto, auto, auto), data.head, data.rows)
#v(0.8em)
#listed((1fr, auto), data.tables_head, data.tables)
#v(0.8em)
#data.open

#data.check
"""


class Report:
    """The report of an export, in the words of the messages folder."""

    def __init__(self, messages: Path) -> None:
        self._templates = Templates(messages)

    def pdf(self, manifest: Manifest, locale: str) -> bytes:
        """The report, with dates and figures as the reader writes them; the same manifest gives the same bytes."""
        return printed(_PAGE, self.told(manifest, locale))

    def told(self, manifest: Manifest, locale: str) -> Mapping[str, object]:
        """What the report says; a language that it does not know is read as English."""
        reader = self._templates.reader(WORDS, locale, manifest.time_zone)

        def word(block: str, **values: str) -> str:
            return self._templates.block(block, WORDS, reader, values)

        language = reader.language

        def moment(at: datetime) -> str:
            return self._templates.said("moment", at, reader)

        sections = [
            [
                word("of_section", name=each.section),
                word("of_state", name=each.state),
                _count(each.rows, language),
                str(len(each.files)),
            ]
            for each in manifest.sections
        ]
        page: dict[str, object] = {
            "language": language,
            "about": list(_about(manifest, moment, word)),
            "head": [word(name) for name in ("section", "state", "rows", "files")],
            "rows": [*sections, _together(manifest, language, word)],
            "tables_head": [word("table"), word("rows")],
            "tables": [[Path(file.name).stem, _count(file.rows, language)] for file in _tables(manifest)],
        }
        return page | {name: word(name) for name in ("title", "open", "check")}


def _about(manifest: Manifest, moment: Callable[[datetime], str], word: Word) -> Iterator[str]:
    prepared = moment(manifest.prepared_at)
    yield word("about", at=prepared, name=manifest.account_name, account=manifest.account_id)
    if manifest.since is not None:
        yield word("since", since=moment(manifest.since))


def _together(manifest: Manifest, language: str, word: Word) -> list[str]:
    rows, files = (sum(count) for count in zip(*((s.rows, len(s.files)) for s in manifest.sections), strict=True))
    return [word("total"), "", _count(rows, language), str(files)]


def _tables(manifest: Manifest) -> Iterator[ExportFile]:
    return (file for section in manifest.sections for file in section.files if file.name.endswith(".csv"))


def _count(number: int, language: str) -> str:
    return format_decimal(number, locale=language)


def printed(page: str, data: Mapping[str, object]) -> bytes:
    """A typst page with its data as a PDF, with the fonts that come with the program.

    Chinese, Japanese and Korean signs have fonts of their own, which are read where such a sign is; a sign that those
    languages share is written as in Japanese.
    """
    text = json.dumps(data, ensure_ascii=False)
    packages = _FONTS if max(text) < _EASTERN else (*_FONTS, _EASTERN_FONTS)
    made: Any = typst.compile(  # type: ignore[misc]
        (_FAMILIES + page).encode(),
        font_paths=[_folder(package) for package in packages],
        ignore_system_fonts=True,
        sys_inputs={"data": text},
    )
    return bytes(made)


@lru_cache
def _folder(package: str) -> str:
    return str(Path(str(importlib.resources.files(package))))
