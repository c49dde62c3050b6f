"""Kills, cuts off and pauses the primary of a cluster while clients work, and reports what was lost, doubled or late."""

import argparse
import itertools
import random
import shutil
import signal
import statistics
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from app.adapters.availability import patiently
from app.adapters.settings import Settings
from benchmarks.cluster import clocks, needs
from benchmarks.cluster.machines import Machine, Machines, PublicReader
from benchmarks.cluster.needs import NotPossibleHere, why_a_pause_may_lose
from benchmarks.cluster.network import Network
from benchmarks.cluster.nodes import Node, Nodes
from benchmarks.faults.calls import Calls
from benchmarks.faults.clients import Ledger, Reader, Writer, longest_gap
from benchmarks.faults.expected import History, problems, rows_of_server
from benchmarks.faults.trial import fill, names_of, problems_of_tables
from tests.support.waiting import wait_until

RECOMMENDATIONS, WRITERS = 12, 4
READERS = 2
"""Of each kind: of the API, which checks every answer, and of cached public pages, one for each machine."""
WRITES_WITHIN_SECONDS, WHOLE_WITHIN_SECONDS = 30, 240
MAX_HOLD_SECONDS, MAX_BRIEF_PAUSE_SECONDS = 20, 12
MAX_SHOWN = 5
Fault = Callable[["Cluster", Node], None]


class Cluster:
    """Three nodes, two machines of Uptake and eight clients."""

    def __init__(self, folder: Path, randomness: random.Random) -> None:
        folder.chmod(0o755)
        self.folder, self.random = folder, randomness
        self.network = Network()
        try:
            self._build()
        except BaseException:
            self.network.close()
            raise

    def _build(self) -> None:
        self.nodes = Nodes(self.network, self.folder)
        self.settings = Settings(data_dir=self.folder / "data", database_url=self.nodes.url)
        self.tokens = fill(self.settings, self.folder, RECOMMENDATIONS + 1)
        *names, self.spare = names_of(RECOMMENDATIONS + 1)  # no client writes about the last
        self.days = itertools.count()
        self.calls = Calls(self.folder)
        more = ({}, self.calls.environment)
        self.machines = Machines(
            [Machine(self.network, f"app-{n}", 20 + n, self.nodes, self.folder, more[n - 1]) for n in (1, 2)]
        )
        wait_until(self.machines.is_whole, WHOLE_WITHIN_SECONDS, "the machines of Uptake")
        self.ledger = Ledger()
        self.writers = [
            Writer(self.machines, self.ledger, f"writer {n}", names[n::WRITERS], self.tokens) for n in range(WRITERS)
        ]
        self.readers = [Reader(self.machines, self.ledger) for _ in range(READERS)]
        self.visitors = [PublicReader(machine) for machine in self.machines.all]
        for visitor in self.visitors:
            visitor.warm()
        for machine in self.machines.all:
            machine.note_processes()
        self._checked = 0

    @contextmanager
    def clients(self) -> Iterator[None]:
        """Let clients work during the block; afterwards every command that was begun has been carried out."""
        ends = threading.Event()
        workers = [*self.writers, *self.readers, *self.visitors]
        threads = [threading.Thread(target=worker.work, args=(ends,), daemon=True) for worker in workers]
        for thread in threads:
            thread.start()
        try:
            self.wait_for_writes(WRITERS)
            yield
        finally:
            ends.set()
            for thread in threads:
                thread.join()

    def wait_for_writes(self, count: int) -> None:
        goal = self.ledger.acknowledged + count
        reached = partial(lambda goal: self.ledger.acknowledged >= goal or bool(self.ledger.surprises), goal)
        wait_until(reached, WHOLE_WITHIN_SECONDS, "acknowledged commands")

    def put(self, fault: Fault) -> tuple[float, float]:
        """Put a fault to the primary until all is whole; the longest times without a write and a page, in seconds."""
        node = wait_until(self.nodes.primary, WHOLE_WITHIN_SECONDS, "a primary")
        with self.clients():
            began = time.monotonic()
            fault(self, node)
            self.wait_for_writes(WRITERS)
            pages = max(longest_gap(visitor.came_at, began) for visitor in self.visitors)
            writes = longest_gap(self.ledger.acknowledged_at, began)
            wait_until(self.nodes.is_whole, WHOLE_WITHIN_SECONDS, "three nodes again")
            wait_until(self.machines.is_whole, WHOLE_WITHIN_SECONDS, "the machines of Uptake again")
            self.wait_for_writes(WRITERS)
        return writes, pages

    def wait_for_failover(self, old: Node) -> None:
        """Wait until another node leads and takes writes; then until a time by chance has passed."""
        others = [node for node in self.nodes.all if node is not old]
        wait_until(lambda: any(n.has_role("primary") for n in others), WHOLE_WITHIN_SECONDS, "another primary")
        self.wait_for_writes(WRITERS)
        time.sleep(self.random.uniform(0, MAX_HOLD_SECONDS))

    def check(self) -> list[str]:
        """What is wrong now, as sentences."""
        writes, readings = list(self.ledger.writes), self.ledger.readings[self._checked :]
        self._checked = len(self.ledger.readings)
        rows = patiently(lambda: rows_of_server(self.nodes.url))
        found = problems(History(rows), self.ledger, writes, readings)
        for visitor in self.visitors:
            found += visitor.refusals
            visitor.refusals = []
        found += patiently(lambda: problems_of_tables(self.settings))
        return found + [sentence for machine in self.machines.all for sentence in machine.ended()]

    def verify(self) -> list[str]:
        """What the command says about the log, on each machine."""
        done = [machine.run("log", "verify") for machine in self.machines.all]
        return [f"uptake log verify: {d.stdout}{d.stderr}" for d in done if d.returncode]

    def close(self) -> None:
        self.network.close()
        for process in [p for node in self.nodes.all for p in node.started]:
            process.wait()


def kill(cluster: Cluster, node: Node) -> None:
    """Every process of the machine is killed; it starts again when another leads."""
    cluster.network.signal(node.name, signal.SIGKILL)
    node.reap()
    cluster.wait_for_failover(node)
    node.start()


def partition(cluster: Cluster, node: Node) -> None:
    """The machine's cable is pulled."""
    cluster.network.unplug(node.name)
    try:
        cluster.wait_for_failover(node)
    finally:
        cluster.network.plug_in(node.name)


def partition_of_nodes(cluster: Cluster, node: Node) -> None:
    """The machine does not reach the other two, but Uptake still reaches it."""
    others = [other.address for other in cluster.nodes.all if other is not node]
    cluster.network.separate(node.name, others)
    try:
        cluster.wait_for_failover(node)
    finally:
        cluster.network.join(node.name, others)


def pause(cluster: Cluster, node: Node) -> None:
    """Every process of the machine stops, until another leads, and then goes on as if nothing had happened."""
    cluster.network.signal(node.name, signal.SIGSTOP)
    try:
        cluster.wait_for_failover(node)
    finally:
        cluster.network.signal(node.name, signal.SIGCONT)


def brief_pause(cluster: Cluster, node: Node) -> None:
    """Every process of the machine stops for less than the time after which another leads."""
    cluster.network.signal(node.name, signal.SIGSTOP)
    try:
        time.sleep(cluster.random.uniform(1, MAX_BRIEF_PAUSE_SECONDS))
    finally:
        cluster.network.signal(node.name, signal.SIGCONT)


FAULTS: dict[str, Fault] = {
    "kill": kill,
    "partition": partition,
    "pause and resume": pause,
    "partition of the nodes": partition_of_nodes,
    "brief pause": brief_pause,
}


class Report:
    """What was done, how long it took and what was wrong."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.writes: dict[str, list[float]] = defaultdict(list)
        self.pages: dict[str, list[float]] = defaultdict(list)
        self.notes: list[str] = []
        self.problems: list[str] = []

    def lines(self) -> Iterator[str]:
        for kind, count in sorted(self.done.items()):
            writes, pages = self.writes[kind], self.pages[kind]
            yield (
                f"{kind:24} {count:3} times; no write for {statistics.median(writes):5.1f} s (median),"
                f" {max(writes):5.1f} s (longest); no public page for {max(pages):4.1f} s (longest)"
            )
        yield from self.notes
        yield from (f"PROBLEM {problem}" for problem in self.problems)
        yield f"{sum(self.done.values())} faults, {len(self.problems)} problems"


def names_in_order(randomness: random.Random, only: Sequence[str]) -> Iterator[str]:
    """Each fault once, then any; with `only`, those in their order, again and again."""
    while only:
        yield from only
    names = list(FAULTS)
    randomness.shuffle(names)
    yield from names
    while True:
        yield randomness.choice(names)


def run(
    seed: int,
    folder: Path,
    faults: int,
    seconds: float,
    only: Sequence[str] = (),
    limit_seconds: float = WRITES_WITHIN_SECONDS,
    say: Callable[[str], object] = lambda _: None,
) -> Report:
    """Build the cluster and put faults to it until there were so many, or so many seconds have passed."""
    needs.check()
    report, randomness = Report(), random.Random(seed)
    names = names_in_order(random.Random(seed), only)
    if not needs.WATCHDOG.exists():
        report.notes.append(f"There is no {needs.WATCHDOG} on this machine, so Patroni ran without a watchdog.")
    cluster = Cluster(folder, randomness)
    try:
        ends = time.monotonic() + seconds
        while sum(report.done.values()) < faults and time.monotonic() < ends:
            name = next(names)
            _put(cluster, name, report, limit_seconds)
            say(f"{name}: no write for {report.writes[name][-1]:.1f} s {report.problems}")
        clock_problems, note = clocks.wrong_clock(cluster)
        report.problems += clock_problems + cluster.check() + cluster.verify()
        ledger, statuses = cluster.ledger, sum((v.statuses for v in cluster.visitors), Counter())
        report.notes += [
            note,
            f"{ledger.acknowledged} acknowledged commands, {ledger.read} answers of the API checked",
            f"{statuses.total()} public pages: {dict(statuses)}; the oldest was {_oldest(cluster)} s old",
        ]
    except AssertionError as e:  # it is not whole again in time
        report.problems.append(str(e))
    finally:
        cluster.close()
    return report


def _oldest(cluster: Cluster) -> int:
    return max(visitor.oldest_seconds for visitor in cluster.visitors)


def _put(cluster: Cluster, name: str, report: Report, limit_seconds: float) -> None:
    writes, pages = cluster.put(FAULTS[name])
    report.done[name] += 1
    report.writes[name].append(writes)
    report.pages[name].append(pages)
    found = list(dict.fromkeys(cluster.check()))[:MAX_SHOWN]
    if writes > limit_seconds:
        found.append(f"no write for {writes:.1f} seconds")
    report.problems += [f"after fault {sum(report.done.values())}, {name}: {problem}" for problem in found]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench cluster", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="repeat a run with the same number")
    parser.add_argument("--faults", type=int, default=len(FAULTS), help="end after so many")
    parser.add_argument("--seconds", type=float, default=10**6, help="end after so many seconds")
    parser.add_argument("--only", action="append", default=[], choices=list(FAULTS), help="only these, in this order")
    parser.add_argument("--verbose", action="store_true", help="a line for each fault")
    options = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="uptake-cluster-"))
    say = partial(print, flush=True) if options.verbose else lambda _: None
    try:
        report = run(options.seed, folder, options.faults, options.seconds, options.only, say=say)
    except NotPossibleHere as e:
        shutil.rmtree(folder)
        print(f"The cluster was not tried: {e}.")
        return 3
    for line in report.lines():
        print(line)
    if reason := why_a_pause_may_lose():
        print(f"Note: {reason}.")
    if report.problems:
        print(f"The output of all processes is in {folder}.")
    else:
        with suppress(OSError):
            shutil.rmtree(folder)
    return 1 if report.problems else 0
