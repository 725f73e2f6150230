"""Webhooks: events for other systems with their place in a stream, and what other systems sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0026"
down_revision = "0024"
branch_labels = None
depends_on = None


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, AutoString(), nullable=False)


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "webhooks_out",
        *(_text("id"), _text("stream"), sa.Column("sequence", sa.Integer(), nullable=False), _text("name")),
        *(_text("account_id"), _text("case_id"), sa.Column("body", sa.Text(), nullable=False)),
        *(_moment("at", nullable=False), _text("state"), sa.Column("attempts", sa.Integer(), nullable=False)),
        *(_moment("due_at"), sa.Column("said", sa.Text(), nullable=False), _moment("delivered_at")),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("stream", "sequence", name="uq_webhooks_out_place"),
    )
    op.create_table(
        "webhooks_in",
        *(_text("source"), _text("id"), _text("kind"), sa.Column("body", sa.LargeBinary(), nullable=False)),
        *(_text("account_id"), _text("state"), _moment("received_at", nullable=False)),
        *(sa.Column("attempts", sa.Integer(), nullable=False), _moment("due_at")),
        *(sa.Column("said", sa.Text(), nullable=False), _text("effect"), _moment("done_at")),
        sa.Column("settled_by", AutoString(), nullable=True),
        sa.PrimaryKeyConstraint("source", "id"),
    )
    for table, columns in _INDEXED.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])


_INDEXED = {
    "webhooks_out": ("account_id", "case_id", "due_at"),
    "webhooks_in": ("account_id", "state", "due_at", "effect"),
}


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("webhooks_in")
    op.drop_table("webhooks_out")
