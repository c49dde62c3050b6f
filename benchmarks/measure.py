"""Times a function, in seconds."""

import time
from collections.abc import Callable
from typing import Any


def time_once(act: Callable[[], Any]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def processor_time(act: Callable[[], Any]) -> float:
    """What this process used of the processor: other work of the machine counts less."""
    started = time.process_time()
    act()
    return time.process_time() - started
