"""Feeds are what their specifications ask for, keep their ids, and never tell what is not public."""

import re
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as Xml

import feedparser
import pytest
from flask.testing import FlaskClient

from app.bootstrap.flask_app import create_app
from app.services.container import Services
from domain import commands as c
from domain.codes import Reason, Status
from domain.values import Assessment
from tests.support.pages import Browser
from tests.support.story import assessment

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = [
    "/small/changes",
    "/small/corrections",
    "/small/recommendations/post/changes",
    "/small/themes/offices/changes",
    "/small/bodies/senate/changes",
]
FEEDS += [f"/ko{f}" for f in FEEDS]
TAG = re.compile(r"tag:[^,]+,\d{4}-\d{2}-\d{2}:\S+")


@pytest.fixture
def client(small: Services) -> FlaskClient:
    return create_app(small).test_client()


@pytest.mark.parametrize("path", FEEDS)
def test_an_atom_feed_is_what_rfc_4287_asks_for(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{path}.atom")
    assert answer.mimetype == "application/atom+xml"
    root = Xml.fromstring(answer.data)
    assert root.tag == f"{ATOM}feed"
    for holder in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(holder.findall(f"{ATOM}{name}")) == 1, name
        assert TAG.fullmatch(holder.findtext(f"{ATOM}id") or "")
        assert datetime.fromisoformat(holder.findtext(f"{ATOM}updated") or "").tzinfo
        assert holder.find(f"{ATOM}link[@rel='alternate']").get("href", "").startswith("http://127.0.0.1:8000/")
    assert root.find(f"{ATOM}author/{ATOM}name").text
    assert root.find(f"{ATOM}link[@rel='self']").get("href") == f"http://127.0.0.1:8000{path}.atom"
    ids = [e.findtext(f"{ATOM}id") for e in root.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    assert not feedparser.parse(answer.data).bozo


@pytest.mark.parametrize("path", FEEDS)
def test_a_json_feed_is_what_version_1_1_asks_for(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{path}.json")
    assert answer.mimetype == "application/feed+json"
    feed: dict[str, Any] = answer.json
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed["feed_url"] == f"http://127.0.0.1:8000{path}.json"
    assert feed["language"] == ("ko" if path.startswith("/ko/") else "en")
    for item in feed["items"]:
        assert item["id"] and item["url"].startswith("http") and item["content_text"]
        for name in ("date_published", "date_modified"):
            assert datetime.fromisoformat(item[name]).tzinfo


def test_both_forms_say_the_same(client: FlaskClient) -> None:
    atom = feedparser.parse(client.get("/small/changes.atom").data)
    items = client.get("/small/changes.json").json["items"]
    assert [(e.id, e.title) for e in atom.entries] == [(i["id"], i["title"]) for i in items]


def test_a_page_names_its_feeds(client: FlaskClient) -> None:
    html = client.get("/small/").text
    assert 'type="application/atom+xml" title="Changes" href="/small/changes.atom"' in html
    assert '/small/recommendations/post/changes.json"' in client.get("/small/recommendations/post/").text


def test_a_publication_becomes_an_entry_and_its_id_stays(small: Services, client: FlaskClient) -> None:
    before = {i["id"] for i in client.get("/small/changes.json").json["items"]}
    proposal = assessment(effective_on="2026-01-02", status="in_progress", reason="world_changed", evidence=("story",))
    ident = small.execute(c.ProposeAssessment("small", recommendation="law", assessment=proposal), by="ana")
    assert {i["id"] for i in client.get("/small/changes.json").json["items"]} == before
    small.execute(c.PublishAssessment("small", recommendation="law", assessment=ident), by="ben")
    small.views.rebuild()
    items = client.get("/small/recommendations/law/changes.json").json["items"]
    assert items[0]["title"] == "Renew the law: In progress from 2 January 2026"
    assert items[0]["id"].endswith(f":small/assessment/{ident}")
    assert items[0]["tags"] == ["in_progress", "world_changed"]
    assert before < {i["id"] for i in client.get("/small/changes.json").json["items"]}


def test_an_entry_that_was_withdrawn_says_so_under_the_same_id(client: FlaskClient) -> None:
    items = client.get("/small/recommendations/law/changes.json").json["items"]
    by_id = {i["id"].rsplit(":", 1)[1]: i for i in items}
    assert by_id["small/assessment/law-3"]["title"].endswith("(withdrawn later)")
    assert "It said nothing new." in by_id["small/assessment/law-3"]["content_text"]
    assert by_id["small/withdrawal/law-3"]["title"] == "Renew the law: Assessment withdrawn"
    corrections = client.get("/small/corrections.json").json["items"]
    assert [i["id"] for i in corrections] == [by_id["small/withdrawal/law-3"]["id"]]


def test_a_feed_is_asked_for_again_before_it_is_used(client: FlaskClient) -> None:
    tag = client.get("/small/changes.atom").headers["ETag"]
    assert client.get("/small/changes.atom", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(("path", "sentence"), [
    ("/small/recommendations/nothing/changes.atom", "There is no recommendation “nothing” in this register."),
    ("/small/themes/nothing/changes.json", "There is no theme “nothing” in this register."),
    ("/small/bodies/nothing/changes.json", "There is no body “nothing” in this register."),
    ("/small/changes.rss", "There is no page at this address."),
    ("/nowhere/changes.atom", "There is no register “nowhere” here."),
])  # fmt: skip
def test_a_feed_that_is_not_there_says_so(client: FlaskClient, path: str, sentence: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert sentence in answer.text


def test_a_statement_stands_before_the_rationale_of_its_change(browser: Browser, small: Services) -> None:
    reviewed = Assessment(
        id="law-4",
        status=Status.ANNOUNCED,
        effective_on="2024-05-01",
        reason=Reason.REVIEWED_NO_CHANGE,
        rationale="Nothing else happened.",
        statement="A bill waits.",
        translations={"ko": {"statement": "법안이 계류 중이다.", "rationale": "다른 일은 없었다."}},
        evidence=("story",),
    )
    small.execute(c.ProposeAssessment("small", recommendation="law", assessment=reviewed), by="ana")
    small.execute(c.PublishAssessment("small", recommendation="law", assessment="law-4"), by="ben")
    for prefix, words in (
        ("", "A bill waits. Nothing else happened."),
        ("/ko", "법안이 계류 중이다. 다른 일은 없었다."),
    ):
        newest = browser.client.get(f"{prefix}/small/changes.json").json["items"][0]  # type: ignore[index]
        assert newest["content_text"].startswith(words)
