"""The columns of every file of a bundle, in the order in which they are written."""

from enum import EnumType

from msgspec import Struct

from app.services.bundles import rows
from domain.codes import Cause, Confidence, Direction, Kind, Motion, Position, Reason, RelationKind, SourceClass, Status


class BundleColumn(Struct, frozen=True):
    """`kind` is text, id, ids, texts, date, day, instant, number, yes_no, yes, url, sha256, version, or a set of codes.

    With `if_used`, the column is written only if a row has a value in it.
    """

    name: str
    kind: str | EnumType = "text"
    required: bool = False
    if_used: bool = False


class Sheet(Struct, frozen=True):
    """One file: the type of its rows, its columns, and the columns that identify a row.

    With `if_used`, the file is written only if it has rows.
    """

    name: str
    row: type[Struct]
    columns: tuple[BundleColumn, ...]
    key: tuple[str, ...]
    needed: bool = False
    if_used: bool = False

    @property
    def file(self) -> str:
        return f"{self.name}.csv"


def _optional(name: str, kind: str | EnumType = "text", required: bool = False) -> BundleColumn:
    return BundleColumn(name, kind, required)


def _required(name: str, kind: str | EnumType = "text") -> BundleColumn:
    return BundleColumn(name, kind, True)


def _if_used(name: str, kind: str | EnumType = "text") -> BundleColumn:
    return BundleColumn(name, kind, if_used=True)


SHEETS = (
    Sheet(
        "themes",
        rows.ThemeRow,
        (_required("id", "id"), _required("title"), _optional("title_ko"), _if_used("position", "number")),
        ("id",),
    ),
    Sheet(
        "publications",
        rows.PublicationRow,
        (
            _required("id", "id"),
            _required("title"),
            _optional("title_ko"),
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
            _required("name"),
            _optional("name_ko"),
            _if_used("short_name"),
            _optional("parent", "id"),
            _if_used("position", "number"),
        ),
        ("id",),
    ),
    Sheet(
        "recommendations",
        rows.RecommendationRow,
        (
            _required("id", "id"),
            _required("title"),
            _optional("title_ko"),
            _required("summary"),
            _optional("summary_ko"),
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
            _required("title"),
            _optional("title_ko"),
            _required("kind", Kind),
            _required("core", "yes_no"),
            _required("done_when"),
            _optional("done_when_ko"),
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
            _required("counts"),
            _optional("counts_ko"),
            _required("does_not_count"),
            _optional("does_not_count_ko"),
            _optional("sources_needed"),
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
            _required("title"),
            _required("publisher"),
            _optional("url", "url"),
            _optional("published_on", "date"),
            _optional("accessed_on", "date"),
            _required("source_class", SourceClass),
            _required("summary"),
            _optional("summary_ko"),
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
            _if_used("statement"),
            _required("rationale"),
            _optional("rationale_ko"),
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
            _required("summary"),
            _optional("summary_ko"),
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
            _required("summary"),
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
            _optional("note"),
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
            _optional("note"),
            _optional("published_at", "instant"),
            _optional("withdrawn_at", "instant"),
            _optional("withdrawn_by"),
            _optional("withdrawn_reason"),
        ),
        ("from", "relation", "to", "withdrawn_at"),
        if_used=True,
    ),
)
SHEETS_BY_NAME = {sheet.name: sheet for sheet in SHEETS}
REVIEW_COLUMNS = ("id", "title", "title_ko", "as_of", "anniversary_of", "years", "every_years")
