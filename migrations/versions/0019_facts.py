"""Each fact says where it came from; payments, given figures and messages of a stream; use is kept in columns elsewhere"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_WORD = sqlmodel.sql.sqltypes.AutoString
_TABLES = ("tickets", "nps_answers", "inbound_facts")


def upgrade() -> None:
    """Bring the tables to this version."""
    op.drop_table("usage_facts")
    for table in _TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("source", _WORD(), nullable=False, server_default="unknown"))
            moment = sa.Column("received_at", sa.DateTime(timezone=True), nullable=False, server_default="1970-01-01")
            batch_op.add_column(moment)
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("source", server_default=None)
            batch_op.alter_column("received_at", server_default=None)
    op.create_table(
        "payments",
        sa.Column("id", _WORD(), nullable=False),
        sa.Column("account_id", _WORD(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", _WORD(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", _WORD(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        *_origin(),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_payments_account_id", "payments", ["account_id"])
    op.create_table(
        "given_figures",
        sa.Column("account_id", _WORD(), nullable=False),
        sa.Column("kind", _WORD(), nullable=False),
        sa.Column("name", _WORD(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("target", sa.Float(), nullable=True),
        *_origin(),
        sa.PrimaryKeyConstraint("account_id", "kind", "name", "day"),
    )
    op.create_table(
        "stream_messages",
        sa.Column("message_id", _WORD(), nullable=False),
        sa.Column("account_id", _WORD(), nullable=False),
        sa.Column("user_id", _WORD(), nullable=False),
        sa.Column("type", _WORD(), nullable=False),
        sa.Column("event", _WORD(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        *_origin(),
        sa.PrimaryKeyConstraint("message_id"),
    )
    for column in ("account_id", "user_id", "day"):
        op.create_index(f"ix_stream_messages_{column}", "stream_messages", [column])


def _origin() -> tuple[sa.Column, sa.Column]:
    return (
        sa.Column("source", _WORD(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Go back to the version before."""
    for table in ("stream_messages", "given_figures", "payments"):
        op.drop_table(table)
    for table in _TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("received_at")
            batch_op.drop_column("source")
    op.create_table(
        "usage_facts",
        sa.Column("account_id", _WORD(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("metric", _WORD(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "day", "metric"),
    )
