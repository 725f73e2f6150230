"""The properties that HubSpot must have: what is missing, and how it is created."""

from __future__ import annotations

from datetime import date
from typing import Any

from adapters.crm.hubspot.client import HubSpotClient
from adapters.crm.hubspot.mapping import PropertyMap
from adapters.crm.hubspot.records import Kind

_BESIDE = {
    Kind.COMPANIES: "name",
    Kind.CONTACTS: "email",
    Kind.TASKS: "hs_task_subject",
    Kind.NOTES: "hs_note_body",
}
"""The property of each kind beside which a new one is shown."""

_YES_OR_NO = [{"label": "Yes", "value": "true"}, {"label": "No", "value": "false"}]


async def lacking(client: HubSpotClient, names: PropertyMap) -> str:
    """One sentence on the properties that are missing or not unique; nothing where all are as they must be."""
    await client.owners()
    for kind in Kind:
        there = await client.properties(kind)
        if missing := [name for name in names.names(kind) if name not in there]:
            return f"HubSpot has no property {missing[0]} for {kind.value}; run starter.py crm prepare"
        if not there[own := names.unique(kind)].unique:
            what = "name another property and run starter.py crm prepare"
            return f"the property {own} of {kind.value} in HubSpot does not keep values unique; {what}"
    return ""


async def prepare(client: HubSpotClient, names: PropertyMap) -> tuple[str, ...]:
    """Create the properties that are missing, as ``kind.name``."""
    made = []
    for kind in Kind:
        there = await client.properties(kind)
        for name in names.names(kind):
            if name not in there:
                await client.add_property(
                    kind, _definition(kind, name, names) | {"groupName": there[_BESIDE[kind]].group}
                )
                made.append(f"{kind.value}.{name}")
    return tuple(made)


def _definition(kind: Kind, name: str, names: PropertyMap) -> dict[str, Any]:
    own = {"name": name, "label": name.replace("_", " ").capitalize(), "hasUniqueValue": name == names.unique(kind)}
    kept = names.kept_as(kind, name)
    if kept is bool:
        return own | {"type": "bool", "fieldType": "booleancheckbox", "options": _YES_OR_NO}
    shapes = {date: ("date", "date"), int: ("number", "number")}
    shape, shown = shapes.get(kept, ("string", "text"))
    return own | {"type": shape, "fieldType": shown}
