"""Labels of bands: near their bands, and apart from each other."""

from collections.abc import Sequence

LABEL_PX = 16
"""The least distance between the middles of two labels."""


def spread(middles: Sequence[float], top: float, bottom: float) -> list[float]:
    """The places of labels, sorted like the middles of their bands, pushed apart between `top` and `bottom`."""
    places: list[float] = []
    for middle in middles:
        places.append(max(middle, places[-1] + LABEL_PX if places else top + LABEL_PX / 2))
    last = bottom - LABEL_PX / 2
    for n in range(len(places) - 1, -1, -1):
        places[n] = min(places[n], last)
        last = places[n] - LABEL_PX
    return places
