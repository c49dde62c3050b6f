"""A read replica: whether public pages may be read there, found by comparing how far it has got with the primary."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable

from app.adapters.database import describe, is_away
from projections.engine.position import LogPosition
from projections.engine.views import Views

CHECK_SECONDS = 1.0
log = logging.getLogger("uptake.database")


class NoTables(Exception):
    """A standby has no tables of this version of Uptake: the primary makes them."""


class StandbyViews(Views):
    """The views of a standby, which never makes any."""

    def rebuild(self) -> str:
        """Raises `NoTables`."""
        raise NoTables


class ReadReplica:
    """A replica is used while it answers and shows all that the primary showed `lag_seconds` ago.

    While the primary is away, it is used as far as it had got.
    """

    def __init__(
        self,
        primary: Callable[[], LogPosition],
        replica: Callable[[], LogPosition],
        lag_seconds: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._primary, self._replica, self._lag_seconds, self._clock = primary, replica, lag_seconds, clock
        self._required: deque[tuple[float, int]] = deque()
        """Rows of the log that the primary showed, with when; the first is the newest that the replica must show."""
        self._problem: str | None = "it was not asked yet"

    @property
    def is_used(self) -> bool:
        return self._problem is None

    def check(self) -> None:
        """Compare the two, and log if the replica is used from now on or no longer."""
        now = self._clock()
        try:
            self._required.append((now, self._primary().row))
        except Exception as e:
            if not is_away(e):
                log.warning("The position of the primary cannot be read (%s).", describe(e))
        while len(self._required) > 1 and self._required[1][0] <= now - self._lag_seconds:
            self._required.popleft()
        try:
            row = self._replica().row
        except NoTables:
            self._note("it has no tables of this version of Uptake yet")
        except Exception as e:
            self._note(f"it does not answer ({describe(e)})")
        else:
            is_late = not self._required or row < self._required[0][1]
            self._note(f"it is more than {self._lag_seconds} seconds behind" if is_late else None)

    def lost(self, error: BaseException) -> None:
        """Take note that a request found the replica away. It is used again after the next check that finds it."""
        self._note(f"it does not answer ({describe(error)})")

    def watch(self) -> None:
        """Check every second, in a thread that ends with the process."""
        threading.Thread(target=self._watch, name="read replica", daemon=True).start()

    def _watch(self) -> None:
        while True:
            self.check()
            time.sleep(CHECK_SECONDS)

    def _note(self, problem: str | None) -> None:
        before, self._problem = self._problem, problem
        if problem is None and before is not None:
            log.warning("Public pages are read from the read replica.")
        elif problem is not None and before is None:
            log.warning("The read replica is bypassed: %s.", problem)
