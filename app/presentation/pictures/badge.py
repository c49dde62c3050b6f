"""A badge: a label and a value, small enough for a line of text."""

import unicodedata

from msgspec import Struct

from app.presentation.pictures.palette import EDGE, FILL, INK, ON

FONT_SIZE_PX, PADDING_PX = 12, 8


class Badge(Struct, frozen=True):
    """`left` and `right` are the widths of the halves in pixels."""

    title: str
    label: str
    value: str
    left: int
    right: int
    fill: str
    edge: str
    on: str


def badge_values(label: str, value: str, status: str | None) -> dict[str, object]:
    """The values for the badge template; the right half has the colours of a status, or ink on grey."""
    return {
        "badge": Badge(
            title=f"{label}: {value}",
            label=label,
            value=value,
            left=_text_width(label),
            right=_text_width(value),
            fill=FILL[status] if status else "#f3f5f7",
            edge=EDGE[status] if status else INK,
            on=ON.get(status or "", INK),
        )
    }


def _text_width(text: str) -> int:
    """The approximate width in pixels: a full-width letter counts as one em, others as six tenths."""
    ems = sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.6 for c in text)
    return round(ems * FONT_SIZE_PX) + 2 * PADDING_PX
