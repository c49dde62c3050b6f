"""Copies of sources, notes on them, and what became of their addresses."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

OF_EVIDENCE = ("register", "evidence")


def _of_evidence() -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(length=80), nullable=False) for name in OF_EVIDENCE]


def upgrade() -> None:
    op.create_table(
        "kept_files",
        sa.Column("id", sa.Integer(), nullable=False),
        *_of_evidence(),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("original", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("captured_at", sa.DateTime(), nullable=False),
        sa.Column("captured_by", sa.String(length=80), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("rights", sa.Text(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint(*OF_EVIDENCE, "sha256"),
    )
    op.create_index("ix_kept_files_sha256", "kept_files", ["sha256"])
    op.create_table(
        "evidence_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        *_of_evidence(),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("written_by", sa.String(length=80), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("evidence_notes_by_item", "evidence_notes", [*OF_EVIDENCE])
    op.create_table(
        "link_checks",
        *_of_evidence(),
        sa.Column("result", sa.String(length=8), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("moved_to", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("expected", sa.String(length=64), nullable=False),
        sa.Column("checked_at", sa.DateTime(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("silent_since", sa.DateTime(), nullable=True),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint(*OF_EVIDENCE),
    )
