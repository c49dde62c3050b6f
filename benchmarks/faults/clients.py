"""Clients of the site: writers that keep an account of what was acknowledged, and readers that keep every answer."""

import json
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol

from msgspec import Struct

from benchmarks.faults.site import Answer

REGISTER = "faults"
API = f"/api/v1/registers/{REGISTER}"
FIRST_DAY = date(2016, 1, 1)
RETRY_SECONDS, READ_EVERY_SECONDS = 0.02, 0.05
ACKNOWLEDGED_WITHIN_SECONDS = 90
RETRIED = (409, 412, 429, 500, 503)
"""Responses after which a client sends the same command again, under the same key."""


class Answering(Protocol):
    """What answers requests: a site, or several machines behind one address."""

    ask: Callable[..., Answer]
    answers: Callable[[], bool]


class Write(Struct):
    """A command that was sent. It is acknowledged once a response says that it was carried out."""

    kind: str
    name: str
    """What the log must hold once: the rationale of a proposal, else the id of the assessment."""
    is_acknowledged: bool = False
    assessment: str = ""


class Reading(Struct, frozen=True):
    """What an answer said of each recommendation, at its position of the log."""

    position: int
    assessments: dict[str, str]


class Ledger:
    """What all clients sent and got. Each list only grows."""

    def __init__(self) -> None:
        self.writes: list[Write] = []
        self.readings: list[Reading] = []
        self.surprises: list[str] = []
        """Responses that no fault excuses."""
        self.acknowledged_at: list[float] = []
        """When each acknowledgement came, by the monotonic clock in seconds."""
        self.read = 0

    @property
    def acknowledged(self) -> int:
        return len(self.acknowledged_at)

    def acknowledge(self, write: Write, assessment: str) -> None:
        write.assessment = assessment
        write.is_acknowledged = True
        self.acknowledged_at.append(time.monotonic())

    def refused(self, where: str, answer: Answer) -> None:
        """Note a refusal that is no sentence, or that a correct request must not get."""
        try:
            sentence = str(json.loads(answer.body)["detail"])
        except (ValueError, KeyError, TypeError):
            sentence = ""
        if not sentence or "Traceback" in sentence or answer.status not in RETRIED:
            self.surprises.append(f"{where}: {answer.status} {sentence or answer.body[:200]!r}")


class Writer:
    """Proposes, publishes and withdraws assessments of its own recommendations, one after another."""

    def __init__(
        self, site: Answering, ledger: Ledger, name: str, recommendations: list[str], tokens: tuple[str, str]
    ) -> None:
        self.site, self.ledger, self.name, self.recommendations = site, ledger, name, recommendations
        self.proposer, self.publisher = tokens
        self.count = 0
        self.assessed: set[str] = set()
        """The recommendations that have an assessment in force."""

    def work(self, ends: threading.Event) -> None:
        """Write until the event is set. Every command that was begun is carried out."""
        while not ends.is_set():
            self.step()

    def step(self) -> None:
        """One proposal and its publication; every third one is withdrawn."""
        number, self.count = self.count, self.count + 1
        recommendation = self.recommendations[number % len(self.recommendations)]
        turn = number // len(self.recommendations)
        rationale = f"{self.name}, number {number}."
        body = {
            "status": "announced",
            "effective_on": (FIRST_DAY + timedelta(days=turn)).isoformat(),
            "reason": "reviewed_no_change" if recommendation in self.assessed else "first_assessment",
            "rationale": rationale,
            "evidence": ["official", "news"],
        }
        public = f"{API}/recommendations/{recommendation}/assessments"
        assessment = self._carry_out("proposed", rationale, public, body, self.proposer, public)
        if not assessment:
            return
        seen = f"{API}/recommendations/{recommendation}/proposals"
        item = f"{API}/assessments/{assessment}"
        done = self._carry_out("published", assessment, f"{item}/publish", {}, self.publisher, seen)
        if done and number % 3 == 2 and recommendation in self.assessed:
            why = {"reason": "It was wrong."}
            self._carry_out("withdrawn", assessment, f"{item}/withdraw", why, self.publisher, public)
        if done:
            self.assessed.add(recommendation)

    def _carry_out(self, kind: str, name: str, path: str, body: dict[str, object], token: str, seen: str) -> str:
        """Send a command until a response says that it was carried out; returns the id of the assessment."""
        write = Write(kind, name)
        self.ledger.writes.append(write)
        sent = json.dumps(body).encode()
        key = f"{self.name}-{self.count}-{kind}"
        deadline = time.monotonic() + ACKNOWLEDGED_WITHIN_SECONDS
        while time.monotonic() < deadline:
            try:
                tag = self.site.ask(seen, token=token).headers.get("ETag", "none")
                answer = self.site.ask(path, token=token, body=sent, If_Match=tag, Idempotency_Key=key)
            except OSError:
                time.sleep(RETRY_SECONDS)
                continue
            if answer.status in (200, 201):
                self.ledger.acknowledge(write, str(json.loads(answer.body)["assessment"]))
                return write.assessment
            self.ledger.refused(path, answer)
            if answer.status not in RETRIED:
                return ""
            time.sleep(RETRY_SECONDS)
        self.ledger.surprises.append(f"{path}: not carried out within {ACKNOWLEDGED_WITHIN_SECONDS} seconds")
        return ""


class Reader:
    """Reads the scorecard as it is now, over and over."""

    def __init__(self, site: Answering, ledger: Ledger) -> None:
        self.site, self.ledger = site, ledger

    def work(self, ends: threading.Event) -> None:
        while not ends.wait(READ_EVERY_SECONDS):
            try:
                answer = self.site.ask(f"{API}/scorecard")
            except OSError:
                continue
            if answer.status == 200:
                self.ledger.readings.append(reading_of(answer.body))
                self.ledger.read += 1
            else:
                self.ledger.refused("scorecard", answer)


class Visitor:
    """Opens a public page over and over, and keeps when it came."""

    def __init__(self, site: Answering) -> None:
        self.site = site
        self.came_at = [time.monotonic()]

    def work(self, ends: threading.Event) -> None:
        while not ends.wait(RETRY_SECONDS):
            if self.site.answers():
                self.came_at.append(time.monotonic())

    def longest_gap(self, since: float) -> float:
        """The longest time without a page since an instant, in seconds."""
        return longest_gap(self.came_at, since)


def longest_gap(instants: list[float], since: float) -> float:
    """The longest time between instants from one on until now, in seconds."""
    times = [since, *(at for at in list(instants) if at > since), time.monotonic()]
    return max((later - earlier for earlier, later in pairwise(times)), default=0.0)


def reading_of(body: bytes) -> Reading:
    data = json.loads(body)
    return Reading(data["log_position"], {r["id"]: r.get("assessment") or "" for r in data["recommendations"]})
