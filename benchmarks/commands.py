"""one command, acknowledged and durable, against a raw insert-and-commit (reach: 2.0)"""

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from benchmarks.data import create_store, make_bundle, write_files
from domain import commands as c
from domain.codes import Reason, Status
from domain.values import Assessment

COUNT = 300
INSERT = (
    "INSERT INTO stored_events (originator_id, originator_version, topic, state, recorded_at) VALUES (?, 1, 't', ?, 1)"
)


def table_definitions(services: Services) -> list[tuple[str]]:
    """The definitions of the log's tables; the limit writes the same rows into equal tables."""
    log = sqlite3.connect(services.settings.data_dir / "log.sqlite")
    rows = log.execute("SELECT sql FROM sqlite_master WHERE name IN ('stored_events', 'claims')").fetchall()
    log.close()
    return rows


def run() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = write_files(make_bundle("r", COUNT, 10), Path(folder) / "bundle")
        services = create_store(Path(folder) / "store")
        import_bundle(services, path, ImportOptions(approve_cards="ben"))
        raw = sqlite3.connect(Path(folder) / "raw.sqlite", isolation_level=None)
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=FULL")
        for (ddl,) in table_definitions(services):
            raw.execute(ddl)
        state = b"x" * 600
        command_seconds: list[float] = []
        shown_seconds: list[float] = []
        processor_seconds: list[float] = []
        raw_seconds: list[float] = []
        for n in range(COUNT):
            assessment = Assessment(
                id="",
                status=Status.UNVERIFIABLE,
                effective_on="2026-06-01",
                reason=Reason.WORLD_CHANGED,
                rationale="A sentence or two that say why the status is this one.",
                evidence=("official", "news"),
            )
            command = c.ProposeAssessment("r", recommendation=f"rec-{n:06d}", assessment=assessment)
            started, used = time.perf_counter(), time.process_time()
            services.tracker.execute(command, by="ana", at=services.clock())
            command_seconds.append(time.perf_counter() - started)
            services.catch_up()
            shown_seconds.append(time.perf_counter() - started)
            processor_seconds.append(time.process_time() - used)
            started = time.perf_counter()
            raw.execute("BEGIN IMMEDIATE")
            raw.execute(INSERT, (f"{n:032x}", state))
            raw.execute("INSERT INTO claims VALUES (?, 'x')", (f"assessment/r/{n:032x}",))
            raw.execute("COMMIT")
            raw_seconds.append(time.perf_counter() - started)
        services.close()
        raw.close()
    command_median, raw_median = statistics.median(command_seconds), statistics.median(raw_seconds)
    yield f"ratio {command_median / raw_median:.2f} (propose {command_median * 1000:.2f} ms, raw {raw_median * 1000:.2f} ms; medians of {COUNT}, in turn)"
    shown, processor = statistics.median(shown_seconds), statistics.median(processor_seconds)
    yield f"ratio {shown / raw_median:.2f} until it is in the tables ({shown * 1000:.2f} ms, {processor * 1000:.2f} ms of the processor)"
