"""The public pages: they read, and give no commands."""

from app.entrypoints.public.blueprint import public

__all__ = ["public"]
