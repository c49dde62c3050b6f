"""The only way a test waits: for a condition, with a deadline that is generous on a busy machine."""

import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")
POLL_SECONDS = 0.05


def wait_until(condition: Callable[[], Value], timeout_seconds: float = 120, waits_for: str = "a condition") -> Value:
    """Poll until the condition is true and return its value; raise AssertionError at the deadline."""
    deadline = time.monotonic() + timeout_seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"waited {timeout_seconds} seconds for {waits_for}"
        time.sleep(POLL_SECONDS)
    return value


def pause(seconds: float) -> None:
    """Take time, as a slow server does. A test that waits for something uses `wait_until`."""
    time.sleep(seconds)
