"""What people type is kept as plain text: nothing in it commands a terminal, or hides from whoever reads it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from models.base import Line, Remark, Text
from models.commands import MakeCommitment
from models.contract_names import NAMES
from models.starts import ClosedAgain, TakeOver

EVIL = "Evil\x1b[31mred\x07\u202e\x9b\x00 and\r\nline two"
ANY = st.text(st.characters(categories=("L", "N", "P", "S", "Z", "Cc", "Cf", "Cs")), max_size=60)
_TEXTS = {name: TypeAdapter(kind) for name, kind in (("Text", Text), ("Remark", Remark), ("Line", Line))}


def hidden(text: str) -> list[str]:
    bidi = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
    return [x for x in text if x != "\n" and (unicodedata.category(x) in ("Cc", "Cs") or x in bidi)]


def leaves(kind: Any, at: str, meta: tuple[Any, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every place of a model at which a text may be given, with the type that it must fit."""
    origin = get_origin(kind)
    if origin is Annotated:
        inner, *more = get_args(kind)
        yield from leaves(inner, at, (*more, *meta))
    elif origin in (Union, UnionType, tuple, dict, list):
        for n, one in enumerate(get_args(kind)):
            yield from leaves(one, f"{at}.{n}")
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            yield from leaves(_of(field), f"{at}.{name}")
    elif isinstance(kind, type) and issubclass(kind, str) and not issubclass(kind, Enum):
        yield at, Annotated[(kind, *meta)] if meta else kind


def _of(field: FieldInfo) -> Any:
    return Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation


FROM_CASES = (TakeOver, ClosedAgain)
"""Cases alone send these, with what came through this door before."""
PLACES = [place for model in NAMES if model not in FROM_CASES for place in leaves(model, model.__name__)]


@pytest.mark.parametrize(("at", "kind"), PLACES, ids=[at for at, _ in PLACES])
def test_no_command_lets_a_control_character_in(at: str, kind: Any):
    try:
        kept = TypeAdapter(kind).validate_python(EVIL)
    except ValidationError:
        return
    assert not hidden(kept), at
    assert kept.startswith("Evilred and")


def test_a_mail_that_was_decoded_wrongly_loses_single_characters_and_no_words():
    said = "They said “too slow” and that they leave on 1 March; a refund was promised".encode().decode("latin-1")
    kept = _TEXTS["Text"].validate_python(said)
    assert kept == "They said âtoo slowâ and that they leave on 1 March; a refund was promised"


@pytest.mark.parametrize("name", _TEXTS)
@given(text=ANY)
def test_whatever_is_typed_is_kept_plain_and_stays_as_it_is_when_given_again(name: str, text: str):
    try:
        kept = _TEXTS[name].validate_python(text)
    except ValidationError:
        return
    assert not hidden(kept)
    assert name != "Line" or "\n" not in kept
    assert _TEXTS[name].validate_python(kept) == kept


@given(text=st.from_regex(re.compile(r"[a-zA-ZäöüßéñçÅ一-龥ก-ฮ .,;:!?()'\n-]{3,60}"), fullmatch=True))
def test_plain_words_of_any_language_keep_every_letter_and_line(text: str):
    assert _TEXTS["Remark"].validate_python(text) == text.strip()


def test_a_promise_is_one_line_without_colours():
    given = {"by": "u-1", "text": EVIL, "owner": "u-1", "due": "2026-12-04T10:00Z", "source": "call"}
    assert MakeCommitment.model_validate(given).text == "Evilred and line two"


def test_a_text_of_nothing_but_control_characters_is_no_text():
    with pytest.raises(ValidationError):
        _TEXTS["Text"].validate_python("\x1b[31m\x07")
