"""What a customer first bought the product for, which the preparation brief tells"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bought_for", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Go back to the version before."""
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_column("bought_for")
