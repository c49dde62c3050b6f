"""Times a function over several runs and returns the median."""

import statistics
import time
from collections.abc import Callable
from typing import Any


def median_seconds(act: Callable[[], Any], runs: int = 5) -> float:
    """The median wall time of a function in seconds, after one run that is not counted."""
    act()
    return statistics.median(time_once(act) for _ in range(runs))


def time_once(act: Callable[[], Any]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
