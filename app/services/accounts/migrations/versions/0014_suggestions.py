"""Comments name a field of a proposal and suggest a text for it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0015"


def upgrade() -> None:
    with op.batch_alter_table("comments") as table:
        table.add_column(sa.Column("field", sa.String(40), nullable=False, server_default=""))
        table.add_column(sa.Column("suggestion", sa.Text(), nullable=False, server_default=""))
