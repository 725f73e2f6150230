"""The book keeps why a save has its root cause, and what the customer gave as the reason, for the save that goes on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    with op.batch_alter_table("book_cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("whys", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("stated_reason", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("book_cases", schema=None) as batch_op:
        batch_op.alter_column("whys", server_default=None)
        batch_op.alter_column("stated_reason", server_default=None)


def downgrade() -> None:
    """Back to the version before."""
    with op.batch_alter_table("book_cases", schema=None) as batch_op:
        batch_op.drop_column("stated_reason")
        batch_op.drop_column("whys")
