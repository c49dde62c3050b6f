"""Views of the overview of a register that a person saved."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "saved_views",
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("register", sa.String(length=80), primary_key=True),
        sa.Column("name", sa.String(length=80), primary_key=True),
        sa.Column("query", sa.String(length=600), nullable=False),
    )
