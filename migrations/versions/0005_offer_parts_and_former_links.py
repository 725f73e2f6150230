"""The whole of an offer in the book; cases that left an incident they were linked to by mistake"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_PARTS = {"lasts": "{}", "details": "[]", "steps": "[]"}


def upgrade() -> None:
    """Bring the tables to this version."""
    with op.batch_alter_table("book_offers", schema=None) as batch_op:
        for name, empty in _PARTS.items():
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default=empty))
    with op.batch_alter_table("incident_links", schema=None) as batch_op:
        batch_op.add_column(sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("left_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.add_column(sa.Column("left_because", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Go back to the version before."""
    with op.batch_alter_table("incident_links", schema=None) as batch_op:
        for name in ("left_at", "left_by", "left_because"):
            batch_op.drop_column(name)
    with op.batch_alter_table("book_offers", schema=None) as batch_op:
        for name in _PARTS:
            batch_op.drop_column(name)
