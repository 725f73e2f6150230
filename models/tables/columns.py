"""Column types that mean the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field


class UtcMoment(TypeDecorator[datetime]):
    """An aware moment, stored in UTC and read back as aware UTC. A naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To UTC; raises ValueError for a naive moment."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; give an aware moment")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From the database; SQLite forgets the zone, which is always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Shaped(TypeDecorator[Any]):
    """A pydantic type kept as JSON and read back as that type."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def __init__(self, kind: Any = Any) -> None:
        super().__init__()
        self.kind = kind

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.kind)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """To plain JSON."""
        return None if value is None else self._adapter.dump_python(value, mode="json")

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """Back to the type; raises pydantic's ValidationError where the stored value does not fit it."""
        return None if value is None else self._adapter.validate_python(value)


def natural(**more: Any) -> Any:
    """A column of the natural key."""
    return Field(primary_key=True, **more)


def moment(**more: Any) -> Any:
    """A moment, aware UTC."""
    return Field(sa_type=UtcMoment, **more)


def shaped(kind: Any, **more: Any) -> Any:
    """A pydantic type as JSON."""
    return Field(sa_type=Shaped(kind), **more)


def long_text(**more: Any) -> Any:
    """Text of any length."""
    return Field(default="", sa_type=Text, **more)


def minor_units(**more: Any) -> Any:
    """An amount in minor units; currencies such as IDR need more than 32 bits."""
    return Field(sa_type=BigInteger, **more)
