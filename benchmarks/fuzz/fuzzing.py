"""Damages inputs of every target until the time is over, and keeps those that were neither read nor refused."""

import argparse
import hashlib
import random
import resource
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.fuzz.api import fuzz_api
from benchmarks.fuzz.targets import Target, make_targets
from domain.errors import Refused
from tests.support.repository import ROOT

KEPT = ROOT / "tests" / "fuzz" / "kept"
"""Inputs that once failed, in a folder for each target; a test tries them all."""
MAX_SECONDS = 10
"""Processor time for one input."""
MAX_GROWTH_MB = 300
"""How much the process may grow over one input."""


def problem_of(target: Target, content: bytes) -> str:
    """What is wrong with how an input was taken; empty if it was read, or refused in sentences, soon."""
    began, size = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        target.run(content)
    except Refused as refused:
        if wrong := [str(r) for r in refused.refusals if not _is_sentence(str(r))]:
            return f"no sentence: {wrong[0]!r}"
        if not refused.refusals:
            return "refused without a sentence"
    except Exception as e:
        return f"{type(e).__name__}: {e} at {traceback.extract_tb(e.__traceback__)[-1]}"
    if (seconds := time.process_time() - began) > MAX_SECONDS:
        return f"took {seconds:.1f} seconds"
    if (grown := resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - size) > MAX_GROWTH_MB * 1024:
        return f"took {grown // 1024} MB"
    return ""


def _is_sentence(text: str) -> bool:
    return len(text) > 10 and "Traceback" not in text and " object at 0x" not in text


class Fuzzing:
    """Counts inputs, and keeps the first input of each different problem."""

    def __init__(self, seed: int, targets: dict[str, Target]) -> None:
        self.chance, self.targets = random.Random(seed), targets
        self.tried: Counter[str] = Counter()
        self.problems: dict[str, tuple[str, bytes]] = {}
        """The target and the input of each problem."""

    def run(self, seconds: float, inputs: int = 10**9) -> None:
        """Try all targets in turn, each with equal processor time, until the time or the number of inputs is reached."""
        ends = time.process_time() + seconds
        used = dict.fromkeys(self.targets, 0.0)
        while time.process_time() < ends and sum(self.tried.values()) < inputs:
            name = min(used, key=lambda n: used[n])
            began = time.process_time()
            self._try(name, self.targets[name])
            used[name] += time.process_time() - began

    def _try(self, name: str, target: Target) -> None:
        content = target.damage(self.chance, self.chance.choice(target.samples))
        self.tried[name] += 1
        if problem := problem_of(target, content):
            self.problems.setdefault(f"{name}: {problem}", (name, content))

    def lines(self) -> Iterator[str]:
        yield from (f"{name:10} {self.tried[name]:7,} inputs" for name in self.targets)
        yield from (f"PROBLEM {problem}" for problem in self.problems)

    def keep(self, folder: Path, say: Callable[[str], object]) -> None:
        """Write the inputs with problems to files, for a test of each."""
        for problem, (name, content) in self.problems.items():
            file = folder / name / hashlib.sha256(content).hexdigest()[:16]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            say(f"{file}: {problem[:200]}")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="repeat a run with the same number")
    parser.add_argument("--seconds", type=float, default=60, help="of processor time")
    parser.add_argument("--only", action="append", default=[], help="only these targets")
    parser.add_argument("--api", type=int, default=0, help="instead, so many examples for each operation of the API")
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")  # a zip with one name twice is what is meant
    with tempfile.TemporaryDirectory() as folder:
        if options.api:
            return fuzz_api(Path(folder), options.seed, options.api)
        targets = make_targets(Path(folder))
        fuzzing = Fuzzing(options.seed, {n: t for n, t in targets.items() if not options.only or n in options.only})
        fuzzing.run(options.seconds)
    for line in fuzzing.lines():
        print(line)
    fuzzing.keep(KEPT, print)
    return 1 if fuzzing.problems else 0
