"""Links to choose another password, why a link ended, and messages about accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0019"


def upgrade() -> None:
    with op.batch_alter_table("links") as table:
        table.add_column(sa.Column("kind", sa.String(length=20), nullable=False, server_default="welcome"))
        table.add_column(sa.Column("end_reason", sa.String(length=20), nullable=False, server_default=""))
    op.create_table(
        "account_messages",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
    )
