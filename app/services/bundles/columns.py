"""The columns of every file of a bundle, in the order in which they are written."""

from enum import EnumType

from app.services.bundles import rows
from app.services.bundles.sheet_types import BundleColumn, Sheet
from domain.codes import (
    AddresseeRole,
    Cause,
    Confidence,
    Direction,
    Kind,
    Motion,
    Position,
    Reason,
    RelationKind,
    SourceClass,
    Status,
)


def _optional(name: str, kind: str | EnumType = "text", required: bool = False) -> BundleColumn:
    return BundleColumn(name, kind, required)


def _required(name: str, kind: str | EnumType = "text") -> BundleColumn:
    return BundleColumn(name, kind, True)


def _text(name: str) -> BundleColumn:
    """A required text that is translated."""
    return BundleColumn(name, required=True, translated="always")


def _if_used(name: str, kind: str | EnumType = "text") -> BundleColumn:
    return BundleColumn(name, kind, if_used=True)


def _text_if_used(name: str) -> BundleColumn:
    return BundleColumn(name, if_used=True, translated="if_used")


SHEETS = (
    Sheet(
        "themes",
        rows.ThemeRow,
        (_required("id", "id"), _text("title"), _if_used("position", "number")),
        ("id",),
    ),
    Sheet(
        "publications",
        rows.PublicationRow,
        (
            _required("id", "id"),
            _text("title"),
            _optional("authors", "texts"),
            _required("publisher"),
            _required("published_on", "date"),
            _optional("url", "url"),
            _optional("language"),
        ),
        ("id",),
    ),
    Sheet(
        "bodies",
        rows.BodyRow,
        (
            _required("id", "id"),
            _text("name"),
            _text_if_used("short_name"),
            _optional("parent", "id"),
            _if_used("position", "number"),
            _if_used("merged_into", "id"),
            _if_used("merged_on", "date"),
            _if_used("merged_why"),
            _if_used("merged_at", "instant"),
        ),
        ("id",),
    ),
    Sheet(
        "recommendations",
        rows.RecommendationRow,
        (
            _required("id", "id"),
            _text("title"),
            _text("summary"),
            _required("kind", Kind),
            _required("theme", "id"),
            _required("addressees", "ids"),
            _optional("instruments", "texts"),
            _required("publication", "id"),
            _optional("also_in", "ids"),
            _optional("locator"),
            _required("recommended_on", "date"),
            _optional("aliases", "texts"),
            _optional("strength"),
            _optional("indicators", "texts"),
            _if_used("number"),
            _if_used("position", "number"),
            _if_used("priority", "yes"),
            _optional("registered_at", "instant"),
        ),
        ("id",),
        needed=True,
    ),
    Sheet(
        "elements",
        rows.ElementRow,
        (
            _required("recommendation", "id"),
            _required("id", "id"),
            _text("title"),
            _required("kind", Kind),
            _required("core", "yes_no"),
            _text("done_when"),
            _optional("registered_at", "instant"),
        ),
        ("recommendation", "id"),
    ),
    Sheet(
        "cards",
        rows.CardRow,
        (
            _required("recommendation", "id"),
            _optional("element", "id"),
            _text("counts"),
            _text("does_not_count"),
            BundleColumn("sources_needed", translated="if_used"),
            _optional("author"),
            _optional("approved_by"),
            _optional("approved_at", "instant"),
        ),
        ("recommendation", "element"),
    ),
    Sheet(
        "evidence",
        rows.EvidenceRow,
        (
            _required("id", "id"),
            BundleColumn("title", required=True, translated="if_used"),
            _required("publisher"),
            _optional("url", "url"),
            _if_used("archived_url", "url"),
            _optional("published_on", "date"),
            _optional("accessed_on", "date"),
            _required("source_class", SourceClass),
            _text("summary"),
            _optional("language"),
            _optional("sha256", "sha256"),
        ),
        ("id",),
    ),
    Sheet(
        "assessments",
        rows.AssessmentRow,
        (
            _required("id", "id"),
            _required("recommendation", "id"),
            _optional("element", "id"),
            _required("status", Status),
            _required("effective_on", "date"),
            _required("reason", Reason),
            _optional("cause", Cause),
            _optional("motion", Motion),
            _optional("confidence", Confidence),
            _text_if_used("statement"),
            _text("rationale"),
            _optional("evidence", "ids"),
            _optional("proposed_by"),
            _optional("published_by"),
            _optional("review_by", "day"),
            _optional("window_from", "date"),
            _optional("window_to", "date"),
            _optional("published_at", "instant"),
            _optional("methodology", "version"),
            _optional("legacy", "yes"),
        ),
        ("id",),
    ),
    Sheet(
        "withdrawals",
        rows.WithdrawalRow,
        (
            _optional("assessment", "id"),
            _optional("recommendation", "id"),
            _required("reason"),
            _optional("withdrawn_at", "instant"),
            _optional("withdrawn_by"),
            _optional("replaced_by", "id"),
        ),
        ("assessment", "recommendation"),
    ),
    Sheet(
        "developments",
        rows.DevelopmentRow,
        (
            _required("id", "id"),
            _required("date", "date"),
            _text("summary"),
            _required("recommendations", "ids"),
            _required("direction", Direction),
            _optional("evidence", "ids"),
        ),
        ("id",),
    ),
    Sheet(
        "responses",
        rows.ResponseRow,
        (
            _required("id", "id"),
            _required("recommendation", "id"),
            _optional("element", "id"),
            _required("body", "id"),
            _required("position", Position),
            _required("given_on", "date"),
            _text("summary"),
            _required("evidence", "ids"),
            _optional("assessment", "id"),
            _optional("proposed_by"),
            _optional("published_by"),
            _optional("published_at", "instant"),
            _optional("withdrawn_at", "instant"),
            _optional("withdrawn_by"),
            _optional("withdrawn_reason"),
        ),
        ("id",),
        if_used=True,
    ),
    Sheet(
        "deadlines",
        rows.DeadlineRow,
        (
            _required("id", "id"),
            _required("recommendation", "id"),
            _optional("element", "id"),
            _required("due_on", "date"),
            _required("stated_on", "date"),
            _required("stated_by"),
            _optional("evidence", "ids"),
            BundleColumn("note", translated="if_used"),
            _optional("published_at", "instant"),
            _optional("withdrawn_at", "instant"),
            _optional("withdrawn_by"),
            _optional("withdrawn_reason"),
        ),
        ("id",),
        if_used=True,
    ),
    Sheet(
        "relations",
        rows.RelationRow,
        (
            _required("from", "id"),
            _required("relation", RelationKind),
            _required("to"),
            _optional("on", "date"),
            BundleColumn("note", translated="if_used"),
            _optional("published_at", "instant"),
            _optional("withdrawn_at", "instant"),
            _optional("withdrawn_by"),
            _optional("withdrawn_reason"),
        ),
        ("from", "relation", "to", "withdrawn_at"),
        if_used=True,
    ),
    Sheet(
        "addressees",
        rows.AddresseeRow,
        (
            _required("recommendation", "id"),
            _optional("element", "id"),
            _required("body", "id"),
            _optional("role", AddresseeRole),
            _optional("from_on", "date"),
            _optional("to_on", "date"),
        ),
        ("recommendation", "element", "body", "from_on"),
        if_used=True,
    ),
)
SHEETS_BY_NAME = {sheet.name: sheet for sheet in SHEETS}
REVIEW_COLUMNS = ("id", "title", "as_of", "anniversary_of", "years", "every_years")
"""Those of reviews among the settings; the title may have translations."""
