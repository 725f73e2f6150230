"""What the steps of a library must know of their letters: which of them name a day that counts from the end date."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from adapters.letters.reading import parsed


def letters_of_the_end(file: Path) -> frozenset[str] | None:
    """The templates with a part that is marked ``from_end``; None where the file is missing or no YAML.

    What else is wrong with the file is found by whoever writes the letters.
    """
    try:
        return _named(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError):
        return None


@lru_cache(maxsize=16)
def _named(text: str) -> frozenset[str]:
    messages = _child(parsed(text), "messages")
    listed = messages.items() if isinstance(messages, dict) else ()
    return frozenset(name for name, spec in listed if isinstance(name, str) and _names_end(_child(spec, "parts")))


def _names_end(parts: Any) -> bool:
    return isinstance(parts, list) and any(_child(part, "from_end") is True for part in parts)


def _child(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None
