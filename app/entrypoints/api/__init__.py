"""The API under /api/: open to read, versioned, described in OpenAPI. Writing needs a token."""

from importlib import import_module

from app.entrypoints.api.operations import api

for _family in ("registers", "scorecards", "events", "assessments", "proofs", "description"):
    import_module(f"app.entrypoints.api.{_family}")

__all__ = ["api"]
