"""The pages of passkeys say where passkeys cannot work, and show no button there."""

import pytest
from flask import Flask
from msgspec.structs import replace

from app.bootstrap.flask_app import create_app
from app.services.container import Services
from tests.support.pages import checked_page

PAGE = "/staff/passkey"
NUMBER, NAME = "http://10.0.0.7:8000", "http://uptake.example.org"


def _page(services: Services, base_url: str, host: str) -> str:
    services.settings = replace(services.settings, base_url=base_url)
    answer = create_app(services).test_client().get(PAGE, base_url=host)
    return checked_page(PAGE, answer.status_code, answer.text).html


@pytest.mark.parametrize(
    ("base_url", "host", "reason"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000", "http://localhost:8000/staff/"),
        ("http://[::1]:8000", "http://[::1]:8000", "http://localhost:8000/staff/"),
        (NUMBER, NUMBER, "this address is a number. Ask the person who runs this site."),
        (NAME, NAME, "They need an encrypted connection (https)"),
    ],
)
def test_where_no_passkey_works_the_page_says_why(
    services: Services, staff_app: Flask, base_url: str, host: str, reason: str
) -> None:
    html = _page(services, base_url, host)
    assert "Passkeys do not work here." in html
    assert reason in html
    assert "data-passkey" not in html, "no dead button"
    assert "Sign in with your password" in html


@pytest.mark.parametrize(
    ("base_url", "host"),
    [("http://127.0.0.1:8000", "http://localhost:8000"), ("https://uptake.example.org", "https://uptake.example.org")],
)
def test_where_passkeys_work_the_page_asks_for_javascript(
    services: Services, staff_app: Flask, base_url: str, host: str
) -> None:
    html = _page(services, base_url, host)
    assert "Passkeys do not work here." not in html
    assert "data-passkey-start hidden" in html, "the script shows the button"
    assert "<noscript><p" in html
