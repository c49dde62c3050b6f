"""What a frozen review says without the evidence that is later than its day, as data and in words."""

from collections.abc import Mapping

from msgspec import Struct

from app.presentation.i18n.labels import status_word
from app.presentation.i18n.translation import _, ngettext
from domain.codes import Bucket, Confidence, Status

NAMED_ROWS = 5
"""How many recommendations a sentence names; all are in the data of the package."""


class StrictRow(Struct, frozen=True, omit_defaults=True):
    """An item that reads differently: as frozen, and strictly.

    `strict_assessment` is the one in force in the strict reading. `left_out` names the assessments of the item, by the
    day, that rest on later sources.
    """

    id: str
    status: Status
    strict_status: Status
    element: str = ""
    confidence: Confidence | None = None
    strict_confidence: Confidence | None = None
    strict_assessment: str | None = None
    left_out: tuple[str, ...] = ()


class StrictReading(Struct, frozen=True):
    """`sources` are the later ones that assessments about the day cite; `assessments` do not stand without them.

    `other_status` counts the recommendations of `rows` with another status; the rest have another confidence, or only
    elements that differ. `buckets` and `totals` count the strict scorecard.
    """

    recommendations: int
    other_status: int
    sources: tuple[str, ...]
    assessments: tuple[str, ...]
    buckets: dict[Bucket, int]
    totals: dict[Status, int]
    rows: tuple[StrictRow, ...]

    @property
    def other_statuses(self) -> list[StrictRow]:
        """The recommendations with another status."""
        return [row for row in self.rows if not row.element and row.status is not row.strict_status]


def strict_sentence(reading: StrictReading) -> str:
    """“Without its 9 sources that are later, 5 of 31 recommendations have another status.”"""
    without = ngettext(
        "Without the %(num)d source that is not known to have existed by that day",
        "Without the %(num)d sources that are not known to have existed by that day",
        len(reading.sources),
    )
    if not reading.other_status:
        return _("%(without)s, every recommendation has the same status.", without=without)
    return ngettext(
        "%(without)s, %(num)d of %(all)d recommendations has another status.",
        "%(without)s, %(num)d of %(all)d recommendations have another status.",
        reading.other_status,
        without=without,
        all=reading.recommendations,
    )


def strict_details(reading: StrictReading, titles: Mapping[str, str]) -> str:
    """The strict sentence, and the first recommendations with another status; `titles` has their titles by id."""
    rows = reading.other_statuses
    named = [
        _(
            "%(title)s: “%(strict)s” instead of “%(status)s”",
            title=titles[r.id],
            strict=status_word(r.strict_status),
            status=status_word(r.status),
        )
        for r in rows[:NAMED_ROWS]
    ]
    if more := len(rows) - len(named):
        named.append(ngettext("and %(num)d more", "and %(num)d more", more))
    return f"{strict_sentence(reading)} {'; '.join(named)}".strip() + ("." if named else "")
