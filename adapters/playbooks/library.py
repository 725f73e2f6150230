"""All playbook and policy files of a folder, parsed, with what they define by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from adapters.playbooks.messages import letters_of_the_end
from adapters.playbooks.source import Place, Source, read
from models.plan import MODULE, StepSpec

POLICIES = "policies"
MESSAGES = "messages"
PARTS = "parts.yaml"
LEAVING = "leaving"
INBOUND = "inbound.yaml"
METRICS = "metrics.yaml"
REVIEWS = "reviews.yaml"
FACTS = "facts.yaml"
DETECTION = "detection.yaml"
Model = TypeVar("Model", bound=BaseModel)


class Library:
    """The parsed files below a folder: playbooks by name, policies, and the message templates by language.

    ``leaving`` are the policies of leaving by name, each whole in a file of its own. ``inbound`` is the file of words by
    which a request to cancel is known, ``metrics`` what the metrics are measured against, ``reviews`` the calendar of
    reviews, ``facts`` which words facts are told in, ``detection`` by what risk is found; no plan carries them.
    ``tells_end`` are the templates whose parts count from the end date, None where no file says what messages are made of.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        files = sorted(path for path in folder.rglob("*") if path.suffix in (".yaml", ".yml"))
        below = {path: path.relative_to(folder).parts[0] for path in files}
        of_leaving = [path for path in files if path.parent == folder / POLICIES / LEAVING]
        of_policies = [path for path in files if path.parent == folder / POLICIES]
        own = {path.name: path for path in of_policies if path.name in (INBOUND, METRICS, REVIEWS)}
        shared = [path for path in files if below[path] == POLICIES and path not in (*of_leaving, *own.values())]
        self.inbound, self.metrics, self.reviews = (
            read(own[name], folder) if name in own else None for name in (INBOUND, METRICS, REVIEWS)
        )
        self.policies = [read(path, folder) for path in shared]
        self.leaving = [(path.stem, read(path, folder)) for path in of_leaving]
        self.facts, self.detection = (
            read(folder / name, folder) if folder / name in below else None for name in (FACTS, DETECTION)
        )
        plays = [path for path in files if below[path] not in (POLICIES, MESSAGES, FACTS, DETECTION)]
        self.playbooks = [(path.stem, read(path, folder)) for path in plays]
        own_rules = (self.inbound, self.metrics, self.reviews, self.facts, self.detection)
        self.tells_end = letters_of_the_end(folder / MESSAGES / PARTS)
        self._content = (*self.policies, *self.leaving, *self.playbooks, *own_rules)
        self._templates = tuple((name, *sorted(templates)) for name, templates in self.languages().items())

    def __eq__(self, other: object) -> bool:
        """Whether both were read from the same texts (the same text is the same Source), beside the same templates."""
        return isinstance(other, Library) and self._said() == other._said()

    def __hash__(self) -> int:
        return hash(self._said())

    def _said(self) -> tuple[object, ...]:
        return self.folder, self._content, self._templates, self.tells_end

    def playbook(self, name: str) -> Source | None:
        """The file of that playbook, by the name of the file, or None."""
        return next((source for stem, source in self.playbooks if stem == name), None)

    def names(self) -> tuple[str, ...]:
        """The names of all playbooks, sorted."""
        return tuple(sorted({stem for stem, _ in self.playbooks}))

    def modules(self) -> tuple[str, ...]:
        """The names of the playbooks that are modules, sorted."""
        return self.of_kind(MODULE)

    def of_kind(self, kind: str) -> tuple[str, ...]:
        """The names of the playbooks of that kind, sorted."""
        return tuple(sorted({stem for stem, source in self.playbooks if source.data.get("kind", "save") == kind}))

    def chain(self, name: str) -> list[Source]:
        """The playbook and all that it extends, nearest first; ends where a parent is missing or comes again."""
        found: list[Source] = []
        source = self.playbook(name)
        while source is not None and source not in found:
            found.append(source)
            parent = source.data.get("extends")
            source = self.playbook(parent) if isinstance(parent, str) else None
        return found

    def policy_entries(self, field: str) -> list[tuple[Source, Place, Any]]:
        """Every entry of a list-valued policy field, with its file and place."""
        return [entry for source in self.policies for entry in entries(source, field)]

    def policy_names(self, field: str, key: str) -> list[str]:
        """What the entries of a policy field are called by their ``key``; as they are where they are plain words."""
        values = [value.get(key) if isinstance(value, dict) else value for _, _, value in self.policy_entries(field)]
        return [value for value in values if isinstance(value, str)]

    def languages(self) -> dict[str, set[str]]:
        """The names of the message templates of each language."""
        folders = sorted(path for path in (self.folder / MESSAGES).glob("*") if path.is_dir())
        return {path.name: {file.stem for file in path.glob("[!_]*.j2")} for path in folders}


def entries(source: Source, field: str) -> list[tuple[Source, Place, Any]]:
    """The entries of a list in a file, with their places; nothing where it is no list."""
    values = source.data.get(field)
    return [(source, (field, n), value) for n, value in enumerate(values)] if isinstance(values, list) else []


def texts(value: Any) -> list[tuple[int, str]]:
    """The plain words of a list with their positions; nothing where it is no list."""
    return [(n, word) for n, word in enumerate(value) if isinstance(word, str)] if isinstance(value, list) else []


def parsed(model: type[Model], value: Any) -> Model | None:
    """The value as the model, or None where it is not one (its shape is reported elsewhere)."""
    try:
        return model.model_validate(value)
    except ValidationError:
        return None


def step_entries(source: Source, *, running: bool = True) -> list[tuple[Place, Any]]:
    """The steps of a playbook file with their places; preventive ones only where ``running`` is false."""
    fields = ("investigation", "steps") if running else ("investigation", "preventive", "steps")
    return [(place, value) for field in fields for _, place, value in entries(source, field)]


def spec(value: Any) -> StepSpec | None:
    """A step as written, or None where its shape is at fault."""
    return parsed(StepSpec, value)
