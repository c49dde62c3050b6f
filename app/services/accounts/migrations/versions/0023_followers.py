"""Readers who follow by e-mail."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "followers",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(length=32), nullable=False, unique=True),
        sa.Column("email", sa.String(length=254), nullable=False, unique=True),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("after", sa.BigInteger(), nullable=False),
        sa.Column("reached", sa.BigInteger(), nullable=False),
        sa.Column("letter", sa.String(length=80), nullable=False),
        sa.Column("next_at", sa.DateTime(), nullable=False),
    )
    op.create_index("followers_by_next", "followers", ["next_at"])
    op.create_table(
        "follows",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(length=32), nullable=False, unique=True),
        sa.Column("follower_id", sa.Integer(), sa.ForeignKey("followers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("register", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("after", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("follower_id", "register", "kind", "subject"),
    )
    op.create_index("follows_by_register", "follows", ["register"])
    op.create_index("follows_by_day", "follows", ["asked_at"])
