"""The report as one page that needs nothing beside itself, on a screen or on paper."""

import io
from collections.abc import Mapping, Sequence

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.pictures.palette import EDGE, FILL
from app.resources import data_dir
from app.snapshots.face import Face
from app.snapshots.report import Report


def page(face: Face, reports: Sequence[Report], charts: Mapping[str, bytes]) -> bytes:
    """Both languages, with the charts drawn inside."""
    folder = data_dir("templates") / "snapshots"
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    drawn = {name: Markup(content.decode()) for name, content in charts.items()}  # noqa: S704 our own drawings
    css = Markup((folder / "page.css").read_text("utf-8").strip())  # noqa: S704 our own style sheet
    pieces = environment.get_template("index.html").stream(
        face=face, reports=reports, charts=drawn, css=css, fill=FILL, edge=EDGE
    )
    made = io.BytesIO()
    pieces.dump(made, encoding="utf-8")  # a large page is never held as text
    return made.getvalue().lstrip()
