"""Puts faults to one site after another until enough time or faults have passed, and reports what went wrong."""

import argparse
import random
import shutil
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks.faults.kinds import DATABASE_KINDS, FILE_KINDS, STORE_KINDS, Fault
from benchmarks.faults.trial import NotPossibleHere, Trial
from tests.support.postgres import fresh_database

FAULTS_OF_A_STORE = 40
"""A new store after so many: checks read the whole log, so long logs make slow checks."""
MAX_KILLED_SECONDS = 5
"""How long no public page may come when a process other than `uptake up` was killed."""
MAX_SHOWN = 5
"""Problems of one fault that are shown; many are of one cause."""
ANSWERING = ("kill web", "kill worker", "kill server")


class Report:
    """What was done and what was wrong."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.skipped: dict[str, str] = {}
        self.problems: list[str] = []
        self.acknowledged = self.read = 0

    def lines(self) -> Iterator[str]:
        for kind in sorted(self.done):
            times = self.seconds[kind]
            yield (
                f"{kind:30} {self.done[kind]:4} times; at most {statistics.median(times):.2f} s (median),"
                f" {max(times):.2f} s (longest) without a public page"
            )
        for kind, reason in sorted(self.skipped.items()):
            yield f"{kind:30} not tried: {reason}"
        yield f"{sum(self.done.values())} faults, {self.acknowledged} acknowledged commands, {self.read} answers checked"
        yield from (f"PROBLEM {problem}" for problem in self.problems)
        yield f"{len(self.problems)} problems"


def order(kinds: dict[str, tuple[Fault, int]], randomness: random.Random) -> Iterator[str]:
    """Each kind once, in any order, then as often as its weight says."""
    first = list(kinds)
    randomness.shuffle(first)
    yield from first
    while True:
        yield from randomness.choices(list(kinds), [weight for _, weight in kinds.values()])


class Campaign:
    """Puts faults to stores of one kind. With the same seed the same faults come in the same order."""

    def __init__(self, seed: int, folder: Path, only: Sequence[str] = (), database_url: str = "") -> None:
        self.seed, self.folder, self.database_url = seed, folder, database_url
        kinds = STORE_KINDS | (DATABASE_KINDS if database_url else FILE_KINDS)
        self.kinds = {name: kind for name, kind in kinds.items() if not only or any(word in name for word in only)}
        self.report = Report()
        self.trial: Trial | None = None

    def run(self, faults: int, seconds: float, say: Callable[[str], object] = lambda _: None) -> Report:
        """Go on until so many faults were put or so many seconds have passed; at least one is put."""
        names, ends = order(self.kinds, random.Random(self.seed)), time.monotonic() + seconds
        count, of_this_store = 0, 0
        try:
            while (not count or (count < faults and time.monotonic() < ends)) and self._is_something_left():
                if self.trial is None or (of_this_store >= FAULTS_OF_A_STORE and not self.database_url):
                    self._close()
                    chance = random.Random(f"{self.seed}/{count}")
                    self.trial, of_this_store = Trial(self.folder / f"store-{count}", chance, self.database_url), 0
                name = next(names)
                if name not in self.report.skipped:
                    say(f"{name}: {self._put(self.trial, name)}")
                    count, of_this_store = sum(self.report.done.values()), of_this_store + 1
        finally:
            self._close()
        return self.report

    def _is_something_left(self) -> bool:
        return len(self.report.skipped) < len(self.kinds)

    def _put(self, trial: Trial, name: str) -> str:
        """Put one fault and check what is then true; returns what came of it."""
        report, seconds = self.report, 0.0
        try:
            seconds = trial.put(self.kinds[name][0])
            found = list(dict.fromkeys(trial.check()))[:MAX_SHOWN]
        except NotPossibleHere as e:
            report.skipped[name] = str(e)
            return str(e)
        except AssertionError as e:  # the site is not whole again in time
            found, seconds = [str(e)], float("inf")
            self._close()
        if name in ANSWERING and seconds > MAX_KILLED_SECONDS:
            found.append(f"no public page came for {seconds:.1f} seconds")
        report.done[name] += 1
        report.seconds[name].append(seconds)
        report.problems += [f"after fault {sum(report.done.values())}, {name}: {problem}" for problem in found]
        return f"{seconds:.2f} s {found or ''}"

    def _close(self) -> None:
        if trial := self.trial:
            self.trial = None
            trial.close()
            self.report.acknowledged += trial.ledger.acknowledged
            self.report.read += trial.ledger.read
            if not self.report.problems:
                shutil.rmtree(trial.folder)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="repeat a run with the same number")
    parser.add_argument("--faults", type=int, default=10**6, help="end after so many")
    parser.add_argument("--seconds", type=float, default=60, help="end after so many seconds")
    parser.add_argument("--only", action="append", default=[], help="only kinds whose name has this in it")
    parser.add_argument("--postgres", action="store_true", help="over PostgreSQL, with faults of the database")
    parser.add_argument("--verbose", action="store_true", help="a line for each fault")
    options = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="uptake-faults-"))
    campaign = Campaign(options.seed, folder, options.only, fresh_database() if options.postgres else "")
    say = partial(print, flush=True) if options.verbose else lambda _: None
    report = campaign.run(options.faults, options.seconds, say)
    for line in report.lines():
        print(line)
    if report.problems:
        print(f"The stores and the output of the processes are in {folder}.")
    else:
        shutil.rmtree(folder)
    return 1 if report.problems else 0
