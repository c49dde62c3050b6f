"""Times a function."""

import time
from collections.abc import Callable
from typing import Any


def time_once(act: Callable[[], Any]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
