"""Behind proxies: attempts count against the client address that the trusted proxies report."""

from pathlib import Path

import pytest
from flask import Flask
from msgspec.structs import replace

from app.adapters.settings import read_settings
from app.bootstrap.flask_app import create_app
from app.services.accounts.login_attempts import MAX_FAILURES
from app.services.container import Services
from domain.errors import Refused

WRITE = "/api/v1/registers/small/assessments/law-2/publish"


def _behind(services: Services, proxies: int) -> Flask:
    services.settings = replace(services.settings, proxies=proxies)
    return create_app(services)


def _guess(app: Flask, forwarded: str) -> int:
    headers = {"Authorization": "Bearer uptake_wrong", "X-Forwarded-For": forwarded}
    return app.test_client().post(WRITE, headers=headers).status_code


@pytest.mark.parametrize(
    ("proxies", "claimed"),
    [(0, "198.51.100.{n}"), (1, "198.51.100.{n}, 203.0.113.9"), (2, "198.51.100.{n}, 203.0.113.9, 10.0.0.2")],
)
def test_an_address_that_a_visitor_makes_up_gives_no_more_tries(services: Services, proxies: int, claimed: str) -> None:
    app = _behind(services, proxies)
    for n in range(MAX_FAILURES["token"]):
        assert _guess(app, claimed.format(n=n)) == 401
    assert _guess(app, claimed.format(n=200)) == 429


@pytest.mark.parametrize(("proxies", "other"), [(1, "203.0.113.10"), (2, "203.0.113.10, 203.0.113.9")])
def test_one_visitor_locks_out_no_one_else_behind_the_proxies(services: Services, proxies: int, other: str) -> None:
    app, one = _behind(services, proxies), "203.0.113.9, 10.0.0.2" if proxies == 2 else "203.0.113.9"
    for _ in range(MAX_FAILURES["token"]):
        _guess(app, one)
    assert (_guess(app, one), _guess(app, other)) == (429, 401)


def test_the_number_of_proxies_is_a_number(tmp_path: Path) -> None:
    assert read_settings({}, tmp_path).proxies == 0
    assert read_settings({"UPTAKE_PROXIES": "0"}, tmp_path).proxies == 0
    for values in ("-1", "many"):
        with pytest.raises(Refused, match=f"The setting proxies is “{values}”: it must be a whole number from 0"):
            read_settings({"UPTAKE_PROXIES": values}, tmp_path)
