"""Puts the layers together: the only module that sees the store, the projections and the domain at once."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property

from app.adapters.event_store import open_tracker
from app.adapters.settings import Settings
from app.services.accounts.database import Database, open_database
from app.services.accounts.people import shown_names
from app.services.locker.blob_store import Blobs
from app.services.locker.fetcher import Reach
from app.services.opinions.agreement import Agreement, agreement
from domain.application import Tracker
from domain.batch import validate_batch
from domain.commands import Command
from domain.errors import Refused
from domain.event_log import EventLog
from projections.all_projections import ALL_PROJECTIONS
from projections.engine.generations import PostgresViewStore, SQLiteViewStore
from projections.engine.position import Position
from projections.engine.views import Views


def system_clock() -> datetime:
    return datetime.now(UTC)


class Services:
    """What every face uses: commands in, views out."""

    def __init__(self, settings: Settings, tracker: Tracker, views: Views, clock: Callable[[], datetime]) -> None:
        self.settings = settings
        self.tracker = tracker
        self.views = views
        self.clock = clock
        self.reach = Reach()

    @cached_property
    def accounts(self) -> Database:
        """The accounts of staff; opened, and brought up to date, when somebody first asks."""
        database = open_database(self.settings)
        database.upgrade()
        return database

    @cached_property
    def blobs(self) -> Blobs:
        """The copies of sources that are kept."""
        return Blobs(self.settings.data_dir / "locker")

    def shown(self) -> object:
        """What public pages follow from: the record, the names that people chose, what is shown beside the evidence."""
        return self.views.position(), self.shown_names(), self.blobs.stirred()

    @property
    def log(self) -> EventLog:
        return self.tracker.log

    def execute(self, command: Command, *, by: str, command_id: str = "") -> str:
        """Carry out a command; when this returns, pages show it. Returns the id of what was made."""
        made = self.tracker.execute(command, by=by, at=self.clock(), command_id=command_id)
        self.views.catch_up()
        return made

    def execute_all(self, commands: Sequence[Command], *, by: str) -> None:
        """Carry out several commands, or none of them. Raises `BatchRefused`."""
        self.tracker.execute_all(commands, by=by, at=self.clock())
        self.views.catch_up()

    def check_all(self, commands: Sequence[Command], *, by: str) -> None:
        """Say what `execute_all` would refuse, and store nothing. Raises `BatchRefused`."""
        validate_batch(commands, by=by, at=self.clock(), store=self.tracker)

    def agreement(self, register: str) -> Agreement:
        """How far second opinions agree; of the answers themselves nothing is handed out."""
        with self.accounts.work() as db:
            return agreement(db, register)

    def shown_names(self) -> dict[str, str]:
        """The names under which people chose to be shown in public, by the ids that the record holds."""
        with self.accounts.engine.connect() as db:
            return shown_names(db)

    def catch_up(self) -> Position:
        return self.views.catch_up()

    def close(self) -> None:
        if "accounts" in self.__dict__:
            self.accounts.close()
        self.tracker.close()


def is_prepared(settings: Settings) -> bool:
    """Whether `uptake init` has made a store here."""
    if settings.database_url:
        return True
    return (settings.data_dir / "log.sqlite").is_file()


def build(settings: Settings, *, create: bool = False, clock: Callable[[], datetime] = system_clock) -> Services:
    """Open the store of these settings; `create` makes it. Raises `Refused` when there is none."""
    if settings.database_url:
        tracker = open_tracker(clock=clock, postgres=settings.database_url, create=create)
        views = Views(PostgresViewStore(settings.database_url), tracker.log, ALL_PROJECTIONS)
        return Services(settings, tracker, views, clock)
    if create:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    elif not is_prepared(settings):
        raise Refused(f"There is no store in {settings.data_dir}; make one with “uptake init”.")
    tracker = open_tracker(clock=clock, sqlite=settings.data_dir / "log.sqlite", create=create)
    views = Views(SQLiteViewStore(settings.data_dir / "views"), tracker.log, ALL_PROJECTIONS)
    return Services(settings, tracker, views, clock)
