"""How Uptake reaches PostgreSQL: libpq gets everything of the setting, and a setting that cannot be used is explained."""

import socket
import subprocess

import psycopg
import pytest
from msgspec.structs import replace
from psycopg.conninfo import conninfo_to_dict

from app.adapters.database import database_conninfo, require_direct_connection
from app.adapters.jobs_db.tables import open_jobs
from app.adapters.settings import Settings, read_settings
from app.bootstrap.container import build_services
from app.services.container import Services
from domain.errors import Refused
from tests.support.postgres import fresh_database, pgbouncer
from tests.support.processes import free_port
from tests.support.stoppable_postgres import stoppable_postgres
from tests.support.waiting import wait_until

WHOLE = (
    "postgresql://ana:p%40ss@one.example.org:5433,two.example.org/uptake"
    "?sslmode=verify-full&sslrootcert=/etc/root.pem&target_session_attrs=primary&connect_timeout=7&keepalives_idle=99"
    "&options=-cwork_mem%3D8MB&application_name=own"
)


def test_nothing_of_the_address_is_dropped() -> None:
    conninfo = conninfo_to_dict(database_conninfo(Settings(database_url=WHOLE, process="web")))
    assert conninfo_to_dict(WHOLE).items() - conninfo.items() == {("options", "-cwork_mem=8MB")}
    assert conninfo["options"] == "-cstatement_timeout=30s -cwork_mem=8MB"
    assert conninfo["host"] == "one.example.org,two.example.org"


def test_what_the_address_leaves_out_has_limits() -> None:
    settings = Settings(database_url="postgresql://one,two/uptake", database_connect_seconds=3, process="worker")
    conninfo = conninfo_to_dict(database_conninfo(settings))
    assert (conninfo["connect_timeout"], conninfo["fallback_application_name"]) == ("3", "uptake worker")
    assert conninfo["target_session_attrs"] == "read-write"
    assert {"keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout"} <= set(conninfo)
    assert "options" not in conninfo, "imports and rebuilds take as long as they take"
    by_service = database_conninfo(Settings(database_url="postgresql:///?service=uptake"))
    assert conninfo_to_dict(by_service) == {"service": "uptake", "fallback_application_name": "uptake cli"}


def test_every_connection_goes_to_the_host_that_answers_and_bears_its_name() -> None:
    address = fresh_database()
    with psycopg.connect(address) as own:
        folder = own.info.host
    where = address.partition("?")[0] + f"?host=/nowhere,{folder}"
    settings = Settings(database_url=where, process="worker")
    services = build_services(replace(settings, process="cli"), create=True)
    services.catch_up()
    services.close()
    _check_names(build_services(settings), address)


def _check_names(services: Services, address: str) -> None:
    services.catch_up()
    services.public_state()
    services.log.last()
    jobs = open_jobs(services.settings)
    with jobs.connect(), psycopg.connect(address) as own:
        names = own.execute(
            "SELECT DISTINCT application_name, count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            " GROUP BY 1"
        ).fetchall()
    jobs.dispose()
    services.close()
    assert [name for name, _count in names] == ["uptake worker"]
    assert names[0][1] >= 4, "the log, the pages' tables, the accounts and the jobs"


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("database_url", "mysql://u@h/d", "it must be an address such as postgresql://user:password@host/name"),
        ("database_url", "postgresql://u:secret@h/d?sslmod=x", 'PostgreSQL cannot read it: .*"sslmod"'),
        ("database_url", "postgresql://h/d?password=secret&nothing=1", 'PostgreSQL cannot read it: .*"nothing"'),
        ("database_url", "postgresql://u:secr%et@h/d", "invalid percent-encoded token. In a password, write % as %25"),
        ("database_url", "postgresql://u:secret/1@h/d", "its port is not a number. .* / as %2F"),
        ("database_url", "postgresql:u:secret@h/d", "it must be an address such as"),
        ("database_connect_seconds", "0", "it must be a whole number of seconds from 2 to 3600"),
        ("database_statement_seconds", "long", "it must be a whole number of seconds from 2 to 3600"),
    ],
)
def test_a_setting_that_cannot_be_used_is_explained_without_its_password(name: str, text: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        read_settings({f"UPTAKE_{name.upper()}": text})
    assert "secr" not in str(refused.value)


@pytest.mark.parametrize("ignored", ["extra_float_digits", "options"])
def test_a_pooler_in_between_is_refused_with_a_sentence(ignored: str) -> None:
    program = pgbouncer()
    with stoppable_postgres() as server:
        file, port = server.folder / "bouncer.ini", free_port()
        file.write_text(
            f"[databases]\nuptake = host={server.folder} user=postgres\n[pgbouncer]\npool_mode = transaction\n"
            f"listen_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = any\nunix_socket_dir =\n"
            f"ignore_startup_parameters = {ignored}\n"
        )
        pooler = subprocess.Popen([program, "-q", file], user=server.user, stderr=subprocess.DEVNULL)
        try:
            wait_until(lambda: _listens(port), waits_for="the pooler")
            settings = Settings(database_url=f"postgresql://postgres@127.0.0.1:{port}/uptake")
            with pytest.raises(Refused, match="a pooler such as PgBouncer.* Set database_url to the address of Post"):
                require_direct_connection(settings)
        finally:
            pooler.terminate()
            pooler.wait()
        require_direct_connection(Settings(database_url=server.address))


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
