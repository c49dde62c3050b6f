"""Uptake without projections, pages and accounts: commands in, events out."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.application import Tracker
from domain.batch import validate_batch
from domain.commands import Command
from domain.event_log import EventLog
from tests.support import memory_log
from tests.support.clock import Clock


@dataclass
class BareUptake:
    """A tracker with a clock that tests set; takes commands as the services of the application do."""

    tracker: Tracker
    clock: Clock

    @property
    def log(self) -> EventLog:
        return self.tracker.event_log

    def execute(self, command: Command, *, by: str, command_id: str = "") -> str:
        return self.tracker.execute(command, by=by, at=self.clock(), command_id=command_id)

    def execute_all(self, commands: Sequence[Command], *, by: str) -> None:
        self.tracker.execute_all(commands, by=by, at=self.clock())

    def check_all(self, commands: Sequence[Command], *, by: str) -> None:
        validate_batch(commands, by=by, at=self.clock(), store=self.tracker)


def uptake_in_memory(clock: Clock) -> BareUptake:
    return BareUptake(Tracker(memory_log.ENVIRONMENT, clock=clock, salt=lambda: "salt"), clock)
