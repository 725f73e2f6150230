"""What is known of something that steps of a plan depend on, and what a decision of a step speaks for."""

from __future__ import annotations

from models.base import Id, Record, Request


class Finding(Record):
    """Whether something holds that steps of the plan depend on, and the sentence that says why.

    ``holds`` is None while nobody can know; a step that needs it waits then.
    """

    name: str
    holds: bool | None = None
    why: str = ""


class Found(Request):
    """The root cause that a decision of a step speaks for; whoever leads the case is told to record it (SAVE-8, SAVE-9)."""

    decision: str
    root_cause: Id
