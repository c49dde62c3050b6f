"""rebuild of all projections against a raw loop: read rows, decode, executemany the same rows (reach: 1.5)"""

import sqlite3
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from benchmarks.data import create_store, make_bundle, write_files
from benchmarks.measure import time_once
from domain.events import read_event

BATCH_SIZE = 5000


def run() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        services = create_store(Path(folder) / "store")
        for n in range(5):
            path = write_files(make_bundle(f"r{n}", 1_000, 11, published=True), Path(folder) / f"bundle-{n}")
            import_bundle(services, path, ImportOptions())
        events = services.views.position().count
        rows = read_tables(services)
        ratios, rebuild_seconds, raw_seconds = [], [], []
        for n in range(5):
            raw_seconds.append(time_once(lambda n=n: write_raw(services, rows, Path(folder) / f"raw-{n}.sqlite")))
            names: list[str] = []
            rebuild_seconds.append(time_once(lambda names=names: names.append(services.views.build())))
            services.views.discard(names[0])
            ratios.append(rebuild_seconds[-1] / raw_seconds[-1])
        services.close()
    yield f"ratio {statistics.median(ratios):.2f} (rebuild {statistics.median(rebuild_seconds):.2f} s, raw {statistics.median(raw_seconds):.2f} s)"
    yield f"({events:,} events, {sum(len(r) for _, _, r in rows):,} rows, {events / statistics.median(rebuild_seconds):,.0f} events/s; median of 5)"


TableRows = list[tuple[str, str, list[tuple[object, ...]]]]


def read_tables(services: Services) -> TableRows:
    """Every table of the views as (DDL with indexes, insert, rows), to write the same rows without a projection."""
    db = sqlite3.connect(services.settings.data_dir / "views" / f"{services.views.current()}.sqlite")
    tables_with_rows: TableRows = []
    tables = [t for p in services.views.projections for t in p.metadata.sorted_tables]
    for table in tables:
        ddl = ";".join(
            sql
            for (sql,) in db.execute(
                "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL", (table.name,)
            )
        )
        rows = db.execute(f"SELECT * FROM {table.name}").fetchall()
        marks = ",".join("?" * len(table.columns))
        tables_with_rows.append((ddl, f"INSERT INTO {table.name} VALUES ({marks})", rows))
    from projections.search.passages import whole_text
    from projections.search.tokens import indexed, scope_token

    words = [
        (n, scope_token(register, kind), indexed(whole_text(titles, texts)))
        for n, register, kind, titles, texts in db.execute(
            "SELECT document_no, register, kind, titles, texts FROM documents"
        )
    ]
    ddl = "CREATE VIRTUAL TABLE document_words USING fts5(scope, words, content='', tokenize='porter unicode61 remove_diacritics 2')"
    tables_with_rows.append((ddl, "INSERT INTO document_words (rowid, scope, words) VALUES (?, ?, ?)", words))
    db.close()
    return tables_with_rows


def write_raw(services: Services, tables: TableRows, file: Path) -> None:
    """The limit: the same rows read, decoded and written by the driver, without a projection."""
    source = sqlite3.connect(services.settings.data_dir / "log.sqlite")
    target = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-200000"):
        target.execute(f"PRAGMA {pragma}")
    for ddl, _, _ in tables:
        target.executescript(ddl)
    count = source.execute("SELECT count(*) FROM stored_events").fetchone()[0]
    batches = count // BATCH_SIZE + 1
    cursor = source.execute("SELECT rowid, recorded_at, state FROM stored_events ORDER BY rowid")
    for n in range(batches):
        for _, _, state in cursor.fetchmany(BATCH_SIZE):
            read_event(state)
        target.execute("BEGIN IMMEDIATE")
        for _, insert, rows in tables:
            size = len(rows) // batches + 1
            target.executemany(insert, rows[n * size : (n + 1) * size])
        target.execute("COMMIT")
    source.close()
    target.close()
