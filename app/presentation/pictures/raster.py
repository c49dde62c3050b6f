"""Turns drawings into PNG pictures, with the fonts of the site."""

from functools import cache

import typst

from app.presentation.pictures.text_measure import FONTS

PIXELS_PER_INCH = 72
"""One unit of a drawing is then one pixel."""


def png_of(svg: str, width: int, scale: float = 1.0) -> bytes:
    """A drawing that is `width` units wide, with so many pixels to a unit."""
    page = (
        f"#set page(width: {width}pt, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.drawing), width: {width}pt)"
    )
    picture = typst.compile(
        page.encode(), format="png", ppi=PIXELS_PER_INCH * scale, font_paths=_fonts(), sys_inputs={"drawing": svg}
    )
    assert isinstance(picture, bytes)
    return picture


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[FONTS])
