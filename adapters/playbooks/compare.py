"""What changed between two plans, for ``playbook diff`` and before a case adopts a newer one."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from models.plan import Plan

_BY_NAME = ("id", "name", "activity", "command", "code", "failure_class", "severity", "urgency", "role")


class Change(NamedTuple):
    """One change: where (such as ``steps[ack_call].due``), what it was and is; empty where there was nothing."""

    where: str
    was: str
    now: str

    def __str__(self) -> str:
        if not self.was:
            return f"+ {self.where}: {self.now}"
        return f"~ {self.where}: {self.was} -> {self.now}" if self.now else f"- {self.where}: {self.was}"


def diff(old: Plan, new: Plan) -> tuple[Change, ...]:
    """Every change from ``old`` to ``new``: version, steps and offers added, removed or changed, and policy numbers.

    The digest is left out, since it follows from the rest. An added or removed step is one change, with its title.
    """
    was, now = (plan.model_dump(mode="json", by_alias=True, exclude={"digest"}) for plan in (old, new))
    return tuple(_compare("", was, now))


def _compare(where: str, was: Any, now: Any) -> list[Change]:
    if was == now:
        return []
    if isinstance(was, dict) and isinstance(now, dict):
        return [change for key in {**was, **now} for change in _part(where, key, was, now)]
    if _is_named(was) and _is_named(now):
        return _entries(where, was, now)
    return [Change(where, _say(was), _say(now))]


def _part(where: str, key: str, was: dict[str, Any], now: dict[str, Any]) -> list[Change]:
    return _compare(f"{where}.{key}" if where else key, was.get(key), now.get(key))


def _entries(where: str, was: list[dict[str, Any]], now: list[dict[str, Any]]) -> list[Change]:
    before, after = ({_name(one): one for one in entries} for entries in (was, now))
    found: list[Change] = []
    for name in {**before, **after}:
        place = f"{where}[{name}]"
        if name in before and name in after:
            found += _compare(place, before[name], after[name])
        else:
            found.append(Change(place, _title(before.get(name)), _title(after.get(name))))
    if not found:
        found.append(Change(f"{where} (order)", ", ".join(before), ", ".join(after)))
    return found


def _is_named(value: Any) -> bool:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        return False
    names = [_name(one) for one in value]
    return "" not in names and len(set(names)) == len(names)


def _name(entry: dict[str, Any]) -> str:
    return " x ".join(str(entry[key]) for key in _BY_NAME if isinstance(entry.get(key), str))


def _title(entry: dict[str, Any] | None) -> str:
    return "" if entry is None else str(entry.get("title") or _say(entry))


def _say(value: Any) -> str:
    if value is None or value == [] or value == "":
        return "nothing"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
