"""Second opinions by what they say, so that the open ones are found among any number."""

from alembic import op

revision = "0025"
down_revision = "0024"
EXPANDS = True


def upgrade() -> None:
    op.create_index("opinion_answers_by_status", "opinion_answers", ["status"])
