"""The site answers under the names of its public address only, and no request chooses where a redirect leads."""

import re
from pathlib import Path

import pytest
from flask import Flask
from msgspec.structs import replace
from werkzeug.test import Client

from app.adapters.settings import read_settings
from app.bootstrap.flask_app import create_app
from app.entrypoints.http.front_cache import FrontCache
from app.entrypoints.http.host_names import is_known_host
from app.services.container import Services
from tests.support.staff_client import PASSWORD

PUBLIC = "https://uptake.example.org"
PAGES = ("/", "/small/", "/small", "/ko/small/", "/small/changes.atom", "/oembed?url=x", "/sitemap.xml", "/nothing/")
MORE = (
    "/staff/",
    "/staff/sign-in",
    "/staff/small/",
    "/api/v1/registers",
    "/api/openapi.json",
    "/embed.js",
)
FORWARDED = {
    "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "X-Forwarded-Server": "evil.example",
    "X-Forwarded-Port": "81", "X-Forwarded-Prefix": "/evil", "Forwarded": "host=evil.example;proto=http",
    "X-Original-URL": "/evil", "X-Host": "evil.example",
}  # fmt: skip


@pytest.fixture
def public_app(services: Services, staff_app: Flask) -> Flask:
    services.settings = replace(services.settings, base_url=PUBLIC, metrics_token="token")
    return create_app(services)


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost", "127.0.0.1", "[::1]:8000", "uptake.example.org.evil.example", "[", ""]
)
def test_an_unknown_host_is_refused_everywhere(public_app: Flask, host: str) -> None:
    for path in (*PAGES, *MORE):
        answer = public_app.test_client().get(path, headers={"Host": host})
        assert answer.status_code == 421, path
        assert f"{PUBLIC}/" in answer.text
        assert "evil" not in answer.text, path
        assert "evil" not in str(answer.headers)


@pytest.mark.parametrize("host", ["10.0.0.9:8000", "evil.example", "localhost"])
def test_checks_answer_under_any_host(public_app: Flask, host: str) -> None:
    client = public_app.test_client()
    assert client.get("/healthz", headers={"Host": host}).status_code == 200
    assert client.get("/readyz", headers={"Host": host}).status_code in (200, 503)
    assert client.get("/metrics", headers={"Host": host, "Authorization": "Bearer token"}).status_code == 200


def test_the_cache_in_front_answers_no_unknown_host(services: Services, public_app: Flask) -> None:
    client = Client(FrontCache(public_app, services.public_state))
    assert client.get("/small/", headers={"Host": "uptake.example.org"}).status_code == 200
    assert client.get("/small/", headers={"Host": "UPTAKE.example.org:443"}).status_code == 200
    assert client.get("/small/", headers={"Host": "evil.example"}).status_code == 421


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:8000", "http://localhost:8123", "http://[::1]:8000"])
@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8123", "[::1]:8000"])
def test_a_site_on_this_machine_answers_under_its_names(
    base_url: str, host: str, services: Services, staff_app: Flask
) -> None:
    services.settings = replace(services.settings, base_url=base_url)
    client = staff_app.test_client()
    assert client.get("/small/", headers={"Host": host}).status_code == 200
    assert client.get("/small/", headers={"Host": "uptake.example.org"}).status_code == 421


def test_names_are_compared_as_browsers_send_them() -> None:
    assert is_known_host("uptake.example.org", "https://UPTAKE.example.org:8443")
    assert is_known_host("xn--bcher-kva.example", "https://bücher.example")
    assert not is_known_host("", "https://uptake.example.org")
    assert not is_known_host("localhost", "http://10.0.0.7:8000")


def test_redirects_name_no_scheme_and_no_host(public_app: Flask) -> None:
    """A proxy passes requests on without TLS."""
    client = public_app.test_client()
    own = {"Host": "uptake.example.org", **FORWARDED}
    for path, target in (
        ("/small", "/small/"),
        ("/small?as_of=2026-01-01", "/small/?as_of=2026-01-01"),
        ("/staff", "/staff/"),
        ("/ko/small", "/ko/small/"),
        ("/staff/small/", "/staff/sign-in?next=/staff/small/"),
    ):
        answer = client.get(path, headers=own)
        assert 300 < answer.status_code < 400, path
        assert answer.location == target
    assert "evil" not in client.get("//evil.example/%2e%2e", headers=own).headers.get("Location", "")


def test_no_forwarded_header_reaches_a_page(public_app: Flask) -> None:
    for path in (*PAGES, *MORE):
        answer = public_app.test_client().get(path, headers={"Host": "uptake.example.org", **FORWARDED})
        assert "evil" not in answer.text, path
        assert "evil" not in str(answer.headers), path
        assert "http://uptake.example.org" not in answer.text + str(answer.headers), path


def test_signing_in_never_leads_away_from_tls(public_app: Flask) -> None:
    client = public_app.test_client()
    own = {"base_url": PUBLIC, "headers": {"Referer": f"{PUBLIC}/"}}
    token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/staff/sign-in", **own).text)[0]
    form_data = {"email": "ana@example.org", "password": PASSWORD, "csrf_token": token}
    form_data["next"] = "http://uptake.example.org/staff/account/"
    answer = client.post("/staff/sign-in", data=form_data, **own)
    assert (answer.status_code, answer.location) == (302, "/staff/account/")


def test_the_address_of_a_numbered_host_is_one_that_browsers_read(tmp_path: Path) -> None:
    assert read_settings({"UPTAKE_HOST": "::1"}, tmp_path).base_url == "http://[::1]:8000"
    assert is_known_host("localhost", read_settings({"UPTAKE_HOST": "0.0.0.0"}, tmp_path).base_url)
