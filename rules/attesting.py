"""What people attest of several things at once: each has words of its own (OFFB-26, OFFB-46)."""

from __future__ import annotations

from collections.abc import Mapping

from models.case import Case, RefusalType
from models.step import Step
from rules.refusal import Refused
from rules.working import WORK


def check_each_its_own(step_id: str, items: Mapping[str, str]) -> None:
    """Raises ``Refused(EvidenceMissing)`` where one sentence is given for several things, which proves none of them."""
    alike: dict[str, list[str]] = {}
    for name, text in items.items():
        alike.setdefault(" ".join(text.lower().split()), []).append(name)
    same = next((names for names in alike.values() if len(names) > 1), None)
    if same:
        raise Refused(
            RefusalType.EVIDENCE_MISSING,
            f"{step_id} says the same of {', '.join(same)}; say of each of them what shows it, for example "
            f"'CS-88: looked into {same[0]} on 3 March, and found none'",
        )


def check_not_at_it(case: Case, step: Step) -> None:
    """Raises ``Refused(IllegalMove)`` while the system does the step, so that nothing is done twice or said too early."""
    at_it = [action for action in case.in_flight if action.verb in WORK and step.id in action.steps]
    if at_it:
        raise Refused(
            RefusalType.ILLEGAL_MOVE,
            f"the system is doing {step.id} right now; it is a person's once the system has failed at it, and says so",
        )


def check_system_failed(step: Step) -> None:
    """Raises ``Refused`` for a deletion that is not a person's: ``IllegalMove`` while the system has not given it up,
    since it is its own, with its own proof; ``NotAllowed`` where nobody may do it, since the account is a customer.
    """
    if step.automatic_refused:
        raise Refused(
            RefusalType.NOT_ALLOWED,
            f"{step.id} is nobody's to do while the CRM has them as a customer; where they are back, 'customer_returned' "
            "says so, and where they are not, mark them as churned there and give 'retry_now'",
        )
    if not step.automatic_failed:
        now = "the system is at it" if step.opened_at else "the system does it on its day, or at once with 'erase_now'"
        raise Refused(
            RefusalType.ILLEGAL_MOVE,
            f"{step.id} is the system's to do, and {now}; by hand it is done once the system has failed, store by store",
        )
