"""Builds the report as a tagged PDF (PDF/A-2a and PDF/UA-1) with typst and the bundled fonts."""

import io
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC
from functools import cache
from pathlib import Path

import msgspec
import qrcode
import typst
from qrcode.image.svg import SvgPathFillImage

from app.adapters.resources import data_dir
from app.presentation.charts.bucket_blocks import build_blocks
from app.presentation.pictures.glyphs import DASHED_STATUSES, cell, mark, tiles
from app.presentation.pictures.palette import EDGE, PRINT
from app.services.snapshots.builder import builder_text
from app.services.snapshots.glyph_fallback import replace_missing_glyphs
from app.services.snapshots.metadata import SnapshotMetadata
from app.services.snapshots.pdf_compiler import report_fonts
from app.services.snapshots.report import MAX_DETAILED_ROWS, Report
from app.services.snapshots.report_data import ReportData
from app.services.snapshots.verification_info import VerificationInfo
from domain.png import png_size

FONTS = Path(__file__).parent / "fonts"
LOGO_MM = 70, 14
"""The box of the logo on the cover, whose height the template repeats."""


def build_pdf(
    metadata: SnapshotMetadata,
    verification: VerificationInfo,
    reports: Sequence[Report],
    data: ReportData,
    charts: Mapping[str, Mapping[str, bytes]],
) -> bytes:
    """Return one file with these reports. `charts` are by language and name."""
    facts = msgspec.to_builtins(metadata) | msgspec.to_builtins(verification)
    facts |= {
        "methodology": data.methodology.version,
        "address": metadata.address,
        "made_with": builder_text(metadata.made_with),
        "blocks": msgspec.to_builtins(build_blocks(data.counts)),
        "sections": not reports[0].is_large,
        "most": MAX_DETAILED_ROWS,
        "logo": png_size(data.logo).width_within(*LOGO_MM) if data.logo else 0,
    }
    files = {
        "reports.json": replace_missing_glyphs(msgspec.json.encode(list(reports)).decode(), fonts()).encode(),
        "snapshot.json": msgspec.json.encode(facts),
        "statuses.json": msgspec.json.encode(_statuses()),
        "address.svg": _qr_code(metadata.address),
        "mark.svg": _svg(16, 16, mark()),
        **({"logo.png": data.logo} if data.logo else {}),
        **{f"charts/{name}.{r.language}.svg": content for r in reports for name, content in charts[r.language].items()},
        **{file.name: file.read_bytes() for file in (data_dir("templates") / "snapshots").glob("*.typ")},
    }
    with tempfile.TemporaryDirectory(prefix="uptake-report-") as folder:
        for name, content in files.items():
            file = Path(folder) / name
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(content)
        command = [sys.executable, "-m", "app.services.snapshots.pdf_compiler", folder, str(FONTS)]
        seconds = int(metadata.known.astimezone(UTC).timestamp())
        return subprocess.run([*command, str(seconds)], stdout=subprocess.PIPE, check=True).stdout


@cache
def fonts() -> typst.Fonts:
    return report_fonts(FONTS)


def _statuses() -> dict[str, dict[str, object]]:
    """How each status is drawn; `tile` repeats over its fill."""
    tiles_by_status = {
        code: (width, height, _svg(width, height, marks).decode()) for code, (width, height, marks) in tiles().items()
    }
    return {
        code: {
            "fill": fill,
            "edge": EDGE[code],
            "dashed": code in DASHED_STATUSES,
            "tile": tiles_by_status.get(code, ()),
            "cell": _svg(26, 26, cell(code)).decode(),
        }
        for code, fill in PRINT.items()
    }


def _svg(width: int, height: int, shapes: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{shapes}</svg>'.encode()


def _qr_code(address: str) -> bytes:
    buffer = io.BytesIO()
    qrcode.make(address, image_factory=SvgPathFillImage, border=1).save(buffer)
    return buffer.getvalue()
