"""The demonstration registers come in as office sheets, completely, and show what they are there to show."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.bootstrap.command_line import main
from app.bootstrap.flask_app import create_app
from app.services.accounts.actors import Operator
from app.services.accounts.permissions import StaffRole
from app.services.container import Services
from app.services.demos import demo_names, load_demo
from domain.errors import Conflict, NotFound
from tests.support.clock import Clock
from tests.support.pages import Browser
from tests.support.staff_forms import add_member


@pytest.fixture
def demos(services: Services, clock: Clock) -> Services:
    clock.now = datetime(2026, 12, 1, tzinfo=UTC)
    for name in demo_names():
        load_demo(services, Operator("operator"), name)
    clock.go_on(minutes=1)
    return services


def test_every_demonstration_register_is_imported_completely_and_public(demos: Services) -> None:
    client = create_app(demos).test_client()
    browser = Browser(client)
    for name, rows in (("audit-office", 32), ("human-rights-review", 87)):
        assert len(client.get(f"/api/v1/registers/{name}/scorecard").get_json()["recommendations"]) == rows
        assert "Invented example." in browser.get(f"/{name}/").text


def test_the_audit_office_has_deadlines_responses_and_priorities(demos: Services) -> None:
    client = create_app(demos).test_client()
    items = client.get("/api/v1/registers/audit-office/scorecard").get_json()["recommendations"]
    contracts = next(item for item in items if item["number"] == "1.1")
    assert (contracts["status"], contracts["priority"], contracts["due"]["due_on"]) == ("reversed", True, "2022-12-31")
    assert [r["position"] for r in contracts["responses"]] == ["accepts"]
    detail = client.get("/api/v1/registers/audit-office/recommendations/1-1").get_json()["assessments"]
    assert [a["cause"] for a in detail if a.get("cause")] == ["repealed"]
    themes = list(dict.fromkeys(item["theme"] for item in items))
    assert themes == ["buying", "roads-and-bridges", "schools", "water", "the-digital-state", "money-and-reporting"]
    assert {item["status"] for item in items} >= {"implemented", "partly", "in_progress", "announced", "no_action"}


def test_the_human_rights_review_has_cycles_lineage_and_a_hundred_addressees(demos: Services) -> None:
    client = create_app(demos).test_client()
    scorecard = client.get("/api/v1/registers/human-rights-review/scorecard").get_json()["recommendations"]
    assert len({body["body"] for item in scorecard for body in item["addressees"]}) == 100
    item = client.get("/api/v1/registers/human-rights-review/recommendations/2-2").get_json()
    assert [(r["relation"], r["to"], r["direction"]) for r in item["standing"]["relations"]] == [
        ("renews", "1-2", "outgoing"),
        ("renews", "3-1", "incoming"),
    ]


def test_a_demonstration_register_is_loaded_once(demos: Services) -> None:
    with pytest.raises(Conflict, match="is here already"):
        load_demo(demos, Operator("operator"), "audit-office")
    with pytest.raises(NotFound, match="There are: audit-office, human-rights-review"):
        load_demo(demos, Operator("operator"), "nothing")


def test_an_administrator_of_an_empty_installation_is_offered_them(services: Services, clock: Clock) -> None:
    clock.now = datetime(2026, 12, 1, tzinfo=UTC)
    app = create_app(services)
    ada = add_member(app, services, "ada", StaffRole.ADMINISTRATOR)
    assert "Try a sample first" in ada.get("/staff/").text
    offers = ada.get("/staff/demos/").text
    assert "Audit office of Westmark" in offers
    asked = ada.post("/staff/demos/audit-office/")
    assert "Everyone can read the register at once" in asked.text
    assert ada.post("/staff/demos/audit-office/", confirmed="no").location == "/staff/demos/"
    assert app.test_client().get("/audit-office/").status_code == 404
    assert ada.post("/staff/demos/audit-office/", confirmed="yes").location == "/staff/audit-office/"
    assert "Invented example." in app.test_client().get("/audit-office/").text
    assert "is here already" in ada.post("/staff/demos/audit-office/", confirmed="yes").text


def test_a_sample_is_for_staff_only_and_is_discarded(services: Services, clock: Clock) -> None:
    clock.now = datetime(2026, 12, 1, tzinfo=UTC)
    app = create_app(services)
    ada, reader = add_member(app, services, "ada", StaffRole.ADMINISTRATOR), app.test_client()
    assert ada.post("/staff/demos/audit-office/sample/").location == "/staff/sample-audit-office/"
    assert "can never be public" in ada.get("/staff/sample-audit-office/").text
    assert "is here already" in ada.post("/staff/demos/audit-office/sample/").text
    assert "it cannot be opened" in ada.get("/staff/sample-audit-office/setup/").text
    assert "it cannot be opened" in ada.post("/staff/sample-audit-office/open/", confirmed="yes").text
    assert reader.get("/sample-audit-office/").status_code == 404
    home = ada.get("/staff/").text
    assert "Samples to play in" in home
    assert "First steps: 0 of 7 done" in home, "a sample is no step"
    assert ada.post("/staff/sample-audit-office/discard/").location == "/staff/"
    assert "Samples to play in" not in ada.get("/staff/").text
    assert ada.post("/staff/demos/audit-office/sample/").status_code == 302, "it can be loaded again"


def test_the_command_line_loads_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(tmp_path / "store"))
    loaded = CliRunner().invoke(main, ["demo", "audit-office"])
    assert "Loaded and opened the register “audit-office”." in loaded.output
    again = CliRunner().invoke(main, ["demo", "audit-office"])
    assert (again.exit_code, "is here already" in again.output) == (1, True)
