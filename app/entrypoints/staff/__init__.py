"""The pages on which registers are kept."""

from app.entrypoints.staff.blueprint import staff

__all__ = ["staff"]
