"""SVG elements for drawings without a style sheet."""

import re
from collections.abc import Callable
from html import escape

Scale = Callable[[float], float]
"""Converts a percentage of the width to drawing units."""
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def scale_to(left: float, right: float) -> Scale:
    return lambda percent: round(left + percent * (right - left) / 100, 2)


def line(x1: float, y1: float, x2: float, y2: float, ink: str, *, dashes: str = "", width: float = 0.8) -> str:
    dashing = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<line x1="{x1}" y1="{y1}" x2="{round(x2, 2)}" y2="{y2}" stroke="{ink}" stroke-width="{width}"{dashing}/>'


def text(x: float, y: float, content: str, size: int, ink: str, anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{ink}" text-anchor="{anchor}">{escaped(content)}</text>'


def escaped(content: str) -> str:
    """The text without characters that XML forbids."""
    return escape(_FORBIDDEN.sub("", content))
