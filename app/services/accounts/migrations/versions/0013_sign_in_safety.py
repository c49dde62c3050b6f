"""Codes that work once, why a session ended, and forms that were sent after their session had ended."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0016"


def upgrade() -> None:
    with op.batch_alter_table("people") as table:
        table.add_column(sa.Column("last_totp_step", sa.Integer(), nullable=True))
    with op.batch_alter_table("seats") as table:
        table.add_column(sa.Column("end_reason", sa.String(length=20), nullable=False, server_default=""))
    op.create_table(
        "kept_forms",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("session_id", sa.Integer(), sa.ForeignKey("seats.id", ondelete="CASCADE"), nullable=False),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("register", sa.String(length=80), nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint("session_id", "path"),
    )
