"""Links that only their receivers know, and the register that a message about an account is about."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0018"


def upgrade() -> None:
    with op.batch_alter_table("links") as table:
        table.add_column(sa.Column("is_mailed", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("account_messages") as table:
        table.add_column(sa.Column("register", sa.String(length=80), nullable=False, server_default=""))
