"""Readers and editors of one real site at once: errors, and how long pages and commands take.

`python -m benchmarks load [READERS [EDITORS [SECONDS]]]` runs on loopback and ends by itself.
"""

import argparse
import random
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from app.adapters.settings import Settings
from benchmarks.faults.clients import REGISTER, Ledger, Writer
from benchmarks.faults.site import Answer, Site
from benchmarks.faults.trial import fill, names_of
from tests.support.waiting import wait_until

READERS, EDITORS, SECONDS = 50, 5, 60
MAX_CLIENTS, MAX_SECONDS = 1_000, 3_600
RECOMMENDATIONS = 60
READ_EVERY_SECONDS, CHANGE_EVERY_SECONDS = 1.0, 10.0
REQUEST_TIMEOUT_SECONDS = 30


class Timings:
    """How long each request took, in seconds, and what went wrong. Clients add to it from threads of their own."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.errors: list[str] = []

    def measure(self, ask: Callable[[], Answer]) -> Answer:
        """Raises `OSError` if there is no whole response, and notes that."""
        begin = time.perf_counter()
        try:
            answer = ask()
        except OSError as e:
            self.errors.append(str(e))
            raise
        self.seconds.append(time.perf_counter() - begin)
        if answer.status >= 500:
            self.errors.append(f"status {answer.status}")
        return answer

    def line(self, name: str) -> str:
        if not self.seconds:
            return f"{name}: none"
        return (
            f"{name}: {len(self.seconds)}, {len(self.errors)} errors, p50 {percentile(self.seconds, 50) * 1000:.1f} ms, "
            f"p99 {percentile(self.seconds, 99) * 1000:.1f} ms, longest {max(self.seconds) * 1000:.0f} ms"
        )


class TimedSite:
    """A site as an editor meets it: the time of each command is noted."""

    def __init__(self, site: Site, timings: Timings) -> None:
        self.site, self.timings = site, timings
        self.answers = site.answers

    def ask(self, path: str, *, token: str = "", body: bytes | None = None, **headers: str) -> Answer:
        def send() -> Answer:
            return self.site.ask(path, token=token, body=body, timeout_seconds=REQUEST_TIMEOUT_SECONDS, **headers)

        return send() if body is None else self.timings.measure(send)


def read(site: Site, seed: int, timings: Timings, ends: threading.Event) -> None:
    """Open pages of the register, one a second on average."""
    choice = random.Random(seed)
    paths = [f"/{REGISTER}/", f"/{REGISTER}/recommendations/", f"/{REGISTER}/changes/", "/"]
    paths += [f"/{REGISTER}/recommendations/{name}/" for name in names_of(RECOMMENDATIONS)[:20]]
    while not ends.wait(choice.uniform(0, 2 * READ_EVERY_SECONDS)):
        path = choice.choice(paths)
        try:
            timings.measure(lambda path=path: site.ask(path, timeout_seconds=REQUEST_TIMEOUT_SECONDS))  # type: ignore[misc]
        except OSError:
            continue


def edit(writer: Writer, seed: int, ends: threading.Event) -> None:
    """Propose and publish a status, once in ten seconds on average."""
    choice = random.Random(seed)
    while not ends.wait(choice.uniform(0, 2 * CHANGE_EVERY_SECONDS)):
        writer.step()


def run_load(readers: int, editors: int, seconds: float) -> tuple[Timings, Timings, list[str]]:
    """Timings of pages and of commands, and responses that a correct request must not get."""
    pages, commands, ledger, ends = Timings(), Timings(), Ledger(), threading.Event()
    names = names_of(RECOMMENDATIONS)
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        tokens = fill(Settings(data_dir=data_dir, trial=True), Path(folder), RECOMMENDATIONS)
        site = Site(data_dir, {"UPTAKE_TRIAL": "yes"}, Path(folder) / "output")
        with ExitStack() as stack:
            stack.callback(site.stop)
            wait_until(site.is_whole, waits_for="the site")
            timed = TimedSite(site, commands)
            threads = [threading.Thread(target=read, args=(site, n, pages, ends)) for n in range(readers)]
            for n in range(editors):
                writer = Writer(timed, ledger, f"editor {n}", names[n::editors], tokens)
                threads.append(threading.Thread(target=edit, args=(writer, n, ends)))
            for thread in threads:
                thread.start()
            time.sleep(seconds)
            ends.set()
            for thread in threads:
                thread.join()
    return pages, commands, ledger.surprises


def percentile(values: list[float], percent: int) -> float:
    """The smallest value that is at least as large as so many percent of all."""
    return sorted(values)[max(0, -(-len(values) * percent // 100) - 1)]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks load", description=__doc__)
    parser.add_argument("readers", nargs="?", type=int, default=READERS)
    parser.add_argument("editors", nargs="?", type=int, default=EDITORS)
    parser.add_argument("seconds", nargs="?", type=int, default=SECONDS)
    wish = parser.parse_args(arguments)
    if not 1 <= wish.readers + wish.editors <= MAX_CLIENTS or not 1 <= wish.seconds <= MAX_SECONDS:
        parser.error(f"Choose 1 to {MAX_CLIENTS} readers and editors, and 1 to {MAX_SECONDS} seconds.")
    pages, commands, surprises = run_load(wish.readers, wish.editors, wish.seconds)
    print(f"{wish.readers} readers, {wish.editors} editors, {wish.seconds} seconds")
    print(pages.line("pages"))
    print(commands.line("commands"))
    for sentence in [*pages.errors, *commands.errors, *surprises][:20]:
        print(sentence)
    return 1 if pages.errors or commands.errors or surprises else 0
