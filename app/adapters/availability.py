"""Whether the database answers. It may be away for a while, and no process ends because of that."""

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from app.adapters.database import describe, is_away

log = logging.getLogger("uptake.database")
FIRST_PAUSE_SECONDS, MAX_PAUSE_SECONDS = 0.25, 5.0
Result = TypeVar("Result")


class Availability:
    """Knows from errors that the database is away, asks in a thread until it is back, and logs both, once."""

    def __init__(self, ask: Callable[[], object]) -> None:
        self._ask = ask
        self._answers = threading.Event()
        self._answers.set()
        self._lock = threading.Lock()

    @property
    def is_away(self) -> bool:
        return not self._answers.is_set()

    def lost(self, error: BaseException) -> None:
        """Take note that the database is away; ask it again after growing pauses of at most five seconds."""
        with self._lock:
            if self.is_away:
                return
            self._answers.clear()
        threading.Thread(target=self._wait, args=(error,), name="database", daemon=True).start()

    def _wait(self, error: BaseException) -> None:
        try:
            _until_it_answers(self._ask, threading.Event(), error)
        finally:
            self._answers.set()


def patiently(act: Callable[[], Result], stop: threading.Event | None = None) -> Result:
    """Act, again while the database is away. Raises the last error once `stop` is set."""
    try:
        return act()
    except Exception as e:
        if not is_away(e):
            raise
        return _until_it_answers(act, stop or threading.Event(), e)


def _until_it_answers(act: Callable[[], Result], stop: threading.Event, error: BaseException) -> Result:
    log.error("The database does not answer: %s. Trying again until it does.", describe(error))
    since, pause = time.monotonic(), FIRST_PAUSE_SECONDS
    while not stop.wait(pause):
        try:
            result = act()
        except Exception as e:
            if not is_away(e):
                raise
            error, pause = e, min(2 * pause, MAX_PAUSE_SECONDS)
        else:
            log.warning("The database answers again after %.0f seconds.", time.monotonic() - since)
            return result
    raise error
