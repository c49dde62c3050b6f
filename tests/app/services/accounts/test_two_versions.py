"""The tables of accounts under two versions of Uptake: who migrates them, and which version can use which."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from click.testing import CliRunner
from sqlalchemy import inspect, text

from app.bootstrap.command_line import main
from app.bootstrap.container import build_services
from app.services.accounts import people
from app.services.accounts.database import newest_migration, open_database
from app.services.container import Services
from domain.errors import Refused
from tests.support.processes import free_port
from tests.support.repository import ROOT

INDEX = "opinion_answers_by_status"


def change(services: Services, *statements: str) -> None:
    """Change the tables as another version would have left them, and close them."""
    with services.accounts.engine.begin() as db:
        for statement in statements:
            db.execute(text(statement))
    services.close()


def make_older(services: Services) -> None:
    change(services, f"DROP INDEX {INDEX}", "UPDATE alembic_version SET version_num = '0024'")


def environment(services: Services) -> dict[str, str]:
    settings = services.settings
    found = {"UPTAKE_DATA_DIR": str(settings.data_dir), "UPTAKE_PORT": str(free_port())}
    return found | ({"UPTAKE_DATABASE_URL": settings.database_url} if settings.database_url else {})


def test_tables_of_the_next_version_are_used_if_it_only_added_to_them(either: Services) -> None:
    newest = newest_migration()
    says = f"UPDATE oldest_usable_revision SET revision = '{newest}'"
    change(either, "UPDATE alembic_version SET version_num = '9999'", says)
    services = build_services(either.settings, clock=either.clock)
    with services.accounts.work() as db:
        people.add_user(db, "ana@example.org", "Ana")
    assert services.accounts.revision() == "9999"
    services.close()


@pytest.mark.parametrize(
    "says", ["UPDATE oldest_usable_revision SET revision = '9998'", "DELETE FROM oldest_usable_revision"]
)
def test_other_tables_of_a_newer_version_are_refused(either: Services, says: str) -> None:
    change(either, "UPDATE alembic_version SET version_num = '9999'", says)
    services = build_services(either.settings, clock=either.clock)
    with pytest.raises(Refused, match=r"a newer version of Uptake \(9999, here .* Install the newer version"):
        _ = services.accounts
    services.close()
    run = CliRunner(env=environment(either)).invoke(main, ["migrate"])
    assert (run.exit_code, "Install the newer version" in run.output) == (1, True)


def test_on_sqlite_older_tables_are_migrated_by_what_needs_them(services: Services) -> None:
    make_older(services)
    again = build_services(services.settings, clock=services.clock)
    assert INDEX in {i["name"] for i in inspect(again.accounts.engine).get_indexes("opinion_answers")}
    again.close()


def test_on_postgresql_only_the_operator_migrates(new_services: Callable[..., Services]) -> None:
    services = new_services(postgres=True)
    make_older(services)
    for command in ("serve", "worker", "up"):
        run = subprocess.run(
            [sys.executable, "-m", "app.bootstrap", command],
            env=os.environ | environment(services),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert (run.returncode, "Traceback" in run.stderr) == (1, False)
        assert "Run “uptake migrate” once" in run.stderr, run.stderr
    accounts = open_database(services.settings)
    assert accounts.revision() == "0024"
    run = CliRunner(env=environment(services)).invoke(main, ["migrate"])
    assert run.output == f"The tables are at revision {newest_migration()}.\n"
    assert accounts.is_current()
    with accounts.engine.connect() as db:
        assert db.scalar(text("SELECT revision FROM oldest_usable_revision")) == "0023"
    accounts.close()
