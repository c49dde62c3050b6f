"""Forms that were sent, so that none is carried out twice."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
EXPANDS = True


def upgrade() -> None:
    op.create_table(
        "sent_forms",
        sa.Column("key", sa.String(length=64), primary_key=True),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
    )
    op.create_index("sent_forms_by_time", "sent_forms", ["at"])
