"""One store with its site and clients, the faults that are put to it, and what is checked after each."""

import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.services.accounts import api_tokens, people
from app.services.accounts.permissions import ALL_REGISTERS, PERMISSIONS, StaffRole
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.transparency.log_verification import verify
from benchmarks.data import make_bundle, write_files
from benchmarks.faults.calls import Calls
from benchmarks.faults.clients import REGISTER, Ledger, Reader, Visitor, Writer
from benchmarks.faults.expected import History, problems, rows_of_file, rows_of_server
from benchmarks.faults.site import Site
from domain.commands import OpenRegister
from projections.engine.differences import differences
from tests.support.waiting import wait_until

RECOMMENDATIONS = 12
WRITERS = 2
BACK_WITHIN_SECONDS = 90


def names_of(recommendations: int) -> list[str]:
    return [f"rec-{n:06d}" for n in range(recommendations)]


def fill(settings: Settings, folder: Path, recommendations: int = RECOMMENDATIONS) -> tuple[str, str]:
    """Create a store with an open register; returns the tokens of two people."""
    bundle = make_bundle(REGISTER, recommendations, 0)
    described = msgspec.structs.replace(bundle.settings, kept_by="A keeper", licence="CC0-1.0")
    files = write_files(msgspec.structs.replace(bundle, settings=described), folder / "bundle")
    with closing(build_services(settings, create=True)) as services:
        import_bundle(services, files, ImportOptions(approve_cards="ben"))
        services.execute(OpenRegister(REGISTER, origin="http://127.0.0.1"), by="ana")
        tokens = []
        with services.accounts.work() as db:
            for name in ("ana", "ben"):
                user = people.add_user(db, f"{name}@example.org", person=name)
                people.give_role(db, user, ALL_REGISTERS, StaffRole.ADMINISTRATOR)
                tokens.append(api_tokens.create_token(db, user, "t", list(PERMISSIONS), 366, services.clock()))
    return tokens[0], tokens[1]


class NotPossibleHere(Exception):
    """This machine cannot do that to a process; the message says why."""


class Trial:
    """`put` puts one fault to the site while clients work, then checks everything."""

    def __init__(self, folder: Path, randomness: random.Random, database_url: str = "") -> None:
        folder.mkdir(parents=True)
        self.folder, self.random, self.database_url = folder, randomness, database_url
        self.data_dir = folder / "data"
        self.settings = Settings(data_dir=self.data_dir, database_url=database_url)
        tokens = fill(self.settings, folder)
        self.calls = Calls(folder)
        self.site = Site(self.data_dir, self.calls.environment, folder / "output.txt", database_url)
        self.ledger = Ledger()
        names = names_of(RECOMMENDATIONS)
        self.writers = [
            Writer(self.site, self.ledger, f"writer {n}", names[n::WRITERS], tokens) for n in range(WRITERS)
        ]
        self.visitor = Visitor(self.site)
        self._checked = 0
        wait_until(self.site.is_whole, waits_for="the site")

    @contextmanager
    def clients(self) -> Iterator[None]:
        """Let clients work during the block; afterwards every command that was begun has been carried out."""
        ends = threading.Event()
        workers = [*self.writers, Reader(self.site, self.ledger), self.visitor]
        threads = [threading.Thread(target=worker.work, args=(ends,), daemon=True) for worker in workers]
        for thread in threads:
            thread.start()
        try:
            self.wait_for_writes(1)
            yield
        finally:
            ends.set()
            for thread in threads:
                thread.join()

    def wait_for_writes(self, count: int) -> None:
        """Wait until so many more commands were acknowledged."""
        goal = self.ledger.acknowledged + count
        wait_until(lambda: self.ledger.acknowledged >= goal or self.ledger.surprises, waits_for="acknowledged commands")

    def put(self, fault: "Callable[[Trial], object]") -> float:
        """Put a fault to the site until it is whole again; returns the longest time without a public page, in seconds."""
        with self.clients():
            began = time.monotonic()
            try:
                fault(self)
            finally:
                self.calls.clear()
            wait_until(self.site.is_whole, BACK_WITHIN_SECONDS, "the site to be whole again")
            self.wait_for_writes(2)
            return self.visitor.longest_gap(began)

    def check(self) -> list[str]:
        """What is wrong now, as sentences."""
        writes, readings = list(self.ledger.writes), self.ledger.readings[self._checked :]
        self._checked = len(self.ledger.readings)
        return problems(History(self.rows()), self.ledger, writes, readings) + problems_of_tables(self.settings)

    def rows(self) -> list[tuple[int, bytes]]:
        """The rows of the log, read without the application."""
        return rows_of_server(self.database_url) if self.database_url else rows_of_file(self.data_dir / "log.sqlite")

    def elsewhere(self, name: str) -> Path:
        """A new empty folder's path next to the store."""
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        return path

    def close(self) -> None:
        self.site.stop()


def problems_of_tables(settings: Settings) -> list[str]:
    """What `uptake log verify` and `uptake projections check` would say."""
    with closing(build_services(settings)) as services:
        position = services.catch_up()
        report = verify(services)
        name = services.views.build()
        try:
            with (
                services.views.connect() as live,
                services.views.store.engine(name, writing=False).connect() as new,
            ):
                found = differences(live, new, tuple(services.views.projections))
        finally:
            services.views.discard(name)
    if position.count != report.events:
        found.append(f"The tables reach event {position.count} of {report.events}.")
    return [*report.problems, *found]


def with_data_dir(settings: Settings, folder: Path) -> Settings:
    return msgspec.structs.replace(settings, data_dir=folder)
