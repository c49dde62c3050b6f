"""Who made a link. The makers of earlier links are unknown, so those no longer work."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0013"


def upgrade() -> None:
    with op.batch_alter_table("links") as table:
        table.add_column(sa.Column("made_by", sa.String(length=80), nullable=False, server_default="unknown maker"))
