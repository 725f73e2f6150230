"""YAML files of the messages folder as models. Every fault names the file and what is wrong in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from models import misfit
from models.case import RefusalType
from models.faults import PermanentFault

_FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Model = TypeVar("_Model", bound=BaseModel)


def read(path: Path) -> dict[str, Any]:
    """The mapping that a YAML file holds. Raises ``PermanentFault(BadPlaybook)`` where it holds none."""
    try:
        content = parsed(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise PermanentFault(RefusalType.BAD_PLAYBOOK, f"{path.name} cannot be read: {fault}") from fault
    if not isinstance(content, dict):
        raise PermanentFault(RefusalType.BAD_PLAYBOOK, f"{path.name} must be a YAML mapping.")
    return content


def parsed(text: str) -> Any:
    """What a text of YAML holds, read by libyaml where it is there. Raises ``yaml.YAMLError``."""
    return yaml.load(text, Loader=_FAST)  # noqa: S506 a safe loader


def model(kind: type[_Model], content: Mapping[str, Any], name: str) -> _Model:
    """The content as a model. Raises ``PermanentFault(BadPlaybook)`` with ``name`` and the first fault."""
    try:
        return kind.model_validate(content)
    except ValidationError as fault:
        raise PermanentFault(RefusalType.BAD_PLAYBOOK, f"{name}: {misfit.named(fault.errors()[0])}.") from fault
