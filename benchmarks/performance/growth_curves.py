"""What pages cost in registers of several sizes."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.growth.addresses import COMPARED, OF_API, OF_REGISTER, PAST
from benchmarks.growth.report import Costs, measured

PAGES = {
    "register, as of a past day": f"{OF_REGISTER}?{PAST}",
    "one recommendation": f"{OF_REGISTER}recommendations/rec-000041/",
    "one theme": f"{OF_REGISTER}themes/theme-1/",
    "comparison of two days": f"{OF_REGISTER}compare/?{COMPARED}",
    "reviews over time": f"{OF_REGISTER}series/",
    "search for a common word": f"{OF_REGISTER}search?q=subject",
    "scorecard in the API, one row": f"{OF_API}/scorecard?limit=1",
}
ROUNDS = 5
PICTURE = "growth.svg"
Growth = Mapping[int, Costs]
"""The cost of each address by the number of recommendations."""


def measure_growth(sizes: Sequence[int]) -> Growth:
    with tempfile.TemporaryDirectory() as folder:
        return {size: _measure(Path(folder) / str(size), size) for size in sizes}


def _measure(store: Path, size: int) -> Costs:
    costs: Costs = {}
    for path in PAGES.values():
        costs |= {path: measured(store, size, path, ROUNDS)[path]}
    print(f"{size:,}: {costs}", flush=True)
    return costs


def curves(growth: Growth) -> dict[str, dict[int, float]]:
    """Milliseconds of each page by size."""
    return {name: {size: c[path].seconds * 1000 for size, c in growth.items()} for name, path in PAGES.items()}


def growth_section(growth: Growth) -> Iterator[str]:
    yield "## Pages, by the size of the register"
    yield ""
    yield "Milliseconds of computing for a page that no cache has, and its kB before compression. Lists have at most 100 rows."
    yield ""
    yield f"| recommendations | {' | '.join(f'{size:,}' for size in growth)} |"
    yield f"|---|{'---|' * len(growth)}"
    for name, path in PAGES.items():
        cells = [f"{c[path].seconds * 1000:.0f} ms, {c[path].size / 1000:.0f} kB" for c in growth.values()]
        yield f"| {name} | {' | '.join(cells)} |"
    yield ""
    yield f"![Milliseconds of computing by the number of recommendations, both axes logarithmic](pictures/{PICTURE})"
    yield ""
