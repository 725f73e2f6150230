"""What the metrics are counted from: verified saves, broken promises, and the reviews of the process"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "reviews",
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "at"),
    )
    with op.batch_alter_table("book_cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("verified", sa.Boolean(), nullable=True))
    with op.batch_alter_table("book_commitments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("breached_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("done_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Go back to the version before."""
    with op.batch_alter_table("book_commitments", schema=None) as batch_op:
        batch_op.drop_column("done_at")
        batch_op.drop_column("breached_at")
    with op.batch_alter_table("book_cases", schema=None) as batch_op:
        batch_op.drop_column("verified")
    op.drop_table("reviews")
