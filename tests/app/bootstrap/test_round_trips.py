"""What each page and a command ask of PostgreSQL, counted in the log of the server: all statements, of every connection."""

import re
from collections.abc import Callable, Iterator
from itertools import count

import psycopg
import pytest
from werkzeug.test import Client

from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.bootstrap.flask_app import create_app
from app.entrypoints.http.front_cache import FrontCache
from app.services.container import Services
from domain import commands as c
from domain.values import Body
from tests.support.clock import Clock
from tests.support.public_pages import public_pages
from tests.support.small_register import open_small_register
from tests.support.stoppable_postgres import StoppablePostgres, stoppable_postgres
from tests.support.story import assessment
from tests.support.waiting import wait_until

MAX_CACHED, MAX_PAGE = 2, 33
"""Statements of a look at a cached page, and of a page that is made."""
MAX_NAMED, MAX_PROPOSED, MAX_PUBLISHED = 13, 12, 21
"""Statements of a command with its tables: the name of a body, a proposal, and a published assessment."""


@pytest.fixture(scope="module")
def server() -> Iterator[StoppablePostgres]:
    with stoppable_postgres() as server:
        yield server


@pytest.fixture(scope="module")
def store(server: StoppablePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("store")
    settings = Settings(data_dir=folder / "data", database_url=server.address, publish_hold_seconds=0, trial=True)
    services = build_services(settings, create=True, clock=Clock())
    open_small_register(services, folder / "small")
    with psycopg.connect(server.address, autocommit=True) as db:
        for setting in ("log_statement = 'all'", "log_connections = on", "log_line_prefix = '%a|'"):
            db.execute(f"ALTER SYSTEM SET {setting}")  # type: ignore[arg-type]
        db.execute("SELECT pg_reload_conf()")
        wait_until(lambda: db.execute("SHOW log_statement").fetchone() == ("all",), waits_for="the server to log")
    yield services
    services.close()


@pytest.fixture(scope="module")
def asked(server: StoppablePostgres, store: Services) -> Callable[[Callable[[], object]], tuple[int, int]]:
    """Counts the statements and the new connections of an act."""
    marks = count()

    def lines_before(mark: str) -> list[str]:
        with psycopg.connect(server.address, autocommit=True, application_name="mark") as db:
            db.execute(f"SELECT '{mark}'")  # type: ignore[arg-type]
        wait_until(lambda: mark in (server.folder / "said").read_text(), waits_for="the log")
        lines = (server.folder / "said").read_text().partition(f"'{mark}'")[0].splitlines()
        return [line for line in lines if line.startswith("uptake ") or "application_name=uptake" in line]

    def counted(act: Callable[[], object]) -> tuple[int, int]:
        before = len(lines_before(f"mark {next(marks)}."))
        act()
        new = lines_before(f"mark {next(marks)}.")[before:]
        statements = [line for line in new if re.search(r"LOG:  (statement|execute)", line)]
        return len(statements), len([line for line in new if "connection authorized" in line])

    return counted


def test_a_look_at_a_cached_page_asks_for_the_state_only(
    store: Services, asked: Callable[[Callable[[], object]], tuple[int, int]]
) -> None:
    front = FrontCache(create_app(store), store.public_state)
    client = Client(front)
    assert client.get("/small/").status_code == 200

    def look() -> None:
        front.checked_at = -1.0
        assert client.get("/small/").status_code == 200

    asked(look)
    statements, connections = asked(look)
    assert 0 < statements <= MAX_CACHED
    assert connections == 0


def test_a_page_asks_little(store: Services, asked: Callable[[Callable[[], object]], tuple[int, int]]) -> None:
    client = create_app(store).test_client()
    pages = public_pages("en")
    for path in pages.values():  # opens what is opened once in a process
        client.get(path)
    figures = {endpoint: asked(lambda p=path: client.get(p)) for endpoint, path in pages.items()}  # type: ignore[misc]
    assert {endpoint: figure for endpoint, figure in figures.items() if figure[0] > MAX_PAGE} == {}
    connecting = {endpoint for endpoint, (_, connections) in figures.items() if connections}
    assert connecting == {"public.verify"}, "this compares the log with the checkpoints of the jobs database"
    assert sum(statements for statements, _ in figures.values()) > len(figures)


def test_a_command_asks_little(store: Services, asked: Callable[[Callable[[], object]], tuple[int, int]]) -> None:
    made: list[str] = []

    def name_body(ident: str) -> None:
        store.execute(c.NameBody("small", body=Body(id=ident, name="B")), by="ana")

    def propose() -> None:
        found = assessment(
            status="no_action", effective_on="2024-01-15", reason="new_evidence", evidence=("search", "story")
        )
        made.append(store.execute(c.ProposeAssessment("small", recommendation="law", assessment=found), by="ana"))

    def publish() -> None:
        store.execute(c.PublishAssessment("small", recommendation="law", assessment=made[-1]), by="ben")

    for act in (lambda: name_body("one"), propose, publish):  # what a process reads once
        act()
    figures = [asked(act) for act in (lambda: name_body("two"), propose, publish)]
    for (statements, connections), most in zip(figures, (MAX_NAMED, MAX_PROPOSED, MAX_PUBLISHED), strict=True):
        assert 0 < statements <= most
        assert connections == 0
