"""What HubSpot keeps, as it is read and written."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from models.base import Record, Utc

Properties = Mapping[str, str]
"""Values by the name of their property; HubSpot keeps all of them as text."""


class Kind(StrEnum):
    """The kinds of object that are worked with, as HubSpot's addresses name them."""

    COMPANIES = "companies"
    CONTACTS = "contacts"
    TASKS = "tasks"
    NOTES = "notes"


TO_COMPANY = {Kind.CONTACTS: 279, Kind.TASKS: 192, Kind.NOTES: 190}
"""HubSpot's number for the link from an object of that kind to a company."""


class HubSpotObject(Record):
    """An object with the properties that were asked for."""

    id: str
    properties: dict[str, str | None] = {}
    created: Utc
    updated: Utc

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> HubSpotObject:
        """The object as HubSpot sends it."""
        moments = {"created": body["createdAt"], "updated": body["updatedAt"]}
        return cls(id=str(body["id"]), properties=body["properties"], **moments)

    def value(self, name: str) -> str:
        """The value of a property, empty where it has none."""
        return (self.properties.get(name) or "").strip()


class NewObject(Record):
    """An object to create, linked to its company where it has one."""

    properties: dict[str, str]
    company: str = ""

    def body(self, kind: Kind) -> dict[str, Any]:
        """The object as HubSpot takes it."""
        if not self.company:
            return {"properties": self.properties, "associations": []}
        link = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": TO_COMPANY[kind]}
        return {"properties": self.properties, "associations": [{"to": {"id": self.company}, "types": [link]}]}


class Changed(Record):
    """New values for properties of an object that is there."""

    id: str
    properties: dict[str, str]


class Owner(Record):
    """A user of HubSpot to whom things can belong."""

    id: str
    user_id: str = ""
    email: str = ""


class Field(Record):
    """A property of a kind: whether its values are unique, and the group in which HubSpot shows it."""

    unique: bool
    group: str


class Condition(Record):
    """A condition of a search: one value, several (``IN``), or that there is any (``HAS_PROPERTY``)."""

    name: str
    operator: str = "EQ"
    value: str = ""
    values: tuple[str, ...] = ()

    def body(self) -> dict[str, Any]:
        """The condition as HubSpot takes it."""
        given = {"value": self.value} if self.value else {"values": list(self.values)} if self.values else {}
        return {"propertyName": self.name, "operator": self.operator, **given}
