"""No register has the name of an address of the site."""

from collections.abc import Iterator

import pytest
from flask import Flask
from msgspec.structs import replace

from app.bootstrap.flask_app import create_app
from app.services.bundles.problems import BundleProblem
from app.services.bundles.reserved_ids import SITE_NAMES, STAFF_NAMES
from app.services.bundles.settings import read_settings
from app.services.container import Services


@pytest.fixture
def whole_app(services: Services) -> Flask:
    """With all pages that settings can add."""
    services.settings = replace(services.settings, metrics_token="token", development=True)
    return create_app(services)


def _names(app: Flask, before: str) -> Iterator[str]:
    """What follows a beginning of addresses, where a register's id could be in its place."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(before):
            name = rule.rule.removeprefix(before).partition("/")[0]
            if name and "<" not in name and "." not in name:
                yield name


def test_what_addresses_of_the_site_begin_with_is_reserved(whole_app: Flask) -> None:
    assert set(_names(whole_app, "/")) <= SITE_NAMES
    assert set(_names(whole_app, "/ko/")) <= SITE_NAMES
    assert set(_names(whole_app, "/staff/")) <= STAFF_NAMES | SITE_NAMES


def test_files_of_the_site_are_no_registers(whole_app: Flask) -> None:
    addresses = whole_app.url_map.bind("")
    for path in ("/verify.py", "/embed.js", "/robots.txt", "/sitemap.xml", "/favicon.ico", "/card.png"):
        endpoint, values = addresses.match(path)
        assert "register" not in values, endpoint


@pytest.mark.parametrize("ident", sorted(SITE_NAMES | STAFF_NAMES))
def test_no_register_can_be_made_with_a_reserved_id(ident: str) -> None:
    problems: list[BundleProblem] = []
    read_settings(
        {"id": ident, "title": "R", "time_zone": "UTC"}, lambda column: ("register.json", 0, column), problems
    )
    assert "is an address of the site itself." in str(problems[0].reason)
