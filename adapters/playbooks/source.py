"""One YAML file as plain values, with the line of every value. Faults of the YAML are collected, never raised."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from adapters.playbooks.fault import Fault

Place = tuple[str | int, ...]
_PLAIN = "tag:yaml.org,2002:"
_FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 100
_INDENT = "check the indentation, the quotes and the brackets around this line"
_CONSTRUCTOR = yaml.constructor.SafeConstructor()
_BAD_SCALAR = (ValueError, KeyError, IndexError, AttributeError, yaml.YAMLError)


class Source:
    """A parsed file: ``data`` (empty where the file cannot be read as a mapping), and the faults of its YAML."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.data: dict[str, Any] = {}
        self.faults: list[Fault] = []
        self._lines: dict[Place, int] = {(): 1}
        root = self._compose(text)
        if root is not None:
            self._take_root(root)

    @property
    def readable(self) -> bool:
        """Whether the file is a mapping, so that its content can be checked."""
        return bool(self.data)

    def line(self, place: Place) -> int:
        """The line of a value, or of the nearest value around it."""
        while place not in self._lines:
            place = place[:-1]
        return self._lines[place]

    def fault(self, place: Place, wrong: str, right: str) -> Fault:
        """A fault at a value of this file."""
        return Fault(self.file, self.line(place), self.describe(place), wrong, right)

    def describe(self, place: Place) -> str:
        """A place in words, such as ``steps[weekly_update].due``: entries of a list go by their id."""
        said, value = "", self.data
        for part in place:
            value = child(value, part)
            name = next(
                (value[key] for key in ("id", "name", "code", "command", "activity") if _names(value, key)), part
            )
            said += f"[{name}]" if isinstance(part, int) else f".{part}" if said else str(part)
        return said

    def _complain(self, line: int, wrong: str, right: str, where: str = "") -> None:
        self.faults.append(Fault(self.file, line, where, wrong, right))

    def _compose(self, text: str) -> yaml.Node | None:
        try:
            root = self._composed(text)
        except yaml.MarkedYAMLError as error:
            self._complain_of_syntax(error)
            return None
        except yaml.YAMLError as error:
            self._complain(1, f"this is not YAML: {str(error).splitlines()[0]}", "save the file as plain UTF-8 text")
            return None
        except RecursionError:
            self._complain(1, "the values are nested too deeply", "a playbook needs no more than a few levels")
            return None
        if root is None and not self.faults:
            self._complain(1, "the file is empty", "write a mapping of keys and values, or remove the file")
        return root

    def _composed(self, text: str) -> yaml.Node | None:
        """By libyaml, which is ten times faster; what it refuses is read in Python, whose words say best what is wrong."""
        try:
            return self._composed_by(_FAST, text)
        except yaml.YAMLError:
            return self._composed_by(yaml.SafeLoader, text)

    def _composed_by(self, loader: Any, text: str) -> yaml.Node | None:
        alias = _alias(loader, text)
        if alias is None:
            return yaml.compose(text, Loader=loader)
        line = alias.start_mark.line + 1 if alias.start_mark else 1
        self._complain(line, f"'*{alias.anchor}' is a YAML alias", "write the value out")
        return None

    def _complain_of_syntax(self, error: yaml.MarkedYAMLError) -> None:
        opened = "flow" in str(error.context) or "quoted" in str(error.context)
        mark = (error.context_mark if opened else None) or error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        if "'\\t'" in str(error.problem):
            self._complain(line, "there is a tab", "indent with spaces")
        else:
            self._complain(line, f"this is not YAML: {error.problem or error.context}", _INDENT)

    def _take_root(self, root: yaml.Node) -> None:
        self._lines[()] = root.start_mark.line + 1
        if not isinstance(root, yaml.MappingNode):
            self._complain(
                self._lines[()], "the file is not a mapping", "start with keys and values, such as 'name: ...'"
            )
            return
        try:
            self.data = self._mapping(root, ())
        except RecursionError:
            self._complain(1, "the values are nested too deeply", "a playbook needs no more than a few levels")

    def _value(self, node: yaml.Node, place: Place) -> Any:
        self._lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*place, n)) for n, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        taken: dict[str, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                self._complain(line, "a key is not a plain word", "write 'key: value'")
            elif key.value in taken:
                first = self._lines[(*place, key.value)]
                self._complain(
                    line, f"the key '{key.value}' is there twice", f"it is on line {first} already; keep one"
                )
            else:
                self._lines[(*place, key.value)] = line
                taken[key.value] = self._value(value, (*place, key.value))
        return taken

    def _scalar(self, node: yaml.Node) -> Any:
        kind = node.tag.removeprefix(_PLAIN)
        if kind in ("str", "timestamp", "merge", "value"):
            return node.value
        line = node.start_mark.line + 1
        if kind not in ("int", "float", "bool", "null"):
            self._complain(line, f"'{node.tag}' is a tag that has no meaning here", "write the plain value")
            return node.value
        try:
            return _CONSTRUCTOR.construct_object(node)
        except _BAD_SCALAR:
            self._complain(
                line, f"'{node.value[:40]}' cannot be read as {kind}", "put it between quotes, or correct it"
            )
            return node.value


def _alias(loader: Any, text: str) -> yaml.AliasEvent | None:
    """The first alias. Raises ``RecursionError`` where the values are nested deeper than libyaml's stack should bear."""
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.AliasEvent):
            return event
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise RecursionError
    return None


def child(value: Any, part: str | int) -> Any:
    """What stands under a key or a number of a value; None where nothing does."""
    if isinstance(value, dict):
        return value.get(str(part))
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return value[part]
    return None


def _names(value: Any, key: str) -> bool:
    return isinstance(value, dict) and isinstance(value.get(key), str)


@lru_cache(maxsize=256)
def _source(file: str, text: str) -> Source:
    """The same text is parsed once: every case reads all files, and parsing is nearly all that this costs."""
    return Source(file, text)


def read(path: Path, folder: Path) -> Source:
    """The file as a Source; ``folder`` is what its name is relative to. Never raises for what the file holds."""
    name = path.relative_to(folder).as_posix()
    try:
        return _source(name, path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        broken = Source(name, "unreadable: true")
        broken.data, broken.faults = {}, [Fault(name, 1, "", "the file is not UTF-8 text", "save it as UTF-8")]
        return broken
    except OSError as error:
        broken = Source(name, "unreadable: true")
        reason = error.strerror or "unknown reason"
        broken.data, broken.faults = {}, [Fault(name, 1, "", f"cannot be read: {reason}", "make it a readable file")]
        return broken
