"""Sweeps with what they came to; of an account and a rule one alert is open at most"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "sweeps",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_sweeps_at", "sweeps", ["at"])
    op.create_index("ix_alerts_answered_at", "alerts", ["answered_at"])
    is_open = sa.text("open")
    op.create_index(
        "ix_alerts_one_open",
        "alerts",
        ["account_id", "rule"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_index("ix_alerts_one_open", "alerts")
    op.drop_index("ix_alerts_answered_at", "alerts")
    op.drop_table("sweeps")
