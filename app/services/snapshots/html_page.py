"""The report as one page that needs nothing beside itself, on a screen or on paper, in the look of the site."""

import io

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.adapters.resources import data_dir
from app.adapters.style_sheets import STYLE_SHEETS, style_sheet
from app.presentation.charts.bucket_blocks import build_blocks
from app.presentation.charts.drawing import GLOBALS as DRAWINGS
from app.presentation.charts.flow import build_flow, build_table
from app.presentation.i18n.labels import FILTERS
from app.presentation.i18n.translation import _, ngettext
from app.services.snapshots.metadata import SnapshotMetadata
from app.services.snapshots.report import Report
from app.services.snapshots.report_data import ReportData
from app.services.snapshots.verification_info import VerificationInfo

OMITTED_STYLE_SHEETS = ("forms", "staff")
"""What of the site's style sheets a frozen page has no use for."""

PLACEHOLDER, BUFFERED_PIECES = "[articles]", 1000
"""What stands in the frame for the languages, and how many pieces of text are written together."""


class HtmlReport:
    """Written one language after the other, so that no more than one of them is held as data."""

    def __init__(self, face: SnapshotMetadata, seal: VerificationInfo, told: ReportData) -> None:
        self._face, self._seal, self._told = face, seal, told
        self._made, self._after = io.BytesIO(), ""
        self._templates = Environment(
            loader=FileSystemLoader(data_dir("templates")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
        )
        self._templates.filters.update(FILTERS)
        self._templates.globals.update(_=_, ngettext=ngettext, **DRAWINGS)

    def add(self, report: Report) -> None:
        """Write one language, while it is spoken."""
        if not self._made.tell():
            frame = self._templates.get_template("snapshots/index.html")
            around = frame.render(title=f"{report.register}. {report.title}", css=_css(), articles=PLACEHOLDER)
            before, self._after = around.lstrip().split(PLACEHOLDER)
            self._made.write(before.encode())
        told, axis = self._told, self._told.axis
        days = [r.on for r in told.reviews if axis.contains(r.on)]
        pieces = self._templates.get_template("snapshots/article.html").stream(
            r=report,
            face=self._face,
            seal=self._seal,
            counts=told.counts,
            blocks=build_blocks(told.counts),
            drawn=build_flow(told.lives.values(), axis, told.reach),
            table=build_table(told.lives.values(), days),
            axis=axis,
            marks=axis.marks(told.reviews),
            method=told.methodology,
        )
        pieces.enable_buffering(BUFFERED_PIECES)
        pieces.dump(self._made, encoding="utf-8")

    def whole(self) -> bytes:
        self._made.write(f"{self._after}\n".encode())
        return self._made.getvalue()


def _css() -> Markup:
    sheets = [style_sheet(name) for name in STYLE_SHEETS if name not in OMITTED_STYLE_SHEETS]
    own = (data_dir("templates") / "snapshots" / "page.css").read_text("utf-8")
    return Markup("\n".join([*sheets, own]))  # noqa: S704 our own style sheets
