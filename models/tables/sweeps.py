"""The table of sweeps."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import SQLModel

from models.sweep import SweepReport
from models.tables.columns import moment, natural, shaped


class SweepRow(SQLModel, table=True):
    """A sweep of the portfolio and what it came to, in numbers: of whom, the alerts say."""

    __tablename__ = "sweeps"
    id: str = natural()
    at: datetime | None = moment(default=None, nullable=True, index=True)
    report: SweepReport = shaped(SweepReport)
