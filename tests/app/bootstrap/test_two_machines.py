"""Two machines with data folders of their own, over one PostgreSQL and one storage: people cannot say which they reach."""

import re
import urllib.parse
from collections.abc import Iterator
from contextlib import ExitStack
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.bootstrap.flask_app import create_app
from app.services.accounts.actors import OPERATOR, Operator
from app.services.accounts.login_attempts import MAX_FAILURES
from app.services.accounts.web_secrets import load_web_secrets
from app.services.container import Services
from app.services.locker.copies import check_copy, files_of, set_visibility, store_copy
from app.services.removals.packages import withdraw_package
from app.services.snapshots.freeze import freeze_review
from domain.codes import RemovalReason
from domain.commands import WithdrawPackage
from tests.support.clock import Clock
from tests.support.object_store import BUCKET, KEY, SECRET, object_store
from tests.support.postgres import fresh_database
from tests.support.processes import served
from tests.support.small_register import open_small_register
from tests.support.staff_client import PASSWORD, add_people, set_passwords
from tests.support.waiting import wait_until

PACKAGE = "/small/reviews/ten/2024-02-17/package.zip"
KEY_FILES = {"WEB": "web.json", "PACKAGES": "signing.pem", "CHECKPOINTS": "checkpoints.pem"}


@pytest.fixture
def services(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """The first machine, with a frozen review and a copy of a source that is not public."""
    with object_store(tmp_path / "s3") as address:
        for name, value in (("ENDPOINT_URL", address), ("ACCESS_KEY_ID", KEY), ("SECRET_ACCESS_KEY", SECRET)):
            monkeypatch.setenv(f"AWS_{name}", value)
        settings = Settings(
            data_dir=tmp_path / "first", database_url=fresh_database(), objects=f"s3://{BUCKET}/of-a-test", trial=True
        )
        services = open_small_register(build_services(settings, create=True, clock=clock), tmp_path / "bundle")
        add_people(services)
        set_passwords(create_app(services), services)
        freeze_review(services, "small", "ten", by="ana")
        store_copy(services, OPERATOR, "small", "oath", check_copy(services, b"A copy of the oath."))
        yield services
        services.close()


@pytest.fixture
def machines(services: Services, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The addresses of the two, each a server with a process of its own."""
    settings = services.settings
    load_web_secrets(settings)
    keys = {f"UPTAKE_{use}_KEY_FILE": str(settings.data_dir / "keys" / name) for use, name in KEY_FILES.items()}
    shared = {"UPTAKE_DATABASE_URL": settings.database_url, "UPTAKE_OBJECTS": settings.objects, "UPTAKE_TRIAL": "yes"}
    with ExitStack() as running:
        first, second = (
            running.enter_context(
                served("serve", tmp_path / name, tmp_path / f"{name}.log", UPTAKE_WEB_PROCESSES="1", **shared, **keys)
            )
            for name in ("first", "second")
        )
        yield first, second
    assert not (tmp_path / "second" / "keys").exists()
    assert not (tmp_path / "second" / "snapshots").exists()


def _browser() -> OpenerDirector:
    return build_opener(HTTPCookieProcessor(CookieJar()))


def _get(address: str, browser: OpenerDirector | None = None) -> tuple[int, bytes]:
    try:
        with (browser or _browser()).open(address, timeout=60) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()


def _sign_in(machine: str, browser: OpenerDirector, name: str, password: str) -> int:
    page = _get(f"{machine}/staff/sign-in", browser)[1].decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token, page
    fields = {"email": f"{name}@example.org", "password": password, "csrf_token": token.group(1)}
    try:
        with browser.open(f"{machine}/staff/sign-in", urllib.parse.urlencode(fields).encode(), timeout=60) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def test_two_machines_are_one_installation(
    machines: tuple[str, str], services: Services, tmp_path: Path, clock: Clock
) -> None:
    first, second = machines
    browser = _browser()
    _sign_in(first, browser, "ana", PASSWORD)
    status, page = _get(f"{second}/staff/account/", browser)
    assert (status, b"ana@example.org" in page) == (200, True), "signed in on one, at work on the other"

    keys = [_get(f"{machine}/.well-known/uptake-keys.json") for machine in machines]
    assert keys[0] == keys[1]
    verification = [re.sub(rb"127\.0\.0\.1:\d+", b"", _get(f"{m}/verify/")[1]) for m in machines]
    assert verification[0] == verification[1]
    packages = [_get(f"{machine}{PACKAGE}") for machine in machines]
    assert packages[0] == packages[1]
    assert packages[0][0] == 200

    addresses = [f"{machine}/small/recommendations/post/" for machine in machines]
    before = [_get(address) for address in addresses]  # cached by each
    with services.accounts.work() as db:
        (copy,) = files_of(db, "small", ["oath"])
        set_visibility(copy, "in the public domain", public=True)
        digest = copy.sha256.encode()
    assert [_get(address) for address in addresses] == before
    services.mark_copies_changed()
    for address in addresses:
        wait_until(lambda a=address: digest in _get(a)[1], waits_for="the copy on the page of each machine")

    command = WithdrawPackage("small", review="ten", as_of="2024-02-17", reason=RemovalReason.SAFETY)
    withdraw_package(services, Operator("ana"), command)
    for machine in machines:
        wait_until(lambda m=machine: _get(f"{m}{PACKAGE}")[0] == 410, waits_for="each machine to know")

    statuses = [
        _sign_in(machines[attempt % 2], _browser(), "ben", "a wrong password")
        for attempt in range(MAX_FAILURES["account"])
    ]
    assert statuses == [200] * len(statuses)
    assert [_sign_in(m, _browser(), "ben", PASSWORD) for m in machines] == [429, 429]
