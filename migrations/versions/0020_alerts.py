"""Alerts: what was found of an account, and what became of it; who at a customer is the executive sponsor"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_WORD = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "alerts",
        sa.Column("id", _WORD(), nullable=False),
        *(
            sa.Column(name, _WORD(), nullable=False)
            for name in ("account_id", "rule", "kind", "level", "family", "severity")
        ),
        sa.Column("bucket", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Float(), nullable=True) for name in ("was", "now", "bound")),
        sa.Column("happens", _WORD(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("why", "answer", "reason")),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=True) for name in ("answered_at", "settled_at")),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("open", "held", "written")),
        sa.Column("case", _WORD(), nullable=False),
        sa.Column("settled_by", _WORD(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.add_column("contacts", sa.Column("sponsor", sa.Boolean(), nullable=True))
    for column in ("account_id", "bucket", "open"):
        op.create_index(f"ix_alerts_{column}", "alerts", [column])


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("alerts")
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.drop_column("sponsor")
