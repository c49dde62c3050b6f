"""The API under /api/: open to read, closed to write, versioned, described by itself."""

from importlib import import_module

from app.entrypoints.api.operations import api

for _family in ("registers", "scorecards", "events", "assessments", "proofs", "description"):
    import_module(f"app.entrypoints.api.{_family}")

__all__ = ["api"]
