"""Each page of staff, of an office in the midst of its work, as axe and a narrow window see it: light and dark, in both languages."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from app.services.accounts import one_time_links, people
from app.services.accounts.permissions import Role
from app.services.container import Services
from app.services.mail.unsubscribe import stop_link
from tests.support.chromium import browser as running_browser
from tests.support.chromium import violations
from tests.support.pages import Browser as Reader
from tests.support.private_content import fill_with_private_content
from tests.support.staff_client import PASSWORD, Members
from tests.support.staff_pages import STAFF_PAGES

pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices")  # the sign-in library's own affair
LOOKS = (("en", 1280, "light"), ("ko", 390, "dark"))
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def places(services: Services, member: Members) -> dict[str, str]:
    """The addresses of the walk."""
    fill_with_private_content(services, member)
    with services.accounts.work() as db:
        ada = people.find(db, "ada@example.org")
        people.give_role(db, ada, people.EVERY, Role.ADMINISTRATOR)
        guest = one_time_links.make(db, people.add(db, "guest@example.org"), services.clock())
    stop = stop_link(services.settings, "person-ada", "mention").split("/stop/")[1].rstrip("/")
    return {e: path.replace("SECRET", guest).replace("TOKEN", stop) for e, path in STAFF_PAGES.items()}


@pytest.fixture
def address(staff_app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, staff_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def test_each_page_reads_well_for_everybody(
    services: Services, member: Members, places: dict[str, str], address: str
) -> None:
    faults: list[str] = []
    with running_browser() as chromium:
        for language, width, scheme in LOOKS:
            with services.accounts.work() as db:
                people.find(db, "ada@example.org").language = language
            faults += _walk(chromium, address, places, language, width, scheme)
    assert not faults, "\n".join(faults)


def _walk(
    chromium: Browser, address: str, places: dict[str, str], language: str, width: int, scheme: str
) -> Iterator[str]:
    dark = "dark" if scheme == "dark" else "light"
    context = chromium.new_context(viewport={"width": width, "height": 844}, color_scheme=dark)
    page = context.new_page()
    page.goto(f"{address}/staff/sign-in")
    page.fill("input[name=email]", "ada@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button.btn")
    for endpoint, path in places.items():
        answer = page.goto(address + path)
        assert answer
        if answer.status != 200:
            yield f"{endpoint}: {answer.status}"
        yield from (f"{endpoint} {language} {width}: {fault}" for fault in violations(page))
        if page.evaluate(WIDER) > 0:
            yield f"{endpoint} {language} {width}: wider than the window"
    context.close()


def test_each_page_is_well_made(member: Members, places: dict[str, str], services: Services) -> None:
    for language in ("en", "ko"):
        with services.accounts.work() as db:
            people.find(db, "ada@example.org").language = language
        reader = Reader(member("ada").client)
        for path in places.values():
            page = reader.client.get(path)
            reader.get(page.headers.get("Location", path) if page.status_code == 302 else path)
