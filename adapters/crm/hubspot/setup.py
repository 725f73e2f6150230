"""The properties that HubSpot must have: what is missing, and how it is created."""

from __future__ import annotations

from typing import Any

from adapters.crm.hubspot.client import HubSpotClient
from adapters.crm.hubspot.mapping import PropertyMap
from adapters.crm.hubspot.records import Kind

_GROUPS = {
    Kind.COMPANIES: "companyinformation",
    Kind.CONTACTS: "contactinformation",
    Kind.TASKS: "task",
    Kind.NOTES: "engagement",
}
_DATES = ("customer_since", "renewal_date", "churned_on")


async def lacking(client: HubSpotClient, names: PropertyMap) -> str:
    """One sentence on the properties that are missing or not unique; nothing where all are as they must be."""
    await client.owners()
    for kind in Kind:
        there = await client.properties(kind)
        if missing := [name for name in names.names(kind) if name not in there]:
            return f"HubSpot has no property {missing[0]} for {kind.value}; run starter.py crm prepare"
        if not there[own := names.unique(kind)]:
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
                await client.add_property(kind, _definition(kind, name, names))
                made.append(f"{kind.value}.{name}")
    return tuple(made)


def _definition(kind: Kind, name: str, names: PropertyMap) -> dict[str, Any]:
    of_account = {mapped: field for field, mapped in names.accounts.items()} if kind is Kind.COMPANIES else {}
    field = of_account.get(name, "")
    shape = ("date", "date") if field in _DATES else ("number", "number") if field == "arr" else ("string", "text")
    label = name.replace("_", " ").capitalize()
    own = {"name": name, "label": label, "groupName": _GROUPS[kind], "type": shape[0], "fieldType": shape[1]}
    return own | {"hasUniqueValue": name == names.unique(kind)}
