"""The columns of every file of a bundle, in the order in which they are written."""

from typing import Any

from msgspec import Struct

from app.services.bundles import rows
from domain.codes import Cause, Confidence, Direction, Kind, Motion, Reason, SourceClass, Status


class Column(Struct, frozen=True):
    """`kind` is text, id, ids, texts, date, day, instant, yes_no, yes, url, sha256, version, or a set of codes."""

    name: str
    kind: Any = "text"
    required: bool = False


class Sheet(Struct, frozen=True):
    """One file: its rows' type, its columns, and the columns that identify a row."""

    name: str
    row: type[Struct]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    needed: bool = False

    @property
    def file(self) -> str:
        return f"{self.name}.csv"


def _c(name: str, kind: Any = "text", required: bool = False) -> Column:
    return Column(name, kind, required)


def _r(name: str, kind: Any = "text") -> Column:
    return Column(name, kind, True)


SHEETS = (
    Sheet("themes", rows.ThemeRow, (_r("id", "id"), _r("title"), _c("title_ko")), ("id",)),
    Sheet(
        "publications",
        rows.PublicationRow,
        (
            _r("id", "id"),
            _r("title"),
            _c("title_ko"),
            _c("authors", "texts"),
            _r("publisher"),
            _r("published_on", "date"),
            _c("url", "url"),
            _c("language"),
        ),
        ("id",),
    ),
    Sheet(
        "bodies",
        rows.BodyRow,
        (_r("id", "id"), _r("name"), _c("name_ko"), _c("parent", "id")),
        ("id",),
    ),
    Sheet(
        "recommendations",
        rows.RecommendationRow,
        (
            _r("id", "id"),
            _r("title"),
            _c("title_ko"),
            _r("summary"),
            _c("summary_ko"),
            _r("kind", Kind),
            _r("theme", "id"),
            _r("addressees", "ids"),
            _c("instruments", "texts"),
            _r("publication", "id"),
            _c("also_in", "ids"),
            _c("locator"),
            _r("recommended_on", "date"),
            _c("aliases", "texts"),
            _c("strength"),
            _c("indicators", "texts"),
            _c("registered_at", "instant"),
        ),
        ("id",),
        needed=True,
    ),
    Sheet(
        "elements",
        rows.ElementRow,
        (
            _r("recommendation", "id"),
            _r("id", "id"),
            _r("title"),
            _c("title_ko"),
            _r("kind", Kind),
            _r("core", "yes_no"),
            _r("done_when"),
            _c("done_when_ko"),
            _c("registered_at", "instant"),
        ),
        ("recommendation", "id"),
    ),
    Sheet(
        "cards",
        rows.CardRow,
        (
            _r("recommendation", "id"),
            _c("element", "id"),
            _r("counts"),
            _c("counts_ko"),
            _r("does_not_count"),
            _c("does_not_count_ko"),
            _c("sources_needed"),
            _c("author"),
            _c("approved_by"),
            _c("approved_at", "instant"),
        ),
        ("recommendation", "element"),
    ),
    Sheet(
        "evidence",
        rows.EvidenceRow,
        (
            _r("id", "id"),
            _r("title"),
            _r("publisher"),
            _c("url", "url"),
            _c("published_on", "date"),
            _c("accessed_on", "date"),
            _r("source_class", SourceClass),
            _r("summary"),
            _c("summary_ko"),
            _c("language"),
            _c("sha256", "sha256"),
        ),
        ("id",),
    ),
    Sheet(
        "assessments",
        rows.AssessmentRow,
        (
            _r("id", "id"),
            _r("recommendation", "id"),
            _c("element", "id"),
            _r("status", Status),
            _r("effective_on", "date"),
            _r("reason", Reason),
            _c("cause", Cause),
            _c("motion", Motion),
            _c("confidence", Confidence),
            _r("rationale"),
            _c("rationale_ko"),
            _c("evidence", "ids"),
            _c("proposed_by"),
            _c("published_by"),
            _c("review_by", "day"),
            _c("window_from", "date"),
            _c("window_to", "date"),
            _c("published_at", "instant"),
            _c("methodology", "version"),
            _c("legacy", "yes"),
        ),
        ("id",),
    ),
    Sheet(
        "withdrawals",
        rows.WithdrawalRow,
        (
            _c("assessment", "id"),
            _c("recommendation", "id"),
            _r("reason"),
            _c("withdrawn_at", "instant"),
            _c("withdrawn_by"),
            _c("replaced_by", "id"),
        ),
        ("assessment", "recommendation"),
    ),
    Sheet(
        "developments",
        rows.DevelopmentRow,
        (
            _r("id", "id"),
            _r("date", "date"),
            _r("summary"),
            _c("summary_ko"),
            _r("recommendations", "ids"),
            _r("direction", Direction),
            _c("evidence", "ids"),
        ),
        ("id",),
    ),
)
BY_NAME = {sheet.name: sheet for sheet in SHEETS}
REVIEW_COLUMNS = ("id", "title", "title_ko", "as_of", "anniversary_of", "years", "every_years")
