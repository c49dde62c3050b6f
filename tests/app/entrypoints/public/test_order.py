"""Numbered recommendations: natural order on pages, in the API and in files; numbers are shown and found."""

import csv
import io
from pathlib import Path

import pytest

from app.bootstrap.flask_app import create_app
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from domain import commands as c
from tests.support.pages import Browser

HEADER = "id,number,position,priority,title,summary,kind,theme,addressees,publication,locator,recommended_on"


@pytest.fixture
def numbered(services: Services, tmp_path: Path) -> Services:
    """A register with twelve numbered recommendations, of which the last comes first by position."""
    rows = [
        f"rec-{n},60.{n},{0 if n == 12 else ''},{'yes' if n == 3 else ''},Call {13 - n},To be done.,one_off,"
        f"{'later' if n == 5 else 'first'},office,report,para. {n},2023-09-14"
        for n in range(1, 13)
    ]
    files = {
        "register.json": '{"id": "numbered", "title": "Numbered", "kept_by": "K", "licence": "CC-BY-4.0"}',
        "themes.csv": "id,title,title_ko,position\nlater,A later theme,,2\nfirst,Z theme,,1\n",
        "bodies.csv": "id,name\noffice,Office\n",
        "publications.csv": "id,title,publisher,published_on\nreport,Report,P,2023\n",
        "recommendations.csv": "\n".join([HEADER, *rows, ""]),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    import_bundle(services, tmp_path, ImportOptions(approve_cards="cem"))
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    services.execute(c.OpenRegister("numbered", origin="x"), by="ana")
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    return services


IN_ORDER = [f"rec-{n}" for n in (12, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 5)]


def test_pages_the_api_and_files_list_2_before_10(numbered: Services) -> None:
    browser = Browser(create_app(numbered).test_client())
    titles = ["".join(h.itertext()) for h in browser.get("/numbered/").root.iter("h4")]
    assert [t.split()[0] for t in titles] == [f"60.{i.removeprefix('rec-')}" for i in IN_ORDER]
    assert titles[3] == "60.3 Call 10 Priority"
    scorecard = browser.client.get("/api/v1/registers/numbered/scorecard").json
    assert [r["id"] for r in scorecard["recommendations"]] == IN_ORDER
    assert (
        scorecard["recommendations"][0] | {"number": "60.12", "position": 0, "priority": False}
        == (scorecard["recommendations"][0])
    )
    table = list(csv.DictReader(io.StringIO(browser.client.get("/numbered/download/scorecard.csv").text)))
    assert [row["id"] for row in table] == IN_ORDER
    assert table[0]["number"] == "60.12"


def test_the_api_sorts_and_pages_in_a_named_order(numbered: Services) -> None:
    client = create_app(numbered).test_client()
    base = "/api/v1/registers/numbered/scorecard"
    ids, cursor = [], ""
    while cursor is not None:
        answer = client.get(f"{base}?sort=number&limit=5{cursor and f'&cursor={cursor}'}").json
        ids += [r["id"] for r in answer["recommendations"]]
        cursor = answer.get("next")
    assert ids == [f"rec-{n}" for n in range(1, 13)]
    by_title = client.get(f"{base}?sort=title").json["recommendations"]
    assert [r["title"] for r in by_title] == [f"Call {n}" for n in range(1, 13)]
    refused = client.get(f"{base}?sort=odd")
    assert refused.status_code == 400
    assert "There is no order “odd”; known are number, title, status, since, due, changed." in refused.json["detail"]


def test_pages_are_sorted_and_show_priorities(numbered: Services) -> None:
    browser = Browser(create_app(numbered).test_client())
    titles = ["".join(h.itertext()) for h in browser.get("/numbered/?sort=number").root.iter("h4")]
    assert [t.split()[0] for t in titles] == [f"60.{n}" for n in range(1, 13)]
    priorities = ["".join(h.itertext()) for h in browser.get("/numbered/?priority=yes").root.iter("h4")]
    assert priorities == ["60.3 Call 10 Priority"]
    page = browser.get("/numbered/recommendations/rec-3/")
    assert page.heading == "60.3 Call 10 Priority"


def test_search_finds_numbers_and_places(numbered: Services) -> None:
    client = create_app(numbered).test_client()
    for query, ident in (("60.10", "rec-10"), ("60.1", "rec-1"), ("para. 7", "rec-7")):
        hits = client.get(f"/api/v1/registers/numbered/search?q={query}").json["hits"]
        assert hits[0]["id"] == ident, query
    exact = client.get("/api/v1/registers/numbered/search?q=60.10").json["hits"]
    assert [h["id"] for h in exact] == ["rec-10"]


@pytest.mark.parametrize("path", ["/numbered/", "/ko/numbered/themes/first/"])
def test_an_unknown_order_is_refused_on_every_list(numbered: Services, path: str) -> None:
    assert create_app(numbered).test_client().get(f"{path}?sort=zz").status_code == 400
