"""What a reader must know to read a chart of status over time."""

from app.presentation.charts.bands import BandChart
from app.presentation.i18n.translation import _, ngettext
from domain.codes import Status


def chart_notes(chart: BandChart) -> list[str]:
    """What is white at its beginning, and what its end repeats."""
    notes = []
    if chart.late:
        notes.append(
            ngettext(
                "The empty part at the beginning is for %(num)d recommendation that had not been made yet.",
                "The empty part at the beginning is for %(num)d recommendations that had not been made yet.",
                chart.late,
            )
        )
    if any(area.status == Status.NOT_ASSESSED for area in chart.flow.areas):
        notes.append(_("Empty under a dashed line: not assessed yet."))
    if chart.flow.reach is not None:
        notes.append(_("After the line, no evidence was searched: the last status is repeated."))
    return notes
