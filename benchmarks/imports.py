"""bundle import: events stored per second, from files on disk to a durable log (reach: 25,000; with tables 12,000)"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from app.services.bundles.importing import ImportOptions, import_bundle
from benchmarks.data import create_store, make_bundle, write_files
from benchmarks.measure import time_once


def run() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = write_files(make_bundle("imported", 4_000, 11), Path(folder) / "bundle")
        rates, with_views = [], []
        for n in range(3):
            services = create_store(Path(folder) / f"store-{n}")
            services.catch_up()
            spent_on_views = 0.0
            catch_up = services.views.catch_up

            def timed(catch_up=catch_up):  # type: ignore[no-untyped-def]
                nonlocal spent_on_views
                result = None

                def act() -> None:
                    nonlocal result
                    result = catch_up()

                spent_on_views += time_once(act)
                return result

            services.views.catch_up = timed  # type: ignore[method-assign]
            total = time_once(lambda services=services: import_bundle(services, path, ImportOptions()))
            events = services.log.last()[0]
            rates.append(events / (total - spent_on_views))
            with_views.append(events / total)
            services.close()
        yield f"log only: {sorted(rates)[1]:,.0f} events/s; with all pages' tables: {sorted(with_views)[1]:,.0f} events/s"
        yield f"({events:,} events; median of 3)"
