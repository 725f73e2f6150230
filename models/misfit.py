"""What is wrong with a value that does not fit its model, in words for who writes rather than programs."""

from __future__ import annotations

from collections.abc import Callable, Sized
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

_MOST, _LONGEST = 5, 60
_MOMENT = "must be a moment with its time zone, such as 2026-12-04T15:00+08:00"
_DAY = "must be a day, such as 2026-12-04"
_WHOLE, _NUMBER = "must be a whole number", "must be a number"
_FIELDS = "must be an object of named fields"
_LIST = "must be a list"
_PLAIN = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_type": "must be text",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "datetime_object_invalid": _MOMENT,
    "timezone_aware": _MOMENT,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "model_type": _FIELDS,
    "model_attributes_type": _FIELDS,
    "dict_type": _FIELDS,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "json_invalid": "must be JSON",
    "none_required": "must be left out",
}
_BOUNDS = {
    "greater_than_equal": ("must be at least {}", "ge"),
    "greater_than": ("must be more than {}", "gt"),
    "less_than_equal": ("must be at most {}", "le"),
    "less_than": ("must be less than {}", "lt"),
    "multiple_of": ("must be a multiple of {}", "multiple_of"),
}
_CHOICES = {
    "enum": ("expected", ", not {}"),
    "literal_error": ("expected", ", not {}"),
    "union_tag_invalid": ("expected_tags", ""),
}


def sentence(error: ValidationError, whole: str = "") -> str:
    """The faults of an error, the first five, each with the field that it is in.

    ``whole`` names the value where a fault is of no single field.
    """
    return "; ".join(named(one, whole) for one in error.errors()[:_MOST])


def named(error: ErrorDetails, whole: str = "") -> str:
    """One fault with its field: ``text is too long: 20000 characters, at most 200``."""
    where = ".".join(str(part) for part in error["loc"]) or whole
    said = told(error)
    link = ": " if error["type"] in _SAID else " "
    return f"{where}{link}{said}" if where else said


def told(error: ErrorDetails) -> str:
    """What is wrong, without its field."""
    kind, context = error["type"], error.get("ctx") or {}
    if kind in _SPEAKERS:
        return _SPEAKERS[kind](error["input"], context)
    if kind in _BOUNDS:
        bound, name = _BOUNDS[kind]
        return bound.format(context[name])
    if kind in _CHOICES:
        name, given = _CHOICES[kind]
        choices = str(context[name]).replace(" or ", ", ")
        return f"must be one of {choices}{given.format(quoted(error['input']))}"
    return _PLAIN.get(kind) or _unnamed(error["msg"])


def _unnamed(message: str) -> str:
    """A fault that no sentence was written for."""
    said = message.replace("Input should be", "must be").replace("Input should", "should")
    return f"{said[:1].lower()}{said[1:]}"


def quoted(value: object) -> str:
    """A value between quotes, shortened: what is too long is no help in a sentence."""
    text = str(value)
    return f"'{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}'"


def _too_long(value: Any, context: dict[str, Any]) -> str:
    return f"is too long: {len(str(value))} characters, at most {context['max_length']}"


def _too_short(value: Any, context: dict[str, Any]) -> str:
    least = context["min_length"]
    return "must not be empty" if least == 1 else f"is too short: {len(str(value))} characters, at least {least}"


def _too_many(value: Any, context: dict[str, Any]) -> str:
    found = len(value) if isinstance(value, Sized) else context["actual_length"] or "more"
    return f"has too many entries: {found}, at most {context['max_length']}"


def _too_few(_value: Any, context: dict[str, Any]) -> str:
    least = context["min_length"]
    return "must not be empty" if least == 1 else f"has too few entries: {context['actual_length']}, at least {least}"


def _ill_formed(value: Any, context: dict[str, Any]) -> str:
    if str(context["pattern"]).startswith("^[A-Za-z0-9][A-Za-z0-9_.\\-]"):
        return f"must be an id of letters, digits, '_', '.' and '-', at most 80 of them, not {quoted(value)}"
    return f"must look like {context['pattern']}, not {quoted(value)}"


def _own_words(_value: Any, context: dict[str, Any]) -> str:
    """What a model says of itself."""
    return str(context["error"])


_SAID = ("value_error", "assertion_error")
_SPEAKERS: dict[str, Callable[[Any, dict[str, Any]], str]] = {
    "string_too_long": _too_long,
    "string_too_short": _too_short,
    "too_long": _too_many,
    "too_short": _too_few,
    "string_pattern_mismatch": _ill_formed,
    "value_error": _own_words,
    "assertion_error": _own_words,
}
