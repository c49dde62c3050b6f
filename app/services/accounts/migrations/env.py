"""Alembic's entry: over the connection that the application hands in."""

from alembic import context

from app.services.accounts.models import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
