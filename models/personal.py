"""What people ask for about their own data, whatever becomes of the account (AMB-26)."""

from __future__ import annotations

from enum import StrEnum

from models.base import Record, Utc
from models.people import PersonId


class PersonalKind(StrEnum):
    """What a person asks for about their own data (GDPR 15 to 21, CCPA 1798.100 and on)."""

    ACCESS = "access"
    CORRECTION = "correction"
    ERASURE = "erasure"
    PORTABILITY = "portability"
    OBJECTION = "objection"


class PersonsRequest(Record):
    """A person asked for something about their own data; ``latest`` is the last moment that the law allows (UTC).

    ``confirm_by`` and ``answer_by`` are what was still owed, and by when (UTC), as the request went to another case.
    """

    n: int
    kind: PersonalKind
    law: str
    received_at: Utc
    latest: Utc
    by: PersonId
    confirm_by: Utc | None = None
    answer_by: Utc | None = None
