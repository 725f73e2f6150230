"""The shape of a file against its model: what pydantic finds, as faults with lines and suggestions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from adapters.playbooks.fault import Fault, nearest, one_of
from adapters.playbooks.source import Place, Source, child
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
        found += [_as_fault(source, model, data, dict(one)) for one in error.errors()]
    return list({(fault.line, fault.where): fault for fault in reversed(found)}.values())[::-1]


def _as_fault(source: Source, model: type[BaseModel], data: dict[str, Any], error: dict[str, Any]) -> Fault:
    place = _written(data, error["loc"])
    owner = _model_at(model, error["loc"][:-1])
    match error["type"]:
        case "extra_forbidden":
            return source.fault(place, f"the key '{place[-1]}' is not known", one_of(str(place[-1]), _keys(owner)))
        case "missing":
            return source.fault(place, f"'{place[-1]}' is missing", f"write '{place[-1]}: ...'")
        case "enum" | "literal_error":
            return source.fault(place, f"'{error['input']}' is not known here", _one_of(error, "expected"))
        case "union_tag_invalid":
            key, tag = _plain(error["ctx"]["discriminator"]), error["ctx"]["tag"]
            return source.fault((*place, key), f"the {key} '{tag}' is not known", _one_of(error, "expected_tags", tag))
        case "union_tag_not_found":
            key = _plain(error["ctx"]["discriminator"])
            return source.fault(
                place, f"'{key}' is missing", f"write '{key}: ...', which says what kind of entry it is"
            )
        case "value_error":
            return source.fault(place, *_two_parts(str(error["ctx"]["error"])))
        case "string_pattern_mismatch" if place[-1] == "after":
            return source.fault(place, f"'{_short(error['input'])}' is not a moment", _ANCHORS)
        case kind:
            right = _RIGHT.get(kind) or _lower(error["msg"])
            return source.fault(place, f"'{_short(error['input'])}' does not fit", right)


def _plain(word: str) -> str:
    return word.strip("'")


def _one_of(error: dict[str, Any], names: str, given: str | None = None) -> str:
    """What would be right of the words that pydantic lists: the nearest, or all of them as it says it."""
    words = re.findall(r"'([^']*)'", error["ctx"][names])
    near = nearest(str(error["input"]) if given is None else given, words)
    return f"did you mean '{near}'?" if near else f"use {error['ctx'][names]}"


def _written(data: dict[str, Any], loc: Place) -> Place:
    """The place as the file has it: of several kinds of entry pydantic names the kind as if it were a key."""
    value: Any = data
    place: Place = ()
    for part in loc:
        if isinstance(value, dict) and part not in value and part in value.values() and part != loc[-1]:
            continue
        place, value = (*place, part), child(value, part)
    return place


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
    if get_origin(annotation) is Annotated:
        yield from _parts(get_args(annotation)[0])
    elif get_origin(annotation) in (tuple, Union, UnionType):
        for inner in get_args(annotation):
            yield from _parts(inner)
    else:
        yield annotation


def _classes(annotation: Any) -> Iterator[type[BaseModel]]:
    return (part for part in _parts(annotation) if isinstance(part, type) and issubclass(part, BaseModel))


def _model_at(model: type[BaseModel], place: Place) -> type[BaseModel] | None:
    """The model of an entry; of several kinds the one that the place names."""
    found = [model]
    for part in place:
        if isinstance(part, str):
            named = [one for one in found if len(found) > 1 and part in _kinds(one)]
            found = named or [inner for one in found for inner in _fields(one, part)]
    return found[0] if found else None


def _fields(model: type[BaseModel], key: str) -> list[type[BaseModel]]:
    wanted = (field for name, field in model.model_fields.items() if key in (name, field.alias))
    return [inner for field in wanted for inner in _classes(field.annotation)]


def _kinds(model: type[BaseModel]) -> set[Any]:
    """The words by which an entry of several kinds says that it is of this one."""
    annotations = (field.annotation for field in model.model_fields.values())
    return {word for one in annotations if get_origin(one) is Literal for word in get_args(one)}


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
            yield from _loose_offsets(next(iter(_fields(model, key)), None), inner, (*place, key))
