"""Comments between staff, and whom they mention."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "comments",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("register", sa.String(length=80), nullable=False),
        sa.Column("recommendation", sa.String(length=80), nullable=False),
        sa.Column("assessment", sa.String(length=80), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
    )
    op.create_index("comments_by_recommendation", "comments", ["register", "recommendation"])
    op.create_table(
        "mentions",
        sa.Column("comment_id", sa.Integer(), sa.ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("seen_at", sa.DateTime(), nullable=True),
    )
    op.create_index("mentions_by_person", "mentions", ["user_id", "seen_at"])
