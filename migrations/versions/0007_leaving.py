"""What the book says of a cancellation"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    with op.batch_alter_table("book_cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("leaving", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Go back to the version before."""
    with op.batch_alter_table("book_cases", schema=None) as batch_op:
        batch_op.drop_column("leaving")
