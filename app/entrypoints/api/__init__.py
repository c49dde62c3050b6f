"""The API under /api/: open to read, versioned, described in OpenAPI. Writing needs a token."""

from importlib import import_module

from app.entrypoints.api.operations import api

OPERATION_MODULES = (
    *(
        "registers",
        "errata",
        "scorecards",
        "events",
        "assessments",
        "proposals",
        "deadlines",
        "addressees",
        "responses",
    ),
    *("relations", "amendments", "facts", "fact_amendments", "spreadsheets"),
    *("proofs", "description"),
)
"""In the order of the OpenAPI document."""
for _name in OPERATION_MODULES:
    import_module(f"app.entrypoints.api.{_name}")

__all__ = ["api"]
