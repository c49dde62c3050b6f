"""Filing is corrected in the browser: amended in an open register, removed and discarded in one being prepared."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.services.accounts import people
from app.services.accounts.permissions import StaffRole
from app.services.container import Services
from domain import commands as c
from domain.codes import Position, RelationKind
from domain.values import RegisterSettings, Relation, ResponseFacts, Theme
from projections.catalogue import queries as catalogue
from tests.support.staff_client import Member
from tests.support.staff_forms import change_form
from tests.support.story import Story

LAW = "/staff/small/facts/recommendations/law/"

INSTANT = "known_at=2026-03-01"


def test_how_a_recommendation_is_filed_is_amended(member: Callable[[str], Member], staff_app: Flask) -> None:
    ada, public = member("ada"), staff_app.test_client()
    before = public.get(f"/small/?{INSTANT}").text
    wrong = change_form(ada, LAW, publication="none", position="two", theme="", why="It was filed wrongly.")
    assert wrong.status_code == 400
    assert "Enter a whole number." in wrong.text
    wrong = change_form(ada, LAW, publication="none", why="It was filed wrongly.")
    assert "“none” is neither the id nor the title of a publication." in wrong.text
    filing = {"theme": "offices", "number": "7(a)", "position": "2", "recommended_on": "2019", "priority": "yes"}
    assert change_form(ada, LAW, **filing, why="It was filed wrongly.").status_code == 302
    page = public.get("/small/recommendations/law/").text
    assert "It was filed wrongly." in page
    assert public.get(f"/small/?{INSTANT}").text == before
    assert "law" in public.get("/small/themes/offices/").text


def test_a_source_is_amended(member: Callable[[str], Member], small: Services) -> None:
    ada = member("ada")
    with small.views.connect() as db:
        ident = next(iter(catalogue.evidence(db, "small", small.clock())))
    path = f"/staff/small/evidence/{ident}/amend/"
    assert "You have not changed anything." in change_form(ada, path).text
    silent = change_form(ada, path, src_title="The act, as printed")
    assert "Enter why you changed it. The reason is public." in silent.text
    assert "The act, as printed" in silent.text
    moved = change_form(ada, path, src_title="The act, as printed", why="The address was wrong.")
    assert moved.location == f"/staff/small/evidence/{ident}/"
    assert "The act, as printed" in ada.get(f"/staff/small/evidence/{ident}/").text
    assert "The address was wrong." in ada.get("/staff/small/history/").text


def test_a_prepared_register_loses_a_theme_and_is_discarded(member: Callable[[str], Member], small: Services) -> None:
    small.execute(c.EstablishRegister("draft", settings=RegisterSettings(id="draft", title="A draft")), by="ada")
    small.execute(c.NameTheme("draft", theme=Theme(id="offices", title="Offices")), by="ada")
    ada = member("ada")
    with small.accounts.work() as db:
        for name in ("ada", "ben"):
            user = people.find_user(db, f"{name}@example.org")
            people.give_role(db, user, "draft", StaffRole.ADMINISTRATOR)
    assert "/staff/draft/remove/themes/offices/" in ada.get("/staff/draft/facts/themes/").html
    path = "/staff/draft/remove/themes/offices/"
    assert "Remove “Offices”?" in ada.get(path).text
    assert ada.post(path).status_code == 302
    again = ada.post(path)
    assert (again.status_code, "There is nothing called “offices” here." in again.text) == (400, True)
    assert "The theme “ID offices” was removed." in ada.get("/staff/draft/history/").text
    assert "The register is open, so nothing is removed." in ada.post("/staff/small/remove/themes/laws/").text
    assert "The register “small” was opened, so it stays." in ada.post("/staff/small/discard/").text
    assert "Discard the register “A draft”?" in ada.get("/staff/draft/discard/").text
    assert ada.post("/staff/draft/discard/").location == "/staff/"
    assert "A draft" not in ada.get("/staff/").text
    with pytest.raises(AssertionError, match="404"):
        ada.get("/staff/draft/setup/")
    with small.accounts.work() as db:
        roles = {n: people.person_of(people.find_user(db, f"{n}@example.org")).roles for n in ("ada", "ben")}
    assert ("draft" in roles["ada"], "draft" in roles["ben"]) == (True, False)


def test_what_belongs_to_a_recommendation_is_removed_in_the_browser(
    member: Callable[[str], Member], small: Services
) -> None:
    story = Story(small).evidence("act").recommendation().recommendation("law").criteria()
    said = ResponseFacts(
        id="said", body="ministry", position=Position.NOTES, given_on="2024", summary="It noted it.", evidence=("act",)
    )
    story.do(c.ProposeResponse("r", recommendation="post", facts=said))
    story.do(c.StateRelation("r", recommendation="post", relation=Relation(relation=RelationKind.RENEWS, to="law")))
    story.published(id="first", evidence=("act",))
    ada, page = member("ada"), "/staff/r/recommendations/post/"
    with small.accounts.work() as db:
        people.give_role(db, people.find_user(db, "ada@example.org"), "r", StaffRole.ADMINISTRATOR)
    for kind, ident, shown_on in (
        ("assessments", "first", f"{page}published/"),
        ("responses", "said", "/staff/r/responses/said/"),
        ("criteria", "post", f"{page}card/"),
    ):
        path = f"/staff/r/remove/{kind}/{ident}/?recommendation=post"
        assert path in ada.get(shown_on).links(), kind
        assert ada.post(path).status_code == 302, kind
    assert "Remove it" in ada.get(f"{page}relations/").text
    removed = ada.post(f"{page}relations/remove/", relation_to="renews law")
    assert removed.status_code == 302
    assert "It is not related to another recommendation yet." in ada.get(f"{page}relations/").text
    assert ada.post("/staff/r/remove/recommendations/law/").status_code == 302
