"""The public pages: they read, and give no commands."""

from app.public.blueprint import public

__all__ = ["public"]
