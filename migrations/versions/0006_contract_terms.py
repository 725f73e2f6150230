"""Contract terms: how an account may end, and what decides about a save attempt"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ANSWERS = ("switching", "expansion_potential", "reference")


def upgrade() -> None:
    """Bring the tables to this version."""
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        for name in _ANSWERS:
            batch_op.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("contract", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    """Go back to the version before."""
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        for name in (*_ANSWERS, "contract"):
            batch_op.drop_column(name)
