"""Whether a leaving customer is spoken to about staying: the stated reasons, the two lists, and the verdict (F.4)."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from models.base import Id, Record, Request, Text
from models.people import PersonId, RoleId

STRATEGIC = "strategic"
"""What names the strategic accounts where the severities are named."""


class StatedReason(StrEnum):
    """Why a customer says that they leave (DIS-11)."""

    BUDGET_CUT = "budget_cut"
    BUDGET_ELIMINATED = "budget_eliminated"
    MISSING_FEATURE = "missing_feature"
    TECHNICAL_PROBLEM = "technical_problem"
    SERVICE = "service"
    VALUE = "value"
    CHAMPION_LEFT = "champion_left"
    COMPETITOR_EVALUATING = "competitor_evaluating"
    COMPETITOR_CHOSEN_UNSIGNED = "competitor_chosen_unsigned"
    COMPETITOR_SIGNED = "competitor_signed"
    COMPANY_CLOSING = "company_closing"
    ACQUIRED = "acquired"
    BANKRUPTCY = "bankruptcy"
    FIRM_DECISION = "firm_decision"
    MISUNDERSTANDING = "misunderstanding"
    OTHER = "other"
    UNKNOWN = "unknown"


class Criterion(StrEnum):
    """The criteria of both lists, by the requirement that names them."""

    HIGH_VALUE = "CANC-30"
    EXPANSION = "CANC-31"
    STRATEGIC_OR_REFERENCE = "CANC-32"
    ADDRESSABLE = "CANC-33"
    LONG_TENURE = "CANC-34"
    LOW_VALUE = "CANC-35"
    NO_SALES_CONTACT = "CANC-36"
    STRUCTURAL = "CANC-37"
    SIGNED_ELSEWHERE = "CANC-38"
    FIRM_DECISION = "CANC-39"


class EligibilityRules(Request):
    """Who is spoken to about staying. ``long_tenure_years`` counts with a strong relationship only (CANC-34, AMB-12).

    The lists of reasons are apart; a reason in none of them, such as ``other``, matches no criterion.
    ``sales_roles`` leave a case whose customer asks for no sales conversation (DIS-32). ``save_leader`` is who leads the
    save talk by severity, or for ``strategic`` accounts, in place of the CSM (CANC-40).
    """

    high_value_severities: tuple[str, ...] = ()
    low_value_severities: tuple[str, ...] = ()
    long_tenure_years: int = Field(default=5, ge=1, le=50)
    addressable: tuple[StatedReason, ...] = ()
    structural: tuple[StatedReason, ...] = ()
    signed_elsewhere: tuple[StatedReason, ...] = ()
    firm: tuple[StatedReason, ...] = ()
    override_roles: tuple[RoleId, ...] = ()
    sales_roles: tuple[RoleId, ...] = ()
    save_leader: dict[Id, RoleId] = {}


class Wish(Record):
    """What the customer said, and how the relationship is seen by those who know it."""

    reasons: tuple[StatedReason, ...] = (StatedReason.UNKNOWN,)
    no_sales_contact: bool = False
    strong_relationship: bool = False


class Override(Record):
    """A manager's word that a customer is spoken to although the default is not to, with the reason."""

    by: PersonId
    reason: Text


class Verdict(Record):
    """Whether there is a save attempt: what matched on both lists, what decided (none: the default), and a sentence.

    ``overridable``: a manager may still decide for an attempt. ``overridden_by`` has done so.
    """

    attempt: bool
    for_attempt: tuple[Criterion, ...] = ()
    for_accepting: tuple[Criterion, ...] = ()
    deciding: Criterion | None = None
    sentence: str
    overridable: bool = False
    overridden_by: PersonId | None = None
