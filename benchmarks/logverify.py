"""checking the whole log, in events a second (reach: 100,000/s), and against a raw loop of SHA-256 over the same bytes"""

import statistics
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.transparency.log_verification import verify
from benchmarks.data import bundle, empty_store, written
from benchmarks.measure import once


def run() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        services = empty_store(Path(folder) / "store")
        for n in range(3):
            path = written(bundle(f"r{n}", 1_000, 11, published=True), Path(folder) / f"bundle-{n}")
            import_bundle(services, path, ImportOptions())
        services.catch_up()
        events = services.views.position().count
        states = [state for _, _, state in services.log.rows_after(0, 10**9)]
        raw = statistics.median(once(lambda: [sha256(s).digest() for s in states]) for _ in range(5))
        ours = statistics.median(once(lambda: verify(services)) for _ in range(5))
        services.close()
    yield f"{events / ours:,.0f} events/s ({events:,} events in {ours:.2f} s), {ours / raw:.1f} times the bare hashing; medians of 5"
