"""Staff name things by number, title, name or address; pages list what was asked for, and a name of several is said."""

import html
import re
from collections.abc import Callable

import pytest

from app.services.container import Services
from projections.catalogue import queries as catalogue
from projections.engine.batches import END_OF_TIME
from projections.engine.position import last_applied_at
from projections.lineage.queries import stated_by
from tests.support.staff_client import Member, Members, send_form

OPINIONS, MERGE = "/staff/small/opinions/", "/staff/small/bodies/merge/"
RELATIONS, RESPOND = "/staff/small/recommendations/law/relations/", "/staff/small/recommendations/law/respond/"
ADDRESSEES = "/staff/small/recommendations/law/addressees/"
SENATE = "/staff/small/facts/bodies/senate/"
TWO_COURTS = (
    "2 bodies have the name “Court”. Write the ID of the one that you mean: north (state), south (Southern Court)"
)


def _text(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def _stored(page: str) -> dict[str, str]:
    """The single lines of the form that changes a fact."""
    found = re.findall(r'<input[^>]* name="([\w-]+)"(?: type="text")? value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found if name != "csrf_token"}


def _choices(page: str, field: str) -> list[str]:
    return re.findall(rf'name="{field}_is" value="([^"]+)"', page)


@pytest.fixture
def ada(member: Members) -> Member:
    return member("ada")


@pytest.fixture
def add(ada: Member) -> Callable[[str, str], None]:
    """Adds pasted rows of a kind."""

    def add_rows(kind: str, rows: str) -> None:
        answer = ada.confirm(f"/staff/small/setup/{kind}/", action="paste", pasted=rows)
        assert answer.status_code == 302, answer.text

    return add_rows


@pytest.fixture
def courts(add: Callable[[str, str], None]) -> None:
    """Two bodies have one name."""
    add("bodies", "id\tname\tshort_name\tparent\nnorth\tCourt\t\tstate\nsouth\tCourt\tSouthern Court\tstate\n")


@pytest.fixture
def numbered(add: Callable[[str, str], None]) -> None:
    """Two publications have a recommendation with the number 2."""
    columns = "id\tnumber\ttitle\tsummary\tkind\ttheme\taddressees\tpublication\trecommended_on\n"
    rest = "All of it.\tone_off\tlaws\tsenate"
    rows = (
        f"first\t2\tPay judges\t{rest}\treport\t2024\n"
        f"second\t2\tTrain judges\t{rest}\tarticle\t2024\n"
        f"third\t7(a)\tPay teachers by 2 laws\t{rest}\tarticle\t2024\n"
    )
    add("recommendations", columns + rows)


@pytest.mark.parametrize(
    ("path", "title"),
    [
        (OPINIONS, "Hold talks"),
        (MERGE, "Ministry"),
        (RESPOND, 'value="ministry"'),
        (RESPOND, 'value="body/ministry"'),
        (RELATIONS, "Hold talks"),
    ],
)
def test_a_page_does_not_grow_with_the_register(ada: Member, path: str, title: str) -> None:
    assert title not in ada.get(path).html


def test_an_item_is_found_by_its_number_or_by_words(ada: Member, numbered: None) -> None:
    found = ada.post(OPINIONS, action="find_item", item="2").text
    assert _choices(found, "item") == ["first/", "second/", "third/"]
    assert "2 Pay judges" in _text(found)
    parts = ada.post(OPINIONS, action="find_item", item="fill the post").text
    assert _choices(parts, "item") == ["post/appointed", "post/kept", "post/funded"]
    assert _choices(ada.post(OPINIONS, action="find_item", item="kept filled").text, "item") == ["post/kept"]
    nothing = ada.post(OPINIONS, action="find_item", item="shipowners")
    assert "No recommendation and no part has this number or these words." in nothing.text
    persons = ["person-ana", "person-ben"]
    unclear = ada.post(OPINIONS, item="judges", persons=persons)
    assert unclear.status_code == 400 and "Choose what to assess." in unclear.text
    assert _choices(unclear.text, "item") == ["first/", "second/"]
    assert ada.post(OPINIONS, item="judges", item_is="second/", persons=persons).status_code == 302
    assert ada.post(OPINIONS, item="kept filled", persons=persons).status_code == 302
    listed = _text(ada.get(OPINIONS).text)
    assert "Train judges 0 of 2" in listed and "Fill the post: Kept filled 0 of 2" in listed


def test_a_relation_names_the_other_one_by_its_number(ada: Member, numbered: None, small: Services) -> None:
    several = ada.post(RELATIONS, relation="renews", to="2")
    assert several.status_code == 400
    assert "Choose what you mean by “2”." in several.text
    assert _choices(several.text, "to")[:2] == ["recommendation/first", "recommendation/second"]
    assert "The report" in several.text
    assert ada.confirm(RELATIONS, relation="renews", to="2", to_is="recommendation/second").status_code == 302
    assert "Train judges" in ada.get(RELATIONS).text
    unknown = ada.post(RELATIONS, relation="renews", to="Ship it")
    assert "“Ship it” is neither the id nor the title of a recommendation." in unknown.text
    header = "from\trelation\tto\n"
    pasted = ada.post("/staff/small/relations/", pasted=f"{header}Hold talks\trenews\t2\n")
    assert "2 recommendations have the number or title “2”" in _text(pasted.text)
    done = ada.confirm("/staff/small/relations/", pasted=f"{header}Hold talks\trenews\t7 (A)\n")
    assert done.status_code == 302
    with small.views.connect() as db:
        relations = {i: [r.facts.to for r in stated_by(db, "small", i, last_applied_at(db))] for i in ("law", "talks")}
    assert relations == {"law": ["second"], "talks": ["third"]}


def test_bodies_are_merged_by_their_names(ada: Member, courts: None, small: Services) -> None:
    found = ada.post(MERGE, action="find_body", body="cou", why="Typed.").text
    assert set(_choices(found, "body")) == {"body/north", "body/south"}
    assert "ID north" in found and "Typed." in found
    fields = {"body": "Court", "into": "senate", "on": "2024-05", "why": "An act joined them."}
    assert "Choose what you mean by “Court”." in ada.post(MERGE, **fields).text
    assert "Choose a body." in ada.post(MERGE, **fields | {"body": ""}).text
    assert send_form(ada, MERGE, confirms=True, **fields | {"body_is": "body/south"}).status_code == 302
    with small.views.connect() as db:
        assert catalogue.body_tree(db, "small", END_OF_TIME).current("south") == "senate"


def test_a_response_is_of_a_body_that_was_asked_or_found(ada: Member) -> None:
    page = ada.get(RESPOND).html
    assert _choices(page, "body") == ["body/senate"]
    said = {"position": "rejects", "given_on": "2024-05-02", "summary": "No.", "evidence": ["story"], "action": "send"}
    assert "Choose a body." in ada.post(RESPOND, **said).text
    found = ada.post(RESPOND, **said | {"action": "find_body", "body": "minis"})
    assert _choices(found.text, "body") == ["body/ministry"]
    assert "2024-05-02" in found.text
    other = ada.post(RESPOND, **said, body="minis", body_is="body/ministry")
    assert "was never addressed to “Ministry”" in other.text
    assert ada.post(RESPOND, **said, body_is="body/senate").status_code == 302


def test_a_name_that_two_bodies_have_is_said_wherever_it_is_typed(ada: Member, courts: None) -> None:
    rows = "title\tsummary\tkind\ttheme\taddressees\tpublication\trecommended_on\n"
    pages = (
        ada.post(ADDRESSEES, action="paste", pasted="Court\n", rows="0"),
        ada.post("/staff/small/setup/bodies/", action="paste", pasted="name\tparent\nBench\tCourt\n"),
        ada.post(
            "/staff/small/setup/recommendations/",
            action="paste",
            pasted=f"{rows}A\tB\tone_off\tlaws\tState; Court\treport\t2024\n",
        ),
        ada.post(
            "/staff/small/responses/",
            pasted="recommendation\tbody\tposition\tgiven_on\tsummary\tevidence\nlaw\tCourt\tnotes\t2024\tYes.\tstory\n",
        ),
        ada.post(SENATE, **_stored(ada.get(SENATE).html) | {"parent": "Court"}, why="So."),
    )
    for page in pages:
        assert page.status_code == 400
        assert TWO_COURTS in _text(page.text), _text(page.text)


def test_pasted_responses_name_everything_in_words(ada: Member) -> None:
    header = "recommendation\telement\tbody\tposition\tgiven_on\tsummary\tevidence\tassessment\n"
    row = (
        "Renew the law\t\tSenate\tnotes\t2024-05\tIt took note.\tA story; https://www.example.org/oath/\t1 March 2024\n"
    )
    wrong = ada.post("/staff/small/responses/", pasted=header + row.replace("A story", "A myth"))
    assert "“A myth” is neither the id nor the title nor the address of a source" in wrong.text
    assert ada.post("/staff/small/responses/", pasted=header + row).status_code == 302
    assert "Renew the law: Senate, takes note, May 2024" in ada.get("/staff/small/responses/").text


def test_stored_facts_have_pages_and_a_search(ada: Member, add: Callable[[str, str], None]) -> None:
    add("bodies", "id\tname\n" + "".join(f"office-{n:02}\tOffice {n:02}\n" for n in range(60)))
    path = "/staff/small/facts/bodies/"
    first = ada.get(path)
    assert first.html.count(">ID ") == 50
    assert f"{path}?page=2" in first.links()
    assert "Office 55" not in first.text
    assert "Senate" in ada.get(f"{path}?page=2").text
    found = ada.get(f"{path}?q=office 55")
    assert f"{path}office-55/" in found.links() and found.html.count(">ID ") == 1
    assert "None has these words." in ada.get(f"{path}?q=shipyard").text


def test_facts_are_changed_by_the_names_of_what_they_name(ada: Member, small: Services) -> None:
    path = "/staff/small/facts/recommendations/law/"
    page = ada.get(path).html
    assert 'name="theme" type="text" value="Laws"' in page
    stored = _stored(page)
    form = stored | {"summary": "Renew it.", "kind": "one_off", "priority": ""}
    wrong = ada.post(path, **form | {"theme": "Harbours"}, why="So.")
    assert "“Harbours” is neither the id nor the name of a theme." in wrong.text
    changed = {"theme": "offices", "also_in": "The report"}
    assert ada.confirm(path, **form | changed, why="So.").status_code == 302
    with small.views.connect() as db:
        law = catalogue.recommendation(db, "small", "law", last_applied_at(db))
    assert law and (law.facts.theme, law.facts.also_in, law.facts.addressees) == ("offices", ("report",), ("senate",))
