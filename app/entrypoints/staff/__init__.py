"""The staff pages."""

from app.entrypoints.staff.blueprint import staff

__all__ = ["staff"]
