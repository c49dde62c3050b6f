"""A clock that cannot be right: who says so, and the way out of a log that it stamped."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace
from prometheus_client.parser import text_string_to_metric_families

from app.adapters.jobs_db import clock_readings
from app.adapters.jobs_db.clock_readings import ClockDrift, ClockReading, keep_reading, kept_reading
from app.adapters.record import system_clock
from app.bootstrap.command_line import main
from app.bootstrap.container import build_services
from app.bootstrap.flask_app import create_app
from app.entrypoints.worker.review_freezing import freeze_due
from app.entrypoints.worker.schedule import heartbeat
from app.services.accounts import api_tokens, people
from app.services.accounts.permissions import StaffRole
from app.services.container import Services
from app.services.snapshots import package_store
from app.services.snapshots.rebuild import rebuild
from app.services.transparency.log_verification import verify
from domain import commands as c
from domain.errors import ClockDisagrees
from domain.times import to_microseconds
from domain.values import Body, RegisterSettings
from projections.catalogue import queries as catalogue
from tests.support.clock import Clock
from tests.support.reviews import YEARLY_REVIEW_DUE, frozen_reviews

Run = Callable[..., Result]
AT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def run(services: Services, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(services.settings.data_dir))
    return lambda *arguments: CliRunner().invoke(main, list(arguments))


def body(ident: str) -> c.NameBody:
    return c.NameBody("small", body=Body(id=ident, name=f"Body {ident}"))


@pytest.fixture
def from_2099(small: Services, clock: Clock) -> Services:
    """A log whose newest event a wrong clock stamped; the clock is right again."""
    right = clock.now
    clock.now = datetime(2099, 1, 1, tzinfo=UTC)
    small.execute(body("wrong"), by="ana")
    clock.now = right + timedelta(days=1)
    return small


def test_doctor_readyz_and_metrics_tell_of_a_newest_event_in_the_future(from_2099: Services, run: Run) -> None:
    found = run("doctor")
    assert found.exit_code == 1
    assert "the newest entry is from 2099-01-01T00:00:00Z" in found.output
    assert "“uptake log correct-stamps” if the newest entry is in the future" in found.output
    from_2099.settings = replace(from_2099.settings, metrics_token="secret")
    client = create_app(from_2099).test_client()
    ready = client.get("/readyz").json
    assert ready is not None
    assert ready["clock_skew_seconds"] < -2_000_000_000
    assert "the newest entry is from 2099-01-01T00:00:00Z" in ready["warnings"][-1]
    text = client.get("/metrics", headers={"Authorization": "Bearer secret"}).get_data(as_text=True)
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert families["uptake_clock_skew_seconds"].samples[0].value < -2_000_000_000


def test_a_command_is_refused_as_unavailable_while_the_clock_is_wrong(from_2099: Services) -> None:
    with from_2099.accounts.work() as db:
        user = people.add_user(db, "ada@example.org")
        people.give_role(db, user, "*", StaffRole.ADMINISTRATOR)
        token = api_tokens.create_token(db, user, "script", ["settings"], 1, from_2099.clock())
    client = create_app(from_2099).test_client()
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "1"}
    tag = client.get("/api/v1/registers/small/settings", headers=headers).headers["ETag"]
    answer = client.post(
        "/api/v1/registers/small/settings/amendments",
        headers=headers | {"If-Match": tag},
        json={"title": "Another title", "why": "It was wrong."},
    )
    assert answer.status_code == 503, answer.text
    assert answer.json is not None
    assert answer.json["detail"].startswith("Nothing was saved, because by the clock it is")


def test_after_a_correction_pages_show_what_is_published_and_the_log_is_whole(
    from_2099: Services, clock: Clock, run: Run
) -> None:
    with pytest.raises(ClockDisagrees, match="Nothing was saved"):
        from_2099.execute(body("later"), by="ana")
    before = from_2099.log.whole_rows_after(0, 1000)
    clock.now = system_clock()  # the command has the clock of this machine
    done = run("log", "correct-stamps", "--reason", "The battery of the clock was empty.")
    assert (done.exit_code, done.stdout) == (
        0,
        "1 stamps are corrected by an event of the log. Stored bytes did not change.\n",
    )
    clock.now = system_clock()
    from_2099.execute(body("later"), by="ana")
    with from_2099.views.connect() as db:
        assert {"wrong", "later"} <= catalogue.bodies(db, "small", clock()).keys()
    assert from_2099.log.whole_rows_after(0, 1000)[: len(before)] == before
    assert verify(from_2099).problems == []
    assert "The battery of the clock was empty." in run("log", "export").stdout
    rebuilt = run("projections", "check")
    assert (rebuilt.exit_code, rebuilt.stderr) == (0, "")
    assert create_app(from_2099).test_client().get("/small/", follow_redirects=True).status_code == 200
    assert run("log", "correct-stamps", "--reason", "Again.").exit_code == 1


def test_a_package_after_a_correction_is_rebuilt_byte_for_byte(
    from_2099: Services, clock: Clock, tmp_path: Path
) -> None:
    from_2099.tracker.correct_stamps("The clock was wrong.", by="operator", at=clock())
    from_2099.views.rebuild()
    clock.now = YEARLY_REVIEW_DUE
    assert freeze_due(from_2099) == 1
    ((_, _, snapshot),) = frozen_reviews(from_2099)
    file = package_store.get(from_2099.settings, snapshot.package)
    assert rebuild(file, tmp_path / "out").verdict == "same"


class Machine:
    """A machine whose clock and whose time since its start a test moves."""

    def __init__(self) -> None:
        self.reading = ClockReading("first", 100.0, AT)

    def __call__(self) -> ClockReading:
        return self.reading

    def run(self, hours: float, *, clock_set_by_hours: float = 0) -> None:
        at = self.reading.at + timedelta(hours=hours + clock_set_by_hours)
        self.reading = ClockReading(self.reading.boot, self.reading.uptime_seconds + hours * 3600, at)

    def start_again(self, days_off: float) -> None:
        self.reading = ClockReading(self.reading.boot + "+", 1.0, self.reading.at + timedelta(days=days_off))


def test_a_clock_that_is_set_while_the_machine_runs_has_drifted(services: Services) -> None:
    machine = Machine()
    drift = ClockDrift(services.settings, machine)
    assert drift.seconds() == 0
    machine.run(hours=900)
    assert abs(drift.seconds()) < 0.001
    machine.run(hours=1, clock_set_by_hours=5)
    assert abs(drift.seconds() - 5 * 3600) < 0.001
    machine.run(hours=1, clock_set_by_hours=-5)
    assert abs(drift.seconds()) < 0.001
    machine.run(hours=1, clock_set_by_hours=-5)
    assert abs(drift.seconds() + 5 * 3600) < 0.001


def test_a_process_that_starts_after_the_clock_was_set_knows_it_from_the_worker(services: Services) -> None:
    machine = Machine()
    keep_reading(services.settings, machine())
    machine.run(hours=10, clock_set_by_hours=24 * 365)
    assert abs(ClockDrift(services.settings, machine).seconds() - 24 * 365 * 3600) < 0.001
    keep_reading(services.settings, machine())
    assert ClockDrift(services.settings, machine).seconds() == 0


@pytest.mark.parametrize(("days_off", "is_possible"), [(0.01, True), (30, True), (40, False), (-1, False)])
def test_a_machine_may_have_been_off_for_a_month(services: Services, days_off: float, is_possible: bool) -> None:
    machine = Machine()
    keep_reading(services.settings, machine())
    machine.start_again(days_off)
    assert (abs(ClockDrift(services.settings, machine).seconds()) < 1) == is_possible


def test_a_jobs_database_that_cannot_be_read_stops_nothing(new_services: Callable[..., Services]) -> None:
    settings = new_services().settings
    (settings.data_dir / "jobs.sqlite").write_bytes(b"no database" * 100)
    machine = build_services(settings)
    assert machine.log.clock_problem() == ""
    machine.close()


def test_a_clock_set_forwards_is_refused_until_it_is_accepted(
    new_services: Callable[..., Services], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = new_services().settings
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(settings.data_dir))
    real = clock_readings.read_clock()
    keep_reading(settings, replace(real, at=real.at - timedelta(days=2)))  # the clock was set two days forwards
    machine = build_services(settings)
    command = c.EstablishRegister("r", settings=RegisterSettings(id="r", title="R"))
    with pytest.raises(ClockDisagrees, match="the clock of the server was set to"):
        machine.execute(command, by="ana")
    assert machine.log.last() == (0, 0)
    kept = kept_reading(settings)
    heartbeat(machine)
    assert kept_reading(settings) == kept, "the worker does not take the wrong clock as right"
    assert CliRunner().invoke(main, ["log", "accept-clock"]).output.startswith("The clock is accepted: it is ")
    again = CliRunner().invoke(main, ["log", "accept-clock"])
    assert (again.exit_code, again.output.startswith("There is nothing to accept: ")) == (0, True), again.output
    machine.execute(command, by="ana")
    heartbeat(machine)
    assert kept_reading(settings) != kept
    machine.close()


def test_a_correction_by_a_clock_that_was_wrong_too_is_corrected(
    from_2099: Services, clock: Clock, tmp_path: Path
) -> None:
    right = clock.now
    clock.now = right + timedelta(days=30)
    from_2099.tracker.correct_stamps("The battery of the clock was empty.", by="operator", at=clock())
    from_2099.views.rebuild()
    from_2099.execute(body("still-wrong"), by="ana")
    clock.now = right
    assert from_2099.tracker.correct_stamps("It was a month ahead.", by="operator", at=clock()) == 3
    from_2099.views.rebuild()
    for hours in (1, 2):
        clock.now = right + timedelta(hours=hours)
        from_2099.execute(body(f"right-{hours}"), by="ana")
    stamps = [stamp for _, stamp, _ in from_2099.log.rows_after(0, 1000)]
    assert stamps == sorted(stamps)
    assert max(stamps) <= to_microseconds(clock())
    for limit in range(30, 45):  # a part ends with the whole transaction
        part = from_2099.log.rows_after(0, limit)
        assert stamps[len(part) :][:1] != [part[-1][1]]
    assert from_2099.log.stamps_after(clock())[0] == []
    with from_2099.views.connect() as db:
        assert {"wrong", "still-wrong", "right-1", "right-2"} <= catalogue.bodies(db, "small", clock()).keys()
    assert verify(from_2099).problems == []
    clock.now = YEARLY_REVIEW_DUE
    assert freeze_due(from_2099) == 1
    ((_, _, snapshot),) = frozen_reviews(from_2099)
    file = package_store.get(from_2099.settings, snapshot.package)
    assert rebuild(file, tmp_path / "out").verdict == "same"
