"""What was done for a customer before their case was brought into Followthrough."""

from __future__ import annotations

from models.base import Given, Id, Record, StepId, Text


class PastStep(Record):
    """A step that was done before the case was brought into Followthrough."""

    step_id: StepId
    by: Id
    at: Given
    evidence: Text
