"""Every page of staff, with content of every kind: valid HTML, no axe violation, no sideways scrolling; light and dark, in both languages."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from app.services.accounts import one_time_links, people
from app.services.accounts.actors import OPERATOR
from app.services.accounts.one_time_links import LinkKind
from app.services.accounts.permissions import ALL_REGISTERS, StaffRole
from app.services.container import Services
from app.services.mail.unsubscribe import stop_link
from tests.support.chromium import axe_violations
from tests.support.demo_site import OVERFLOW_PIXELS, sign_in
from tests.support.pages import checked_page
from tests.support.private_content import fill_with_private_content
from tests.support.staff_client import Members
from tests.support.staff_pages import STAFF_PAGES

pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices")  # raised by the sign-in library
LOOKS = (("en", 1280, "light"), ("ko", 390, "dark"))


@pytest.fixture
def paths(services: Services, member: Members) -> dict[str, str]:
    """The address of each page, by endpoint; Ada may open all of them."""
    fill_with_private_content(services, member)
    with services.accounts.work() as db:
        ada = people.find_user(db, "ada@example.org")
        people.give_role(db, ada, ALL_REGISTERS, StaffRole.ADMINISTRATOR)
        guest = one_time_links.create_link(db, people.add_user(db, "guest@example.org"), services.clock(), by=OPERATOR)
        recovery = one_time_links.create_link(db, ada, services.clock(), by=OPERATOR, kind=LinkKind.RECOVERY)
    stop = stop_link(services.settings, "person-ada", "mention").split("/stop/")[1].rstrip("/")
    secrets = {"SECRET": guest, "RECOVERY": recovery, "TOKEN": stop}
    return {e: re.sub("|".join(secrets), lambda m: secrets[m[0]], path) for e, path in STAFF_PAGES.items()}


def test_each_page_is_valid_and_accessible(
    services: Services, paths: dict[str, str], address: str, chromium: Browser
) -> None:
    faults: list[str] = []
    for language, width, scheme in LOOKS:
        with services.accounts.work() as db:
            people.find_user(db, "ada@example.org").language = language
        dark = "dark" if scheme == "dark" else "light"
        context = chromium.new_context(viewport={"width": width, "height": 844}, color_scheme=dark)
        page = context.new_page()
        page.goto(f"{address}/staff/sign-in")
        sign_in(page, "ada@example.org")
        for endpoint, path in paths.items():
            faults += [f"{endpoint} {language} {width}: {fault}" for fault in _faults(page, address + path)]
        context.close()
    assert not faults, "\n".join(faults)


def _faults(page: Page, url: str) -> Iterator[str]:
    response = page.goto(url)
    assert response
    if response.status != 200:
        yield str(response.status)
    assert "default-src 'none'" in response.headers["content-security-policy"]
    checked_page(response.url, response.status, response.text())
    yield from axe_violations(page)
    if page.evaluate(OVERFLOW_PIXELS) > 0:
        yield "wider than the window"
