"""What the settings of every part have in common: the prefix, and what they still need, in sentences."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "FOLLOWTHROUGH_"
LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""Names of this machine, to which nothing needs to be encrypted."""


class PartSettings(BaseSettings):
    """The settings of one part. Each description says what a right value is; errors and docs quote it."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, env_ignore_empty=True, extra="forbid")

    def lacking(self) -> list[str]:
        """What these settings still need, one sentence for each; a part adds its own to those of the others."""
        return []

    def given(self, name: str) -> bool:
        """Whether somebody set this one."""
        return name in self.model_fields_set


def unless(needed: dict[str, bool]) -> list[str]:
    """The sentences whose condition does not hold, with the prefix before the name that they begin with."""
    return [PREFIX + sentence for sentence, there in needed.items() if not there]


def safe_on_its_way(url: str) -> bool:
    """Whether what is sent to a URL is encrypted on its way, or stays on this machine."""
    parts = urlsplit(url)
    return parts.scheme != "http" or parts.hostname in LOOPBACK
