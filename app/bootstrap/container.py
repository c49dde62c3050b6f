"""The composition root: puts the store, the projections and the services together."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from app.adapters.database import database_conninfo, is_away
from app.adapters.event_store import create_tables, open_tracker, read_log_mark
from app.adapters.jobs_db.clock_readings import ClockDrift
from app.adapters.read_replica import StandbyViews
from app.adapters.record import is_prepared, system_clock
from app.adapters.settings import Settings
from app.adapters.store_marks import require_usable, use_folder
from app.services.container import Services
from domain.application import Tracker
from domain.errors import Refused
from domain.event_log import EventLog
from projections.all_projections import ALL_PROJECTIONS
from projections.engine.generations import PostgresViewStore, SQLiteViewStore
from projections.engine.private_files import make_private_folder
from projections.engine.views import Views

if TYPE_CHECKING:
    from app.services.accounts.database import Database


def build_services(
    settings: Settings, *, create: bool = False, clock: Callable[[], datetime] | None = None
) -> Services:
    """Open the store of these settings; `create` creates it. Raises `Refused` if there is none.

    `clock` replaces the clocks of the machine and of the database, in tests.
    """
    now = clock or system_clock
    if settings.database_url:
        conninfo = database_conninfo(settings)
        tracker = open_tracker(clock=now, postgres=conninfo, database_clock=clock)
        if not settings.read_only:
            _refuse_moved(settings, tracker.event_log)
        if create:
            _create_keys(settings, now())
            create_tables(tracker.event_log)
            _require_same_keys(settings)
        kind = StandbyViews if settings.read_only else Views
        views = kind(PostgresViewStore(conninfo), tracker.event_log, ALL_PROJECTIONS)
        return _services(settings, tracker, views, now)
    if create:
        make_private_folder(settings.data_dir)
    elif not is_prepared(settings):
        raise Refused(f"There is no store in {settings.data_dir}. Create one with “uptake init”.")
    release = use_folder(settings)
    if create:
        _create_keys(settings, now())
        _require_same_keys(settings)
    drift = None if clock else ClockDrift(settings).seconds
    tracker = open_tracker(clock=now, sqlite=settings.data_dir / "log.sqlite", create=create, drift_seconds=drift)
    views = Views(SQLiteViewStore(settings.data_dir / "views"), tracker.event_log, ALL_PROJECTIONS)
    return _services(settings, tracker, views, now, release)


def build_replica(settings: Settings, *, clock: Callable[[], datetime] | None = None) -> Services:
    """Open the standby that settings name, only to read."""
    of_standby = replace(settings, database_url=settings.read_url, read_url="", read_only=True)
    return build_services(of_standby, clock=clock)


def _services(
    settings: Settings,
    tracker: Tracker,
    views: Views,
    now: Callable[[], datetime],
    release: Callable[[], None] = lambda: None,
) -> Services:
    tracker.event_log.check_length = lambda count: _require_complete(settings, tracker, count)
    return Services(settings, tracker, views, now, _open_accounts, release)


def _refuse_moved(settings: Settings, log: EventLog) -> None:
    """Raise `Refused` if this store is moved or was. While the database is away, that is for what comes next to say.

    The log keeps the connection that this makes, which shows to a move that the store is in use.
    """
    try:
        mark = read_log_mark(log)
    except Exception as e:
        if is_away(e):
            return
        raise
    require_usable(settings, mark)


def _create_keys(settings: Settings, at: datetime) -> None:
    from app.services.transparency.signing_keys import create_keys  # slow to load, as is what follows

    create_keys(settings, at)


def _require_same_keys(settings: Settings) -> None:
    from app.services.installation_keys import require_same_keys

    require_same_keys(settings)


def _require_complete(settings: Settings, tracker: Tracker, count: int) -> None:
    from app.services.transparency.log_length import require_complete  # asked before the first entry of a process

    require_complete(settings, count, tracker.event_log.losses)


def _open_accounts(settings: Settings) -> "Database":
    from app.bootstrap.accounts import open_accounts  # commands that only read the record need none

    return open_accounts(settings)
