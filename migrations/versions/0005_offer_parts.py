"""What an offer says of its length and its details, and the steps that see it through, in the book"""

from __future__ import annotations

import sqlalchemy as sa
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


def downgrade() -> None:
    """Go back to the version before."""
    with op.batch_alter_table("book_offers", schema=None) as batch_op:
        for name in _PARTS:
            batch_op.drop_column(name)
