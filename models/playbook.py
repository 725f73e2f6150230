"""A playbook file as RevOps writes it (section B.1 of the requirements)."""

from __future__ import annotations

from pydantic import Field

from models.base import Id, Request
from models.calendar import Offset
from models.offer import OfferSpec
from models.plan import StepSpec


class Trigger(Request):
    """When a playbook is the right one (PLAY-2)."""

    req: str = ""
    src: str = ""
    event: str = ""
    cited_reasons: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    corroborating: tuple[str, ...] = ()
    precondition: str = ""


class Playbook(Request):
    """A playbook file as RevOps writes it (section B.1 of the requirements)."""

    name: Id
    version: int = Field(ge=1)
    req: str = ""
    src: str = ""
    title: str
    kind: str = "save"
    extends: Id | None = None
    principle: str = ""
    urgency: str = ""
    use_when: tuple[str, ...] = ()
    do_not_use_when: tuple[str, ...] = ()
    trigger: Trigger = Trigger()
    investigation: tuple[StepSpec, ...] = ()
    preventive: tuple[StepSpec, ...] = ()
    steps: tuple[StepSpec, ...] = ()
    offers: tuple[OfferSpec, ...] = ()
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    success: tuple[str, ...] = ()
    modules: tuple[Id, ...] = ()
    rationale: str = ""
    duration: Offset | None = None
    benchmarks: tuple[str, ...] = ()
