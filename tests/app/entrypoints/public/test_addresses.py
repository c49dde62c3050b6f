"""Addresses of a page: the one search engines list, the one that always shows the same, and what networks show of it."""

import re
from datetime import UTC, datetime, timedelta
from functools import reduce
from xml.etree.ElementTree import Element

import pytest
from flask.testing import FlaskClient

from app.bootstrap.flask_app import create_app
from app.presentation.answers.as_of import SETTLED_AFTER, is_settled, settled_instant
from app.services.container import Services
from domain import commands as c
from tests.support.pages import Browser, Page
from tests.support.public_pages import public_pages
from tests.support.story import assessment

HOST = "http://127.0.0.1:8000"
FRAMES = {"public.embed", "public.embed_recommendation"}
PATHS = {e: p for e, p in public_pages("en").items() if e not in FRAMES}
DATED = [
    "/small/",
    "/small/themes/laws/",
    "/small/bodies/senate/",
    "/small/recommendations/law/",
    "/small/recommendations/law/editions/",
    "/small/series/",
    "/small/reviews/ten/",
    "/small/download/",
]


def link(page: Page, **attributes: str) -> str:
    found = [e.get("href", "") for e in page.root.iter("link") if all(e.get(n) == v for n, v in attributes.items())]
    assert len(found) == 1, f"{attributes} on {page.path}: {found}"
    return found[0]


def meta(page: Page, name: str) -> list[str]:
    return [e.get("content", "") for e in page.root.iter("meta") if name in (e.get("name"), e.get("property"))]


def permalink(page: Page) -> str:
    footer: Element = next(e for e in page.root.iter("footer"))
    return next(a.get("href", "") for a in footer.iter("a") if a.get("href", "").startswith(HOST))


@pytest.mark.parametrize("path", [*PATHS.values(), *(f"/ko{path}" for path in PATHS.values())])
def test_a_page_without_dates_is_listed_at_its_own_address(browser: Browser, path: str) -> None:
    page, plain = browser.get(path), path.removeprefix("/ko")
    assert link(page, rel="canonical") == HOST + path
    assert link(page, rel="alternate", hreflang="en") == HOST + plain
    assert link(page, rel="alternate", hreflang="x-default") == HOST + plain
    assert link(page, rel="alternate", hreflang="ko") == f"{HOST}/ko{plain}"
    assert meta(page, "robots") == []


@pytest.mark.parametrize("path", DATED)
def test_a_page_with_dates_is_not_listed_and_its_links_are_followed(browser: Browser, path: str) -> None:
    for query in ("as_of=2024-12-01", "known_at=2026-03-01", "as_of=2024-12-01&known_at=2026-03-01"):
        page = browser.get(f"{path}?{query}")
        assert link(page, rel="canonical") == f"{HOST}{path}?{query}"
        assert link(page, rel="alternate", hreflang="ko") == f"{HOST}/ko{path}?{query}"
        assert meta(page, "robots") == ["noindex, follow"]


@pytest.mark.parametrize(
    "path", ["/small/compare/?from=2024-01-01", "/small/search?q=post", "/small/changes/?before=9", "/small/compare/?to=2024-01-01"]
)  # fmt: skip
def test_what_a_reader_asked_for_is_not_listed_either(browser: Browser, path: str) -> None:
    assert meta(browser.get(path), "robots") == ["noindex, follow"]


def test_what_sorts_and_filters_a_list_is_no_part_of_its_address(browser: Browser) -> None:
    page = browser.get("/small/?theme=offices&sort=title&scale=gao&fbclid=1")
    assert link(page, rel="canonical") == f"{HOST}/small/"


@pytest.mark.parametrize("path", [*DATED, "/ko/small/", "/small/compare/"])
def test_the_permanent_address_has_no_fractions_and_shows_the_same_page(
    browser: Browser, small: Services, path: str
) -> None:
    page = browser.get(path)
    address = permalink(page).removeprefix(HOST)
    assert re.search(r"known_(at|to)=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", address)
    assert ".0" not in address
    assert "known" in address
    pinned = browser.get(address)
    assert state(pinned) == state(page)
    publish(small, "2024-05-01")
    small.clock.go_on(days=400)  # type: ignore[attr-defined]
    assert browser.get(address).html == pinned.html


TENSES = re.compile(
    r"\b(?:had been|is|are|was|were|has|had|shares|shared)\b"
    r"|되돌려(?:졌습니다|진 상태였습니다)|지(?:났습니다|나 있었습니다)|낮(?:습니다|았습니다)|약(?:합니다|했습니다)|당시의 "
)
"""A page that stays speaks of its day in the past, so that it is true for all who read it later."""


def state(page: Page) -> str:
    """What a page says, without its dates: those of today are one line. Its code for other sites shows the chosen dates,
    and a comparison says “now” until it has an address that lasts. Tenses are left out too.
    """
    apart = [e for e in page.root.iter() if e.tag == "textarea" or e.get("class") in ("dates", "dateline")]
    said = reduce(lambda text, e: text.replace(" ".join("".join(e.itertext()).split()), ""), apart, page.text)
    return TENSES.sub("", re.sub(r"as known (now|on \d+ \w+ \d{4})", "as known", said))


def test_an_entry_in_the_same_second_is_never_part_of_an_earlier_page(small: Services, client: FlaskClient) -> None:
    small.clock.go_on(microseconds=250_000)  # type: ignore[attr-defined]
    publish(small, "2024-05-01")
    page = Browser(client).get("/small/recommendations/law/")
    address = permalink(page).removeprefix(HOST)
    assert re.search(r"known_at=[^&]*\.\d{6}Z", address), "nothing shorter is certain yet"
    small.clock.go_on(microseconds=250_000)  # type: ignore[attr-defined]
    publish(small, "2024-06-01")
    assert state(Browser(client).get(address)) == state(page)
    small.clock.go_on(seconds=60)  # type: ignore[attr-defined]
    settled = Browser(client).get("/small/recommendations/law/")
    assert re.search(r"known_at=[^&]*:\d\dZ$", permalink(settled))
    assert state(Browser(client).get(permalink(settled).removeprefix(HOST))) == state(settled)
    assert state(settled) != state(page)


def publish(small: Services, day: str) -> None:
    proposal = assessment(status="in_progress", effective_on=day, reason="new_evidence", evidence=("story",))
    ident = small.execute(c.ProposeAssessment("small", recommendation="law", assessment=proposal), by="ana")
    small.execute(c.PublishAssessment("small", recommendation="law", assessment=ident), by="ben")


@pytest.fixture
def client(small: Services) -> FlaskClient:
    return create_app(small).test_client()


def test_the_instant_of_the_record_is_a_whole_second_once_that_is_certain() -> None:
    last = datetime(2026, 3, 1, 12, 0, 7, 123456, tzinfo=UTC)
    second = datetime(2026, 3, 1, 12, 0, 8, tzinfo=UTC)
    assert not is_settled(last, second + SETTLED_AFTER - timedelta(microseconds=1))
    assert settled_instant(last, second + timedelta(seconds=1), "UTC") == last
    assert is_settled(last, second + SETTLED_AFTER)
    assert settled_instant(last, second + SETTLED_AFTER, "UTC") == second
    assert settled_instant(second, second + SETTLED_AFTER, "UTC") == second
    later = last + timedelta(days=9)
    for zone, at in (("UTC", last.replace(hour=23, minute=59, second=59)), ("Asia/Seoul", last.replace(hour=14, minute=59, second=59))):  # fmt: skip
        assert settled_instant(at, later, zone) == at, "another day begins with that second"


def test_the_cache_forgets_an_address_with_fractions_when_a_second_is_certain(small: Services) -> None:
    small.clock.go_on(microseconds=250_000)  # type: ignore[attr-defined]
    publish(small, "2024-05-01")
    before = small.public_state()
    small.clock.go_on(seconds=20)  # type: ignore[attr-defined]
    assert small.public_state() != before


@pytest.mark.parametrize("path", [*PATHS.values(), *(f"/ko{path}" for path in PATHS.values())])
def test_every_page_has_what_networks_show_of_it(browser: Browser, path: str) -> None:
    page = browser.get(path)
    one = {name: meta(page, name) for name in ("og:title", "og:description", "og:image", "og:image:alt", "description")}
    assert all(len(values) == 1 and values[0].strip() for values in one.values()), one
    assert "\n" not in one["og:title"][0]
    assert "<" not in one["og:title"][0] + one["og:description"][0]
    assert meta(page, "og:url") == [link(page, rel="canonical")]
    locales = ["ko_KR", "en_US"] if path.startswith("/ko/") else ["en_US", "ko_KR"]
    assert [*meta(page, "og:locale"), *meta(page, "og:locale:alternate")] == locales
    picture = browser.client.get(one["og:image"][0].removeprefix(HOST))
    assert (picture.status_code, picture.mimetype) == (200, "image/png")


def test_pages_of_each_family_describe_themselves(browser: Browser) -> None:
    descriptions = {endpoint: meta(browser.get(path), "description")[0] for endpoint, path in PATHS.items()}
    same = [e for e, text in descriptions.items() if list(descriptions.values()).count(text) > 1]
    assert set(same) <= {"public.series", "public.review_series"}
    assert all(len(text) < 320 for text in descriptions.values())
