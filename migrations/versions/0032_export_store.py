"""Where the archive of an export lies, so that nobody says that it is gone where the settings lead elsewhere"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0032"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version: what was kept before lies in the folder."""
    place = sa.Column("store", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default="the folder")
    with op.batch_alter_table("exports", schema=None) as batch_op:
        batch_op.add_column(place)


def downgrade() -> None:
    """Go back to the version before."""
    with op.batch_alter_table("exports", schema=None) as batch_op:
        batch_op.drop_column("store")
