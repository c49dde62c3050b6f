"""search at 100,000 recommendations (reach: 0.2 s a page), against 1,000"""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from app.bootstrap.flask_app import create_app
from benchmarks.data import create_store, fill_store
from benchmarks.measure import time_once
from domain import commands as c

SMALL, LARGE, ASSESSMENTS = 1_000, 100_000, 2
QUERIES = {
    "a word of every text": "sentence",
    "two common words": "sentence status",
    "a beginning": "rec",
    "a number": "77",
    "nothing, and a suggestion": "sentense",
}


def run() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        small, large = (_measure(Path(folder) / str(size), size) for size in (SMALL, LARGE))
    for name, (seconds, weight) in large.items():
        ratio = seconds / small[name][0]
        yield f"{name}: {seconds * 1000:.0f} ms, {weight / 1000:.0f} kB; {ratio:.1f} times that of {SMALL:,}"


def _measure(folder: Path, size: int) -> dict[str, tuple[float, int]]:
    """The seconds and the bytes of each answer."""
    services = create_store(folder)
    fill_store(services, size, ASSESSMENTS)
    services.execute(c.OpenRegister("big", origin="bench", without_keeper=True), by="bench")
    client = create_app(services).test_client()
    results = {}
    for name, query in QUERIES.items():
        page = client.get("/big/search", query_string={"q": query})
        assert page.status_code == 200, page.text
        times = [time_once(lambda q=query, n=n: client.get(f"/big/search?q={q}{'+' * n}")) for n in range(1, 4)]
        results[name] = (statistics.median(times), len(page.data))
    services.close()
    return results
