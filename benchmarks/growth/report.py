"""growth: CPU time, bytes and memory of every route in registers of several sizes, with the exponent of each"""

import argparse
import math
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from benchmarks.growth.register import fill
from benchmarks.growth.walk import Cost, counting, walk

SIZES = "1000,10000"
LIMIT_SECONDS, LIMIT_PAGE, LIMIT_MEMORY = 0.3, 500_000, 300_000
"""The reach of a page at 100,000 recommendations: seconds, bytes of HTML, kB above idle."""
Costs = dict[str, Cost]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench growth", description=__doc__)
    parser.add_argument("--sizes", default=SIZES, help="numbers of recommendations, smallest first")
    parser.add_argument("--only", default="", help="only addresses that contain this text")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is asked for; the median counts")
    parser.add_argument("--stores", type=Path, help="a folder in which the stores are kept for the next time")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.measure:
        print(msgspec.json.encode(_measure(Path(options.measure), options.only, options.rounds)).decode())
        return 0
    sizes = [int(size) for size in options.sizes.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        stores = options.stores or Path(folder)
        found = {size: measured(stores / str(size), size, options.only, options.rounds) for size in sizes}
    for line in _lines(found):
        print(line)
    return 0


def measured(store: Path, size: int, only: str, rounds: int) -> Costs:
    """The costs of the addresses that contain a text. The store is made if it is not there.

    In a process of its own, so that the memory of one store is not that of another.
    """
    if not (store / "log.sqlite").exists():
        services = build_services(_settings(store), create=True)
        fill(services, size)
        services.close()
    command = [sys.executable, "-m", "benchmarks", "growth", "--measure", str(store)]
    command += ["--only", only, "--rounds", str(rounds)]
    output = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    return msgspec.json.decode(output, type=Costs)


def _settings(store: Path) -> Settings:
    return Settings(data_dir=store, publish_hold_seconds=0, trial=True)


def _measure(store: Path, only: str, rounds: int) -> Costs:
    with counting() as counter:
        services = build_services(_settings(store))
        costs = {address.path: cost for address, cost in walk(services, counter, only=only, rounds=rounds)}
        services.close()
    return costs


def _lines(found: dict[int, Costs]) -> list[str]:
    """A line for each address, the steepest first; what is beyond the reach of a page is marked."""
    sizes = sorted(found)
    least, most = found[sizes[0]], found[sizes[-1]]
    ratio = math.log(sizes[-1] / sizes[0]) if len(sizes) > 1 else 1.0
    heading = "  ".join(f"{size:,}: CPU ms, kB, MB" for size in sizes)
    lines = [f"{'exponents: CPU, bytes, steps':<30} {heading}  address"]

    def steepness(path: str) -> float:
        return _exponent(least[path].steps, most[path].steps, ratio)

    for path in sorted((p for p in most if p in least), key=steepness, reverse=True):
        one, two = least[path], most[path]
        exponents = (
            _exponent(one.seconds, two.seconds, ratio),
            _exponent(one.size, two.size, ratio),
            steepness(path),
        )
        figures = "  ".join(_figures(found[size][path]) for size in sizes)
        lines.append(f"{' '.join(f'{e:5.2f}' for e in exponents):<30} {figures}  {path}{_beyond(two)}")
    return lines


def _exponent(before: float, after: float, ratio: float) -> float:
    return math.log(after / before) / ratio if before > 0 and after > 0 else 0.0


def _figures(cost: Cost) -> str:
    return f"{cost.seconds * 1000:8,.0f} {cost.size / 1000:8,.0f} {cost.memory / 1000:6,.0f}"


def _beyond(cost: Cost) -> str:
    is_large = cost.content_type == "text/html" and cost.size > LIMIT_PAGE
    beyond = cost.seconds > LIMIT_SECONDS or is_large or cost.memory > LIMIT_MEMORY
    return "  (beyond the reach of a page)" if beyond else ""
