"""Makes the three Latin fonts of the pages from the fonts of the repository: `python -m tests.support.web_fonts`.

Both licences reserve their names, so the parts are called otherwise, and keep the notices of their licences.
"""

from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from tests.support.repository import ROOT

LATIN = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *(0x218, 0x219, 0x21A, 0x21B, 0x2BB, 0x2BC, 0x2C6, 0x2DA, 0x2DC),
    *range(0x2010, 0x2028),
    *(0x202F, 0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x2044, 0x20AC, 0x2116, 0x2122),
    *(0x2190, 0x2191, 0x2192, 0x2193, 0x2197, 0x2198, 0x2212, 0x2215, 0x2260, 0x2264, 0x2265),
]
SANS, SERIF = "Uptake Sans", "Uptake Serif"
NAMES_OF_FAMILY = (1, 3, 4, 6, 16, 21, 25)
"""The entries of a font's name table that hold the name of the family."""


def make_fonts(folder: Path) -> list[Path]:
    """Write the fonts into a folder and return their paths."""
    files = ROOT / "app" / "fonts"
    serif = TTFont(files / "source-serif-4-latin-wght-normal.woff2", recalcTimestamp=False)
    return [
        _write(TTFont(files / "Pretendard-Regular.otf", recalcTimestamp=False), SANS, folder / "sans-latin-400.woff2"),
        _write(TTFont(files / "Pretendard-SemiBold.otf", recalcTimestamp=False), SANS, folder / "sans-latin-600.woff2"),
        _write(instantiateVariableFont(serif, {"wght": (400, 600)}), SERIF, folder / "serif-latin.woff2"),
    ]


def _write(font: TTFont, family: str, path: Path) -> Path:
    options = Options(layout_features=["kern", "liga", "ccmp", "locl", "mark", "tnum", "calt"], hinting=False)
    options.name_IDs = ["*"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=LATIN)
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID in NAMES_OF_FAMILY:
            record.string = family.replace(" ", "") if record.nameID in (6, 25) else family
    if "CFF " in font:
        font["CFF "].cff.fontNames = [family.replace(" ", "")]
    font.flavor = "woff2"
    font.save(path)
    return path


if __name__ == "__main__":
    make_fonts(ROOT / "app" / "static" / "fonts")
