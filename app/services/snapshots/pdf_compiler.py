"""Compiles the report with typst, in a process of its own: what typst remembers of a report is freed when it ends.

Run by `pdf`: the arguments are the folder of the template, that of the fonts, and the time of the file in seconds; the
PDF goes to standard output.
"""

import sys
from pathlib import Path

import typst


def main(folder: str, fonts: str, timestamp: str) -> None:
    pdf = typst.compile(
        Path(folder) / "report.typ",
        root=Path(folder),
        font_paths=report_fonts(Path(fonts)),
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(timestamp),
    )
    assert isinstance(pdf, bytes)
    sys.stdout.buffer.write(pdf)


def report_fonts(folder: Path) -> typst.Fonts:
    """The bundled fonts and those of typst."""
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


if __name__ == "__main__":
    main(*sys.argv[1:])
