"""What the settings of every part have in common: the prefix, and what they still need, in sentences."""

from __future__ import annotations

from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "FOLLOWTHROUGH_"


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
