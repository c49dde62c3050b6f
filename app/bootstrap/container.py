"""The composition root: puts the store, the projections and the services together."""

from collections.abc import Callable
from datetime import datetime

from app.adapters.event_store import open_tracker
from app.adapters.jobs_db.clock_readings import ClockDrift
from app.adapters.record import is_prepared, system_clock
from app.adapters.settings import Settings
from app.services.comments.person_data import COMMENTS
from app.services.container import Services
from app.services.error_reports.person_data import ERROR_REPORTS
from app.services.followers.person_data import FOLLOWERS
from app.services.opinions.person_data import OPINIONS
from app.services.transparency.log_length import require_complete
from app.services.transparency.signing_keys import create_keys
from domain.application import Tracker
from domain.errors import Refused
from projections.all_projections import ALL_PROJECTIONS
from projections.engine.generations import PostgresViewStore, SQLiteViewStore
from projections.engine.private_files import make_private_folder
from projections.engine.views import Views

PERSON_DATA = (COMMENTS, OPINIONS, FOLLOWERS, ERROR_REPORTS)
"""The data that is removed with a person, in addition to the account."""


def build_services(
    settings: Settings, *, create: bool = False, clock: Callable[[], datetime] | None = None
) -> Services:
    """Open the store of these settings; `create` creates it. Raises `Refused` if there is none.

    `clock` replaces the clocks of the machine and of the database, in tests.
    """
    now = clock or system_clock
    if create:
        make_private_folder(settings.data_dir)
        create_keys(settings, now())
    if settings.database_url:
        tracker = open_tracker(clock=now, postgres=settings.database_url, create=create, database_clock=clock)
        views = Views(PostgresViewStore(settings.database_url), tracker.event_log, ALL_PROJECTIONS)
        return _services(settings, tracker, views, now)
    if not create and not is_prepared(settings):
        raise Refused(f"There is no store in {settings.data_dir}. Create one with “uptake init”.")
    drift = None if clock else ClockDrift(settings).seconds
    tracker = open_tracker(clock=now, sqlite=settings.data_dir / "log.sqlite", create=create, drift_seconds=drift)
    views = Views(SQLiteViewStore(settings.data_dir / "views"), tracker.event_log, ALL_PROJECTIONS)
    return _services(settings, tracker, views, now)


def _services(settings: Settings, tracker: Tracker, views: Views, now: Callable[[], datetime]) -> Services:
    log = tracker.event_log
    log.check_length = lambda count: require_complete(settings, count, log.losses)
    return Services(settings, tracker, views, now, PERSON_DATA)
