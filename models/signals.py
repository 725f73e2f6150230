"""What is seen and said, alone and together: signals, red flags, and what several weigh (RISK-7..60)."""

from __future__ import annotations

from pydantic import Field

from models.alerts import AlertKind, RiskLevel
from models.base import Id, Request
from models.triggers import Line


class SignalSpec(Request):
    """Something that was seen or said, and what it means by itself.

    ``multiplies``: it never is a risk alone, but raises the level of any other (RISK-57). ``statement``: it is a code of
    the dictionary of statements. ``churning``: the customer has decided (RISK-3). ``former``: it is said by who has left.
    """

    kind: Id
    req: str = Field(pattern=r"^(RISK|CONV)-\d+$")
    family: Id
    level: RiskLevel
    alert: AlertKind = AlertKind.BEHAVIOUR
    multiplies: bool = False
    statement: bool = False
    churning: bool = False
    former: bool = False


class Part(Request):
    """One part of a combination: any of these rules and signals."""

    any_of: tuple[Id, ...] = Field(min_length=1)


class Combination(Request):
    """Red flags that together mean that churn is likely; every part is needed (RISK-22..24)."""

    id: Id
    req: str
    says: Line
    level: RiskLevel
    kind: AlertKind
    parts: tuple[Part, ...] = Field(min_length=2)


class Raise(Request):
    """From how many different findings on the risk is at least of that level (RISK-7)."""

    findings: int = Field(ge=2)
    level: RiskLevel
