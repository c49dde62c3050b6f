"""Success criteria of many items: drafted in one table, approved in another, each in one commit."""

import io
import re
from collections.abc import Callable

from openpyxl import load_workbook

from app.services.container import Services
from domain import commands as c
from domain.codes import Kind
from domain.ids import recommendation_id
from domain.recommendation.aggregate import Recommendation
from domain.values import Element, RecommendationFacts
from projections.worklist.queries import criteria_drafts_page
from tests.support.staff_client import Member

PATH, APPROVALS = "/staff/small/bulk/criteria/", "/staff/small/bulk/approvals/"
TEXTS = {"counts": "A text.", "does_not_count": "A speech.", "sources_needed": "The gazette."}


def _add_items(services: Services) -> None:
    """A recommendation, and one with a part, without success criteria."""
    for ident in ("census", "school"):
        facts = RecommendationFacts(
            id=ident, title=f"Do the {ident}", summary="Do it.", kind=Kind.ONE_OFF, theme="laws",
            addressees=("senate",), publication="report", recommended_on="2023-09",
        )  # fmt: skip
        services.execute(c.RegisterRecommendation("small", facts=facts), by="person-ada")
    part = Element(id="built", title="Built", kind=Kind.ONE_OFF, core=True, done_when="It is built.")
    services.execute(c.AddElement("small", recommendation="school", element=part), by="person-ada")


def _versions(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(version\.[^"]+)" value="(\d+)"', page))


def _cells(*keys: str, **changes: str) -> dict[str, str]:
    return {f"{name}.{key}": text for key in keys for name, text in (TEXTS | changes).items()}


def _drafts(services: Services) -> dict[str, tuple[str, str]]:
    with services.views.connect() as db:
        drafts = criteria_drafts_page(db, "small", skip=0, limit=100)
    return {f"{d.recommendation}.{d.card.element}": (d.card.counts, d.author) for d in drafts}


def test_items_without_criteria_are_drafted_in_one_commit(services: Services, member: Callable[[str], Member]) -> None:
    _add_items(services)
    ana = member("ana")
    page = ana.get(PATH).html
    assert re.findall(r'name="row" value="([^"]+)"', page) == ["census", "school.built"]
    keys = ["census", "school.built"]
    form = {"row": keys, "pick": keys} | _versions(page) | _cells(*keys)
    checked = ana.post(PATH, action="check", **form)
    assert (checked.status_code, checked.text.count("This row is right.")) == (200, 2)
    assert _drafts(services) == {}
    before = services.log.last()
    saved = ana.post(PATH, action="store", **form)
    assert saved.location == f"{PATH}?stored=2"
    assert services.log.last()[0] - before[0] == 2
    assert _drafts(services) == {
        "census.": ("A text.", "person-ana"), "school.built": ("A text.", "person-ana")
    }  # fmt: skip
    after = ana.get(saved.location)
    assert "2 drafts are saved. Another person approves them." in after.text
    assert "Every item has success criteria or a draft." in after.text


def test_a_wrong_row_stops_all_unless_only_the_right_ones_are_wanted(
    services: Services, member: Callable[[str], Member]
) -> None:
    _add_items(services)
    ana = member("ana")
    form = {"row": ["census", "school.built"], "pick": ["census", "school.built"]} | _versions(ana.get(PATH).html)
    form |= _cells("census") | _cells("school.built", counts="", does_not_count="Only a plan.")
    refused = ana.post(PATH, action="store", **form)
    assert refused.status_code == 400
    assert refused.text.count("Enter a sentence or two.") == 2  # in the summary and at its field
    assert 'href="#f-counts.school.built"' in refused.text
    assert "Only a plan." in refused.text
    assert _drafts(services) == {}
    right = ana.post(PATH, action="store_right", **form)
    assert right.status_code == 400
    assert 'name="row" value="census"' not in right.text
    assert "Only a plan." in right.text
    assert set(_drafts(services)) == {"census."}
    assert "Select at least one row." in ana.post(PATH, action="store", row=["census"]).text


def test_all_rows_are_selected_at_once_except_those_that_cannot_be(
    services: Services, member: Callable[[str], Member]
) -> None:
    _add_items(services)
    ana, ben = member("ana"), member("ben")
    keys = ["census", "school.built"]
    page = ana.post(PATH, action="select_all", row=keys, **{"counts.census": "Typed."}).text
    assert re.findall(r'name="pick" value="([^"]+)"[^>]* checked', page) == keys
    assert "Typed.</textarea>" in page
    ana.post(PATH, action="store", row=keys, pick=["census"], **_versions(page), **_cells("census"))
    ben.post(PATH, action="store", row=keys, pick=keys[1:], **_versions(page), **_cells("school.built"))
    page = ben.post(APPROVALS, action="select_all", row=keys).text
    assert re.findall(r'name="pick" value="([^"]+)"[^>]* checked', page) == ["census"]
    overview = ana.get("/staff/small/", select="page").html
    assert len(re.findall(r'name="pick" value="[^"]+"\s+checked', overview)) == 5


def test_a_filter_and_hidden_registers(services: Services, member: Callable[[str], Member]) -> None:
    _add_items(services)
    ana = member("ana")
    assert re.findall(r'name="row" value="([^"]+)"', ana.get(PATH, q="do census").html) == ["census"]
    assert re.findall(r'name="row" value="([^"]+)"', ana.get(PATH, q="built").html) == ["school.built"]
    assert ana.client.get("/staff/other/bulk/criteria/").status_code == 403
    assert ana.client.post(PATH, data={"action": "store", "pick": "census"}).status_code == 400  # without a token


def test_a_sheet_of_criteria_comes_back_as_the_table(services: Services, member: Callable[[str], Member]) -> None:
    _add_items(services)
    ana = member("ana")
    book = load_workbook(io.BytesIO(ana.client.get(f"{PATH}sheet.xlsx").data))
    sheet = book["criteria"]
    header = [cell.value for cell in sheet[1]]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["census", "school.built"]
    sheet.cell(2, header.index("What counts") + 1).value = "A census."
    sheet.cell(2, header.index("What does not") + 1).value = "A survey."
    buffer = io.BytesIO()
    book.save(buffer)
    shown = ana.post(PATH, action="upload", file=(io.BytesIO(buffer.getvalue()), "mine.xlsx"))
    assert shown.status_code == 200
    assert re.findall(r'name="row" value="([^"]+)"', shown.text) == ["census"]
    assert "A survey.</textarea>" in shown.text
    assert "This row is right." in shown.text
    assert _drafts(services) == {}
    form = {"row": ["census"], "pick": ["census"]} | _versions(shown.text)
    form |= _cells("census", counts="A census.", does_not_count="A survey.")
    assert ana.post(PATH, action="store", **form).status_code == 302
    assert _drafts(services) == {"census.": ("A census.", "person-ana")}
    missing = ana.post(PATH, action="upload")
    assert missing.status_code == 400
    assert "Choose a file first." in missing.text


def test_the_same_error_in_many_rows_is_one_sentence_of_the_summary(
    services: Services, member: Callable[[str], Member]
) -> None:
    _add_items(services)
    keys = ["census", "school.built"]
    page = member("ana").post(PATH, action="check", row=keys, pick=keys, **_cells(*keys, counts=""))
    assert page.status_code == 400
    summary = page.text[page.text.index('class="summary"') : page.text.index("<h1")]
    assert summary.count("Enter a sentence or two.") == 1
    assert "2 rows:" in summary
    assert re.findall(r'href="#f-counts\.([^"]+)"', summary) == keys


def test_one_text_is_copied_to_the_selected_rows(services: Services, member: Callable[[str], Member]) -> None:
    _add_items(services)
    ana = member("ana")
    form = {"row": ["census", "school.built"], "pick": ["census"], "counts.school.built": "Mine."}
    page = ana.post(PATH, action="fill", **form, **{"fill.counts": "A published text."}).text
    assert page.count("A published text.</textarea>") == 2  # above the table and in the selected row
    assert "Mine.</textarea>" in page
    assert _drafts(services) == {}


def test_only_another_person_approves_and_a_changed_draft_is_refused(
    services: Services, member: Callable[[str], Member]
) -> None:
    _add_items(services)
    ana, ben = member("ana"), member("ben")
    keys = ["census", "school.built"]
    ana.post(PATH, action="store", row=keys, pick=keys, **_versions(ana.get(PATH).html), **_cells(*keys))
    page = ben.get(APPROVALS)
    assert "The gazette." in page.text
    assert "by Ana" in page.text
    form = {"row": keys, "pick": keys} | _versions(page.html)
    changed = {"element": "", "counts": "Another text.", "does_not_count": "A speech.", "sources_needed": ""}
    ana.post("/staff/small/recommendations/census/card/", **changed)
    refused = ben.post(APPROVALS, action="store", **form)
    assert refused.status_code == 400
    assert "Another person changed this recommendation after you opened it." in refused.text
    assert "Another text." in refused.text
    assert len(_drafts(services)) == 2
    before = services.log.last()
    approved = ben.confirm(APPROVALS, action="store", row=keys, pick=keys, **_versions(refused.text))
    assert approved.location == APPROVALS
    assert services.log.last()[0] - before[0] == 2
    census = services.tracker.load(Recommendation, recommendation_id("small", "census"))
    assert census.criteria_numbers == {"": 1}


def test_an_author_cannot_select_or_send_their_own_draft(services: Services, member: Callable[[str], Member]) -> None:
    _add_items(services)
    ben = member("ben")
    ben.post(PATH, action="store", row=["census"], pick=["census"], **_versions(ben.get(PATH).html), **_cells("census"))
    page = ben.get(APPROVALS).html
    assert "You wrote this draft. Another person must approve it." in page
    assert 'name="pick" value="census"' not in page
    forged = ben.post(APPROVALS, action="store", row=["census"], pick=["census"], **_versions(page))
    assert forged.status_code == 400
    assert set(_drafts(services)) == {"census."}
    assert member("ana").client.get(APPROVALS).status_code == 403
    assert member("rita").client.get(PATH).status_code == 403
