"""Writes the report as one self-contained HTML page, for screen and paper, in the style of the site."""

import io

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.adapters.resources import data_dir
from app.adapters.style_sheets import STYLE_SHEETS, style_sheet
from app.presentation.charts.bucket_blocks import build_blocks
from app.presentation.charts.drawing import GLOBALS as DRAWINGS
from app.presentation.charts.flow import build_flow, build_table
from app.presentation.charts.ticks import review_marks, review_ticks, year_ticks
from app.presentation.i18n.labels import FILTERS
from app.presentation.i18n.languages import own_name, report_languages
from app.presentation.i18n.translation import _, ngettext
from app.services.snapshots.builder import builder_text
from app.services.snapshots.metadata import SnapshotMetadata
from app.services.snapshots.report import Report
from app.services.snapshots.report_data import ReportData
from app.services.snapshots.verification_info import VerificationInfo

OMITTED_STYLE_SHEETS = ("forms", "staff", "bulk")
"""Style sheets of the site that a frozen page does not need."""

FLOW_PX = 640
"""The least width of status over time on a wide screen."""
PLACEHOLDER, BUFFERED_PIECES = "[articles]", 1000
"""The placeholder for the articles in the frame, and how many template pieces are written at a time."""


class HtmlReport:
    """Writes one language after the other, so that memory holds only one of them."""

    def __init__(self, metadata: SnapshotMetadata, verification: VerificationInfo, data: ReportData) -> None:
        self._metadata, self._verification, self._data = metadata, verification, data
        self._languages = [(code, own_name(code)) for code in report_languages(data.entry.settings.languages)]
        self._content, self._closing = io.BytesIO(), ""
        self._templates = Environment(
            loader=FileSystemLoader(data_dir("templates")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
        )
        self._templates.filters.update(FILTERS)
        self._templates.globals.update(_=_, ngettext=ngettext, **DRAWINGS)

    def add(self, report: Report) -> None:
        """Append one language, while it is the current language."""
        if not self._content.tell():
            template = self._templates.get_template("snapshots/index.html")
            frame_html = template.render(
                title=f"{report.register}. {report.title}",
                css=_css(),
                articles=PLACEHOLDER,
                languages=self._languages,
                kept_by=report.keeper.kept_by,
            )
            before, self._closing = frame_html.lstrip().split(PLACEHOLDER)
            self._content.write(before.encode())
        data, axis = self._data, self._data.axis
        days = [r.on for r in data.reviews if axis.contains(r.on)]
        stream = self._templates.get_template("snapshots/article.html").stream(
            r=report,
            snapshot=self._metadata,
            made_with=builder_text(self._metadata.made_with),
            verification=self._verification,
            counts=data.counts,
            blocks=build_blocks(data.counts),
            flow=build_flow(data.histories.values(), axis, data.evidence_until),
            table=build_table(data.histories.values(), days),
            axis=axis,
            marks=review_marks(axis, data.reviews, wide_px=FLOW_PX),
            years=year_ticks(axis),
            ticks=review_ticks(axis, data.reviews),
            method=data.methodology,
            titles={s.id: s.title for theme in report.themes for s in theme.sections},
        )
        stream.enable_buffering(BUFFERED_PIECES)
        stream.dump(self._content, encoding="utf-8")

    def finish(self) -> bytes:
        self._content.write(f"{self._closing}\n".encode())
        return self._content.getvalue()


def _css() -> Markup:
    sheets = [style_sheet(name) for name in STYLE_SHEETS if name not in OMITTED_STYLE_SHEETS]
    page_sheet = (data_dir("templates") / "snapshots" / "page.css").read_text("utf-8")
    return Markup("\n".join([*sheets, page_sheet]))  # noqa: S704 our own style sheets
