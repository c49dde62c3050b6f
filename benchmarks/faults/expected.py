"""What must be true after a fault, computed from the rows of the log and from what clients were told, and nothing else.

The log is read with SQL and its bytes as JSON: no code of the application takes part.
"""

import json
import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.faults.clients import REGISTER, Ledger, Reading, Write

MAX_AHEAD_SECONDS = 5
ROWS = "SELECT recorded_at, state FROM stored_events ORDER BY {}"
TOPICS = {
    "recommendation.assessment_proposed": "proposed",
    "recommendation.assessment_published": "published",
    "recommendation.assessment_withdrawn": "withdrawn",
}
Row = tuple[int, bytes]


def rows_of_file(file: Path) -> list[Row]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)) as db:
        return db.execute(ROWS.format("rowid")).fetchall()


def rows_of_server(url: str) -> list[Row]:
    import psycopg

    with psycopg.connect(url) as db:
        return [(at, bytes(state)) for at, state in db.execute(ROWS.format("notification_id"))]


class Change:
    """A publication or withdrawal, at its position in the log."""

    def __init__(self, position: int, kind: str, assessment: str, recommendation: str, effective_on: str) -> None:
        self.position, self.kind, self.assessment = position, kind, assessment
        self.recommendation, self.effective_on = recommendation, effective_on


class History:
    """The log as a list of what happened to assessments."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        self.ids: dict[str, str] = {}
        """The assessment of each rationale that was proposed."""
        self.changes: dict[str, list[Change]] = defaultdict(list)
        self.length, self.newest_stamp = 0, 0
        published: dict[str, Change] = {}
        for self.length, (stamp, state) in enumerate(rows, 1):
            self.newest_stamp = max(stamp, self.newest_stamp)
            event: dict[str, Any] = json.loads(state)
            kind = TOPICS.get(event["topic"]) if event.get("register") == REGISTER else None
            if kind == "proposed":
                self.counts["proposed", event["assessment"]["rationale"]] += 1
                self.ids[event["assessment"]["rationale"]] = event["assessment"]["id"]
            elif kind == "published":
                facts = event["assessment"]
                change = Change(self.length, kind, facts["id"], event["recommendation"], facts["effective_on"])
                published[change.assessment] = change
                self._add(change)
            elif kind == "withdrawn":
                before = published[event["assessment"]]
                self._add(Change(self.length, kind, before.assessment, before.recommendation, before.effective_on))

    def _add(self, change: Change) -> None:
        self.counts[change.kind, change.assessment] += 1
        self.changes[change.recommendation].append(change)

    def in_force(self, recommendation: str, position: int) -> str:
        """The latest assessment of a recommendation that was published and not withdrawn by then."""
        standing: dict[str, str] = {}
        for change in self.changes[recommendation]:
            if change.position > position:
                break
            if change.kind == "published":
                standing[change.assessment] = change.effective_on
            else:
                del standing[change.assessment]
        return max(standing, key=lambda a: standing[a], default="")


def problems_of_writes(history: History, writes: list[Write]) -> Iterator[str]:
    """Acknowledged commands that are not in the log exactly once, and others that are there more than once."""
    for write in writes:
        count = history.counts[write.kind, write.name]
        if write.is_acknowledged and count != 1:
            yield f"“{write.kind} {write.name}” was acknowledged and is in the log {count} times."
        elif count > 1:
            yield f"“{write.kind} {write.name}” is in the log {count} times."
        elif write.is_acknowledged and write.kind == "proposed" and history.ids[write.name] != write.assessment:
            yield f"“{write.name}” was acknowledged as {write.assessment} and is in the log as {history.ids[write.name]}."


def problems_of_readings(history: History, readings: list[Reading]) -> Iterator[str]:
    """Answers that the log, up to their position, contradicts."""
    for reading in readings:
        if reading.position > history.length:
            yield f"An answer is at position {reading.position} of a log of {history.length} events."
            continue
        for recommendation, assessment in reading.assessments.items():
            right = history.in_force(recommendation, reading.position)
            if assessment != right:
                yield f"At position {reading.position} {recommendation} was {assessment or 'nothing'}, not {right}."


def problems(history: History, ledger: Ledger, writes: list[Write], readings: list[Reading]) -> list[str]:
    found = [*problems_of_writes(history, writes), *problems_of_readings(history, readings)]
    if history.newest_stamp / 1e6 > time.time() + MAX_AHEAD_SECONDS:
        found.append("The newest event is stamped in the future.")
    surprises, ledger.surprises = ledger.surprises, []
    return found + surprises
