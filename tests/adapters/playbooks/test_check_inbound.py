"""The words by which a request to cancel is known: what the check says of a file that cannot be used."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from adapters.playbooks.check import check
from adapters.playbooks.folder import FolderPlaybooks
from models.faults import PermanentFault

FILE = "policies/inbound.yaml"


def faults(folder: Path) -> list[str]:
    return [str(fault) for fault in check(folder)]


@pytest.fixture
def inbound(library: Path, shipped: Path) -> Path:
    """The small library with the shipped words in it."""
    shutil.copy(shipped / FILE, library / FILE)
    return library


def change(library: Path, was: str, becomes: str) -> None:
    text = (library / FILE).read_text(encoding="utf-8")
    assert was in text
    (library / FILE).write_text(text.replace(was, becomes, 1), encoding="utf-8")


def test_the_shipped_words_have_no_fault(inbound: Path) -> None:
    assert faults(inbound) == []


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("    ms: [pengguna, lesen]\n", "", "no words in: ms"),
        ("    ms: [pengguna, lesen]", "    ms: []", "no words in: ms"),
        ("    ms: [pengguna, lesen]", "    ms: [Pengguna]", "'Pengguna' would never be found"),
        ("    ms: [pengguna, lesen]", "    ms: [lesen, lesen]", "there twice: lesen"),
        ("    ms: [pengguna, lesen]", "    ms: [lesen]\n    de: [nutzer]", "not a language here: de"),
        ("    ms: [pengguna, lesen]", "    ms: [1]", "does not fit"),
        ("    ms: [pengguna, lesen]", "    ms: ['(']", "'(' would never be found"),
        ("near: 4", "near: 0", "greater than or equal to 1"),
        ("near: 4", "nearr: 6", "the key 'nearr' is not known"),
        ("    - [may, mei]\n", "", "at least 12 items"),
        ("    - [may, mei]", "    - [may, mac]", "'mac' is month 3, too"),
        ("      - not cancel\n", "      - cancel\n", "'cancel' is a word of the wish, too"),
    ],
)
def test_words_that_cannot_be_used_are_named(inbound: Path, was: str, becomes: str, said: str) -> None:
    change(inbound, was, becomes)
    assert any(fault.startswith(f"{FILE}:") and said in fault for fault in faults(inbound)), faults(inbound)


async def test_broken_words_stand_in_the_way_of_what_comes_in_and_of_no_plan(inbound: Path) -> None:
    change(inbound, "near: 4", "near: many")
    books = FolderPlaybooks(inbound)
    with pytest.raises(PermanentFault, match="What comes in cannot be used until 1 fault is corrected"):
        await books.inbound()
    assert await books.load((await books.names())[0])
    (inbound / FILE).unlink()
    with pytest.raises(PermanentFault, match=r"there is no policies/inbound\.yaml"):
        await books.inbound()


async def test_no_plan_carries_the_words(shipped: Path) -> None:
    plan = await FolderPlaybooks(shipped).load("cancellation")
    assert "inbound" not in plan.policy.model_dump()


@pytest.mark.parametrize(
    "content", ["", "[]", "wish: 1", "wish: {verbs: [a]}", "dates: {months: {}}", "\ttab", "quotes: null"]
)
def test_any_content_is_checked_without_an_error(inbound: Path, content: str) -> None:
    (inbound / FILE).write_text(content, encoding="utf-8")
    assert faults(inbound)
