"""What the system does by itself in a step of a plan."""

from __future__ import annotations

from enum import StrEnum

from pydantic import model_validator

from models.base import Request
from models.people import RoleId
from models.policy import FailureClass
from models.service_level import ServiceLevel


class Work(StrEnum):
    """What the system does by itself in a step; the receipt is the evidence."""

    SEND_LETTER = "send_letter"
    PREPARE_EXPORT = "prepare_export"
    REDUCE_ACCESS = "reduce_access"
    REVOKE_ACCESS = "revoke_access"
    REVOKE_INTERNAL = "revoke_internal"
    RESTORE_ACCESS = "restore_access"
    PREVIEW_INVOICE = "preview_invoice"
    STOP_CHARGING = "stop_charging"
    ISSUE_FINAL_INVOICE = "issue_final_invoice"
    REFUND = "refund"
    CLOSE_ACCOUNT = "close_account"
    TAG_ACCOUNT = "tag_account"
    READ_BACK = "read_back"
    ERASE_DATA = "erase_data"
    ISSUE_CERTIFICATE = "issue_certificate"
    ERASE_REST = "erase_rest"


class Automatic(Request):
    """A step that the system does: a notice to these roles, a measurement, or work; and what a failure of it means.

    ``how`` is what the work needs to know, such as how far access is reduced.
    """

    notify: tuple[RoleId, ...] = ()
    measures: ServiceLevel | None = None
    does: Work | None = None
    how: str = ""
    failure_class: FailureClass = FailureClass.NOTIFY

    @model_validator(mode="after")
    def _exactly_one(self) -> Automatic:
        if [bool(self.notify), bool(self.measures), bool(self.does)].count(True) != 1:
            raise ValueError("'automatic' names exactly one of notify, measures and does")
        return self
