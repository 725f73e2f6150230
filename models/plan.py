"""A plan: dated obligations as a playbook writes them, and the policy numbers that go with it (PLAY-1..9).

A plan is a snapshot. It is read from YAML once, pinned to a case as ``name@version`` with a digest, and never changes
under a running case.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import Field, model_validator

from models.base import Id, Record, Request
from models.calendar import ZERO, Clock, Offset
from models.people import RoleId

OPENED = "opened"


class When(Request):
    """A moment named by the process: an anchor, an offset from it, and how the offset counts.

    In YAML a bare duration counts from the opening of the case. Anchors are ``opened``, ``confirmed``, ``end_date``,
    ``closed``, ``saved`` and ``step:X`` (when step X was done).
    """

    after: str = Field(default=OPENED, pattern=r"^(opened|confirmed|end_date|closed|saved|step:[a-z0-9_]+)$")
    offset: Offset = ZERO
    clock: Clock = Clock.ELAPSED

    @model_validator(mode="before")
    @classmethod
    def _shorthand(cls, value: Any) -> Any:
        return {"offset": value} if isinstance(value, str) else value


class Channel(StrEnum):
    """How a step is done."""

    PHONE = "phone"
    EMAIL = "email"
    MEETING = "meeting"
    INTERNAL = "internal"
    ANY = "any"


class FailureClass(StrEnum):
    """What a failing effect means for the case; the numbers behind a class live in one place each."""

    NOTIFY = "NOTIFY"
    MONEY = "MONEY"
    RECORD = "RECORD"


class Content(Request):
    """One thing that a step must contain, so that its evidence can answer for it by id."""

    id: Id
    what: str


class EvidenceRule(Request):
    """What proves that a step is done: a kind of evidence (a form from the policy), what it says, and its choices."""

    kind: str = "note"
    what: str = ""
    decisions: tuple[str, ...] = ()


class Condition(Request):
    """A step that exists only when another step was done with a given decision."""

    step: Id
    decision: str


class Until(Request):
    """When a recurring step ends: once a step is done, or once the case reaches a stage."""

    step: Id | None = None
    stage: str | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Until:
        if (self.step is None) == (self.stage is None):
            raise ValueError("'until' names exactly one of step and stage")
        return self


class Automatic(Request):
    """A step that the system does: which notice it sends to whom, and what a failure of it means."""

    notify: tuple[RoleId, ...]
    failure_class: FailureClass = FailureClass.NOTIFY


class StepSpec(Request):
    """One obligation as a playbook states it (PLAY-4, PLAY-5): one owner, when it opens and is due, what proves it."""

    id: Id
    title: str = Field(min_length=3)
    req: str = ""
    src: str = ""
    due_by: str = "p"
    owner: RoleId
    along: tuple[RoleId, ...] = Field(default=(), alias="with")
    opens: When = When()
    due: When | None = None
    warn: When | None = None
    respond: bool = False
    channel: Channel = Channel.ANY
    customer_facing: bool = False
    promise: bool = False
    evidence: EvidenceRule = EvidenceRule()
    contents: tuple[Content, ...] = ()
    template: str | None = None
    reaches: str | None = None
    optional: bool = False
    skippable: bool = False
    condition: Condition | None = None
    recur: Offset | None = None
    until: Until | None = None
    clock: Clock = Clock.ELAPSED
    ladder: str = "standard"
    task: bool = True
    automatic: Automatic | None = None

    model_config = Request.model_config | {"populate_by_name": True}

    @model_validator(mode="after")
    def _dated(self) -> StepSpec:
        if (self.recur is None) == (self.due is None):
            raise ValueError(f"step {self.id} needs exactly one of 'due' and 'recur'")
        if (self.recur is None) != (self.until is None):
            raise ValueError(f"step {self.id} needs 'until' with 'recur', and only with it")
        return self


class Rung(Request):
    """One rung of an escalation ladder: who is told, and how long after the breach (AMB-37)."""

    role: RoleId
    after: Offset = ZERO
    clock: Clock = Clock.ELAPSED


class Ladder(Request):
    """An escalation ladder by name; ``warns`` says whether the owner is reminded before the breach."""

    name: str
    warns: bool = True
    rungs: tuple[Rung, ...]


class Permission(Request):
    """Which roles may give a command; an empty list means anybody on the team."""

    command: str
    roles: tuple[RoleId, ...] = ()


class EvidenceKind(Request):
    """A form of evidence: a pattern that the text must match, and an example that a refusal shows.

    ``email_only`` is the pattern that is accepted in place of a call from a customer who wants email (DIS-7).
    """

    name: str
    pattern: str
    example: str
    email_only: str | None = None


class Patience(Request):
    """How long to keep trying an effect of a class: the waits between activities; after the last a person takes over."""

    failure_class: FailureClass
    waits: tuple[Offset, ...]


class RootCauseRule(Request):
    """A root cause of the company's list, its category (RISK-115..118) and the playbook that it picks (PLAY-150)."""

    code: Id
    category: str
    title: str
    playbook: Id
    modules: tuple[Id, ...] = ()


class Statement(Request):
    """A phrase that customers say, what it means, and how to respond (RISK-25..52)."""

    code: Id
    family: str
    phrase: str
    meaning: str
    response: tuple[str, ...] = ()


class Band(Request):
    """A severity band by yearly revenue, lower bound included, in whole units (RISK-99..102, AMB-11)."""

    severity: str
    from_arr: int


class RenewalBand(Request):
    """An urgency by days until renewal, upper bound included (RISK-103..105, AMB-10)."""

    urgency: str
    to_days: int


class Cell(Request):
    """One cell of the prioritisation matrix: response time and the resource level (RISK-106, AMB-9)."""

    severity: str
    urgency: str
    respond: Offset
    resources: str
    ladder: str = "standard"


class Rate(Request):
    """How many units of a currency make one unit of the currency of the bands."""

    currency: str = Field(pattern=r"^[A-Z]{3}$")
    per_unit: Decimal = Field(gt=0)


class TriageRules(Request):
    """How an account is judged: severity, urgency, the response matrix and its cap (DIS-5, DIS-28)."""

    currency: str = "USD"
    rates: tuple[Rate, ...] = ()
    bands: tuple[Band, ...] = ()
    top_severity: str = "critical"
    long_tenure_years: int = 5
    tenure_alone_min_arr: int = 10_000
    renewals: tuple[RenewalBand, ...] = ()
    immediate_reasons: tuple[str, ...] = ()
    high_reasons: tuple[str, ...] = ()
    default_urgency: str = "medium"
    matrix: tuple[Cell, ...] = ()
    cap: Offset | None = None


class Policy(Request):
    """The numbers of the process that hold for every step of a plan. None of them is a constant in Python."""

    warn_percent: int = Field(default=75, ge=1, le=99)
    lead_role: RoleId = "csm"
    manager_role: RoleId = "cs_manager"
    executive_role: RoleId = "executive"
    ladders: tuple[Ladder, ...] = ()
    digest_window: Offset = ZERO
    task_closings_within: Offset = ZERO
    no_contact_after: int = Field(default=5, ge=1)
    reopened_due: Offset = ZERO
    import_grace: Offset = ZERO
    longest_hold: Offset = ZERO
    kept_timeline: int = 200
    patience: tuple[Patience, ...] = (
        Patience(failure_class=FailureClass.RECORD, waits=tuple(Offset(minutes=wait) for wait in (1, 5, 15, 60))),
    )
    permissions: tuple[Permission, ...] = ()
    evidence: tuple[EvidenceKind, ...] = ()
    root_causes: tuple[RootCauseRule, ...] = ()
    statements: tuple[Statement, ...] = ()
    triage: TriageRules = TriageRules()
    roles: tuple[RoleId, ...] = ()


class OfferSpec(Request):
    """An offer that a playbook authorises (PLAY-42..44, 76..89); alive once concessions are."""

    id: Id
    req: str = ""
    what: tuple[str, ...]
    limit_pct: int | None = Field(default=None, ge=0, le=100)
    limit_duration: Offset | None = None
    lead: Offset | None = None
    schedule: tuple[PriceStep, ...] = ()
    ends: str | None = None
    needs: tuple[str, ...] = ()
    approval: str = ""
    src: str = ""

    @model_validator(mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("what"), str):
            return value | {"what": (value["what"],)}
        return value


class PriceStep(Request):
    """One step of a phased price: the months it covers, counted from acceptance, and the percentage off."""

    months: str
    pct: int = Field(ge=0, le=100)


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


class Plan(Record):
    """A playbook with all it inherits, pinned: what ``load_plan`` returns and a case carries."""

    name: Id
    version: int
    digest: str
    title: str
    steps: tuple[StepSpec, ...]
    offers: tuple[OfferSpec, ...] = ()
    policy: Policy = Policy()

    @property
    def ref(self) -> str:
        """``name@version``, as ``status`` and the search attributes show it."""
        return f"{self.name}@{self.version}"

    def step(self, step_id: str) -> StepSpec | None:
        """The step of that id, or None."""
        return next((step for step in self.steps if step.id == step_id), None)


OfferSpec.model_rebuild()
