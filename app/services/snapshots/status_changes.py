"""Lists what changed since the previous review: recommendations added, and every other change of status."""

from collections import Counter
from collections.abc import Mapping, Sequence

from app.presentation.charts.flow import STATUS_ORDER
from app.presentation.i18n import labels as w
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _, ngettext
from app.presentation.narrative.change_reasons import ChangeReason
from app.presentation.narrative.comparison import joined, move_texts
from app.services.snapshots.comparison_start import ComparedWith
from app.services.snapshots.report import StatusChange
from app.services.snapshots.report_data import ReportData
from domain.codes import Status
from projections.scorecards.results import ComparisonRow

ORDER = ("up", "down", "reversed", "level", "removed", "added", "unchanged")
"""The directions as a report lists them."""


def corrections(data: ReportData) -> list[StatusChange]:
    return [
        _status_change(data, r, r.a, r.b, data.correction_reasons) for r in data.comparison.rows if r.learned and r.a
    ]


def changes_in_the_world(data: ReportData) -> list[StatusChange]:
    """What advanced first, then what went back, then the others."""
    changed = [r for r in data.comparison.rows if r.changed and r.b]
    changed.sort(key=lambda row: ORDER.index(row.direction))
    return [_status_change(data, r, r.b, r.c, data.reasons) for r in changed]


def since_title(data: ReportData) -> str:
    if data.start.compared_with is ComparedWith.FIRST_RECOMMENDATION:
        return _("Since the first recommendation")
    return _("Since the last review")


def since_sentence(data: ReportData) -> str:
    """With which day the review is compared, and as known when."""
    start, metadata = data.start, data.metadata
    values = {
        "first": w.day_text(data.since.as_of.isoformat()),
        "known": w.day_text(data.since.known_day.isoformat()),
        "second": w.day_text(metadata.as_of),
    }
    if start.compared_with is ComparedWith.FIRST_RECOMMENDATION:
        return _(
            "There was no earlier review. This compares %(second)s with %(first)s, the day of the first "
            "recommendation, as known on %(known)s.",
            **values,
        )
    review = next(r for r in data.reviews if (r.id, r.on) == (start.review, data.since.as_of))
    values["review"] = review.title if review.years is None else f"{review.title}: {review.label}"
    if start.compared_with is ComparedWith.FROZEN_REVIEW:
        return _(
            "This compares %(second)s with the last frozen review, “%(review)s” of %(first)s, as known on %(known)s.",
            **values,
        )
    return _(
        "This compares %(second)s with the last review day, “%(review)s” on %(first)s, which was not frozen, "
        "as known on %(known)s.",
        **values,
    )


def moves_sentence(data: ReportData) -> str:
    """“6 moved up, 1 moved down and 1 was reversed; 23 did not change.”"""
    rows = data.comparison.rows
    counts = data.comparison.counts
    assessed = sum(_is_first_assessed(row) for row in rows)
    parts = move_texts(counts | {"level": counts["level"] - assessed, "assessed": assessed})
    opening = ngettext("Of %(num)d recommendation, ", "Of %(num)d recommendations, ", len(rows))
    if not parts:
        return opening + _("none changed its status.")
    text = opening + joined(parts)
    if unchanged := counts["unchanged"]:
        text += ngettext("; %(num)d did not change", "; %(num)d did not change", unchanged)
    return text + "."


def _is_first_assessed(row: ComparisonRow) -> bool:
    return row.b is Status.NOT_ASSESSED and row.direction == "level"


def _group(row: ComparisonRow) -> str:
    if _is_first_assessed(row):
        return _("Assessed for the first time")
    return {"up": _("What advanced"), "down": _("What went back"), "reversed": _("What went back")}.get(
        row.direction, _("What changed otherwise")
    )


def additions_sentence(data: ReportData) -> str:
    """Return one sentence about all added recommendations and their statuses, or an empty string."""
    return _additions_sentence([r for r in data.comparison.rows if r.a is None and r.c])


def _additions_sentence(rows: Sequence[ComparisonRow]) -> str:
    if not rows:
        return ""
    counts = Counter(r.c for r in rows)
    by_status = ", ".join(f"{w.status_word(s)} {counts[s]}" for s in STATUS_ORDER if counts[s])
    return ngettext(
        "%(num)d recommendation was added to the scorecard in between; its status on that day: %(held)s.",
        "%(num)d recommendations were added to the scorecard in between; their statuses on that day: %(held)s.",
        len(rows),
        held=by_status,
    )


def _status_change(
    data: ReportData,
    row: ComparisonRow,
    before: Status | None,
    after: Status | None,
    reasons: Mapping[str, ChangeReason],
) -> StatusChange:
    reason = reasons.get(row.id)
    return StatusChange(
        title=localized_text(data.facts[row.id], "title"),
        before=_label(before),
        after=_label(after),
        direction=_direction(row.direction),
        why=reason.text if reason else "",
        before_status=before.value if before else "",
        after_status=after.value if after else "",
        id=row.id if row.id in data.standings else "",
        group=_group(row),
    )


def _label(status: Status | None) -> str:
    return w.status_word(status) if status else _("not on the scorecard")


def _direction(code: str) -> str:
    return {
        "up": _("moved up"),
        "down": _("moved down"),
        "reversed": _("reversed"),
        "level": _("changed, same rank"),
        "unchanged": _("unchanged"),
        "added": _("added"),
        "removed": _("removed"),
    }[code]
