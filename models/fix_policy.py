"""The policy of a fix that takes longer than a module is made for: who says so, and where the case goes then (DIS-14)."""

from __future__ import annotations

from models.base import Id, Request
from models.calendar import Offset


class FixEstimates(Request):
    """The ``step`` of a ``module`` whose ``item`` is the estimate of product or engineering, in hours.

    An estimate longer than ``above`` moves the case to ``playbook``; one longer than ``at_most`` is a slip of the pen.
    """

    module: Id
    step: Id
    item: Id
    above: Offset
    at_most: Offset
    playbook: Id
