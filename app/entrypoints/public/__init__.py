"""The public pages. They only read, apart from the form to report an error."""

from app.entrypoints.public.blueprint import public

__all__ = ["public"]
