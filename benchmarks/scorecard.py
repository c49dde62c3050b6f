"""scorecard at a random (E, K) over 100,000 recommendations and 1.1 million assessments (reach: 150 ms)"""

import random
import statistics
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from benchmarks.data import bundle, empty_store, written
from benchmarks.measure import once
from projections.scorecards.queries import counts, standings
from projections.scorecards.results import TimePair

RECOMMENDATIONS, PIECES = 100_000, 20


def run() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        services = empty_store(Path(folder) / "store")
        alone = empty_store(Path(folder) / "alone")
        small = written(bundle("small", 30, 6, published=True), Path(folder) / "small")
        for where in (services, alone):
            import_bundle(where, small, ImportOptions())
        spent = once(lambda: fill(services, Path(folder)))
        yield f"(filled in {spent:.0f} s: {services.log.last()[0]:,} events)"
        chance = random.Random(1)
        times = []
        with services.views.connect() as db:
            for n in range(13):
                took = once(lambda: counts(db, "big", pair(chance)))
                if n > 1:
                    times.append(took)
        yield f"random (E, K): median {statistics.median(times) * 1000:.0f} ms, most {max(times) * 1000:.0f} ms, of 11"
        with_large, by_itself = page(services), page(alone)
        times_text = f"{with_large * 1000:.2f} ms, alone {by_itself * 1000:.2f} ms, ratio {with_large / by_itself:.2f}"
        yield f"a 30-recommendation register in the same store: {times_text}"
        services.close()
        alone.close()


def fill(services: Services, folder: Path) -> None:
    """Import one large register in parts: each part adds rows to what is stored."""
    whole = bundle("big", RECOMMENDATIONS, 11, published=True)
    from msgspec.structs import replace

    from app.services.bundles.event_builder import EventBuilder
    from app.services.bundles.import_plan import ImportPlan

    size = RECOMMENDATIONS // PIECES
    now = services.clock()
    stored = None
    for n in range(PIECES):
        part = replace(
            whole,
            recommendations=whole.recommendations[n * size : (n + 1) * size],
            assessments=whole.assessments[n * size * 11 : (n + 1) * size * 11],
        )
        plan = ImportPlan(part, stored, {}, is_open=False, now=now)
        assert not plan.problems, plan.problems[:3]
        loading = EventBuilder(services, plan, now, by="import")
        services.tracker.import_events(loading.events, loading.claims, loading.records)
        stored = replace(part, recommendations=(), assessments=())
    services.catch_up()


def pair(chance: random.Random) -> TimePair:
    day = date(2014, 6, 1) + timedelta(days=chance.randrange(4000))
    known = datetime(2015, 1, 1, tzinfo=UTC) + timedelta(days=chance.randrange(4200))
    return TimePair(day, known)


def page(services: Services) -> float:
    """What the page of a small register queries: its counts and its rows."""
    at = TimePair(date(2025, 1, 1), datetime(2026, 1, 1, tzinfo=UTC))
    with services.views.connect() as db:

        def ask() -> None:
            counts(db, "small", at)
            standings(db, "small", at)

        for _ in range(5):
            ask()
        return statistics.median(once(ask) for _ in range(51))
