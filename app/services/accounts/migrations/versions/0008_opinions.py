"""Second opinions."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "opinion_questions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("register", sa.String(length=80), nullable=False),
        sa.Column("recommendation", sa.String(length=80), nullable=False),
        sa.Column("element", sa.String(length=80), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
    )
    op.create_index("opinion_questions_by_register", "opinion_questions", ["register"])
    op.create_table(
        "opinion_answers",
        sa.Column(
            "question_id", sa.Integer(), sa.ForeignKey("opinion_questions.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("person", sa.String(length=80), primary_key=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("effective_on", sa.String(length=10), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
    )
