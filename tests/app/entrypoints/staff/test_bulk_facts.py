"""Many facts are changed in one table or one sheet, with one public reason, after the page has shown what changes."""

import io
import re
from collections.abc import Callable
from typing import Any

from openpyxl import load_workbook

from app.services.container import Services
from domain.events import read_event
from domain.evidence.aggregate import Evidence
from domain.evidence.events import EvidenceAmended
from domain.ids import evidence_id
from domain.recommendation.events import RecommendationAmended
from domain.register.events import BodyAmended
from tests.support.staff_client import Member

PATH, SOURCES = "/staff/small/bulk/facts/recommendations/", "/staff/small/bulk/source-facts/"


def _start(page: str) -> dict[str, Any]:
    """The rows and versions of the form, and its confirmation if it has one."""
    fields: dict[str, Any] = dict(re.findall(r'name="(version\.[^"]+)" value="([^"]+)"', page))
    shown_changes = re.findall(r'name="shown_changes" value="(\w+)"', page)
    return fields | {
        "row": re.findall(r'name="row" value="([^"]+)"', page),
        "shown_changes": (shown_changes or [""])[0],
    }


def _events(services: Services, after: int) -> list[Any]:
    return [read_event(data) for _id, _stamp, data in services.log.rows_after(after, 100)]


def _changes(page: str) -> list[str]:
    found = re.findall(r"<li><b>([^<]+)</b>: <del[^>]*>([^<]*)</del>.*?<ins[^>]*>([^<]*)</ins>", page, re.DOTALL)
    return [f"{label}: {before} > {after}" for label, before, after in found]


def test_two_recommendations_are_changed_with_one_reason(services: Services, member: Callable[[str], Member]) -> None:
    ada = member("ada")
    form = _start(ada.get(PATH).html) | {"pick": ["law", "talks"], "why": "As printed."}
    assert form["row"] == ["post", "law", "talks"]
    form |= {"number.law": "7(a)", "priority.law": "yes", "theme.talks": "laws", "recommended_on.law": "Sept 2023"}
    before = services.log.last()[0]
    early = ada.post(PATH, action="store", **form)
    assert early.status_code == 400
    assert "Look at what changes, and press the button again." in early.text
    shown = ada.post(PATH, action="check", **form)
    assert shown.status_code == 200
    assert _changes(shown.text) == ["Number: empty > 7(a)", "Priority: empty > yes", "Theme: Offices > Laws"]
    assert services.log.last()[0] == before
    assert "Change 2 rows" in shown.text
    stored = ada.post(PATH, action="store", **form | {"shown_changes": _start(shown.text)["shown_changes"]})
    assert stored.location == f"{PATH}?stored=2"
    events = _events(services, before)
    assert [type(e) for e in events] == [RecommendationAmended, RecommendationAmended]
    law, talks = events
    assert (law.facts.number, law.facts.priority, law.why, law.recorded_by) == (
        "7(a)",
        True,
        "As printed.",
        "person-ada",
    )
    assert (talks.facts.theme, talks.facts.title) == ("laws", "Hold talks")


def test_a_reason_is_required_and_what_is_edited_after_the_check_is_shown_again(
    services: Services, member: Callable[[str], Member]
) -> None:
    ada = member("ada")
    form = _start(ada.get(PATH).html) | {"pick": ["law"], "title.law": "Renew the Act"}
    before = services.log.last()[0]
    refused = ada.post(PATH, action="check", **form)
    assert refused.status_code == 400
    assert "Enter why you changed it. The reason is public." in refused.text
    form |= {"why": "Its name."}
    shown_changes = _start(ada.post(PATH, action="check", **form).text)["shown_changes"]
    edited = ada.post(PATH, action="store", **form | {"shown_changes": shown_changes, "title.law": "Renew it"})
    assert edited.status_code == 400
    assert _changes(edited.text) == ["Title: Renew the law > Renew it"]
    assert services.log.last()[0] == before


def test_a_fact_that_another_person_changed_is_refused_and_the_rest_can_go(
    services: Services, member: Callable[[str], Member]
) -> None:
    ada = member("ada")
    path = "/staff/small/bulk/facts/bodies/"
    old = _start(ada.get(path).html)
    first = old | {"pick": ["senate"], "short_name.senate": "Sen.", "why": "Shorter."}
    shown_changes = _start(ada.post(path, action="check", **first).text)["shown_changes"]
    assert ada.post(path, action="store", **first | {"shown_changes": shown_changes}).status_code == 302
    second = old | {
        "pick": ["senate", "state"],
        "short_name.senate": "S.",
        "short_name.state": "St.",
        "why": "Shorter.",
    }
    shown = ada.post(path, action="check", **second)
    assert shown.status_code == 400
    assert 'id="e-pick.senate"' in shown.text
    assert "This changed after you opened the form." in shown.text
    before = services.log.last()[0]
    shown_changes = _start(shown.text)["shown_changes"]
    rest = ada.post(path, action="store_right", **second | {"shown_changes": shown_changes})
    assert rest.status_code == 400
    assert re.findall(r'name="row" value="([^"]+)"', rest.text) == ["ministry", "senate"]
    (event,) = _events(services, before)
    assert isinstance(event, BodyAmended)
    assert (event.body.id, event.body.short_name) == ("state", "St.")


def test_a_sheet_comes_back_with_labels_and_only_its_changes_are_shown(
    services: Services, member: Callable[[str], Member]
) -> None:
    ada = member("ada")
    book = load_workbook(io.BytesIO(ada.client.get(f"{PATH}sheet.xlsx").data))
    sheet = book["recommendations"]
    header = [cell.value for cell in sheet[1]]
    assert header[:3] == ["id", "version", "Row"]
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    assert rows["law"][header.index("Theme")].value == "Laws"
    rows["law"][header.index("Theme")].value = "OFFICES"
    rows["law"][header.index("Number")].value = "60.10"
    buffer = io.BytesIO()
    book.save(buffer)
    shown = ada.post(PATH, action="upload", why="As printed.", file=(io.BytesIO(buffer.getvalue()), "mine.xlsx"))
    assert shown.status_code == 200
    assert _changes(shown.text) == ["Theme: Laws > Offices", "Number: empty > 60.10"]
    form = _start(shown.text)
    assert form["row"] == ["law"]
    before = services.log.last()[0]
    changed = {"theme.law": "offices", "number.law": "60.10", "why": "As printed.", "pick": ["law"]}
    assert ada.post(PATH, action="store", **form | changed).status_code == 302
    (event,) = _events(services, before)
    assert (event.facts.theme, event.facts.number) == ("offices", "60.10")
    wrong = ada.post(PATH, action="upload", file=(io.BytesIO(b"a,b\n1,2\n"), "x.csv"))
    assert wrong.status_code == 400
    assert "No sheet of the file has a column “id”." in wrong.text


def test_sources_are_changed_by_editors(services: Services, member: Callable[[str], Member]) -> None:
    ben = member("ben")
    page = ben.get(SOURCES).html
    form = _start(page) | {"pick": ["story", "leak"], "why": "As printed."}
    form |= {"src_publisher.story": "The Daily", "src_published_on.leak": "2025-01-05"}
    shown = ben.post(SOURCES, action="check", **form)
    assert sorted(_changes(shown.text)) == ["Published on: 2025-01 > 2025-01-05", "Publisher: Daily > The Daily"]
    before = services.log.last()[0]
    stored = ben.post(SOURCES, action="store", **form | {"shown_changes": _start(shown.text)["shown_changes"]})
    assert stored.location == f"{SOURCES}?stored=2"
    assert [type(e) for e in _events(services, before)] == [EvidenceAmended, EvidenceAmended]
    assert services.tracker.load(Evidence, evidence_id("small", "story")).facts.publisher == "The Daily"
    assert member("ana").client.get(SOURCES).status_code == 403
    assert ben.client.get(PATH).status_code == 403
    assert member("ada").client.get("/staff/small/bulk/facts/nothing/").status_code == 404
