"""A plan: dated obligations as a playbook writes them, and the policy that goes with it (PLAY-1..9).

A plan is a snapshot. It is read from YAML once, pinned to a case as ``name@version`` with a digest, and never changes
under a running case.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field, model_validator

from models.automatic import Automatic
from models.base import Id, Record, Request
from models.calendar import ZERO, Clock, Offset
from models.document import DocumentKind
from models.finding import Found
from models.offer import OfferKind, OfferSpec
from models.people import RoleId
from models.policy import Policy

OPENED = "opened"

_ANCHOR = (
    r"^(opened|confirmed|end_date|export_asked|withdrawn|closed|retrieval_ends|deletion_due|backups_due|reminder_due|saved"
    r"|step:[a-z0-9_]+)$"
)

MODULE = "module"
"""The kind of a plan that is added to a running case, and never runs one by itself (PLAY-118..149)."""


class When(Request):
    """A moment named by the process: an anchor, an offset from it, and how the offset counts.

    In YAML a bare duration counts from the opening of the case. Anchors are ``opened``, ``confirmed``, ``end_date``,
    ``export_asked``, ``withdrawn``, ``closed``, ``retrieval_ends``, ``deletion_due``, ``backups_due``, ``reminder_due``,
    ``saved`` and ``step:X`` (when step X was done). With ``before`` in place of ``after`` the moment lies so long before
    the anchor.
    """

    after: str = Field(default=OPENED, pattern=_ANCHOR)
    before: str | None = Field(default=None, pattern=_ANCHOR)
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


class Content(Request):
    """One thing that a step must contain, so that its evidence can answer for it by id; ``dated``: with an absolute date."""

    id: Id
    what: str
    dated: bool = False


class EvidenceRule(Request):
    """What proves that a step is done: a kind of evidence (a form from the policy), what it says, and its choices.

    ``example`` is what a refusal shows; without one it shows that of the form, which is about no topic.
    """

    kind: str = "note"
    what: str = ""
    example: str = ""
    decisions: tuple[str, ...] = ()


class Condition(Request):
    """A step that exists only when another step was done with a given decision."""

    step: Id
    decision: str


class Until(Request):
    """When a recurring step ends: once a step is done, once the case reaches a stage, or after so many times."""

    step: Id | None = None
    stage: str | None = None
    times: int | None = Field(default=None, ge=1, le=1000)

    @model_validator(mode="after")
    def _exactly_one(self) -> Until:
        if sum(one is not None for one in (self.step, self.stage, self.times)) != 1:
            raise ValueError("'until' names exactly one of step, stage and times")
        return self


class Reader(StrEnum):
    """To whom a letter of a cancellation goes; a save writes to the account's own contact.

    ``another`` may cancel and did not ask; ``users`` are all contacts but the one who speaks for the account.
    """

    AUTHORISED = "authorised"
    REQUESTER = "requester"
    ANOTHER = "another"
    USERS = "users"


_PAGES = (DocumentKind.BRIEF, DocumentKind.VALUE_REPORT, DocumentKind.MEETING, DocumentKind.REVIEW)


class Page(Request):
    """A page that the system prepares from data for whoever does a step (POST-1, POST-6, CONV-8).

    It is ready so long ``before`` the step is due, or as soon as the step opens. ``look_back`` is how many days it is
    about; without it, those since the moment that the step counts from. ``titles`` are what a customer's page is called
    in their language, by language; the step's own title where there is none.
    """

    kind: DocumentKind
    titles: dict[str, str] = {}
    before: Offset | None = None
    look_back: Offset | None = None

    @model_validator(mode="after")
    def _for_a_step(self) -> Page:
        if self.kind not in _PAGES:
            raise ValueError(f"the page of a step is {', '.join(map(repr, map(str, _PAGES)))}, not '{self.kind}'")
        return self


class ByPolicy(StrEnum):
    """A limit that the policy of leaving sets in place of the plan."""

    ACKNOWLEDGEMENT = "acknowledgement"
    FOLLOW_UP = "follow_up"
    APPROVALS = "approvals"
    SURVEY = "survey"


class StepSpec(Request):
    """One obligation as a playbook states it (PLAY-4, PLAY-5): one owner, when it opens and is due, what proves it.

    ``only``: the step exists only where that finding of the case holds. ``needs``: it opens no earlier than these are
    ended. ``enters`` and ``reaches`` are the stages that the case comes to when the step opens and when it is done.
    ``command``: the step is done by that command, and by no other. ``no_return``: what it does cannot be taken back, so
    that nobody can withdraw once it has opened. ``by_policy``: the policy of leaving says when, in place of the plan.
    ``investigates``: no offer is made before it is answered (PLAY-3). ``finds``: the root causes that its decisions speak
    for. ``offers``: it tells the customer of an offer of one of these kinds, which must stand on the register (SAVE-37).
    ``before_erasure``: the law or the contract wants it, so that the data is not erased before it is ended.
    ``lapses``: when it has failed, because nobody did it and it is no use any more.
    ``tells_end``: its letter names a day that counts from the end date, and is drafted anew when that moves (TMPL-43).
    """

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
    reader: Reader = Reader.AUTHORISED
    reaches: str | None = None
    optional: bool = False
    skippable: bool = False
    condition: Condition | None = None
    only: Id | None = None
    needs: tuple[Id, ...] = ()
    enters: str | None = None
    command: Id | None = None
    no_return: bool = False
    by_policy: ByPolicy | None = None
    investigates: bool = False
    finds: tuple[Found, ...] = ()
    offers: tuple[OfferKind, ...] = ()
    before_erasure: bool = False
    lapses: When | None = None
    tells_end: bool = False
    recur: Offset | None = None
    until: Until | None = None
    clock: Clock = Clock.ELAPSED
    ladder: str = "standard"
    task: bool = True
    automatic: Automatic | None = None
    page: Page | None = None

    model_config = Request.model_config | {"populate_by_name": True}

    @model_validator(mode="after")
    def _dated(self) -> StepSpec:
        if (self.recur is None) == (self.due is None):
            raise ValueError(f"step {self.id} needs exactly one of 'due' and 'recur'")
        if (self.recur is None) != (self.until is None):
            raise ValueError(f"step {self.id} needs 'until' with 'recur', and only with it")
        return self


class Plan(Record):
    """A playbook with all it inherits, pinned: what ``load_plan`` returns and a case carries.

    ``preventive`` is what should have been there before; no save owes it, the recovery after it does.
    """

    name: Id
    version: int
    digest: str
    kind: str = "save"
    title: str
    steps: tuple[StepSpec, ...]
    preventive: tuple[StepSpec, ...] = ()
    offers: tuple[OfferSpec, ...] = ()
    policy: Policy = Policy()
    modules: tuple[Plan, ...] = ()

    @property
    def ref(self) -> str:
        """``name@version``, and the same of each module behind a plus sign, as ``status`` and the searches show it."""
        return "+".join((f"{self.name}@{self.version}", *(module.ref for module in self.modules)))

    @property
    def is_module(self) -> bool:
        """Whether it is added to a case besides the playbook that runs there."""
        return self.kind == MODULE

    def with_module(self, module: Plan) -> Plan:
        """This plan with what the module owes and offers as well; a former version of the same module makes room."""
        others = tuple(other for other in self.modules if other.name != module.name)
        brought = {step.id for former in self.modules for step in former.steps}
        offered = {offer.id for former in self.modules for offer in former.offers}
        steps = tuple(step for step in self.steps if step.id not in brought)
        offers = tuple(offer for offer in self.offers if offer.id not in offered)
        added = module.without({step.id for step in steps}, {offer.id for offer in offers})
        modules = (*others, added)
        return self.model_copy(
            update={
                "modules": modules,
                "steps": steps + tuple(step for each in modules for step in each.steps),
                "offers": offers + tuple(offer for each in modules for offer in each.offers),
            }
        )

    def with_steps(self, step_ids: tuple[str, ...], **fields: str) -> Plan:
        """This plan with another title or owner for these of its steps."""
        steps = (step.model_copy(update=fields) if step.id in step_ids else step for step in self.steps)
        return self.model_copy(update={"steps": tuple(steps)})

    def without_module(self, name: str) -> Plan:
        """This plan without what that module owes and offers; unchanged where it has no such module."""
        gone = [module for module in self.modules if module.name == name]
        owed = {step.id for module in gone for step in module.steps}
        offered = {offer.id for module in gone for offer in module.offers}
        return self.model_copy(
            update={
                "modules": tuple(module for module in self.modules if module.name != name),
                "steps": tuple(step for step in self.steps if step.id not in owed),
                "offers": tuple(offer for offer in self.offers if offer.id not in offered),
            }
        )

    def without(self, steps: set[str], offers: set[str]) -> Plan:
        """This plan without the steps and offers of these ids, and without the policy, which comes with the playbook."""
        kept = {
            "steps": tuple(step for step in self.steps if step.id not in steps),
            "offers": tuple(offer for offer in self.offers if offer.id not in offers),
        }
        return self.model_copy(update={**kept, "policy": Policy()})

    def step(self, step_id: str) -> StepSpec | None:
        """The step of that id, or None."""
        return next((step for step in self.steps if step.id == step_id), None)

    def offer(self, offer_id: str) -> OfferSpec | None:
        """The offer of that id, of the playbook or of the policy, which authorises some with every playbook; or None."""
        offers = (*self.offers, *self.policy.offers)
        return next((offer for offer in offers if offer.id == offer_id), None)
