"""Taxes on what is sold: of a subscription, and of each invoice"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TAX = ("tax_name", "tax_bp")


def upgrade() -> None:
    """Bring the tables to this version."""
    for table in ("subscriptions", "invoices"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            text = sqlmodel.sql.sqltypes.AutoString()
            batch_op.add_column(sa.Column("tax_name", text, nullable=False, server_default=""))
            batch_op.add_column(sa.Column("tax_bp", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("invoices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tax_minor", sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Go back to the version before."""
    with op.batch_alter_table("invoices", schema=None) as batch_op:
        batch_op.drop_column("tax_minor")
    for table in ("invoices", "subscriptions"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in _TAX:
                batch_op.drop_column(name)
