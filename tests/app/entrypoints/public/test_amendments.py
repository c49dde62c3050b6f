"""What was amended or merged after the opening is among the corrections, with its reason; what was before is not."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace

from app.bootstrap.flask_app import create_app
from app.services.container import Services
from domain import commands as c
from domain.codes import SourceClass
from domain.values import Addressee, Body, BodyMerge, EvidenceFacts, EvidenceText, Theme
from projections.catalogue import queries as catalogue
from projections.changes.queries import latest
from projections.engine.batches import END_OF_TIME
from tests.support.pages import Browser
from tests.support.story import REGISTER, Story

EARLY = "It was written in haste."


@pytest.fixture
def story(services: Services) -> Story:
    """An open register with Korean texts, amended once for each kind of fact before it was opened."""
    story = Story(services, languages=("en", "ko")).evidence("act")
    story.do(c.NameTheme(REGISTER, theme=Theme(id="offices", title="Offices")))
    story.do(c.NameBody(REGISTER, body=Body(id="court", name="The Court")))
    story.do(c.NameBody(REGISTER, body=Body(id="bench", name="The Bench")))
    story.recommendation("post").element("oath").criteria("oath")
    story.published(element="oath", evidence=("act",), status="announced")
    amend_all(story, "first", EARLY)
    story.do(c.MergeBodies(REGISTER, merge=BodyMerge(body="bench", into="court", on="2019", why=EARLY)))
    story.do(c.OpenRegister(REGISTER, origin="uptake.example.org"))
    return story


@pytest.fixture
def browser(services: Services, story: Story) -> Browser:
    return Browser(create_app(services).test_client())


@pytest.fixture
def client(services: Services, story: Story) -> FlaskClient:
    return create_app(services).test_client()


def amend_all(story: Story, mark: str, why: str) -> None:
    """Amend the settings, a theme, a publication, a body, a recommendation, its element and its addressees."""
    with story.uptake.views.connect() as db:
        entry = catalogue.register(db, REGISTER)
        assert entry
        theme = catalogue.themes(db, REGISTER, END_OF_TIME)["offices"]
        publication = catalogue.publications(db, REGISTER, END_OF_TIME)["report"]
        body = catalogue.bodies(db, REGISTER, END_OF_TIME)["ministry"]
        facts = catalogue.recommendations(db, REGISTER, END_OF_TIME)["post"].facts
        (element,) = (e.element for e in catalogue.elements(db, REGISTER, END_OF_TIME))
    story.do(c.AmendRegister(REGISTER, fact=replace(entry.settings, title=f"Register, {mark}"), why=why))
    story.do(c.AmendTheme(REGISTER, fact=replace(theme, title=f"Offices, {mark}"), why=why))
    story.do(c.AmendPublication(REGISTER, fact=replace(publication, title=f"Report, {mark}"), why=why))
    story.do(c.AmendBody(REGISTER, fact=replace(body, name=f"Ministry, {mark}"), why=why))
    story.do(
        c.AmendRecommendation(REGISTER, recommendation="post", fact=replace(facts, title=f"Post, {mark}"), why=why)
    )
    story.do(c.AmendElement(REGISTER, recommendation="post", fact=replace(element, title=f"Oath, {mark}"), why=why))
    rows = (Addressee(body="ministry", from_on="2019" if mark == "first" else "2020"),)
    story.do(c.AmendAddressees(REGISTER, recommendation="post", addressees=rows, why=why))


def test_amendments_are_on_the_page_of_corrections_with_reason_and_link(story: Story, browser: Browser) -> None:
    assert EARLY not in browser.get(f"/{REGISTER}/corrections/").text
    amend_all(story, "again", "The printer’s error.")
    page = browser.get(f"/{REGISTER}/corrections/")
    for sentence, before_and_after in (
        ("The settings of the register were changed.", title_changed("Register")),
        ("The theme “Offices, again” was changed.", title_changed("Offices")),
        ("The publication “Report, again” was changed.", title_changed("Report")),
        ("The body “Ministry, again” was changed.", title_changed("Ministry", "Name")),
        ("Reworded: “Post, again”.", title_changed("Post")),
        ("Part reworded: “Oath, again”.", title_changed("Oath")),
        (
            "The addressees are: Ministry, again from 2020.",
            "Asked of: We said: Ministry, again from 2019. Now: Ministry, again from 2020.",
        ),
    ):
        assert f"{sentence} {before_and_after} The printer’s error." in page.text
    earlier = [link for link in page.links() if f"/{REGISTER}/recommendations/post/?as_of=2026-03-01&known_at=" in link]
    assert "Post, first" in browser.get(earlier[-1]).text and "Post, again" in browser.get(earlier[0]).text
    assert page.text.count("The printer’s error.") == 7
    assert EARLY not in page.text
    for path in ("", "themes/offices/", "bodies/ministry/", "recommendations/post/"):
        assert f"/{REGISTER}/{path}" in page.links()
    assert browser.get(f"/{REGISTER}/changes/?order=published").text.count("The printer’s error.") == 7


def title_changed(name: str, field: str = "Title") -> str:
    return f"{field}: We said: “{name}, first”. Now: “{name}, again”."


def test_a_merge_says_who_from_which_day_and_why(story: Story, browser: Browser) -> None:
    known = story.uptake.clock().astimezone(UTC).isoformat().replace("+00:00", "Z")
    story.uptake.clock.go_on(seconds=1)
    merge = BodyMerge(body="court", into="ministry", on="2024", why="An act joined them.")
    story.do(c.MergeBodies(REGISTER, merge=merge))
    body = f"/{REGISTER}/bodies/ministry/"
    text = browser.get(body).text
    assert "The Court, merged into Ministry, first from 2024 An act joined them." in text
    assert "The Bench, merged into The Court from 2019 It was written in haste." in text
    assert "Bodies merged into it" not in browser.get(f"{body}?known_at={known}").text
    corrections = browser.get(f"/{REGISTER}/corrections/").text
    assert "The body “The Court” was merged into “Ministry, first” from 2024. An act joined them." in corrections
    korean = browser.get(f"/ko{body}").text
    assert (
        "The Court: 2024년부터 Ministry, first에 통합" in korean
        and "merged into" not in korean
        and "An act joined them." in korean
    )


def test_a_source_is_named_as_it_is_now(story: Story, browser: Browser) -> None:
    facts = EvidenceFacts(id="act", publisher="Gazette", source_class=SourceClass.OFFICIAL)
    text = EvidenceText(title="The act itself", summary="What it says.")
    story.do(c.AmendEvidence(REGISTER, facts=facts, text=text, key="other", salt="s", why="Its title was a guess."))
    corrections = browser.get(f"/{REGISTER}/corrections/").text
    assert (
        "The act itself The source “The act itself” was amended. Title: We said: “Title of act”. Now: “The act itself”."
    ) in corrections
    assert "Its title was a guess." in corrections


def test_a_change_of_only_a_translation_is_no_correction(story: Story, browser: Browser) -> None:
    fact = Theme(id="offices", title="Offices, first", translations={"ko": {"title": "직위"}})
    story.do(c.AmendTheme(REGISTER, fact=fact))
    assert "There are no corrections." in browser.get(f"/{REGISTER}/corrections/").text


def test_feeds_and_the_api_have_amendments_too(story: Story, client: FlaskClient) -> None:
    amend_all(story, "again", "The printer’s error.")
    (theme,) = (item for item in client.get(f"/{REGISTER}/corrections.json").json["items"] if "theme" in item["title"])
    assert theme["title"] == "Register, again: The theme “Offices, again” was changed."
    words, _said, earlier = theme["content_text"].partition(" Read it as it was: ")
    assert words == f"{title_changed('Offices')} The printer’s error."
    assert theme["url"].endswith(f"/{REGISTER}/themes/offices/")
    assert "Offices, first" in client.get(earlier.removeprefix("http://127.0.0.1:8000")).text
    korean = client.get(f"/ko/{REGISTER}/corrections.json").json["items"]
    assert len(korean) == 7 and not any("<" in item["title"] for item in korean)
    assert len(client.get(f"/{REGISTER}/recommendations/post/changes.json").json["items"]) == 3
    changes = client.get(f"/api/v1/registers/{REGISTER}/changes").json["changes"]
    (change,) = (change for change in changes if change["kind"] == "publication_amended")
    assert (change["subject"], change["why"], change["correction"]) == ("report", "The printer’s error.", True)


def test_before_an_instant_later_amendments_are_not_known(either: Services) -> None:
    story = Story(either)
    story.do(c.NameBody(REGISTER, body=Body(id="court", name="The Court")))
    story.do(c.AmendBody(REGISTER, fact=Body(id="court", name="Court"), why=EARLY))
    story.do(c.OpenRegister(REGISTER, origin="uptake.example.org"))
    before = either.clock()
    either.clock.go_on(seconds=1)
    story.do(c.AmendBody(REGISTER, fact=Body(id="court", name="High Court"), why="It was renamed."))
    assert kinds(either, before) == ["opened"]
    assert kinds(either, END_OF_TIME) == ["body_amended", "opened"]


def kinds(services: Services, known_at: datetime) -> list[str]:
    with services.views.connect() as db:
        return [change.kind for change in latest(db, REGISTER, known_at=known_at)]
