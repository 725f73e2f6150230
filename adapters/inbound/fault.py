"""What cannot be read as what it claims to be."""

from __future__ import annotations

from models.case import RefusalType
from models.faults import PermanentFault


class Unreadable(PermanentFault):
    """The only fault that readers raise: one sentence that says what is wrong. A person looks at the file."""

    def __init__(self, sentence: str) -> None:
        super().__init__(RefusalType.BAD_PAYLOAD, sentence)
