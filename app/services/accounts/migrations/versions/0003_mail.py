"""Which letters people want."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "mail_wishes",
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("at_once", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=20), nullable=False),
    )
