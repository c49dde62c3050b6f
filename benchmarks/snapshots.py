"""freezing and verifying a review: the real register (reach: 5 s), 10,000 recommendations (reach: 60 s and 512 MB), in their own processes"""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.adapters.resources import data_dir
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.snapshots.review_schedule import review_occurrences
from benchmarks.data import create_store, make_bundle, write_files
from domain.commands import OpenRegister, ScheduleReview
from domain.values import ReviewSchedule

FREEZE_SCRIPT = """
import json, sys, time
from pathlib import Path
from app.adapters.settings import Settings
from app.services.snapshots.freeze import freeze_review
from app.bootstrap.container import build_services
services = build_services(Settings(data_dir=Path(sys.argv[1]), trial=True))
started = time.perf_counter()
result = freeze_review(services, sys.argv[2], sys.argv[3], as_of=sys.argv[4], by="bench")
seconds = time.perf_counter() - started
print(json.dumps([seconds, peak(), result.file.stat().st_size / 1e6, str(result.file)]))
"""
VERIFY_SCRIPT = """
import json, sys, time
from pathlib import Path
from app.services.snapshots.recomputation import verify_data
from app.services.snapshots.verify import verify
started = time.perf_counter()
verify_data(verify(Path(sys.argv[1])))
print(json.dumps([time.perf_counter() - started, peak()]))
"""
PEAK = """
def peak():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) / 1024
"""


def run() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "real"
        services = create_store(store)
        import_bundle(services, data_dir("registers") / "dprk-enablers", ImportOptions())
        services.execute(OpenRegister("dprk-enablers", origin="bench"), by="bench")
        with services.views.connect() as db:
            days = [(p.schedule.id, p.as_of) for p in review_occurrences(db, "dprk-enablers", services.clock().date())]
        services.close()
        measurements = [_freeze(store, "dprk-enablers", *day) for day in days[:5]]
        seconds = statistics.median(m[0] for m in measurements)
        yield f"the real register: {seconds:.1f} s, {measurements[0][1]:,.0f} MB of memory, {measurements[0][2]:.1f} MB; median of {len(measurements)}; {_verify(measurements[0][3])}"
        store = Path(folder) / "large"
        services = create_store(store)
        path = write_files(make_bundle("large", 10_000, 4, published=True), Path(folder) / "bundle")
        import_bundle(services, path, ImportOptions())
        services.execute(
            ScheduleReview("large", schedule=ReviewSchedule(id="one", title="One", as_of="2026-01-01")), by="b"
        )
        services.execute(OpenRegister("large", origin="bench", without_keeper=True), by="bench")
        events = services.views.position().count
        services.close()
        duration, memory, size, file = _freeze(store, "large", "one", "2026-01-01")
        yield f"10,000 recommendations, {events:,} events: {duration:.1f} s, {memory:,.0f} MB of memory, {size:.0f} MB; one run; {_verify(file)}"


def _freeze(store: Path, *words: str) -> tuple[float, float, float, str]:
    """Seconds, peak of memory in MB, size of the package in MB, and its file."""
    seconds, memory, size, file = _run(FREEZE_SCRIPT, str(store), *words)
    return seconds, memory, size, file


def _verify(file: str) -> str:
    seconds, memory = _run(VERIFY_SCRIPT, file)
    return f"verified with its events in {seconds:.1f} s, {memory:,.0f} MB"


def _run(script: str, *words: str) -> list[Any]:
    command = [sys.executable, "-c", PEAK + script, *words]
    return list(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))
