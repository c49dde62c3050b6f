"""Whether a person uses keyboard shortcuts."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0011"


def upgrade() -> None:
    with op.batch_alter_table("people") as table:
        table.add_column(sa.Column("uses_shortcuts", sa.Boolean(), nullable=False, server_default=sa.true()))
