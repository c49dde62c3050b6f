"""What is attributable to a body, on its page and in the API: alone, its own parts, and with others."""

import csv
import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.bootstrap.flask_app import create_app
from app.services.container import Services
from domain import commands as c
from domain.codes import AddresseeRole
from domain.values import Addressee, Body, BodyMerge
from tests.support.pages import Browser
from tests.support.story import REGISTER, Story

API = f"/api/v1/registers/{REGISTER}"
ASKED = f"{API}/bodies/state/scorecard"


@pytest.fixture
def story(services: Services) -> Story:
    """An open register with four recommendations, two of them divided into elements."""
    story = Story(services).evidence("official")
    for body in (
        Body(id="state", name="The State"),
        Body(id="office", name="Office for the Rights of Persons", short_name="Office", parent="state"),
        Body(id="china", name="China"),
        Body(id="court", name="Court"),
    ):
        story.do(c.NameBody(REGISTER, body=body))
    story.recommendation("own", addressees=("office",)).criteria(recommendation="own")
    story.published("own", id="own-1", status="announced")
    story.recommendation("shared", addressees=("state", "china")).criteria(recommendation="shared")
    story.published("shared", id="shared-1", status="no_action")
    story.recommendation("returns", addressees=("state", "china"))
    for element in ("stop", "receive"):
        story.element(element, recommendation="returns").criteria(element, recommendation="returns")
    story.published("returns", id="stop-1", element="stop", status="no_action")
    story.published("returns", id="receive-1", element="receive", status="in_progress")
    story.recommendation("other", addressees=("court",)).criteria(recommendation="other")
    amend(
        story,
        "returns",
        Addressee(body="state"),
        Addressee(body="china"),
        Addressee(element="stop", body="china"),
        Addressee(element="receive", body="state", from_on="2022"),
        Addressee(element="receive", body="court", role=AddresseeRole.JOINT),
        Addressee(element="receive", body="china", to_on="2021-12-31"),
    )
    story.do(c.OpenRegister(REGISTER, origin="uptake.example.org"))
    return story


def amend(story: Story, recommendation: str, *rows: Addressee) -> None:
    story.do(c.AmendAddressees(REGISTER, recommendation=recommendation, addressees=rows, why="It was stated so."))


@pytest.fixture
def app(services: Services, story: Story) -> Flask:
    return create_app(services)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def browser(client: FlaskClient) -> Browser:
    return Browser(client)


def card(client: FlaskClient, body: str = "state", **times: str) -> dict[str, Any]:
    answer = client.get(f"{API}/bodies/{body}/scorecard", query_string=times)
    assert answer.status_code == 200, answer.text
    result: dict[str, Any] = answer.get_json()
    return result


def test_the_scorecard_of_a_body_counts_only_what_is_attributable_to_it(client: FlaskClient) -> None:
    answer = card(client)
    counted = {status: n for status, n in answer.pop("totals").items() if n}
    assert answer == {
        "body": "state",
        "includes": ["office"],
        "alone": [{"id": "own", "status": "announced"}],
        "parts": [{"id": "returns", "element": "receive", "status": "in_progress"}],
        "with_others": [{"id": "shared", "status": "no_action", "others": ["china"]}],
    }
    assert counted == {"announced": 1, "in_progress": 1}


def test_who_is_asked_depends_on_the_day(client: FlaskClient) -> None:
    assert card(client, as_of="2022-01-01")["parts"] == [
        {"id": "returns", "element": "receive", "status": "in_progress"}
    ]
    before = card(client, as_of="2021-12-31")
    assert before["parts"] == []
    assert before["with_others"][0] == {"id": "returns", "status": "in_progress", "others": ["china", "court"]}
    assert card(client, "court")["with_others"] == [
        {"id": "returns", "status": "in_progress", "others": ["state", "china"]}
    ]


def test_who_was_asked_is_shown_as_it_was_known(client: FlaskClient, story: Story) -> None:
    before = story.uptake.clock().isoformat().replace("+00:00", "Z")
    story.uptake.clock.go_on(seconds=1)
    amend(story, "own", Addressee(body="court"))
    assert card(client)["alone"] == []
    assert card(client, known_at=before)["alone"] == [{"id": "own", "status": "announced"}]


def test_a_merged_body_leads_to_the_other_one(client: FlaskClient, story: Story, browser: Browser) -> None:
    before = story.uptake.clock().isoformat().replace("+00:00", "Z")
    story.uptake.clock.go_on(seconds=1)
    story.do(
        c.MergeBodies(REGISTER, merge=BodyMerge(body="court", into="office", on="2024", why="An act joined them."))
    )
    answer = client.get(f"/{REGISTER}/bodies/court/")
    assert (answer.status_code, answer.location) == (301, f"/{REGISTER}/bodies/office/")
    earlier = client.get(f"/{REGISTER}/bodies/court/", query_string={"known_at": before})
    assert earlier.status_code == 200
    assert card(client)["includes"] == ["office", "court"]
    assert [item["id"] for item in card(client)["alone"]] == ["other", "own"]
    assert card(client, known_at=before)["includes"] == ["office"]
    assert card(client, "court")["body"] == "office"
    assert "Court" in browser.get(f"/{REGISTER}/bodies/office/").text


def test_both_names_of_merged_bodies_find_the_one_that_remains(
    client: FlaskClient, story: Story, browser: Browser
) -> None:
    assert f"/{REGISTER}/bodies/court/" in browser.get(f"/{REGISTER}/search", q="court").links()
    merge = BodyMerge(body="court", into="office", on="2024", why="An act joined them.")
    story.do(c.MergeBodies(REGISTER, merge=merge))
    for query in ("court", "persons"):
        hits = client.get(f"{API}/search", query_string={"q": query}).get_json()["hits"]
        assert [(h["kind"], h["id"], h["title"]) for h in hits if h["kind"] == "body"] == [
            ("body", "office", "Office for the Rights of Persons")
        ]
        assert f"/{REGISTER}/bodies/office/" in browser.get(f"/{REGISTER}/search", q=query).links()


def test_a_body_that_is_not_there(client: FlaskClient) -> None:
    answer = client.get(f"{API}/bodies/nowhere/scorecard")
    assert (answer.status_code, answer.get_json()["detail"]) == (404, "There is no body “nowhere” in this register.")


def test_filters_by_body_use_the_tree(story: Story, client: FlaskClient, browser: Browser) -> None:
    rows = client.get(f"{API}/scorecard", query_string={"body": "state"}).get_json()["recommendations"]
    assert sorted(row["id"] for row in rows) == ["own", "returns", "shared"]
    page = browser.get(f"/{REGISTER}/", body="state")
    assert "Title of own" in page.text
    assert "Title of other" not in page.text
    for ident, reason in (("own", "world_changed"), ("shared", "world_changed"), ("other", "first_assessment")):
        story.published(ident, id=f"{ident}-9", status="in_progress", effective_on="2023-01", reason=reason)
    feed = client.get(f"/{REGISTER}/bodies/state/changes.json").get_json()
    assert {re.split(":|, part", item["title"])[0] for item in feed["items"]} == {"Title of own", "Title of shared"}


def test_the_api_names_the_addressees_with_their_days(client: FlaskClient) -> None:
    rows = client.get(f"{API}/scorecard").get_json()["recommendations"]
    returns = next(row for row in rows if row["id"] == "returns")
    asked = {"role": "lead", "from_on": None, "to_on": None}
    assert returns["addressees"] == [{"body": "state", **asked}, {"body": "china", **asked}]
    assert next(e for e in returns["elements"] if e["id"] == "receive")["addressees"] == [
        {"body": "state", "role": "lead", "from_on": "2022", "to_on": None},
        {"body": "court", "role": "joint", "from_on": None, "to_on": None},
        {"body": "china", "role": "lead", "from_on": None, "to_on": "2021-12-31"},
    ]


def test_the_page_says_in_words_what_was_counted(browser: Browser) -> None:
    page = browser.get(f"/{REGISTER}/bodies/state/")
    assert page.heading == (
        "The State was asked for 1 of the 4 as the only lead, and for 1 part of its own: 2 are under way. It shares 1 with others."
    )
    assert "also asked of China" in " ".join(page.text.split())
    alone = browser.get(f"/{REGISTER}/bodies/china/")
    assert "Asked of it with others: 1" in alone.text


def test_a_body_that_is_only_asked_with_others(browser: Browser, story: Story) -> None:
    story.do(c.NameBody(REGISTER, body=Body(id="allies", name="Allies")))
    amend(story, "own", Addressee(body="office"), Addressee(body="allies", role=AddresseeRole.JOINT))
    page = browser.get(f"/{REGISTER}/bodies/allies/")
    assert page.heading == "Allies was asked for nothing as the only lead. It shares 1 of the 4 with others."


@pytest.mark.parametrize("body", ["state", "china"])
def test_the_korean_page_of_a_body_ends_its_sentences_alike(browser: Browser, body: str) -> None:
    page = browser.get(f"/ko/{REGISTER}/bodies/{body}/")
    sentences = re.findall(r"[가-힣]*다(?=[.<])", f"{page.heading} {page.text}")
    assert sentences
    assert [words for words in sentences if not words.endswith("니다")] == []


def test_a_bar_of_one_recommendation_says_so(browser: Browser) -> None:
    assert "1 recommendation by status" in browser.get(f"/{REGISTER}/bodies/office/").text


def test_the_page_of_a_recommendation_says_who_was_asked_and_when(browser: Browser) -> None:
    text = " ".join(browser.get(f"/{REGISTER}/recommendations/returns/").text.split())
    assert (
        "For the part “Title of receive”: The State from 2022 Court jointly with others China until 31 December 2021"
        in text
    )


def test_lists_show_the_short_name(browser: Browser) -> None:
    assert '<abbr title="Office for the Rights of Persons">Office</abbr>' in browser.get(f"/{REGISTER}/").html


def scorecard_rows(client: FlaskClient, query: str = "") -> dict[str, dict[str, str]]:
    answer = client.get(f"/{REGISTER}/download/scorecard.csv{query}")
    return {row["id"]: row for row in csv.DictReader(io.StringIO(answer.text))}


def test_the_table_of_the_scorecard_names_the_bodies_asked_on_the_day(client: FlaskClient, story: Story) -> None:
    assert scorecard_rows(client)["returns"]["addressees"] == "state;china;court"
    story.do(c.NameBody(REGISTER, body=Body(id="envoys", name="Envoys")))
    amend(story, "other", Addressee(body="envoys", from_on="2025"), Addressee(body="court", to_on="2024-12-31"))
    story.do(c.MergeBodies(REGISTER, merge=BodyMerge(body="court", into="office", on="2024", why="An act.")))
    assert scorecard_rows(client)["other"]["addressees"] == "envoys"
    assert scorecard_rows(client, "?as_of=2024-12-01")["other"]["addressees"] == "office"
    assert scorecard_rows(client)["returns"]["addressees"] == "state;china;office"
