"""Measures Uptake beside other ways to keep a history, and writes docs/performance.md with a plot of the growth."""

import argparse
import json
import os
import platform
import random
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from msgspec import Struct

from benchmarks import pages
from benchmarks.commands import INSERT, table_definitions
from benchmarks.data import create_store, fill_store
from benchmarks.environments import environment
from benchmarks.measure import time_once
from benchmarks.performance.growth_curves import PICTURE as GROWTH_PICTURE
from benchmarks.performance.growth_curves import Growth, curves, growth_section, measure_growth
from benchmarks.performance.plot import plot
from domain import commands as c
from domain.codes import Reason, Status
from domain.values import Assessment
from projections.scorecards.queries import counts
from projections.scorecards.results import TimePair

PACKAGES = ("django>=5.2,<6", "django-simple-history>=3.13,<4", "sqlalchemy-continuum>=2,<3")
PEERS = {"simple-history": "django-simple-history", "continuum": "SQLAlchemy-Continuum"}
SIZES, ASSESSMENTS = (100, 1_000, 5_000), 11
GROWTH_SIZES = (100, 1_000, 10_000)
CHANGES, PAST_DAYS = 60, 9
ROOT = Path(__file__).parents[2]
PAGE, PICTURE = ROOT / "docs" / "performance.md", "performance.svg"
COMMAND = "python3 dev.py bench performance"


class Figures(Struct):
    """Medians in milliseconds: of one durable change, and of the number of each status as of a past day."""

    change: float
    past: float


def _median_ms(acts: Sequence[Callable[[], object]]) -> float:
    return statistics.median(time_once(act) for act in acts) * 1000


def uptake(folder: Path, count: int) -> tuple[Figures, float]:
    """The figures of Uptake, and a raw insert of the same rows into equal tables, in turn with its changes."""
    services = create_store(folder / "uptake")
    fill_store(services, count, ASSESSMENTS)
    raw = _durable(folder / "raw.sqlite")
    for (ddl,) in table_definitions(services):
        raw.execute(ddl)
    changes, inserts = [], []
    for n in range(CHANGES):
        changes.append(time_once(lambda n=n: _propose(services, n)) * 1000)  # type: ignore[misc]
        inserts.append(time_once(lambda n=n: _insert(raw, n)) * 1000)  # type: ignore[misc]
    now = datetime.now(UTC)
    with services.views.connect() as db:
        days = [date(2014, 6, 1) + timedelta(days=200 * n) for n in range(PAST_DAYS)]
        past = _median_ms([lambda d=d: counts(db, "big", TimePair(d, now)) for d in days])  # type: ignore[misc]
    services.close()
    raw.close()
    return Figures(statistics.median(changes), past), statistics.median(inserts)


def _propose(services: object, n: int) -> None:
    facts = Assessment(
        id="",
        status=Status.UNVERIFIABLE,
        effective_on="2026-06-01",
        reason=Reason.WORLD_CHANGED,
        rationale="A sentence or two that say why the status is this one.",
        evidence=("official", "news"),
    )
    command = c.ProposeAssessment("big", recommendation=f"rec-{n:06d}", assessment=facts)
    services.tracker.execute(command, by="ana", at=services.clock())  # type: ignore[attr-defined]


def _durable(file: Path) -> sqlite3.Connection:
    raw = sqlite3.connect(file, isolation_level=None)
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("PRAGMA synchronous=FULL")
    return raw


def _insert(raw: sqlite3.Connection, n: int) -> None:
    raw.execute("BEGIN IMMEDIATE")
    raw.execute(INSERT, (f"{n:032x}", b"x" * 600))
    raw.execute("INSERT INTO claims VALUES (?, 'x')", (f"assessment/r/{n:032x}",))
    raw.execute("COMMIT")


def audit(folder: Path, count: int) -> Figures:
    """A table of the present, and an audit log of every change in another."""
    db = _durable(folder / "audit.sqlite")
    db.execute("CREATE TABLE recommendation (id INTEGER PRIMARY KEY, title, summary, theme, status, reason)")
    db.execute("CREATE TABLE audit (no INTEGER PRIMARY KEY, id INTEGER, at TEXT, status, reason)")
    db.execute("CREATE INDEX audit_by_id ON audit (id, at)")
    statuses, first = list(Status), datetime(2014, 1, 1, tzinfo=UTC)
    db.execute("BEGIN")
    for n in range(count):
        text = (f"Recommendation {n}", "A sentence that says what is asked of whom.", f"theme-{n % 60}")
        db.execute("INSERT INTO recommendation VALUES (?, ?, ?, ?, ?, ?)", (n, *text, statuses[n % 6], "A sentence."))
        for k in range(ASSESSMENTS):
            at = (first + timedelta(days=180 * k)).isoformat()
            row = (n, at, statuses[(n + k) % 6], "A sentence or two that say why.")
            db.execute("INSERT INTO audit (id, at, status, reason) VALUES (?, ?, ?, ?)", row)
    db.execute("COMMIT")

    def change(n: int) -> None:
        db.execute("BEGIN IMMEDIATE")
        db.execute("UPDATE recommendation SET status = ?, reason = 'Why.' WHERE id = ?", (statuses[0], n))
        at = datetime.now(UTC).isoformat()
        db.execute("INSERT INTO audit (id, at, status, reason) VALUES (?, ?, ?, 'Why.')", (n, at, statuses[0]))
        db.execute("COMMIT")

    def past(n: int) -> None:
        at = (first + timedelta(days=200 * n + 100)).isoformat()
        newest = "SELECT max(at) FROM audit b WHERE b.id = a.id AND b.at <= ?"
        db.execute(f"SELECT status, count(*) FROM audit a WHERE at = ({newest}) GROUP BY status", (at,)).fetchall()

    result = Figures(
        _median_ms([lambda n=n: change(n) for n in range(CHANGES)]),  # type: ignore[misc]
        _median_ms([lambda n=n: past(n) for n in range(PAST_DAYS)]),  # type: ignore[misc]
    )
    db.close()
    return result


def peer(name: str, folder: Path, count: int) -> Figures:
    script = Path(__file__).with_name("peers.py")
    command = [environment("peers", PACKAGES) / "python", script, name, folder, str(count), str(ASSESSMENTS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Figures(**json.loads(done.stdout))


def measure(sizes: Sequence[int]) -> tuple[dict[str, dict[int, Figures]], dict[int, float]]:
    """The figures of each by size, and the milliseconds of a raw insert and commit."""
    result: dict[str, dict[int, Figures]] = {}
    raw: dict[int, float] = {}
    for count in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            own, raw[count] = uptake(folder, count)
            result.setdefault("Uptake", {})[count] = own
            result.setdefault("table with an audit log", {})[count] = audit(folder, count)
            for key, title in PEERS.items():
                result.setdefault(title, {})[count] = peer(key, folder, count)
            print(f"{count:,}: { ({k: v[count] for k, v in result.items()}) }", flush=True)
    return result, raw


def _base(field: str, name: str, figures: dict[str, dict[int, Figures]], raw: dict[int, float], size: int) -> float:
    """What a figure has a ratio to; 0 if it was not measured in turn with it."""
    if field == "past":
        return figures["Uptake"][size].past
    return raw[size] if name == "Uptake" else 0


def _cell(value: float, base: float) -> str:
    return f"{value / base:.2f} ({value:.2f} ms)" if base else f"{value:.2f} ms"


def document(
    figures: dict[str, dict[int, Figures]], raw: dict[int, float], growth: Growth, page_lines: Sequence[str]
) -> Iterator[str]:
    sizes = list(raw)
    load = os.getloadavg()[1]
    yield "# Performance"
    yield ""
    yield f"Written by `{COMMAND}`, which measures again and replaces this page. Times are medians of one run on"
    version = f"Python {platform.python_version()} and SQLite {sqlite3.sqlite_version}"
    yield f"{datetime.now(UTC):%-d %B %Y}, on Linux with {os.cpu_count()} cores (load average {load:.0f}) and {version}."
    yield "On a machine with other work they are orders of magnitude, no more."
    yield ""
    yield f"Every store has the same number of recommendations with {ASSESSMENTS} assessments each, in SQLite with a commit that is"
    yield "durable (`synchronous=FULL`). The peers answer a narrower question: they know one time axis, and no rules, evidence or"
    yield "second person."
    yield ""
    for title, field, what in (
        (
            "One change, acknowledged and durable",
            "change",
            (
                "A proposal until it is in Uptake's log, an update in the others; its tables follow before it is acknowledged to a "
                "person (`python3 dev.py bench commands`). Uptake is measured in turn with a raw insert and commit of the rows of "
                "its log, and has a ratio to it; the others come one after another, so the load of the disk moves their times."
            ),
        ),
        (
            "How many have each status, as of a past day",
            "past",
            (
                "The counts of a scorecard; as a ratio to Uptake. The audit log is asked with a subquery over its index, "
                "django-simple-history with `as_of`, SQLAlchemy-Continuum by the number of the transaction."
            ),
        ),
    ):
        yield f"## {title}"
        yield ""
        yield what
        yield ""
        yield f"| recommendations | {' | '.join(f'{size:,}' for size in sizes)} |"
        yield f"|---|{'---|' * len(sizes)}"
        if field == "change":
            yield f"| raw insert and commit | {' | '.join(f'1 ({raw[size]:.2f} ms)' for size in sizes)} |"
        for name, by_size in figures.items():
            cells = [_cell(getattr(by_size[size], field), _base(field, name, figures, raw, size)) for size in sizes]
            yield f"| {name} | {' | '.join(cells)} |"
        yield ""
    yield "![Milliseconds by the number of recommendations, both axes logarithmic](pictures/performance.svg)"
    yield ""
    yield from growth_section(growth)
    if page_lines:
        yield "## Pages of the built-in register, and nginx"
        yield ""
        yield "The same bytes from Uptake's cache and from nginx, one process each, to four connections; and what a page costs that is"
        yield "not cached."
        yield ""
        yield from (f"* {line}" for line in page_lines)
        yield ""
    yield "Other figures: [reliability](reliability.md), [scale](scale.md), and `python3 dev.py bench` for what is not here."


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench performance", description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of recommendations")
    parser.add_argument("--growth", default=",".join(map(str, GROWTH_SIZES)), help="the same, for pages")
    parser.add_argument("--no-pages", action="store_true", help="leave pages out, which need nginx")
    parser.add_argument("--out", type=Path, default=PAGE)
    options = parser.parse_args(arguments)
    random.seed(1)
    figures, raw = measure([int(size) for size in options.sizes.split(",")])
    growth = measure_growth([int(size) for size in options.growth.split(",")])
    page_lines = list(pages.run()) if shutil.which("nginx") and not options.no_pages else []
    lines = document(figures, raw, growth, page_lines)
    options.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    pictures = options.out.parent / "pictures"
    pictures.mkdir(exist_ok=True)
    past = {name: {size: f.past for size, f in by_size.items()} for name, by_size in figures.items()}
    (pictures / PICTURE).write_text(plot("Counts as of a past day", past), encoding="utf-8")
    (pictures / GROWTH_PICTURE).write_text(plot("Pages that no cache has", curves(growth)), encoding="utf-8")
    print(f"Written: {options.out}, and {PICTURE} and {GROWTH_PICTURE} in {pictures}")
    return 0
