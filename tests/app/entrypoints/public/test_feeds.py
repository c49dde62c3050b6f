"""Feeds are what their specifications ask for, keep their ids, and never tell what is not public."""

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import feedparser
import pytest
from flask.testing import FlaskClient

from app.bootstrap.flask_app import create_app
from app.presentation.narrative.feed_context import read_feed_context
from app.presentation.narrative.feed_entries import build_entries
from app.services.container import Services
from domain import commands as c
from domain.codes import Reason, Status
from domain.values import Assessment
from projections.catalogue import queries as catalogue
from projections.changes.queries import latest
from projections.engine.position import last_applied_at
from projections.scorecards.results import TimePair
from tests.support.bundles import change
from tests.support.pages import Browser
from tests.support.small_register import import_and_open
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
    assert re.search(r'type="application/atom\+xml" title="[^"]+" href="/small/changes.atom"', html)
    assert '/small/recommendations/post/changes.json"' in client.get("/small/recommendations/post/").text


def test_a_publication_becomes_an_entry_and_its_id_stays(small: Services, client: FlaskClient) -> None:
    before = {i["id"] for i in client.get("/small/changes.json").json["items"]}
    proposal = assessment(effective_on="2026-01-02", status="in_progress", reason="world_changed", evidence=("story",))
    ident = small.execute(c.ProposeAssessment("small", recommendation="law", assessment=proposal), by="ana")
    assert {i["id"] for i in client.get("/small/changes.json").json["items"]} == before
    small.execute(c.PublishAssessment("small", recommendation="law", assessment=ident), by="ben")
    small.views.rebuild()
    items = client.get("/small/recommendations/law/changes.json").json["items"]
    assert items[0]["title"] == "Renew the law: Announced to In progress from 2 January 2026"
    assert items[0]["id"].endswith(f":small/assessment/{ident}")
    assert items[0]["tags"] == ["in_progress", "world_changed"]
    assert before < {i["id"] for i in client.get("/small/changes.json").json["items"]}


def test_an_entry_that_was_withdrawn_says_so_under_the_same_id(small: Services, client: FlaskClient) -> None:
    publish(small, "law-4", "in_progress", "2026-01-02", recommendation="law", element="", evidence=("story",))
    withdrawal = c.WithdrawAssessment("small", recommendation="law", assessment="law-4", reason="It said nothing new.")
    small.execute(withdrawal, by="ben")
    items = client.get("/small/recommendations/law/changes.json").json["items"]
    by_id = {i["id"].rsplit(":", 1)[1]: i for i in items}
    assert by_id["small/assessment/law-4"]["title"].endswith("(withdrawn later)")
    assert "It said nothing new." in by_id["small/assessment/law-4"]["content_text"]
    assert by_id["small/withdrawal/law-4"]["title"].startswith(
        "Renew the law: Assessment withdrawn; In progress corrected"
    )
    corrections = client.get("/small/corrections.json").json["items"]
    assert [i["id"] for i in corrections] == [by_id["small/withdrawal/law-4"]["id"]]


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_begins_with_the_opening(small: Services, client: FlaskClient, path: str) -> None:
    """What an imported record says of earlier days is on the pages."""
    items = client.get(f"{path}.json").json["items"]  # type: ignore[index]
    assert [i["id"].rsplit(":", 1)[1] for i in items] == (["small/opened"] if path.endswith("small/changes") else [])
    publish(small, "kept-4", "in_progress", "2026-01-02")
    ids = [i["id"].rsplit(":", 1)[1] for i in client.get(f"{path}.json").json["items"]]  # type: ignore[index]
    assert ("small/assessment/kept-4" in ids) == ("corrections" not in path)


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


def publish(
    services: Services, ident: str, status: str, day: str, *, recommendation: str = "post", **fields: Any
) -> None:
    """Publish an assessment, of a part of the recommendation “post”."""
    details: dict[str, Any] = {"reason": "world_changed", "evidence": ("oath", "story"), "element": "kept", **fields}
    proposal = assessment(id=ident, status=status, effective_on=day, **details)
    services.execute(c.ProposeAssessment("small", recommendation=recommendation, assessment=proposal), by="ana")
    services.execute(c.PublishAssessment("small", recommendation=recommendation, assessment=ident), by="ben")


def newest_title(client: FlaskClient, prefix: str = "") -> str:
    return str(client.get(f"{prefix}/small/recommendations/post/changes.json").json["items"][0]["title"])  # type: ignore[index]


def test_a_part_is_named_and_the_whole_has_its_own_status(small: Services, client: FlaskClient) -> None:
    """The tag of the entry is the status of the recommendation, not that of its part."""
    publish(small, "kept-4", "in_progress", "2026-01-02")
    assert newest_title(client) == (
        "Fill the post, part “Kept filled”: Reversed to In progress from 2 January 2026; the whole: Reversed to Partly "
        "implemented"
    )
    item = client.get("/small/changes.json").json["items"][0]  # type: ignore[index]
    assert item["tags"] == ["partly", "world_changed"]
    assert item["content_text"].startswith("Part “Kept filled”: ")
    assert newest_title(client, "/ko") == (
        "직위를 채울 것, 요소 “Kept filled”: 2026년 1월 2일부터 이행 후 되돌림 → 추진 중; 권고 전체: 이행 후 되돌림 → 일부 이행"
    )


def test_what_did_not_change_is_still_what_it_was(small: Services, client: FlaskClient) -> None:
    fields = {"reason": "reviewed_no_change", "cause": "office_vacant"}
    publish(small, "kept-4", "reversed", "2026-01", **fields)
    assert newest_title(client) == (
        "Fill the post, part “Kept filled”: still Reversed (reviewed in January 2026); the whole: still Reversed"
    )
    publish(small, "funded-1", "in_progress", "2026-01-02", element="funded", reason="first_assessment")
    assert newest_title(client) == (
        "Fill the post, part “Funded”: In progress from 2 January 2026; the whole: still Reversed"
    )


def test_one_reversal_of_two_parts_at_once_is_one_entry(services: Services, small_bundle: Path) -> None:
    """An import publishes at one instant what it says of a day."""
    rows = "".join(
        f"post-{part}-9,post,{part},reversed,2025-06-01,world_changed,office_vacant,,,Left {part}.,,oath;story,ana,ben,,,,\n"
        for part in ("appointed", "kept")
    )
    with (small_bundle / "assessments.csv").open("a", encoding="utf-8", newline="") as file:
        file.write(rows)
    change(
        small_bundle,
        "assessments.csv",
        "post-kept-3,post,kept,reversed,2025-01,",
        "post-kept-3,post,kept,in_effect,2025-01,",
    )
    change(small_bundle, "assessments.csv", "office_vacant,,,Left office.", ",,,Stayed.")
    import_and_open(services, small_bundle)
    with services.views.connect() as db:
        entry, changes = catalogue.register(db, "small"), latest(db, "small")
        assert entry
        context = read_feed_context(db, entry, TimePair(date(2026, 3, 1), last_applied_at(db)), changes)
    titles = [e.title for e in build_entries(context, changes, str)]
    assert [title for title in titles if "whole: Implemented to" in title or "whole: In effect to" in title] == [
        "Fill the post, part “Kept filled”: In effect to Reversed from 1 June 2025; part “Appointed”: Implemented to "
        "Reversed from 1 June 2025; the whole: In effect to Reversed"
    ]


def test_the_api_and_the_feed_say_the_same_of_the_whole(small: Services, client: FlaskClient) -> None:
    publish(small, "kept-4", "in_progress", "2026-01-02")
    newest = client.get("/api/v1/registers/small/changes").json["changes"][0]  # type: ignore[index]
    assert newest["effect"] == {
        "recommendation_title": "Fill the post",
        "element_title": "Kept filled",
        "before": "reversed",
        "after": "in_progress",
        "recommendation_before": "reversed",
        "recommendation_after": "partly",
    }


def test_a_withdrawal_says_what_became_of_the_whole(small: Services, client: FlaskClient) -> None:
    withdraw = c.WithdrawAssessment("small", recommendation="post", assessment="post-kept-3", reason="Another post.")
    small.execute(withdraw, by="dia")
    assert newest_title(client) == (
        "Fill the post, part “Kept filled”: Assessment withdrawn; Reversed corrected to In effect, from January 2025; "
        "the whole: Reversed corrected to In effect"
    )


def test_a_replaced_assessment_is_corrected_once(small: Services, client: FlaskClient) -> None:
    """The entry of the right one says what was corrected; that of the wrong one only that it was withdrawn."""
    right = assessment(
        id="law-9", status="in_progress", effective_on="2024-03-01", reason="our_correction", evidence=("story",)
    )
    small.execute(
        c.WithdrawAssessment(
            "small", recommendation="law", assessment="law-2", reason="It was more.", replacement=right
        ),
        by="dia",
    )
    titles = {i["title"] for i in client.get("/small/corrections.json").json["items"]}  # type: ignore[index]
    assert (
        "Renew the law: No action found to In progress from 1 March 2024, instead of Announced as published before"
        in titles
    )
    assert "Renew the law: Assessment withdrawn" in titles


def test_the_opening_says_what_a_register_was_opened_with(client: FlaskClient) -> None:
    items = client.get("/small/changes.json").json["items"]  # type: ignore[index]
    (opening,) = [i for i in items if i["id"].endswith(":small/opened")]
    assert opening["title"] == "A small register: This register opened with 3 recommendations and 6 assessments"
