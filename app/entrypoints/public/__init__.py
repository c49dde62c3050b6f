"""The public pages. They only read."""

from app.entrypoints.public.blueprint import public

__all__ = ["public"]
