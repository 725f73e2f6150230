"""What an example of a message is."""

from __future__ import annotations

from typing import NamedTuple


class Sample(NamedTuple):
    """The requirements that a message answers, the parts that must be there, and those that may be."""

    req: str
    must: dict[str, str]
    may: dict[str, str] = {}

    @property
    def whole(self) -> dict[str, str]:
        return self.must | self.may
