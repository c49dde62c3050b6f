"""The report as a tagged PDF (PDF/UA), set by typst from the frozen data with our own fonts."""

import io
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC
from pathlib import Path

import msgspec
import qrcode
import typst
from qrcode.image.svg import SvgPathFillImage

from app.resources import data_dir
from app.snapshots.face import Face
from app.snapshots.report import MOST, Report

FONTS = Path(__file__).parent / "fonts"


def pdf(face: Face, reports: Sequence[Report], charts: Mapping[str, bytes], methodology: str) -> bytes:
    """Both languages in one file."""
    facts = msgspec.to_builtins(face) | {
        "methodology": methodology,
        "address": face.address,
        "sections": not reports[0].is_large,
        "most": MOST,
    }
    files = {
        "report.typ": (data_dir("templates") / "snapshots" / "report.typ").read_bytes(),
        "reports.json": msgspec.json.encode(list(reports)),
        "face.json": msgspec.json.encode(facts),
        "address.svg": _code(face.address),
        **{f"charts/{name}": content for name, content in charts.items()},
    }
    with tempfile.TemporaryDirectory(prefix="uptake-report-") as folder:
        for name, content in files.items():
            file = Path(folder) / name
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(content)
        made = typst.compile(
            Path(folder) / "report.typ",
            root=Path(folder),
            font_paths=[FONTS],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards="ua-1",
            timestamp=int(face.known.astimezone(UTC).timestamp()),
        )
    assert isinstance(made, bytes)
    return made


def _code(address: str) -> bytes:
    buffer = io.BytesIO()
    qrcode.make(address, image_factory=SvgPathFillImage, border=1).save(buffer)
    return buffer.getvalue()
