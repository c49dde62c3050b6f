"""The accounts database: a file next to the log, or a schema in PostgreSQL, migrated by Alembic."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Column, CursorResult, Engine, MetaData, Result, String, Table, create_engine, event, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from app.adapters.database import database_conninfo
from app.adapters.settings import Settings
from app.services.accounts.person_data import PERSON_DATA, PersonData
from app.services.accounts.public_names import change_mark, public_names, public_names_and_mark
from domain.errors import Refused
from projections.engine.postgres import postgres_engine
from projections.engine.private_files import make_private_file, make_private_folder

if TYPE_CHECKING:
    from alembic.config import Config

SCHEMA = "accounts"
MIGRATIONS = Path(__file__).parent / "migrations"
_oldest_usable = Table("oldest_usable_revision", MetaData(), Column("revision", String(32), primary_key=True))
"""One row, written by each migration, that older versions read to know whether they can use newer tables."""


class Database:
    """Sessions over the accounts' tables. `session` is bound to the thread; `release` closes it."""

    def __init__(self, engine: Engine, person_data: Sequence[PersonData]) -> None:
        self.engine = engine
        is_shared = engine.dialect.name == "postgresql"
        self._reading = engine.execution_options(isolation_level="AUTOCOMMIT") if is_shared else engine
        self._sessions = sessionmaker(engine, expire_on_commit=False, info={PERSON_DATA: person_data})
        self.session = scoped_session(self._sessions)

    @contextmanager
    def work(self) -> Iterator[Session]:
        """A new session, committed at the end of the block and rolled back on an error."""
        with self._sessions.begin() as session:
            yield session

    def bring_up_to_date(self) -> None:
        """Before the tables are used: create them, and migrate those of an older version on SQLite.

        On PostgreSQL other machines may use them, so there only the operator migrates them. Raises `Refused`.
        """
        revision, newest = self.revision(), newest_migration()
        if self.engine.dialect.name == "postgresql" and revision and revision < newest:
            raise Refused(
                f"The tables of accounts are those of an earlier version of Uptake ({revision}, here {newest}). Run "
                "“uptake migrate” once; the other machines can go on meanwhile."
            )
        self.upgrade()

    def upgrade(self) -> None:
        """Create the tables, or migrate those of an older version. Raises `Refused` for those of a newer one.

        Tables of a newer version can be used if it only added to them.
        """
        revision, newest = self.revision(), newest_migration()
        if revision > newest and not "" < self._oldest_usable_revision() <= newest:
            raise Refused(
                f"The tables of accounts are those of a newer version of Uptake ({revision}, here {newest}), and this "
                "one cannot use them. Install the newer version."
            )
        if revision >= newest:
            return
        from alembic import command  # tables rarely change, and loading it takes longer than asking whether they did
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        engine = _with_write_lock(self.engine)
        with engine.begin() as db:
            if engine.dialect.name == "postgresql":
                db.execute(text("SELECT pg_advisory_xact_lock(8245)"))  # one starting process at a time
                db.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
            config.attributes["connection"] = db
            command.upgrade(config, "head")
            _oldest_usable.create(db, checkfirst=True)
            db.execute(_oldest_usable.delete())
            db.execute(_oldest_usable.insert().values(revision=oldest_usable_revision(config)))
        if engine is not self.engine:
            engine.dispose()

    def is_current(self) -> bool:
        """Whether the tables are those of the newest migration."""
        return self.revision() == newest_migration()

    def revision(self) -> str:
        """The newest migration of the tables; empty if there are none, or no database, which a migration says."""
        try:
            with self.engine.connect() as db:
                return db.scalar(text("SELECT max(version_num) FROM alembic_version")) or ""
        except DBAPIError:
            return ""

    def _oldest_usable_revision(self) -> str:
        try:
            with self.engine.connect() as db:
                return db.scalar(select(_oldest_usable.c.revision)) or ""
        except DBAPIError:
            return ""

    def public_names(self) -> dict[str, str]:
        """The names that people chose to show in public, by id."""
        with self._reading.connect() as db:
            return public_names(db)

    def public_names_and_mark(self) -> tuple[dict[str, str], str]:
        """The public names, and the mark of what is shown of sources that all machines share; PostgreSQL only."""
        with self._reading.connect() as db:
            return public_names_and_mark(db)

    def change_mark(self) -> None:
        """Signal to the processes of all machines that copies or notes of sources changed; PostgreSQL only."""
        with self.engine.begin() as db:
            change_mark(db)

    def release(self) -> None:
        self.session.remove()

    def close(self) -> None:
        self.session.remove()
        self.engine.dispose()


def oldest_usable_revision(config: "Config") -> str:
    """The oldest revision whose code can use the newest tables: the migrations since then set `EXPANDS`.

    Such a migration only adds tables, indexes, and columns with a default, so an older version does not notice it.
    """
    from alembic.script import ScriptDirectory

    oldest = ""
    for script in ScriptDirectory.from_config(config).walk_revisions():
        oldest = script.revision
        if not getattr(script.module, "EXPANDS", False):
            break
    return oldest


def newest_migration() -> str:
    """Return the name of the newest migration: its number, with which the name of its file begins."""
    return max(file.name.split("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def affected_rows(result: Result[tuple[object, ...]]) -> int:
    """Return how many rows an UPDATE or DELETE changed; a session does not say that its result counts them."""
    assert isinstance(result, CursorResult)
    return result.rowcount


def _with_write_lock(engine: Engine) -> Engine:
    """For SQLite: an engine whose transactions take the write lock at the start."""
    if engine.dialect.name != "sqlite":
        return engine
    locking = create_engine(engine.url, connect_args={"timeout": 15, "isolation_level": None}, hide_parameters=True)
    event.listen(locking, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return locking


def open_database(settings: Settings, person_data: Sequence[PersonData] = ()) -> Database:
    """Open the accounts of an installation. `person_data` describes what other services store about a person."""
    if settings.database_url:
        return Database(postgres_engine(database_conninfo(settings), schema=SCHEMA), person_data)
    make_private_folder(settings.data_dir)
    file = settings.data_dir / "accounts.sqlite"
    make_private_file(file)
    engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": 15}, hide_parameters=True)
    event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA foreign_keys = ON"))
    return Database(engine, person_data)
