"""The shape of a file against its model: what pydantic finds, as faults with lines and suggestions."""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from adapters.playbooks.fault import Fault, one_of
from adapters.playbooks.source import Place, Source
from models.calendar import Offset
from models.plan import When

_DURATION = "write a duration like PT48H, P3D, P2W or P6M"
_ANCHORS = "use opened, confirmed, end_date, closed, saved, or step:ID for when a step was done"
_RIGHT = {
    "tuple_type": "write a list, as [one, two] or one per line with '- '",
    "string_type": "write a text",
    "model_type": "write keys and values",
    "model_attributes_type": "write keys and values",
    "string_pattern_mismatch": "start with a letter or digit; letters, digits, '_', '-' and '.' may follow",
}


def shape_faults(source: Source, model: type[BaseModel], data: dict[str, Any]) -> list[Fault]:
    """Every way in which ``data`` of the file is not the model, once each, in the order of the file."""
    found = [source.fault(place, "this is not a duration", _DURATION) for place in _loose_offsets(model, data, ())]
    try:
        model.model_validate(data)
    except ValidationError as error:
        found += [_as_fault(source, model, dict(one)) for one in error.errors()]
    return list({(fault.line, fault.where): fault for fault in reversed(found)}.values())[::-1]


def _as_fault(source: Source, model: type[BaseModel], error: dict[str, Any]) -> Fault:
    place: Place = error["loc"]
    owner = _model_at(model, place[:-1])
    match error["type"]:
        case "extra_forbidden":
            return source.fault(place, f"the key '{place[-1]}' is not known", one_of(str(place[-1]), _keys(owner)))
        case "missing":
            return source.fault(place, f"'{place[-1]}' is missing", f"write '{place[-1]}: ...'")
        case "enum" | "literal_error":
            return source.fault(place, f"'{error['input']}' is not known here", f"use {error['ctx']['expected']}")
        case "value_error":
            return source.fault(place, *_two_parts(str(error["ctx"]["error"])))
        case "string_pattern_mismatch" if place[-1] == "after":
            return source.fault(place, f"'{_short(error['input'])}' is not a moment", _ANCHORS)
        case kind:
            right = _RIGHT.get(kind) or _lower(error["msg"])
            return source.fault(place, f"'{_short(error['input'])}' does not fit", right)


def _two_parts(sentence: str) -> tuple[str, str]:
    wrong, _, right = sentence.partition("; ")
    return wrong, right or "see docs/writing-a-playbook.md for this field"


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _lower(message: str) -> str:
    message = message.replace("Input should be", "it should be").replace("String should", "the text should")
    return message[:1].lower() + message[1:]


def _keys(model: type[BaseModel] | None) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


def _parts(annotation: Any) -> Iterator[Any]:
    """The types inside an annotation such as ``tuple[StepSpec, ...]`` or ``When | None``."""
    if get_origin(annotation) in (tuple, Union, UnionType):
        for inner in get_args(annotation):
            yield from _parts(inner)
    else:
        yield annotation


def _models(annotation: Any) -> type[BaseModel] | None:
    found = (part for part in _parts(annotation) if isinstance(part, type) and issubclass(part, BaseModel))
    return next(found, None)


def _field(model: type[BaseModel], key: str) -> type[BaseModel] | None:
    fields = model.model_fields.items()
    return next((_models(field.annotation) for name, field in fields if key in (name, field.alias)), None)


def _model_at(model: type[BaseModel] | None, place: Place) -> type[BaseModel] | None:
    for part in place:
        if isinstance(part, str) and model is not None:
            model = _field(model, part)
    return model


def _loose_offsets(model: type[BaseModel] | None, value: Any, place: Place) -> Iterator[Place]:
    """Places where a duration is written as something else than text; its model reads a mapping as no time at all."""
    if isinstance(value, list):
        for n, inner in enumerate(value):
            yield from _loose_offsets(model, inner, (*place, n))
    elif model is Offset or (model is When and not isinstance(value, dict)):
        if value is not None and not isinstance(value, str):
            yield place
    elif isinstance(value, dict) and model is not None:
        for key, inner in value.items():
            yield from _loose_offsets(_field(model, key), inner, (*place, key))
