"""The part of a recommendation that a notice is about."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("notices", sa.Column("element", sa.String(length=80), nullable=False, server_default=""))
