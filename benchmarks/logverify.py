"""checking the whole log, in events a second of processor time (reach: 250,000/s), and against a raw loop of SHA-256 over the same bytes"""

import statistics
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.transparency.log_verification import verify
from benchmarks.data import create_store, make_bundle, write_files
from benchmarks.measure import processor_time


def run() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        services = create_store(Path(folder) / "store")
        for n in range(3):
            path = write_files(make_bundle(f"r{n}", 1_000, 11, published=True), Path(folder) / f"bundle-{n}")
            import_bundle(services, path, ImportOptions())
        services.catch_up()
        events = services.views.position().count
        states = [state for _, _, state in services.log.rows_after(0, 10**9)]
        raw_seconds = statistics.median(processor_time(lambda: [sha256(s).digest() for s in states]) for _ in range(5))
        verify_seconds = statistics.median(processor_time(lambda: verify(services)) for _ in range(5))
        services.close()
    yield f"{events / verify_seconds:,.0f} events/s ({events:,} events in {verify_seconds:.2f} s), {verify_seconds / raw_seconds:.1f} times the bare hashing; medians of 5"
