"""Offers and approvals in full"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_WORDS = ("offer", "tied_to", "tie_ref", "proposed_by", "carried_from")
_TEXTS = ("reason", "answer", "receipt")
_MOMENTS = ("proposed_at", "expires_at", "accepted_at", "ends_at")


def upgrade() -> None:
    """Bring the tables to this version."""
    word = sqlmodel.sql.sqltypes.AutoString()
    with op.batch_alter_table("book_offers", schema=None) as batch_op:
        for name in _WORDS:
            batch_op.add_column(sa.Column(name, word, nullable=False, server_default=""))
        for name in _TEXTS:
            batch_op.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
        for name in _MOMENTS:
            batch_op.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("kind", word, nullable=True))
        batch_op.add_column(sa.Column("blended_bp", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("starts", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("terms", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.create_index(batch_op.f("ix_book_offers_proposed_by"), ["proposed_by"], unique=False)
    with op.batch_alter_table("book_approvals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("why", word, nullable=False, server_default=""))
        batch_op.add_column(sa.Column("decided_by", word, nullable=True))
        batch_op.add_column(sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Go back to the version before."""
    with op.batch_alter_table("book_approvals", schema=None) as batch_op:
        for name in ("why", "decided_by", "decided_at", "reason"):
            batch_op.drop_column(name)
    with op.batch_alter_table("book_offers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_book_offers_proposed_by"))
        for name in (*_WORDS, *_TEXTS, *_MOMENTS, "kind", "blended_bp", "starts", "terms"):
            batch_op.drop_column(name)
