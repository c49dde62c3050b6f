"""The history: filtered by person, day and register, and downloaded."""

import csv
import io
import json
from collections.abc import Callable

import pytest

from app.services.accounts import people
from app.services.accounts.permissions import StaffRole
from app.services.container import Services
from domain import commands as c
from domain.values import RegisterSettings
from tests.support.staff_client import Member, send_proposal

HISTORY = "/staff/small/history/"


@pytest.fixture
def two(services: Services, member: Callable[[str], Member]) -> Member:
    """A person who may read two of three registers."""
    ana = member("ana")
    send_proposal(ana)
    for ident in ("other", "closed"):
        settings = RegisterSettings(id=ident, title=f"The {ident} one")
        services.execute(c.EstablishRegister(ident, settings=settings), by="person-ben")
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "ana@example.org"), "other", StaffRole.READER)
    return ana


def test_the_history_is_chosen_by_register_person_and_day(two: Member) -> None:
    page = two.get("/staff/history/")
    assert "The register “The other one” was established." in page.text
    assert "Proposed for “Renew the law”" in page.text
    assert "The closed one" not in page.text
    other = two.client.get("/staff/history/?register=other&person=person-ben&day=")
    assert other.location == "/staff/other/history/?person=person-ben"
    assert "The other one" in two.get(other.location).text
    mine = two.get(HISTORY, person="person-ana")
    assert "Proposed for “Renew the law”" in mine.text
    assert "Entered in the register" not in mine.text
    assert "(person-ana)" not in mine.text
    assert "Proposed" in two.get(HISTORY, day="2026-03-03").text
    assert "No entries match your filters." in two.get(HISTORY, day="2025-01-01").text
    two.get("/staff/closed/history/", status=403)
    two.get(HISTORY, status=400, day="yesterday")


def test_it_is_taken_away_for_a_spreadsheet_without_formulas(two: Member) -> None:
    answer = two.client.get(f"{HISTORY[:-1]}.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="small-history.csv"'
    assert answer.text.startswith("\ufeffentry,recorded_at,register,")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0]["event"] == "recommendation.assessment_proposed"
    assert rows[0]["public"] == "no"
    assert rows[-1]["event"] == "register.established"
    assert [int(r["entry"]) for r in rows] == sorted((int(r["entry"]) for r in rows), reverse=True)
    mine = two.client.get(f"{HISTORY[:-1]}.csv?person=person-ana").text
    assert len(mine.splitlines()) == 2


def test_a_cell_that_looks_like_a_formula_is_not_computed(services: Services, two: Member) -> None:
    services.execute(c.EstablishRegister("third", settings=RegisterSettings(id="third", title="Third")), by="=1+1")
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "ana@example.org"), "third", StaffRole.READER)
    assert ",'=1+1," in two.client.get("/staff/third/history.csv").text


def test_it_is_taken_away_as_lines_of_json(two: Member) -> None:
    lines = [json.loads(line) for line in two.client.get("/staff/history.jsonl").text.splitlines()]
    assert {line["register"] for line in lines} == {"small", "other"}
    proposed = next(line for line in lines if line["event"]["topic"] == "recommendation.assessment_proposed")
    assert proposed["person"] == "person-ana"
    assert proposed["sentence"].startswith("Proposed for “Renew the law”")
    assert proposed["event"]["assessment"]["rationale"] == "The bill passed one chamber."


def test_a_long_history_comes_whole(services: Services, two: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.entrypoints.staff.overview import history

    whole = two.client.get("/staff/history.jsonl").text
    monkeypatch.setattr(history, "LINES_PER_PAGE", 1)
    assert two.client.get("/staff/history.jsonl").text == whole
    seen, path = 0, "/staff/history/"
    while path:
        page = two.get(path)
        seen += page.html.count('<p class="date">')
        path = next((link for link in page.links() if "before=" in link), "")
    assert seen == len(whole.splitlines())
