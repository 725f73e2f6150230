"""The settings of Followthrough's own workers; how Temporal is reached is Temporal's (``TEMPORAL_*``)."""

from __future__ import annotations

from pydantic import Field

from settings.part import PartSettings


class TemporalSettings(PartSettings):
    """Which version of the workers this one is."""

    worker_version: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9_.\-]{0,100}$",
        description="the version of this worker, in letters, digits, dots and dashes, or nothing",
    )
