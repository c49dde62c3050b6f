"""The pages of all bodies, themes and recommendations of a register: the numbers of the API, in pages."""

import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from app.bootstrap.flask_app import create_app
from app.entrypoints.public import bodies, body_lists, recommendations, themes
from app.services.container import Services
from domain import commands as c
from domain.codes import AddresseeRole
from domain.values import Addressee, Body
from tests.support.pages import Browser, Page, words
from tests.support.small_register import open_small_register

API = "/api/v1/registers/small"
TIMES = ({}, {"as_of": "2024-06-01"}, {"as_of": "2023-09-01"}, {"as_of": "2020-01-01"})


@pytest.fixture
def small(services: Services, tmp_path: Path) -> Services:
    """The small register, with a part that is asked of the Senate alone and a body that is only asked jointly."""
    small = open_small_register(services, tmp_path / "small")
    small.execute(c.NameBody("small", body=Body(id="envoys", name="Envoys", parent="state")), by="ana")
    rows = (
        Addressee(body="ministry"),
        Addressee(body="senate"),
        Addressee(element="funded", body="senate", from_on="2024"),
        Addressee(body="envoys", role=AddresseeRole.JOINT),
    )
    amend = c.AmendAddressees("small", recommendation="post", addressees=rows, why="As the report says.")
    small.execute(amend, by="ana")
    small.clock.go_on(seconds=1)  # type: ignore[attr-defined]
    return small


@pytest.fixture
def client(small: Services) -> FlaskClient:
    return create_app(small).test_client()


@pytest.fixture
def browser(client: FlaskClient) -> Browser:
    return Browser(client)


def numbers_of(row: list[str]) -> list[int]:
    return [int(cell.replace("·", "")) for cell in row[1:]]


@pytest.mark.parametrize("times", TIMES, ids=str)
def test_the_table_of_bodies_has_the_numbers_of_the_api(browser: Browser, times: dict[str, str]) -> None:
    page = browser.get(f"/small/bodies/?{urlencode(times)}")
    expected = {}
    for body, name in {"state": "State", "ministry": "Ministry", "senate": "Senate", "envoys": "Envoys"}.items():
        card = browser.client.get(f"{API}/bodies/{body}/scorecard", query_string=times).get_json()
        own, shared = len(card["alone"]) + len(card["parts"]), len(card["with_others"])
        assert own == sum(card["totals"].values())
        if own or shared:
            expected[name] = [own, shared, *sorted(n for n in card["totals"].values() if n)]
    if not expected:
        assert "Statuses by body" not in page.text
        assert "Nothing had been recommended yet" in page.heading
        return
    shown = {row[0]: numbers_of(row) for row in page.table("Statuses by body")[1:]}
    assert {name: [*n[:2], *sorted(x for x in n[2:] if x)] for name, n in shown.items()} == expected
    with_own = sum(1 for n in expected.values() if n[0])
    if with_own < len(expected):
        assert page.heading.startswith(f"{len(expected)} bodies were asked. {with_own} of them ha")
    else:
        had = "had" if "as_of" in times else "has"
        assert page.heading.startswith(f"{len(expected)} bodies were asked. Each of them {had} something of its own.")


@pytest.mark.parametrize("times", TIMES, ids=str)
def test_the_table_of_themes_has_the_numbers_of_the_api(browser: Browser, times: dict[str, str]) -> None:
    page = browser.get(f"/small/themes/?{urlencode(times)}")
    tabs = next(nav for nav in page.root.iter("nav") if nav.get("class") == "tabs")
    assert not any(a.get("aria-current") for a in tabs.iter("a")), "no tab is named for themes"
    rows = browser.client.get(f"{API}/scorecard", query_string=times).get_json()["recommendations"]
    shown = {row[0]: numbers_of(row) for row in page.table("Statuses by theme")[1:]}
    by_theme = {"Offices": "offices", "Laws": "laws"}
    assert set(shown) == {*by_theme, "All"}
    for title, theme in by_theme.items():
        statuses = Counter(row["status"] for row in rows if row["theme"] == theme)
        assert shown[title][0] == sum(statuses.values())
        assert sorted(n for n in shown[title][1:] if n) == sorted(statuses.values())
    assert shown["All"][0] == len(rows)
    for link in page.links():
        assert browser.client.get(link).status_code == 200, link


@pytest.mark.parametrize("times", TIMES, ids=str)
def test_the_list_of_recommendations_is_that_of_the_api(browser: Browser, times: dict[str, str]) -> None:
    page = browser.get(f"/small/recommendations/?{urlencode(times)}")
    rows = browser.client.get(f"{API}/scorecard", query_string=times).get_json()["recommendations"]
    listed = [x.get("data-status") for x in page.root.iter("span") if x.get("data-status")]
    assert sorted(listed) == sorted(row["status"] for row in rows)
    assert f"All recommendations: {len(rows)}" in page.text or not rows


BODIES = ("state", "ministry", "senate", "envoys")


@pytest.mark.parametrize("body", BODIES)
def test_the_page_of_a_body_lists_what_the_api_attributes_to_it(browser: Browser, body: str) -> None:
    for times in TIMES:
        card = browser.client.get(f"{API}/bodies/{body}/scorecard", query_string=times).get_json()
        page = browser.get(f"/small/bodies/{body}/?{urlencode(times)}")
        shown = {code: listed(page, code) for code in ("own", "parts", "with")}
        assert shown["own"] == [item["id"] for item in card["alone"]]
        assert shown["parts"] == [item["id"] for item in card["parts"]]
        assert shown["with"] == [item["id"] for item in card["with_others"]]
        for code, key in (("own", "alone"), ("parts", "parts"), ("with", "with_others")):
            assert f": {len(card[key])} " in section(page, code)
        own = len(card["alone"]) + len(card["parts"])
        if own:
            assert page.table("Recommendations by status")[-1][-1] == str(own)
        elif card["with_others"]:
            shares = "shared" if "as_of" in times else "shares"
            assert f"was asked for nothing as the only lead. It {shares} " in page.heading


def section(page: Page, code: str) -> str:
    return words(next(s for s in page.root.iter("section") if s.get("aria-labelledby") == f"h-{code}"))


def listed(page: Page, code: str) -> list[str]:
    of = next(s for s in page.root.iter("section") if s.get("aria-labelledby") == f"h-{code}")
    found = [re.fullmatch(r".*/recommendations/([^/#?]+)/(\?.*)?", a.get("href", "")) for a in of.iter("a")]
    return [match.group(1) for match in found if match]


def test_the_page_of_a_body_shows_a_page_of_a_long_list(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_lists, "FIRST_ROWS", 1)
    monkeypatch.setattr(body_lists, "PAGE_ROWS", 1)
    card = browser.client.get(f"{API}/bodies/state/scorecard").get_json()
    alone = [item["id"] for item in card["alone"]]
    assert len(alone) == 3
    whole = browser.get("/small/bodies/state/")
    assert len(listed(whole, "own")) == 1
    assert "/small/bodies/state/?show=own" in whole.links()
    pages = [browser.get(f"/small/bodies/state/?show=own&page={n}") for n in (1, 2, 3)]
    assert sorted(ident for page in pages for ident in listed(page, "own")) == sorted(alone)
    assert "All about this body" in pages[0].text
    browser.get("/small/bodies/state/?show=own&page=4", status=400)
    assert "There is no show “all” here." in browser.get("/small/bodies/state/?show=all", status=400).text


def test_the_page_of_a_body_names_those_below_it(browser: Browser) -> None:
    text = browser.get("/small/bodies/state/").text
    assert "The body and those below it" in text
    assert "Senate own 1, with others 0" in text or "Senate own 2, with others 0" in text


def test_long_lists_have_pages(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, path in ((bodies, "bodies"), (themes, "themes"), (recommendations, "recommendations")):
        monkeypatch.setattr(module, "PAGE_ROWS", 1)
        names = []
        for number in (1, 2):
            page = browser.get(f"/small/{path}/", page=str(number))
            assert f"Page {number} of " in page.text
            names += [words(a) for a in page.root.iter("a") if f"/{path}/" in a.get("href", "") and words(a)]
        assert len(names) > 1
        assert "There is no page “9”" in browser.get(f"/small/{path}/", status=400, page="9").text


def test_a_body_is_below_the_one_that_includes_it(browser: Browser) -> None:
    table = browser.get("/small/bodies/").table("Statuses by body")
    assert [row[0] for row in table[1:]] == ["State", "Envoys", "Ministry", "Senate"]


def test_the_search_answers_beside_its_siblings(browser: Browser) -> None:
    assert browser.get("/small/search/?q=post").heading == browser.get("/small/search?q=post").heading
    assert 'rel="canonical" href="http://127.0.0.1:8000/ko/small/search"' in browser.get("/ko/small/search/").html


def test_the_register_leads_to_its_index_pages(browser: Browser) -> None:
    assert "/small/bodies/" in browser.get("/small/").links()
    links = browser.get("/small/bodies/").links()
    assert {"/small/themes/", "/small/recommendations/"} <= set(links)
