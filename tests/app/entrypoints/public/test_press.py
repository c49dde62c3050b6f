"""The page for the press says only what the record holds, for the dates of the page."""

import re

import pytest
from flask.testing import FlaskClient

from app.bootstrap.flask_app import create_app
from app.services.container import Services
from tests.support.pages import Browser, words

PAIRS = ["", "as_of=2024-05-01", "as_of=2024-12-01", "as_of=2025-06-01&known_at=2026-03-02T12:00:00Z"]


def _findings(browser: Browser, query: str) -> list[str]:
    (found,) = (e for e in browser.get(f"/small/press/?{query}").root.iter("ol") if e.get("class") == "findings")
    return [words(item) for item in found]


@pytest.mark.parametrize("query", PAIRS)
def test_findings_say_what_the_api_answers(small: Services, query: str) -> None:
    client: FlaskClient = create_app(small).test_client()
    found = _findings(Browser(client), query)
    answer = client.get(f"/api/v1/registers/small/scorecard?{query}").json
    assert 1 <= len(found) <= 3
    numbers = answer["buckets"]
    if answer["recommendations"]:
        one, several = ("was", "were") if "as_of" in query else ("is", "are")
        assert f"{numbers['done']} {one if numbers['done'] == 1 else several} done" in found[0]
        assert not ("as_of" in query and re.search(r"\b(?:is|are)\b", " ".join(found)))
    for sentence in found:
        if match := re.search(r"on ([\w ]+) it was (\d+) of (\d+)\.", sentence):
            assert int(match[2]) == numbers["done"]
            assert int(match[3]) == answer["rated"]


def test_a_past_review_is_compared_by_what_is_known_at_the_same_instant(small: Services) -> None:
    client: FlaskClient = create_app(small).test_client()
    compared = [s for s in _findings(Browser(client), "as_of=2026-02-01") if "the day of the review" in s]
    assert len(compared) == 1
    assert "rated recommendations were done" in compared[0]


def test_the_page_names_the_picture_the_address_and_the_keeper(browser: Browser) -> None:
    page = browser.get("/small/press/?as_of=2024-12-01")
    (picture,) = (e for e in page.root.iter("img"))
    assert picture.get("src") == "/small/card.png?as_of=2024-12-01"
    assert picture.get("alt") == _findings(browser, "as_of=2024-12-01")[0]
    assert "/small/?as_of=2024-12-01&known_at=" in page.text
    assert "/small/press/" in browser.get("/small/").links()
    assert "/small/press/" in browser.get("/about/").links()
