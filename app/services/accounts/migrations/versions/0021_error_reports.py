"""Errors that readers report on public pages."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "error_reports",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("register", sa.String(length=80), nullable=False),
        sa.Column("recommendation", sa.String(length=80), nullable=False),
        sa.Column("page", sa.String(length=500), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("closed_by", sa.String(length=80), nullable=False),
    )
    op.create_index("error_reports_by_register", "error_reports", ["register", "closed_at", "at"])
    op.create_table(
        "error_report_contacts",
        sa.Column("report_id", sa.Integer(), sa.ForeignKey("error_reports.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("email", sa.String(length=254), nullable=False),
    )
