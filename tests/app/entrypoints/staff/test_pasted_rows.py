"""Pasted rows: each cause once with the person's own rows, what is missing made with a button, ids that are shown."""

import csv
import html
import io
import re

import pytest

from app.services.container import Services
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from tests.support.staff_client import Member, Members
from tests.support.staff_forms import text_in_field

HEADER = "title\tsummary\tkind\ttheme\taddressees\tpublication\trecommended_on"
THEMES = ("Health", "Schools", "Courts", "Water & air", "국가인권")
BODIES = ("Ministry of Health", "Ministry of Schools", "High Court")


@pytest.fixture
def ada(small: Services, member: Members) -> Member:
    return member("ada")


def _seventy(publication: str = "report-one") -> str:
    rows = (
        f"Do thing {n}\tAll of it.\tone_off\t{THEMES[n % 5]}\t{BODIES[n % 3]}; {BODIES[(n + 1) % 3]}\t{publication}\t2024"
        for n in range(70)
    )
    return "\n".join([HEADER, *rows])


def _causes(text: str) -> list[str]:
    return [" ".join(html.unescape(h).split()) for h in re.findall(r"<h3>(.*?)</h3>", text, re.DOTALL)]


def _places(text: str) -> list[str]:
    return [" ".join(html.unescape(p).split()) for p in re.findall(r'<p class="where"[^>]*>(.*?)</p>', text, re.DOTALL)]


def test_a_wrong_parent_is_in_the_row_of_the_person(ada: Member) -> None:
    answer = ada.post("/staff/small/setup/bodies/", action="paste", pasted="name\tparent\nNew body\tNo Such Parent")
    assert answer.status_code == 400
    assert _causes(answer.text) == ["parent: “No Such Parent” is neither the id nor the name of a body"]
    assert _places(answer.text) == ["row 2"]
    assert ".csv" not in answer.text.replace(f"{_report(answer.text)}.csv", "")
    assert answer.text.count("No Such Parent") == 2  # in the sentence, and in the field


def test_seventy_rows_with_names_are_a_handful_of_causes(ada: Member) -> None:
    answer = ada.post("/staff/small/setup/recommendations/", action="paste", pasted=_seventy("Annual report"))
    assert answer.status_code == 400
    page = answer.text.replace(text_in_field(answer, "pasted").replace("&", "&amp;"), "")
    assert len(page) < 20_000
    assert _causes(answer.text) == [
        "theme: 5 values are neither ids nor names of themes",
        "addressees: 3 values are neither ids nor names of bodies",
        "publication: “Annual report” is neither the id nor the title of a publication",
    ]
    assert _places(answer.text) == [
        "rows 2–71: “Health”, “Schools”, “Courts”, “Water & air” and “국가인권”",
        "rows 2–71: “Ministry of Health”, “Ministry of Schools” and “High Court”",
        "rows 2–71",
    ]
    assert "Make 5 themes" in answer.text
    assert "Make 3 bodies" in answer.text
    assert 'class="err"' not in answer.text
    assert text_in_field(answer, "pasted") == _seventy("Annual report")


def test_what_is_missing_is_made_and_the_rows_are_kept(ada: Member, small: Services) -> None:
    path, pasted = "/staff/small/setup/recommendations/", _seventy("report")
    answer = ada.confirm(path, action="make.theme", pasted=pasted)
    assert _causes(answer.text) == ["addressees: 3 values are neither ids nor names of bodies"]
    assert text_in_field(answer, "pasted") == pasted
    answer = ada.confirm(path, action="make.addressees", pasted=pasted)
    assert answer.status_code == 200, answer.text
    assert "70 rows are right" in answer.text
    with small.views.connect() as db:
        known_at = last_applied_at(db)
        themes = catalogue.themes(db, "small", known_at)
        assert {"health", "schools", "courts", "water-air", "gukgaingwon"} <= set(themes)
        assert themes["water-air"].title == "Water & air"
        assert len(catalogue.recommendations(db, "small", known_at)) == 3
    stored = ada.confirm(path, action="paste", pasted=text_in_field(answer, "pasted"))
    assert stored.status_code == 302
    with small.views.connect() as db:
        added = catalogue.recommendations(db, "small", last_applied_at(db))
    assert len(added) == 73
    assert added["do-thing-4"].facts.theme == "gukgaingwon"
    assert added["do-thing-4"].facts.addressees == ("ministry-of-schools", "high-court")


def test_names_are_found_as_ids_are(ada: Member) -> None:
    row = "id\tname\tparent\nboard\tThe board\t{}"
    with_name = ada.confirm("/staff/small/setup/bodies/", action="paste", pasted=row.format(" STATE "))
    assert with_name.status_code == 302, with_name.text


def test_an_id_is_always_found_and_shown_before_it_is_stored(ada: Member, small: Services) -> None:
    path = "/staff/small/setup/bodies/"
    shown = ada.post(path, action="paste", pasted="name\n국가인권위원회\n국가인권위원회 \n★")
    assert shown.status_code == 200
    assert "Nothing has been saved yet" in shown.text
    expected = "id\tname\ngukgaingwonwiwonhoe\t국가인권위원회\ngukgaingwonwiwonhoe-2\t국가인권위원회\nbodies-1\t★"
    assert text_in_field(shown, "pasted") == expected
    with small.views.connect() as db:
        assert "gukgaingwonwiwonhoe" not in catalogue.bodies(db, "small", last_applied_at(db))
    assert ada.confirm(path, action="paste", pasted=expected).status_code == 302
    again = ada.confirm(path, action="one", name="국가인권위원회")
    assert again.status_code == 302
    with small.views.connect() as db:
        bodies = catalogue.bodies(db, "small", last_applied_at(db))
    assert {"gukgaingwonwiwonhoe", "gukgaingwonwiwonhoe-2", "gukgaingwonwiwonhoe-3", "bodies-1"} <= set(bodies)


def test_titles_that_begin_alike_get_different_ids(ada: Member) -> None:
    title = "Publish every contract above fifty thousand within thirty days of its signature"
    rows = [f"{title} {part}\tAll.\tone_off\toffices\tstate\treport\t2024" for part in ("in the north", "in the south")]
    shown = ada.post("/staff/small/setup/recommendations/", action="paste", pasted="\n".join([HEADER, *rows]))
    assert shown.status_code == 200, shown.text
    ids = [line.partition("\t")[0] for line in text_in_field(shown, "pasted").splitlines()[1:]]
    assert len(set(ids)) == 2
    assert all(re.fullmatch("[a-z0-9][a-z0-9-]{0,79}", ident) for ident in ids)


def test_all_problems_are_in_the_download(ada: Member, member: Members) -> None:
    pasted = "name\tposition\nA\t=1+1\nB\tlast\n\t3"
    answer = ada.post("/staff/small/setup/bodies/", action="paste", pasted=pasted)
    assert _causes(answer.text) == ["position: 2 values are no whole numbers", "name: the cell is empty"]
    address = f"/staff/problems/{_report(answer.text)}.csv"
    download = ada.client.get(address)
    assert download.data.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(download.data.decode("utf-8-sig")))) == [
        ["File", "Row", "Column", "Value", "Problem", "What to do"],
        ["", "2", "position", "'=1+1", "“=1+1” is not a whole number from 0 to 999999999.", ""],
        ["", "3", "position", "last", "“last” is not a whole number from 0 to 999999999.", ""],
        ["", "4", "name", "", "the cell is empty.", "Enter a value."],
    ]
    assert member("ben").client.get(address).status_code == 404
    ada.post("/staff/small/setup/bodies/", action="paste", pasted="name\tposition\nA\tsoon")
    assert ada.client.get(address).status_code == 404


def test_sentences_are_in_the_language_of_the_page(ada: Member) -> None:
    ada.post("/staff/account/", name="Ada", language="ko")
    answer = ada.post("/staff/small/setup/bodies/", action="paste", pasted="name\tparent\nNew\tA b\nOld\tC d")
    assert _causes(answer.text) == ["parent: 기관의 식별자도 이름도 아닌 값이 2개 있습니다"]
    assert _places(answer.text) == ["2–3행: “A b”, “C d”"]
    assert "기관 2개 만들기" in answer.text


def _report(text: str) -> str:
    found = re.search(r"/staff/problems/([0-9a-f]{16})\.csv", text)
    return found[1] if found else ""
