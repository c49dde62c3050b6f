"""The pages on which registers are kept."""

from app.staff.blueprint import staff

__all__ = ["staff"]
