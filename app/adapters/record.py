"""The record: executes commands and gives access to the views. Services take it to read or change a register."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property

from sqlalchemy import Engine

from app.adapters.availability import Availability
from app.adapters.jobs_db.tables import open_jobs
from app.adapters.settings import Settings
from domain.application import Tracker
from domain.batch import validate_batch
from domain.commands import Command
from domain.event_log import EventLog
from projections.engine.position import LogPosition
from projections.engine.views import Views


def system_clock() -> datetime:
    return datetime.now(UTC)


def is_prepared(settings: Settings) -> bool:
    """Whether `uptake init` has created a store here."""
    return bool(settings.database_url) or (settings.data_dir / "log.sqlite").is_file()


class Record:
    """The log and its views under one clock."""

    def __init__(self, settings: Settings, tracker: Tracker, views: Views, clock: Callable[[], datetime]) -> None:
        self.settings = settings
        self.tracker = tracker
        self.views = views
        self.clock = clock
        self.availability = Availability(tracker.event_log.last)

    @property
    def log(self) -> EventLog:
        return self.tracker.event_log

    @cached_property
    def jobs(self) -> Engine:
        """The jobs database, opened on first use."""
        return open_jobs(self.settings)

    def execute(self, command: Command, *, by: str, command_id: str = "", request_digest: str = "") -> str:
        """Carry out a command; when this returns, pages show it. Returns the id of what was created."""
        created = self.tracker.execute(
            command, by=by, at=self.clock(), command_id=command_id, request_digest=request_digest
        )
        self.views.catch_up()
        return created

    def execute_all(self, commands: Sequence[Command], *, by: str) -> None:
        """Carry out several commands, or none of them. Raises `BatchRefused`."""
        self.tracker.execute_all(commands, by=by, at=self.clock())
        self.views.catch_up()

    def check_all(self, commands: Sequence[Command], *, by: str) -> None:
        """Check what `execute_all` would refuse, and store nothing. Raises `BatchRefused`."""
        validate_batch(commands, by=by, at=self.clock(), store=self.tracker)

    def catch_up(self) -> LogPosition:
        return self.views.catch_up()

    def close(self) -> None:
        self.tracker.close()
        self.views.close()
        if "jobs" in self.__dict__:
            self.jobs.dispose()
