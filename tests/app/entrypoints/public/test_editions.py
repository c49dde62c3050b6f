"""Recommendations of two cycles of a review, in two registers: the later one renews the earlier one."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from werkzeug.test import Client

from app.bootstrap.flask_app import create_app
from app.presentation.narrative.lineage import Editions
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from domain import commands as c
from domain.codes import RelationKind, Status
from domain.errors import Refused
from domain.values import Relation
from projections.catalogue import queries as catalogue
from projections.scorecards.results import TimePair
from tests.support.pages import Browser
from tests.support.story import assessment

ASSESSED = (
    "id,recommendation,status,effective_on,reason,rationale,evidence,published_by\n"
    "a1,{item},{status},{day},first_assessment,Because of the report.,source,ben\n"
)


def _cycle(
    services: Services, folder: Path, register: str, year: int, status: str, relations: str = "", **settings: object
) -> None:
    """A register with the recommendation “visits”, number 60.<cycle>, assessed once."""
    files = {
        "register.json": json.dumps(
            {"id": register, "title": f"Review of {year}", "kept_by": "K", "licence": "CC-BY-4.0"} | settings
        ),
        "themes.csv": "id,title\naccess,Access\n",
        "bodies.csv": "id,name\nstate,The state\n",
        "publications.csv": f"id,title,publisher,published_on\nreport,Report {year},Council,{year}\n",
        "recommendations.csv": (
            "id,number,title,summary,kind,theme,addressees,publication,recommended_on\n"
            f"visits,60.{year - 2000},Allow visits,Allow visits.,one_off,access,state,report,{year}-01-15\n"
            f"extra,60.1,Report yearly,Report every year.,one_off,access,state,report,{year}-01-15\n"
        ),
        "evidence.csv": (
            "id,title,publisher,url,published_on,source_class,summary\n"
            "source,A report,State,https://example.org/source,2024,official,It says so.\n"
            "second,A story,Paper,https://example.org/second,2024,news,It says so too.\n"
        ),
        "assessments.csv": ASSESSED.format(item="visits", status=status, day=f"{year + 1}-02-01"),
    }
    if relations:
        files["relations.csv"] = "from,relation,to,on\n" + relations
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    import_bundle(services, folder, ImportOptions(approve_cards="cem"))


def _open(services: Services, register: str) -> None:
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    services.execute(c.OpenRegister(register, origin="x"), by="ana")
    services.clock.go_on(days=1)  # type: ignore[attr-defined]


@pytest.fixture
def cycles(services: Services, tmp_path: Path) -> Services:
    """Cycle 3 is imported before cycle 2, which it names: the order of imports does not matter."""
    _cycle(services, tmp_path / "three", "cycle-3", 2019, "announced", "visits,renews,cycle-2:visits,2019-01-15\n")
    _cycle(services, tmp_path / "two", "cycle-2", 2014, "no_action")
    _open(services, "cycle-3")
    return services


def _tags(browser: Browser, path: str) -> list[str]:
    page = browser.get(path)
    section = next(e for e in page.root.iter("section") if e.get("aria-labelledby") == "h-editions")
    return [" ".join("".join(li.itertext()).split()) for li in section.iter("li")]


def test_both_statuses_are_side_by_side_on_both_pages(cycles: Services) -> None:
    _open(cycles, "cycle-2")
    browser = Browser(create_app(cycles).test_client())
    later = "/cycle-3/recommendations/visits/"
    earlier = "/cycle-2/recommendations/visits/"
    assert _tags(browser, later) == [
        "This recommendation Announced since 1 Feb 2020",
        "Renews 60.14 Allow visits Review of 2014 15 January 2019. No action found since 1 Feb 2015",
    ]
    assert _tags(browser, earlier) == [
        "This recommendation No action found since 1 Feb 2015",
        "Renewed by 60.19 Allow visits Review of 2019 15 January 2019. Announced since 1 Feb 2020",
    ]
    assert _tags(browser, f"{later}?as_of=2019-06-01")[0] == "This recommendation Not assessed"
    assert "None recorded." in browser.get(f"{earlier}?as_of=2018-12-31").text


def test_all_editions_are_listed_in_order_on_one_page(cycles: Services) -> None:
    _open(cycles, "cycle-2")
    browser = Browser(create_app(cycles).test_client())
    for path in ("/cycle-3/recommendations/visits/editions/", "/cycle-2/recommendations/visits/editions/"):
        page = browser.get(path)
        rows = [" ".join("".join(row.itertext()).split()) for row in page.root.iter("tr")][1:]
        assert [row.split(" Allow visits")[0] for row in rows] == ["15 January 2014 60.14", "15 January 2019 60.19"]
        assert "Renews 60.14 Allow visits (15 January 2019)" in rows[1]
    assert browser.get("/ko/cycle-3/recommendations/visits/editions/").root.get("lang") == "ko"


def _scale(prefix: str) -> dict[str, object]:
    labels = {status.value: f"{prefix} {status.value}" for status in Status}
    return {"default_scale": "own", "scales": [{"id": "own", "title": prefix, "labels": labels}]}


def test_each_edition_is_in_the_words_of_its_own_register(services: Services, tmp_path: Path) -> None:
    _cycle(services, tmp_path / "two", "cycle-2", 2014, "no_action", **_scale("Second"))
    _cycle(
        services, tmp_path / "three", "cycle-3", 2019, "announced", "visits,renews,cycle-2:visits,\n", **_scale("Third")
    )
    _cycle(services, tmp_path / "four", "cycle-4", 2024, "announced", "visits,renews,cycle-3:visits,\n")
    for register in ("cycle-2", "cycle-3", "cycle-4"):
        _open(services, register)
    browser = Browser(create_app(services).test_client())
    path = "/cycle-3/recommendations/visits/"
    own, earlier, later = _tags(browser, path)
    assert own.startswith("This recommendation Third announced since")
    assert "Second no_action since" in earlier
    assert "Announced since" in later
    rows = [" ".join("".join(row.itertext()).split()) for row in browser.get(f"{path}editions/").root.iter("tr")][1:]
    assert ["Second no_action" in rows[0], "Third announced" in rows[1], " Announced since" in rows[2]] == [True] * 3


def test_later_editions_are_read_together(cycles: Services) -> None:
    _open(cycles, "cycle-2")
    client = create_app(cycles).test_client()
    client.get("/cycle-2/")
    one = _statements(client, "/cycle-2/")
    relation = Relation(relation=RelationKind.RENEWS, to="cycle-2:extra", on="2019-01-15")
    cycles.execute(c.StateRelation("cycle-3", recommendation="extra", relation=relation), by="ana")
    cycles.clock.go_on(days=1)  # type: ignore[attr-defined]
    client.get("/cycle-2/")
    assert _statements(client, "/cycle-2/") == one
    pair = TimePair(cycles.clock().date(), cycles.clock())
    with cycles.views.connect() as db:
        own = catalogue.register(db, "cycle-2")
        assert own is not None
        assert Editions(db, own, pair).successors_in_register() == {
            "visits": [("cycle-3", "visits")],
            "extra": [("cycle-3", "extra")],
        }


def _statements(client: Client, path: str) -> int:
    """How many statements the databases run for a page."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(statements)


def test_a_register_that_is_not_open_stays_private(cycles: Services) -> None:
    browser = Browser(create_app(cycles).test_client())
    assert _tags(browser, "/cycle-3/recommendations/visits/") == [
        "This recommendation Announced since 1 Feb 2020",
        "Renews cycle-2:visits (not public here) 15 January 2019.",
    ]
    assert "Review of 2014" not in browser.get("/cycle-3/recommendations/visits/editions/").text


def test_a_draft_register_does_not_show_on_an_open_one(services: Services, tmp_path: Path) -> None:
    _cycle(services, tmp_path / "two", "cycle-2", 2014, "no_action")
    _cycle(services, tmp_path / "three", "cycle-3", 2019, "announced", "visits,renews,cycle-2:visits,\n")
    _open(services, "cycle-2")
    client = create_app(services).test_client()
    page = client.get("/cycle-2/recommendations/visits/").text
    assert "None recorded." in page and "cycle-3" not in page
    assert _item(client, "cycle-2")["relations"] == []
    assert "with_successors" not in client.get("/api/v1/registers/cycle-2/scorecard").json


def test_the_api_says_relations_from_both_sides(cycles: Services) -> None:
    _open(cycles, "cycle-2")
    client = create_app(cycles).test_client()
    fact = {"relation": "renews", "on": "2019-01-15", "note": ""}
    outgoing = [fact | {"to": "cycle-2:visits", "direction": "outgoing"}]
    incoming = [fact | {"to": "cycle-3:visits", "direction": "incoming"}]
    assert (_item(client, "cycle-3")["relations"], _item(client, "cycle-2")["relations"]) == (outgoing, incoming)
    assert client.get("/api/v1/registers/cycle-2/scorecard").json["with_successors"] == 1
    one = "/api/v1/registers/cycle-2/recommendations/visits"
    assert client.get(one).json["relations"] == incoming
    assert client.get(f"{one}/relations").json["relations"] == incoming
    assert client.get(f"{one}/relations?as_of=2018-12-31").json["relations"] == []
    assert "1 recommendation has a later edition." in client.get("/cycle-2/").text
    assert "later edition" not in client.get("/cycle-3/").text


def test_what_is_superseded_names_its_successor(services: Services, tmp_path: Path) -> None:
    _cycle(services, tmp_path / "two", "cycle-2", 2014, "superseded", "extra,supersedes,visits,2015-02-01\n")
    _open(services, "cycle-2")
    browser = Browser(create_app(services).test_client())
    page = browser.get("/cycle-2/recommendations/visits/")
    assert "Continued by" in page.text
    assert "/cycle-2/recommendations/extra/" in page.links()
    rows = ["".join(li.itertext()) for li in browser.get("/cycle-2/").root.iter("li") if li.get("class") == "row"]
    assert sorted(" ".join(row.split()).count("Continued by 60.1 Report yearly") for row in rows) == [0, 1]


def test_a_withdrawn_relation_is_gone_and_pages_as_known_before_keep_it(cycles: Services) -> None:
    _open(cycles, "cycle-2")
    before = cycles.clock().isoformat().replace("+00:00", "Z")
    cycles.clock.go_on(days=1)  # type: ignore[attr-defined]
    command = c.WithdrawRelation(
        "cycle-3", recommendation="visits", relation=RelationKind.RENEWS, to="cycle-2:visits", reason="Another one."
    )
    cycles.execute(command, by="ben")
    client = create_app(cycles).test_client()
    assert "None recorded." in client.get("/cycle-2/recommendations/visits/").text
    assert "None recorded." not in client.get(f"/cycle-2/recommendations/visits/?known_at={before}").text
    changes = client.get("/cycle-3/changes/?order=published").text
    corrections = client.get("/cycle-3/corrections/").text
    assert "Relation withdrawn" in changes and "Another one." in corrections
    assert "cycle-2:visits" not in corrections and "Allow visits" in corrections.split("Relation withdrawn")[1]
    assert "Allow visits: Relation withdrawn: renews “cycle-2:visits”" in client.get("/cycle-3/changes.atom").text
    history = client.get("/cycle-3/recommendations/visits/").text
    assert "Relation withdrawn: renews “cycle-2:visits”. Reason: Another one." in history


def test_an_import_finds_a_circle_across_registers(services: Services, tmp_path: Path) -> None:
    _cycle(services, tmp_path / "four", "cycle-4", 2024, "announced", "visits,renews,cycle-3:visits,\n")
    _cycle(services, tmp_path / "three", "cycle-3", 2019, "announced", "visits,renews,cycle-2:visits,\n")
    with pytest.raises(Refused) as refused:
        _cycle(services, tmp_path / "two", "cycle-2", 2014, "no_action", "visits,renews,cycle-4:visits,\n")
    assert str(refused.value) == (
        "relations.csv, line 2, column to: it closes a circle: “cycle-4:visits” continues “visits”, directly or through others."
    )
    command = c.WithdrawRelation(
        "cycle-3", recommendation="visits", relation=RelationKind.RENEWS, to="cycle-2:visits", reason="Another one."
    )
    services.execute(command, by="ben")
    shutil.rmtree(tmp_path / "two")
    _cycle(services, tmp_path / "two", "cycle-2", 2014, "no_action", "visits,renews,cycle-4:visits,\n")
    for register in ("cycle-2", "cycle-3", "cycle-4"):
        _open(services, register)
    page = Browser(create_app(services).test_client()).get("/cycle-2/recommendations/visits/editions/")
    assert len(list(page.root.iter("tr"))) == 4


def test_feeds_frames_and_pictures_name_the_successor(services: Services, tmp_path: Path) -> None:
    _cycle(services, tmp_path / "two", "cycle-2", 2014, "superseded", "extra,supersedes,visits,2015-02-01\n")
    _open(services, "cycle-2")
    said = {
        "status": "superseded",
        "effective_on": "2015-03-01",
        "reason": "reviewed_no_change",
        "evidence": ("source",),
    }
    again = c.ProposeAssessment("cycle-2", recommendation="visits", assessment=assessment(id="a2", **said))
    services.execute(again, by="ana")
    services.execute(c.PublishAssessment("cycle-2", recommendation="visits", assessment="a2"), by="ben")
    client = create_app(services).test_client()
    (entry,) = [e for e in client.get("/cycle-2/changes.json").json["items"] if "superseded" in e["tags"]]
    assert entry["content_text"] == "Because. (Reason: reviewed, no change.) Continued by “Report yearly”."
    assert "“Report yearly”" in client.get("/ko/cycle-2/changes.atom").text
    frame = "/cycle-2/recommendations/visits/embed/"
    assert "Continued by “Report yearly”." in client.get(frame).text
    assert "Continued by" not in client.get("/cycle-2/recommendations/extra/embed/").text
    picture = "/cycle-2/recommendations/visits/card.png"
    before = client.get(picture).data
    command = c.WithdrawRelation(
        "cycle-2", recommendation="extra", relation=RelationKind.SUPERSEDES, to="visits", reason="Another one."
    )
    services.execute(command, by="ben")
    services.clock.go_on(seconds=1)  # type: ignore[attr-defined]
    assert client.get(picture).data != before
    assert "Continued by" not in client.get(frame).text


def _item(client: Client, register: str) -> Any:
    rows = client.get(f"/api/v1/registers/{register}/scorecard").json["recommendations"]
    return next(row for row in rows if row["id"] == "visits")
