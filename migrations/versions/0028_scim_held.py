"""What users of a SCIM service had before their access was reduced, so that it can be given back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "scim_held",
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("grants", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "user_id"),
    )
    op.create_index(op.f("ix_scim_held_key"), "scim_held", ["key"], unique=False)


def downgrade() -> None:
    """Back to the version before."""
    op.drop_index(op.f("ix_scim_held_key"), table_name="scim_held")
    op.drop_table("scim_held")
