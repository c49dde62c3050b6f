"""Tells what changed since the review before: what came onto the scorecard once, and every other move."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from app.presentation.charts.flow import STATUS_ORDER
from app.presentation.i18n import labels as w
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _, ngettext
from app.services.snapshots.report import StatusChange
from app.services.snapshots.report_data import ReportData
from projections.scorecards.results import ComparisonRow


def corrections(told: ReportData) -> list[StatusChange]:
    return [_move(told, r, r.a, r.b) for r in told.comparison.rows if r.learned and r.a]


def changes_in_the_world(told: ReportData) -> list[StatusChange]:
    return [_move(told, r, r.b, r.c) for r in told.comparison.rows if r.changed and r.b]


def additions_sentence(told: ReportData) -> str:
    """One sentence for all that came onto the scorecard, with what they hold by now; empty where none did."""
    return _added([r for r in told.comparison.rows if r.a is None and r.c])


def _added(rows: Sequence[ComparisonRow]) -> str:
    if not rows:
        return ""
    held = Counter(r.c for r in rows)
    by_status = ", ".join(f"{w.STATUS[s]} {held[s]}" for s in STATUS_ORDER if held[s])
    return ngettext(
        "%(num)d recommendation was added to the scorecard in between; its status now: %(held)s.",
        "%(num)d recommendations were added to the scorecard in between; their statuses now: %(held)s.",
        len(rows),
        held=by_status,
    )


def _move(told: ReportData, row: Any, before: Any, after: Any) -> StatusChange:
    causes = [a for cause in row.assessments if (a := told.said.get(cause.id))]
    return StatusChange(
        title=localized_text(told.facts[row.id], "title"),
        before=_label(before),
        after=_label(after),
        direction=_direction(row.direction),
        why=localized_text(causes[-1], "rationale") if causes else "",
        before_status=before.value if before else "",
        after_status=after.value if after else "",
    )


def _label(status: Any) -> str:
    return str(w.STATUS[status]) if status else _("not on the scorecard")


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
