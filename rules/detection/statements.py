"""Which statements of the dictionary a text may hold: by their words, and for a person to confirm (AMB-36)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from models.inbound_policy import plain
from models.policy import Statement

_REMARK = re.compile(r"\([^)]*\)")
_BLANK = re.compile(r"\[[^\]]*\]|\bx\b", re.IGNORECASE)


def proposed(text: str, statements: Iterable[Statement]) -> tuple[str, ...]:
    """The codes whose phrase stands in the text in one of its languages, in the order of the dictionary.

    A phrase is found word by word whatever its case; a blank such as ``[competitor]`` stands for any words. Nothing is
    tagged by it: what a customer meant, a person decides.
    """
    said = plain(text)
    return tuple(statement.code for statement in statements if any(_stands(one, said) for one in _phrases(statement)))


def _phrases(statement: Statement) -> list[str]:
    return [phrase for part in statement.phrase.split(" / ") if (phrase := _REMARK.sub("", part).strip(" ?.!"))]


def _stands(phrase: str, said: str) -> bool:
    words = [plain(part).strip(" ?.!") for part in _BLANK.split(phrase)]
    pattern = r"\b.+?\b".join(re.escape(part) for part in words if part)
    return re.search(rf"(?<!\w){pattern}(?!\w)", said) is not None
