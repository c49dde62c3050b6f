"""Public pages from a real streaming standby: when they are read there, when not, and that nothing is written there."""

import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from werkzeug.test import Client

from app.adapters.read_replica import ReadReplica
from app.adapters.settings import Settings, read_settings
from app.bootstrap.container import build_replica, build_services
from app.bootstrap.flask_app import create_app
from app.entrypoints.http.front_cache import BAR_COOKIE, BAR_VALUE, FrontCache
from app.entrypoints.http.replica_reads import ReplicaReads
from app.services.container import Services
from app.services.snapshots.freeze import freeze_review
from domain import commands as c
from domain.codes import Direction
from domain.errors import Refused
from domain.values import DevelopmentFacts
from projections.engine.position import LogPosition
from tests.support.clock import Clock
from tests.support.public_pages import public_pages
from tests.support.small_register import open_small_register
from tests.support.standby_postgres import StandbyPostgres, standby_of
from tests.support.stoppable_postgres import StoppablePostgres, stoppable_postgres
from tests.support.waiting import wait_until

LAG_SECONDS = 10
USED, BYPASSED = "Public pages are read from the read replica.", "The read replica is bypassed: "
WRITES = re.compile(r"(?i)^(insert|update|delete|create|alter|drop|truncate|lock|select .*for (share|update))\b")
FILES = (
    *("/api/v1/registers", "/api/v1/registers/small/scorecard", "/api/v1/registers/small/reviews", "/api/v1/events"),
    *("/small/changes.atom", "/small/calendar.ics", "/small/register.xlsx", "/sitemap.xml", "/robots.txt"),
    *("/.well-known/uptake-keys.json", "/.well-known/security.txt", "/small/reviews/ten/2024-02-17/package.zip"),
    *("/checkpoints/", "/verify/", "/small/nothing/"),
)


class Site:
    """A web process over a primary and its standby, whose checks the test does itself."""

    def __init__(self, primary: StoppablePostgres, standby: StandbyPostgres, services: Services, clock: Clock) -> None:
        self.primary, self.standby, self.services, self.clock = primary, standby, services, clock
        self.reads = ReplicaReads(services, build_replica(services.settings, clock=clock))
        self.now = 0.0
        self.reads.replica = ReadReplica(
            services.views.position, self.reads.services.views.position, LAG_SECONDS, lambda: self.now
        )
        app = create_app(services, self.reads)
        self.client = Client(FrontCache(app, self.reads.public_state, availability=self.reads), use_cookies=False)

    def check(self, seconds: float = 1.0) -> bool:
        self.now += seconds
        self.reads.replica.check()
        return self.reads.replica.is_used

    def get(self, path: str, status: int = 200, **headers: str) -> str:
        answer = self.client.get(path, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.text

    def record(self, summary: str) -> None:
        facts = DevelopmentFacts(
            id=f"new-{len(summary)}",
            date="2025-05-01",
            summary=summary,
            recommendations=("law",),
            direction=Direction.ADVANCES,
            evidence=("story",),
        )
        self.clock.go_on(seconds=2)
        self.services.execute(c.RecordDevelopment("small", development=facts), by="ana")
        self.clock.go_on(seconds=2)  # a page names a whole second

    def wait_for_standby(self) -> None:
        wait_until(
            lambda: self.reads.services.views.position() == self.services.views.position(), waits_for="the standby"
        )


@pytest.fixture
def site(tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture) -> Iterator[Site]:
    caplog.set_level(logging.INFO, "uptake.database")
    with stoppable_postgres() as primary, standby_of(primary) as standby:
        settings = Settings(
            data_dir=tmp_path / "data",
            database_url=primary.address,
            read_url=standby.address,
            read_lag_seconds=LAG_SECONDS,
            publish_hold_seconds=0,
            trial=True,
        )
        services = open_small_register(build_services(settings, create=True, clock=clock), tmp_path / "small")
        assert services.accounts.public_names() == {}  # the tables of accounts are made now
        freeze_review(services, "small", "ten", by="ana")
        site = Site(primary, standby, services, clock)
        site.wait_for_standby()
        yield site
        site.reads.services.close()
        services.close()


def _said(caplog: pytest.LogCaptureFixture) -> list[str]:
    said = [record.getMessage() for record in caplog.records if record.name == "uptake.database"]
    return [re.sub(r"\(.*\)", "(…)", sentence) for sentence in said if "replica" in sentence]


def test_every_public_page_is_read_there_and_nothing_is_written(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    paths = [*public_pages("en").values(), *public_pages("ko").values(), *FILES]
    alone = Client(create_app(site.services))
    expected = {path: (answer := alone.get(path)).status_code and (answer.status_code, answer.data) for path in paths}
    assert site.check()
    before = len(site.standby.statements())
    answers = {}
    for path in paths:
        answer = site.client.get(path)
        answers[path] = answer.status_code, answer.data
    for path in paths:
        assert answers[path][0] == expected[path][0], path
        if not path.endswith((".xlsx", ".zip")) and "csrf" not in str(answers[path][1]):
            assert answers[path][1] == expected[path][1], path
    statements = site.standby.statements()[before:]
    assert len(statements) > len(paths), "they were read there"
    assert [s for s in statements if WRITES.match(s)] == []
    assert "could not answer" not in caplog.text
    assert "cannot execute" not in (site.standby.folder / "said").read_text()
    assert site.check()


def test_a_replica_that_lags_is_bypassed_and_staff_read_what_they_wrote(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    page = "/small/recommendations/law/"
    assert site.check()
    site.get(page)
    site.standby.pause()
    site.record("A hearing took place.")
    assert site.check(), "for less than ten seconds it may be behind"
    assert "A hearing took place." not in site.get(page)
    assert "A hearing took place." in site.get(page, Cookie=f"{BAR_COOKIE}={BAR_VALUE}"), "staff with their bar"
    assert site.check(LAG_SECONDS - 1)
    assert not site.check(2)
    assert not site.check()
    assert "A hearing took place." in site.get(page), "from the primary"
    site.standby.resume()
    site.wait_for_standby()
    assert site.check()
    assert "A hearing took place." in site.get(page)
    assert _said(caplog) == [USED, f"{BYPASSED}it is more than {LAG_SECONDS} seconds behind.", USED]


def test_what_was_cached_before_is_not_shown_after_the_replica_has_caught_up(site: Site) -> None:
    page = "/small/recommendations/law/"
    assert site.check()
    site.standby.pause()
    site.record("Another hearing.")
    assert "Another hearing." not in site.get(page)
    site.standby.resume()
    site.wait_for_standby()
    wait_until(lambda: "Another hearing." in site.get(page), waits_for="the page of today")


def test_a_replica_that_is_away_costs_no_reader_an_answer(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    assert site.check()
    site.get("/small/")
    site.standby.stop()
    site.get("/small/themes/", 200)
    site.get("/small/nothing/", 404)
    site.get("/api/v1/registers/small/scorecard")
    assert not site.check()
    site.get("/small/bodies/")
    site.standby.start()
    wait_until(site.check, waits_for="the standby to be used again")
    site.get("/small/calendar/")
    assert _said(caplog) == [USED, f"{BYPASSED}it does not answer (…).", USED]


def test_pages_are_made_while_the_primary_is_away(site: Site) -> None:
    assert site.check()
    site.primary.stop()
    assert "This page may be out of date" not in site.get("/small/themes/")
    assert site.check(100), "it shows all that the primary was known to show"
    site.get("/small/bodies/")
    site.get("/readyz", 503)
    site.primary.start()


def test_a_standby_without_tables_of_this_version_makes_none(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.reads.services.views.kind = "views-of-another-version"
    assert not site.check()
    site.get("/small/")
    site.reads.replica.check()
    assert _said(caplog) == []
    assert [s for s in site.standby.statements() if WRITES.match(s)] == []


def test_positions_decide(caplog: pytest.LogCaptureFixture) -> None:
    """A row that the primary showed ten seconds ago is required, later ones are not."""
    now, rows = [0.0], {"primary": 5, "replica": 5}
    position: Callable[[str], Callable[[], LogPosition]] = lambda which: lambda: LogPosition(rows[which], 0, 0)  # noqa: E731
    replica = ReadReplica(position("primary"), position("replica"), 10, lambda: now[0])
    used = []
    for second in range(30):
        now[0], rows["primary"] = float(second), 5 + second
        rows["replica"] = max(5, second - 4) if second < 20 else 15
        replica.check()
        used.append(replica.is_used)
    assert used[:20] == [True] * 20, "nine rows behind, which is nine seconds"
    assert used[21:] == [False] * 9


def test_settings(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="The setting read_url is for PostgreSQL. Set database_url too."):
        read_settings({"UPTAKE_READ_URL": "postgresql://a@b/c"}, tmp_path)
    with pytest.raises(Refused, match="must be an address such as postgresql"):
        read_settings({"UPTAKE_READ_URL": "replica.example.org", "UPTAKE_DATABASE_URL": "postgresql://a@b/c"}, tmp_path)
    assert replace(Settings(), read_lag_seconds=3).read_lag_seconds == 3
