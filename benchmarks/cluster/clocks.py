"""One machine's clock is an hour off: it must refuse to record within a second, and no row gets a wrong stamp."""

import json
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from benchmarks.cluster.machines import sentence_of
from benchmarks.faults.clients import API, FIRST_DAY
from benchmarks.faults.expected import rows_of_server
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from benchmarks.cluster.campaign import Cluster

OFF_SECONDS = 3600
REFUSED_WITHIN_SECONDS, MAX_STAMP_ERROR_SECONDS = 1, 1
WATCHED_SECONDS, WAIT_SECONDS = 5, 60
REFUSED = 503


def wrong_clock(cluster: "Cluster") -> tuple[list[str], str]:
    """Move the clock of the second machine ahead and back while clients work; problems, and a line of figures."""
    if not cluster.calls.is_available:
        return [], "A wrong clock was not tried: there is no C compiler (cc) for the library that moves it."
    found: list[str] = []
    took = []
    for seconds in (OFF_SECONDS, -OFF_SECONDS):
        with cluster.clients():
            before, began = len(rows_of_server(cluster.nodes.url)), time.time()
            cluster.calls.move_clock(seconds)
            took.append(_seconds_until_refused(cluster))
            found += _not_refused(cluster)
            rows, ended = rows_of_server(cluster.nodes.url)[before:], time.time()
            cluster.calls.clear()
            wait_until(
                lambda: _write(cluster)[0] in (200, 201), waits_for="a command at the machine with the right clock"
            )
        found += [
            f"A row is stamped {stamp / 1e6 - began:.1f} s after the clock was moved, which was {ended - began:.1f} s ago."
            for stamp, _ in rows
            if not began - MAX_STAMP_ERROR_SECONDS <= stamp / 1e6 <= ended + MAX_STAMP_ERROR_SECONDS
        ]
    if max(took) > REFUSED_WITHIN_SECONDS:
        found.append(f"A clock that was an hour off was refused only after {max(took):.2f} seconds.")
    return found, f"a clock an hour ahead was refused after {took[0]:.2f} s, an hour behind after {took[1]:.2f} s"


def _write(cluster: "Cluster") -> tuple[int, str]:
    """Propose at the second machine, for another day each time; the status and the sentence of a refusal."""
    machine, path = cluster.machines.all[1], f"{API}/recommendations/{cluster.spare}/assessments"
    body = {
        "status": "announced",
        "effective_on": (FIRST_DAY + timedelta(days=next(cluster.days))).isoformat(),
        "reason": "first_assessment",
        "rationale": "Written to try the clock.",
        "evidence": ["official", "news"],
    }
    tag = machine.ask(path, token=cluster.tokens[0]).headers.get("ETag", "none")
    sent = json.dumps(body).encode()
    key = f"clock-{body['effective_on']}"
    answer = machine.ask(path, token=cluster.tokens[0], body=sent, If_Match=tag, Idempotency_Key=key)
    return answer.status, sentence_of(answer)


def _seconds_until_refused(cluster: "Cluster") -> float:
    began, ends = time.monotonic(), time.monotonic() + WAIT_SECONDS
    while time.monotonic() < ends:
        sent_at = time.monotonic()
        status, sentence = _write(cluster)
        if status == REFUSED and "clock" in sentence:
            return sent_at - began
    raise AssertionError(f"A clock that is an hour off was not refused: {status} {sentence}")


def _not_refused(cluster: "Cluster") -> list[str]:
    """Commands that the machine accepted although its clock was wrong."""
    ends, found = time.monotonic() + WATCHED_SECONDS, []
    while time.monotonic() < ends:
        status, sentence = _write(cluster)
        if status != REFUSED or "clock" not in sentence:
            found.append(f"With a wrong clock a command was answered {status}: {sentence}")
    return found
