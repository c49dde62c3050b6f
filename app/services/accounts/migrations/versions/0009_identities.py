"""Which account belongs to which identity at a sign-in provider."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "identities",
        sa.Column("issuer", sa.String(length=300), primary_key=True),
        sa.Column("subject", sa.String(length=255), primary_key=True),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
        sa.Column("bound_at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint("user_id", "issuer"),
    )
