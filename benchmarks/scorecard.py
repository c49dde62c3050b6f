"""scorecard at a random (E, K) over 100,000 recommendations and 1.1 million assessments (reach: 150 ms)"""

import random
import statistics
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from benchmarks.data import create_store, fill_store, make_bundle, write_files
from benchmarks.measure import time_once
from projections.scorecards.queries import counts, standings
from projections.scorecards.results import TimePair

RECOMMENDATIONS = 100_000


def run() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        services = create_store(Path(folder) / "store")
        alone = create_store(Path(folder) / "alone")
        small = write_files(make_bundle("small", 30, 6, published=True), Path(folder) / "small")
        for where in (services, alone):
            import_bundle(where, small, ImportOptions())
        spent = time_once(lambda: fill_store(services, RECOMMENDATIONS, 11))
        yield f"(filled in {spent:.0f} s: {services.log.last()[0]:,} events)"
        randomness = random.Random(1)
        times = []
        with services.views.connect() as db:
            for n in range(13):
                duration = time_once(lambda: counts(db, "big", random_pair(randomness)))
                if n > 1:
                    times.append(duration)
        yield f"random (E, K): median {statistics.median(times) * 1000:.0f} ms, most {max(times) * 1000:.0f} ms, of 11"
        with_large, alone_seconds = query_page(services), query_page(alone)
        times_text = (
            f"{with_large * 1000:.2f} ms, alone {alone_seconds * 1000:.2f} ms, ratio {with_large / alone_seconds:.2f}"
        )
        yield f"a 30-recommendation register in the same store: {times_text}"
        services.close()
        alone.close()


def random_pair(randomness: random.Random) -> TimePair:
    day = date(2014, 6, 1) + timedelta(days=randomness.randrange(4000))
    known_at = datetime(2015, 1, 1, tzinfo=UTC) + timedelta(days=randomness.randrange(4200))
    return TimePair(day, known_at)


def query_page(services: Services) -> float:
    """What the page of a small register queries: its counts and its rows."""
    pair = TimePair(date(2025, 1, 1), datetime(2026, 1, 1, tzinfo=UTC))
    with services.views.connect() as db:

        def query() -> None:
            counts(db, "small", pair)
            standings(db, "small", pair)

        for _ in range(5):
            query()
        return statistics.median(time_once(query) for _ in range(51))
