"""Who had a role on an account before, and how a customer who left is remembered"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "former_seats",
        sa.Column("account_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("person", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "role", "person"),
    )
    remembered = sa.Column("win_back", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default="")
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(remembered)


def downgrade() -> None:
    """Go back to the version before."""
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_column("win_back")
    op.drop_table("former_seats")
