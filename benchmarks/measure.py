"""Times a function over several runs and returns the median."""

import statistics
import time
from collections.abc import Callable
from typing import Any


def seconds(act: Callable[[], Any], runs: int = 5) -> float:
    """The median wall time of a function in seconds, after one run that is not counted."""
    act()
    return statistics.median(once(act) for _ in range(runs))


def once(act: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun
