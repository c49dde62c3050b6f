"""Amending stored facts in the browser, and translations next to their originals."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.presentation.i18n.field_labels import LABELS
from domain.amendments import CHANGEABLE_FIELDS
from tests.support.staff_client import Member
from tests.support.staff_forms import change_form, form_values

LAW = "/staff/small/facts/recommendations/law/"
TRANSLATIONS = "/staff/small/translations/"


def test_a_recommendation_is_reworded_with_a_public_reason(member: Callable[[str], Member], staff_app: Flask) -> None:
    ada, public = member("ada"), staff_app.test_client()
    silent = change_form(ada, LAW, title="Renew the Act")
    assert silent.status_code == 400
    assert "Enter why you changed it. The reason is public." in silent.text
    assert "Renew the Act" in silent.text
    assert "Stored now: Renew the law" in silent.text
    assert change_form(ada, LAW, title="Renew the Act", why="Its name in the report.").status_code == 302
    page = public.get("/small/recommendations/law/").text
    assert "Renew the Act" in page
    assert "Its name in the report." in page
    before = public.get("/small/recommendations/law/?known_at=2026-03-01").text
    assert "Renew the law" in before
    assert "Renew the <mark>Act</mark>" in public.get("/small/search?q=act").text


def test_every_field_that_can_change_has_a_label() -> None:
    assert {name for names in CHANGEABLE_FIELDS.values() for name in names} <= LABELS.keys()


@pytest.mark.parametrize(
    ("path", "change", "seen"),
    [
        ("settings/small/", {"title": "The register, renamed"}, "/small/"),
        ("themes/laws/", {"title": "Statutes"}, "/small/themes/laws/"),
        ("bodies/senate/", {"name": "The Upper House"}, "/small/bodies/senate/"),
        ("publications/article/", {"title": "The article, corrected"}, "/small/recommendations/law/"),
        ("elements/post/?element=kept", {"title": "Kept filled for long"}, "/small/recommendations/post/"),
    ],
)
def test_each_kind_of_thing_can_be_changed(
    member: Callable[[str], Member], staff_app: Flask, path: str, change: dict[str, str], seen: str
) -> None:
    ada = member("ada")
    whole = f"/staff/small/facts/{path}"
    assert change_form(ada, whole, **change, why="A slip of the pen.").status_code == 302
    assert next(iter(change.values())) in staff_app.test_client().get(seen).text
    assert next(iter(change.values())) in ada.get(f"/staff/small/facts/{path.split('/')[0]}/").text
    assert "A slip of the pen." in ada.get("/staff/small/history/").text


def test_the_second_person_can_be_asked_for_from_now_on(member: Callable[[str], Member]) -> None:
    ada = member("ada")
    assert change_form(
        ada, "/staff/small/facts/settings/small/", peer_review="always", why="We are three now."
    ).location
    assert 'value="always" selected' in ada.get("/staff/small/facts/settings/small/").html


def test_an_invalid_value_is_refused_next_to_its_field(member: Callable[[str], Member]) -> None:
    ada = member("ada")
    for path, fields, sentence in (
        ("bodies/state/", {"parent": "ministry"}, "“State” would be a part of itself."),
        ("bodies/state/", {"parent": "none"}, "“none” is neither the id nor the name of a body."),
        (
            "publications/article/",
            {"published_on": "soon"},
            "“soon” is not a date. Write it like 20 Jan 2025, 2025-01 or 2025.",
        ),
        ("themes/laws/", {"title": ""}, "Enter a value. This cannot be empty."),
        ("reviews/yearly/", {"every_years": "often"}, "Enter a whole number of years, 1 or more."),
        ("reviews/yearly/", {"as_of": "2026-09-14"}, "Enter either one day, or an anniversary"),
        ("themes/laws/", {}, "You have not changed anything."),
    ):
        answer = change_form(ada, f"/staff/small/facts/{path}", **{"why": "x"} | fields)
        assert answer.status_code == 400
        assert sentence in answer.text, path
    ada.get("/staff/small/facts/themes/none/", status=404)
    ada.get("/staff/small/facts/nothings/", status=404)


def test_another_person_was_faster(member: Callable[[str], Member]) -> None:
    one, two = member("ada"), member("ada")
    old = form_values(one, LAW)
    change_form(two, LAW, title="Theirs", why="x")
    answer = one.post(LAW, **old | {"title": "Mine", "why": "x"})
    assert answer.status_code == 400
    assert "This changed after you opened the form. Check it and send it again." in answer.text
    assert "Stored now: Theirs" in answer.text
    assert 'value="Mine"' in answer.text


def test_a_review_is_scheduled_once_or_again_and_again(member: Callable[[str], Member]) -> None:
    ada, path = member("ada"), "/staff/small/facts/reviews/"
    refused = ada.post(path, title="Five years on", title_ko="", as_of="", anniversary_of="", years="", every_years="")
    assert "Enter either one day, or an anniversary and how often it repeats in years." in refused.text
    assert "Five years on" in refused.text
    ada.confirm(path, title="Five years on", as_of="2028-09-14", anniversary_of="2023-09-14", years="5")
    ada.confirm(path, title="Every two years", anniversary_of="2023-09-14", every_years="2")
    text = ada.get(path).text
    assert "Five years on" in text
    assert "Every two years" in text
    assert change_form(ada, f"{path}five-years-on/", as_of="2028-09-15", why="A holiday.").status_code == 302
    again = ada.post(path, title="Every two years", anniversary_of="2023-09-14", every_years="2")
    assert "There is already a review “Every two years”." in again.text


def test_translations_are_shown_next_to_their_originals(member: Callable[[str], Member], staff_app: Flask) -> None:
    ada = member("ada")
    name = "recommendations.law.title_ko"
    page = ada.get(TRANSLATIONS)
    assert "Renew the law" in page.text
    assert "original changed since" not in page.text.replace("Missing, or the original has changed", "")
    assert change_form(ada, TRANSLATIONS, **{name: "법을 갱신할 것"}).status_code == 302
    assert "법을 갱신할 것" in staff_app.test_client().get("/ko/small/recommendations/law/").text
    assert name not in ada.get(TRANSLATIONS).html
    change_form(ada, LAW, title="Renew the Act", why="Its name.")
    late = ada.get(TRANSLATIONS)
    assert f'id="c-{name}"' in late.html
    assert "법을 갱신할 것" in late.html
    change_form(ada, TRANSLATIONS, checked=name)
    assert name not in ada.get(TRANSLATIONS).html
    change_form(ada, LAW, title="Renew the whole Act", why="Its name.")
    change_form(ada, TRANSLATIONS, **{name: "법 전체를 갱신할 것"})
    assert name not in ada.get(TRANSLATIONS).html
    assert "법 전체를 갱신할 것" in ada.get(f"{TRANSLATIONS}?show=all").html


def test_one_refused_translation_stops_none_of_the_others(member: Callable[[str], Member]) -> None:
    ada = member("ada")
    fields = {"recommendations.law.title_ko": "\u202e1+1 법", "themes.laws.title_ko": "법률"}
    answer = change_form(ada, TRANSLATIONS, **fields)
    assert answer.status_code == 400
    assert answer.text.count("Title ko contains RIGHT-TO-LEFT OVERRIDE") == 2
    assert "1+1 법" in answer.text
    assert "법률" in ada.get(f"{TRANSLATIONS}?show=all").html


@pytest.mark.parametrize("kind", ["settings", "publications", "bodies", "themes", "recommendations", "elements"])
def test_each_list_is_well_made(member: Callable[[str], Member], kind: str) -> None:
    ada = member("ada")
    for link in ada.get(f"/staff/small/facts/{kind}/").links():
        if "/facts/" in link:
            ada.get(link)
