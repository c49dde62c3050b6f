"""The glyphs and patterns of the pages' sprite with inline colours, for drawings without a style sheet."""

import re
from functools import cache

from app.adapters.resources import data_dir
from app.presentation.pictures.palette import EDGE, INK, MARK, ON, PAPER, PRINT

DASHED_STATUSES = ("not_assessed", "superseded", "unverifiable")
"""Statuses that are not rated have a dashed outline."""
_SHAPE = re.compile(r'<(?:symbol|pattern) id="(\S+)"[^>]*>(.*?)</(?:symbol|pattern)>')
_PATTERN = re.compile(r'<pattern id="p-(\S+)" width="(\d+)" height="(\d+)"')


def glyph(status: str) -> str:
    """A glyph of 16 by 16 units, in the colour for text on the status's fill."""
    return _with_colours(f"g-{status}", ON.get(status, INK), PRINT[status])


def mark() -> str:
    """The logo: a half-full vessel."""
    return _with_colours("g-partly", INK, PAPER)


def cell(status: str) -> str:
    """The square of a status with its glyph, on 26 by 26 units."""
    dashes = ' stroke-dasharray="3 2"' if status in DASHED_STATUSES else ""
    return (
        f'<rect x="0.75" y="0.75" width="24.5" height="24.5" rx="2" fill="{PRINT[status]}" stroke="{EDGE[status]}" '
        f'stroke-width="1.5"{dashes}/><g transform="translate(4 4) scale(1.125)">{glyph(status)}</g>'
    )


@cache
def tiles() -> dict[str, tuple[int, int, str]]:
    """The pattern tiles by status: width, height and drawing. Plain statuses have none."""
    sizes = {name: (int(width), int(height)) for name, width, height in _PATTERN.findall(_sprite())}
    return {status: (*sizes[status], _marks(status, ink)) for status, ink in MARK.items()}


def patterns() -> str:
    """The tiles as SVG patterns, used as `url(#p-code)`."""
    return "".join(
        f'<pattern id="p-{status}" width="{width}" height="{height}" patternUnits="userSpaceOnUse">{drawn}</pattern>'
        for status, (width, height, drawn) in tiles().items()
    )


def area(status: str, place: str, *, edge: bool = False, tag: str = "rect") -> str:
    """A shape of a status: its fill, and its pattern on top; `place` holds the position attributes."""
    stroke = f' stroke="{EDGE[status]}" stroke-width="0.7"' if edge else ""
    dashes = ' stroke-dasharray="3 2"' if edge and status in DASHED_STATUSES else ""
    over = f'<{tag} {place} fill="url(#p-{status})"/>' if status in MARK else ""
    return f'<{tag} {place} fill="{PRINT[status]}"{stroke}{dashes}/>{over}'


def _marks(status: str, ink: str) -> str:
    shapes = re.sub(r"<rect[^>]*/>", "", _shapes()[f"p-{status}"])
    return re.sub(
        rf'<(\w+) class="p-{status}-m"',
        lambda match: f'<{match[1]} {"fill" if match[1] == "circle" else "stroke"}="{ink}"',
        shapes,
    )


def _with_colours(name: str, ink: str, ground: str) -> str:
    """The classes of the style sheet as attributes."""
    stroke = f'fill="none" stroke="{ink}" stroke-width="1.6"'
    return (
        _shapes()[name]
        .replace('class="ol"', f'{stroke} stroke-linecap="square"')
        .replace('class="od"', f'{stroke} stroke-dasharray="3 2.2"')
        .replace('class="lv"', f'fill="{ink}"')
        .replace('class="cut"', f'fill="none" stroke="{ground}" stroke-width="1.5"')
    )


@cache
def _shapes() -> dict[str, str]:
    return dict(_SHAPE.findall(_sprite()))


@cache
def _sprite() -> str:
    """The sprite on one line, so that each shape is one match."""
    lines = (data_dir("templates") / "components" / "page" / "sprite.html").read_text("utf-8").splitlines()
    return "".join(line.strip() for line in lines)
