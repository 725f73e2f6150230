"""Whatever people write stays words in the body: it runs nothing, and reaches neither headers nor markup."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models.case import RefusalType
from models.faults import PermanentFault
from models.letter import Letter
from tests.adapters.letters.company import ENOUGH, Desk, drafted, release

TAGS = {"html", "head", "meta", "body", "p", "br", "ul", "li"}
ATTRIBUTES = {("lang", "en"), ("charset", "utf-8"), ("dir", "auto")}
RUNS = ("{{", "}}", "{%", "%}", "7*7", "self", "__class__", "|attr('x')", "{", "}", "$", "⟪", "⟫")
BREAKS = ("\r\n", "\n", "\r", "\x00", "\x0b", "\u2028", "\u202e", "\ud800", "Bcc: all@rival.example", "Subject: won")
MARKS = ("<script>", "</p>", "<b", "&lt;", '"', "'", "- ", "<!--", "-->", "]]>", " ", "ok", "4 December")
FRAGMENTS = st.sampled_from((*RUNS, *BREAKS, *MARKS))
WRITTEN = st.one_of(st.text(max_size=80), st.lists(FRAGMENTS, max_size=8).map("".join))
PARTS = st.sampled_from([(template, part) for template, edits in ENOUGH.items() for part in edits if part != "status"])


class Page(HTMLParser):
    """The tags, attributes and words of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str | None]] = set()
        self.other: list[str] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(attrs)

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        self.other.append(data)


def number(template: str) -> int:
    return 1 + list(ENOUGH).index(template)


def headers(letter: Letter) -> Letter:
    return letter.model_copy(update={"text": "", "html": None})


async def tried(desk: Desk, template: str, part: str, text: str) -> Letter | None:
    """The letter with that text in that part, or None where it is refused as it should be."""
    try:
        edits = release(ENOUGH[template] | {part: ENOUGH[template][part] + text}, number(template))
    except ValueError:
        return None
    try:
        return await desk.letters.compose(edits)
    except PermanentFault as fault:
        assert fault.kind == RefusalType.MESSAGE_NOT_READY
        return None


@given(PARTS, WRITTEN)
@example(("acknowledgment", "issue"), " {{ 7*7 }}")
@example(("acknowledgment", "issue"), "\r\nBcc: all@rival.example")
@example(("weekly_update", "progress"), " a<b & c")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_edit_reaches_headers_markup_or_the_sandbox(desk, where, text):
    template, part = where
    await desk.letters.draft(drafted(template, number(template)))
    plain = await tried(desk, template, part, "")
    letter = await tried(desk, template, part, text)
    assert plain is not None
    if letter is None:
        return
    assert headers(letter) == headers(plain)
    words = (ENOUGH[template][part] + text).replace("\r", "\n").split()
    assert all(word in letter.text.split() or f"{word}." in letter.text.split() for word in words)
    page = Page(letter.html)
    assert page.tags <= TAGS
    assert page.attributes <= ATTRIBUTES
    assert page.other == []
    assert page.words.split() == letter.text.replace("\n- ", "\n").split()


@given(name=WRITTEN)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_name_of_the_crm_reaches_another_header_or_the_sandbox(desk, name):
    account = desk.crm.accounts["acct-1"]
    try:
        desk.crm.accounts["acct-1"] = type(account).model_validate(account.model_dump() | {"name": name or "-"})
    except ValueError:
        return
    await desk.letters.draft(drafted("engaged_notice", number("engaged_notice")))
    letter = await tried(desk, "engaged_notice", "personal_word", "")
    if letter is not None:
        assert letter.subject.startswith((name or "-").strip())
        assert len(letter.subject.splitlines()) == 1
        assert Page(letter.html).tags <= TAGS


@pytest.mark.parametrize("text", ["{{ 7*7 }}", "\n{% raw %}", "\x00"])
async def test_what_could_run_or_hide_does_not_leave_at_all(desk, text):
    await desk.draft("acknowledgment", number("acknowledgment"))
    assert await tried(desk, "acknowledgment", "issue", text) is None
