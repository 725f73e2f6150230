"""What is known of something that steps of a plan depend on."""

from __future__ import annotations

from models.base import Record


class Finding(Record):
    """Whether something holds that steps of the plan depend on, and the sentence that says why.

    ``holds`` is None while nobody can know; a step that needs it waits then.
    """

    name: str
    holds: bool | None = None
    why: str = ""
