"""A lock by name: one holder at a time, on every store, and free as soon as its process ends."""

import os
import signal

from app.adapters.process_lock import process_lock
from app.services.container import Services


def test_one_holds_a_lock_and_others_go_on_with_their_own(either: Services) -> None:
    with process_lock(either.settings, "a") as first, process_lock(either.settings, "a") as second:
        assert (first, second) == (True, False)
        with process_lock(either.settings, "b") as other:
            assert other
    with process_lock(either.settings, "a") as third:
        assert third


def test_a_killed_process_leaves_no_lock(services: Services) -> None:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with process_lock(services.settings, "a") as is_held:
            os.write(writing, b"y" if is_held else b"n")
            signal.pause()
    assert os.read(reading, 1) == b"y"
    with process_lock(services.settings, "a") as while_it_lives:
        assert not while_it_lives
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with process_lock(services.settings, "a") as afterwards:
        assert afterwards
    os.close(reading)
    os.close(writing)
