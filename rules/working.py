"""The work of automatic steps: its verbs, and the lanes that it travels on."""

from __future__ import annotations

from models.automatic import Work
from models.case import Case
from models.effects import Verb
from models.plan import StepSpec

WORK = {Verb(work.value): work for work in Work}
"""What the system does in a step, by verb."""

_LANES = {
    Work.PREPARE_EXPORT: "data",
    Work.REDUCE_ACCESS: "access",
    Work.REVOKE_ACCESS: "access",
    Work.REVOKE_INTERNAL: "access",
    Work.RESTORE_ACCESS: "access",
    Work.PREVIEW_INVOICE: "billing",
    Work.STOP_CHARGING: "billing",
    Work.ISSUE_FINAL_INVOICE: "billing",
    Work.REFUND: "billing",
    Work.CLOSE_ACCOUNT: "crm",
    Work.TAG_ACCOUNT: "crm",
    Work.READ_BACK: "read_back",
    Work.ERASE_DATA: "data",
    Work.ERASE_REST: "data",
    Work.ISSUE_CERTIFICATE: "documents",
}


def lane_of(case: Case, spec: StepSpec) -> str:
    """The lane of a step's work; a letter travels with the other mail of the customer."""
    assert spec.automatic is not None and spec.automatic.does is not None
    mail = f"email:{(case.account.contact_id if case.account else None) or 'customer'}"
    return _LANES.get(spec.automatic.does, mail)
