"""Runs the benchmarks: all, or those that are named."""

import sys

from benchmarks import (
    commands,
    imports,
    keystrokes,
    load,
    logverify,
    overview,
    pages,
    rebuild,
    scorecard,
    search,
    snapshots,
    spreadsheets,
    start,
)
from benchmarks.cluster import campaign as cluster
from benchmarks.faults import campaign as faults
from benchmarks.fuzz import fuzzing
from benchmarks.growth import report as growth
from benchmarks.performance import report as performance

BENCHMARKS = {
    m.__name__.rsplit(".", 1)[1]: m
    for m in (
        rebuild,
        commands,
        imports,
        scorecard,
        start,
        pages,
        overview,
        search,
        logverify,
        snapshots,
        spreadsheets,
        keystrokes,
    )
}

HARNESSES = {
    "cluster": cluster.main,
    "faults": faults.main,
    "fuzz": fuzzing.main,
    "growth": growth.main,
    "load": load.main,
    "performance": performance.main,
}
"""What takes options of its own, and runs only when it is named."""


def main(names: list[str]) -> int:
    if names and names[0] in HARNESSES:
        return HARNESSES[names[0]](names[1:])
    if unknown := [n for n in names if n not in BENCHMARKS]:
        print(
            f"There is no benchmark {', '.join(unknown)}; there are {', '.join([*BENCHMARKS, *HARNESSES])}.",
            file=sys.stderr,
        )
        return 2
    for name in names or BENCHMARKS:
        print(f"== {name}: {BENCHMARKS[name].__doc__}")
        for line in BENCHMARKS[name].run():
            print("  ", line)
    return 0


sys.exit(main(sys.argv[1:]))
