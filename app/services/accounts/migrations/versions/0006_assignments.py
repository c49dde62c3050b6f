"""Recommendations assigned to a person."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "assignments",
        sa.Column("register", sa.String(length=80), primary_key=True),
        sa.Column("recommendation", sa.String(length=80), primary_key=True),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
    )
    op.create_index("assignments_by_person", "assignments", ["user_id"])
