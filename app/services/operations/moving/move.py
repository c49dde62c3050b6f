"""Moves an installation to another store. A move that was interrupted goes on where it stopped, and can be given up.

Both stores have a mark from the beginning, so no server starts on either. At the end the mark of the source says that
it was left, and the target loses its own.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from uuid import uuid4

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from app.adapters.database import database_conninfo, require_direct_connection
from app.adapters.event_store import open_tracker
from app.adapters.jobs_db.tables import open_jobs
from app.adapters.old_stores import delete_databases, left_mark
from app.adapters.record import is_prepared, system_clock
from app.adapters.settings import Settings
from app.adapters.store_marks import (
    LOCK_FILE,
    MARK_FILE,
    HeldStore,
    StoreMark,
    describe_store,
    hold_store,
    require_not_moved,
)
from app.services.accounts.database import open_database
from app.services.operations.moving.log_copy import compare_events, copy_events
from app.services.operations.moving.other_parts import compare_tables, copy_files, copy_tables
from app.services.transparency.key_files import write_private_file
from app.services.transparency.log_verification import compare_checkpoints, read_checkpoints
from app.services.transparency.signing_keys import key_list
from domain.application import Tracker
from domain.errors import Refused
from domain.event_log import EventLog
from domain.times import written

DATABASES = ("log.sqlite", "accounts.sqlite", "jobs.sqlite", "views")
OWN_TABLES = """SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r'
AND (n.nspname = 'accounts' OR n.nspname LIKE 'views-%' OR (n.nspname = 'public'
AND c.relname IN ('stored_events', 'claims', 'records', 'job_claims', 'checkpoints', 'view_generations')))"""


class MoveResult(Struct, frozen=True):
    """What is in the target now. `root` is that of the Merkle tree, the same in both stores."""

    events: int
    root: str
    checkpoints: int
    rows: int
    files: int


def move_store(source: Settings, target: Settings) -> MoveResult:
    """Move an installation, or go on with a move; the source stays as it is. Raises `Refused`."""
    with _both(source, target) as (left, new):
        _begin(source, target, left, new)
        result = _copy(source, target)
        mark = left.mark()
        assert mark
        left.set_mark(replace(mark, state="left"))  # first, so that there is no moment at which both can be used
        new.set_mark(None)
        return result


def give_up(source: Settings, target: Settings) -> None:
    """Let the source be used again in place of the target. Raises `Refused` if entries of the target would be lost."""
    with _both(source, target) as (left, new):
        mark, other = left.mark(), new.mark()
        if mark is None or mark.other != describe_store(target):
            raise Refused(f"The store {describe_store(source)} was not moved to the one {describe_store(target)}.")
        if other is None and mark.state == "left":
            _refuse_users(target, new)
            _require_no_entries_after(source, target)
        if other is None or other.move == mark.move:
            new.set_mark(StoreMark(mark.move, "given up", describe_store(source), written(system_clock())))
        left.set_mark(None)


def delete_old(old: Settings, current: Settings) -> None:
    """Delete the databases of a SQLite store that was left for the current one; other files of its folder stay.

    Raises `Refused` if that move is not finished, or the current store cannot be used or has fewer entries.
    """
    here, there = describe_store(old), describe_store(current)
    mark = None if old.database_url else left_mark(old.data_dir)
    if mark is None or mark.other != there:
        raise Refused(
            f"The store {here} is not a SQLite store that was left for the one {there}, so nothing is deleted. Name "
            "the old folder with --from, and the store in use with the settings or --to."
        )
    if not is_prepared(current):
        raise Refused(f"There is no store {there}, so nothing is deleted.")
    require_not_moved(current)
    with hold_store(old):
        if is_prepared(old):
            with _log(old) as left, _log(current) as used:
                if used.count() < left.count():
                    raise Refused(f"The store {there} has fewer entries than the one {here}, so nothing is deleted.")
        delete_databases(old.data_dir)


@contextmanager
def _both(source: Settings, target: Settings) -> Iterator[tuple[HeldStore, HeldStore]]:
    """Hold both stores."""
    if describe_store(source) == describe_store(target):
        raise Refused("Both stores are the same. Name the other one with --from or --to.")
    if not source.database_url and not is_prepared(source):
        raise Refused(f"There is no store {describe_store(source)}.")
    with ExitStack() as stack:
        for settings in (source, target):
            require_direct_connection(settings)
        yield stack.enter_context(hold_store(source)), stack.enter_context(hold_store(target))


def _begin(source: Settings, target: Settings, left: HeldStore, new: HeldStore) -> None:
    """Mark both stores, or find the marks of a move that goes on. Raises `Refused`."""
    mark, other = left.mark(), new.mark()
    if mark and mark.state in ("filling", "given up"):
        raise Refused(f"The store {describe_store(source)} is itself the target of a move that is not finished.")
    if mark and mark.other != describe_store(target):
        raise Refused(
            f"The store {describe_store(source)} is being moved, or was, to the one {mark.other}. Go on with that "
            "move, or give it up with --undo."
        )
    if mark and other and other.move == mark.move and other.state == "filling":
        _refuse_users(source, left)
        return
    if other or not _is_empty(source, target):
        if mark and mark.state == "left" and other is None:
            raise Refused(f"The move is finished already: the store is {describe_store(target)}.")
        raise Refused(f"The store {describe_store(target)} is not empty. Move to an empty one.")
    _refuse_users(source, left)
    _require_newest(source)
    mark = mark or StoreMark(uuid4().hex, "leaving", describe_store(target), written(system_clock()))
    left.set_mark(mark)
    try:
        _refuse_users(source, left)  # one may have started just before there was a mark
    except Refused:
        left.set_mark(None)
        raise
    new.set_mark(StoreMark(mark.move, "filling", describe_store(source), mark.at))


def _refuse_users(settings: Settings, held: HeldStore) -> None:
    if users := held.users():
        raise Refused(
            f"The store {describe_store(settings)} is in use by {', '.join(users)}. Stop Uptake on every machine, and "
            "whatever else is connected, then try again."
        )


def _is_empty(source: Settings, target: Settings) -> bool:
    """Whether nothing of an installation is there yet. The data folder may be shared with the source."""
    folder, is_shared = target.data_dir, target.data_dir.resolve() == source.data_dir.resolve()
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else set[str]()
    if not target.database_url and not names.isdisjoint(DATABASES):
        return False
    if not is_shared and names - {LOCK_FILE, MARK_FILE}:
        return False
    return not target.database_url or not _count_tables(target)


def _count_tables(settings: Settings) -> int:
    import psycopg

    with psycopg.connect(database_conninfo(settings)) as connection:
        row = connection.execute(OWN_TABLES).fetchone()
        return int(row[0]) if row else 0


def _require_newest(settings: Settings) -> None:
    """Raise `Refused` if the accounts are not those of this version of Uptake."""
    has_file = bool(settings.database_url) or (settings.data_dir / "accounts.sqlite").is_file()
    accounts = open_database(settings) if has_file else None
    is_current = accounts is not None and accounts.is_current()
    if accounts:
        accounts.close()
    if not is_current:
        raise Refused(
            f"The store {describe_store(settings)} is not on the newest migration of this version of Uptake. "
            "Run “uptake migrate” on it first."
        )


def _copy(source: Settings, target: Settings) -> MoveResult:
    """Copy what the target lacks, and compare everything."""
    files = copy_files(source.data_dir, target.data_dir)
    if source.database_url:  # where machines have the list of public keys in common
        write_private_file(target.data_dir / "keys" / "public.json", msgspec.json.encode(key_list(source).keys))
    with _log(source) as old, _log(target, create=True) as new:
        jobs = open_jobs(target)
        accounts = open_database(target)
        accounts.upgrade()
        accounts.close()
        rows = copy_tables(source, target)
        copy_events(old, new)
        old.read_corrections()
        checkpoints, _ = read_checkpoints(source, jobs, old.losses)
        jobs.dispose()
        tree, roots = compare_events(old, new, [c.size for c in checkpoints])
        compare_tables(source, target)
        if problems := compare_checkpoints(checkpoints, roots, tree.size):
            raise Refused(*problems, "The move is not finished. “uptake log verify” says more about the source.")
    return MoveResult(tree.size, tree.root().hex(), len(checkpoints), rows, files)


@contextmanager
def _log(settings: Settings, *, create: bool = False) -> Iterator[EventLog]:
    tracker: Tracker = open_tracker(
        clock=system_clock,
        sqlite=settings.data_dir / "log.sqlite",
        postgres=database_conninfo(settings) if settings.database_url else "",
        create=create,
    )
    try:
        yield tracker.event_log
    finally:
        tracker.close()


def _require_no_entries_after(source: Settings, target: Settings) -> None:
    with _log(source) as old, _log(target) as new:
        added = new.count() - old.count()
    if added:
        entries = "1 entry was" if added == 1 else f"{added:,} entries were"
        raise Refused(
            f"{entries} recorded {describe_store(target)} since the move, and would be lost. Move back from there to "
            "an empty store instead."
        )
