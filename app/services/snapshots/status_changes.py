"""Lists what changed since the previous review: recommendations added, and every other change of status."""

from collections import Counter
from collections.abc import Mapping, Sequence

from app.presentation.charts.flow import STATUS_ORDER
from app.presentation.i18n import labels as w
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _, ngettext
from app.presentation.narrative.change_reasons import ChangeReason
from app.services.snapshots.report import StatusChange
from app.services.snapshots.report_data import ReportData
from domain.codes import Status
from projections.scorecards.results import ComparisonRow


def corrections(data: ReportData) -> list[StatusChange]:
    return [
        _status_change(data, r, r.a, r.b, data.correction_reasons) for r in data.comparison.rows if r.learned and r.a
    ]


def changes_in_the_world(data: ReportData) -> list[StatusChange]:
    return [_status_change(data, r, r.b, r.c, data.reasons) for r in data.comparison.rows if r.changed and r.b]


def additions_sentence(data: ReportData) -> str:
    """Return one sentence about all added recommendations and their statuses, or an empty string."""
    return _additions_sentence([r for r in data.comparison.rows if r.a is None and r.c])


def _additions_sentence(rows: Sequence[ComparisonRow]) -> str:
    if not rows:
        return ""
    counts = Counter(r.c for r in rows)
    by_status = ", ".join(f"{w.status_word(s)} {counts[s]}" for s in STATUS_ORDER if counts[s])
    return ngettext(
        "%(num)d recommendation was added to the scorecard in between; its status now: %(held)s.",
        "%(num)d recommendations were added to the scorecard in between; their statuses now: %(held)s.",
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
