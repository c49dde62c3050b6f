"""A later edition of a bundle amends what is stored, with one reason, held to the same rules."""

from pathlib import Path

import pytest

from app.services.bundles.importing import ImportOptions, export_register, import_bundle
from app.services.bundles.writing import write_bundle
from app.services.container import Services
from domain import commands as c
from projections.catalogue import queries as catalogue
from projections.timeline.queries import of_register
from tests.support.bundles import change, import_problems, write_small_bundle


@pytest.fixture
def stored(tmp_path: Path, services: Services) -> Path:
    """The folder of an open register, as exported: the next edition begins with it."""
    folder = write_small_bundle(tmp_path / "small")
    import_bundle(services, folder, ImportOptions())
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    services.execute(c.OpenRegister("small", origin="x"), by="ana")
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    later = tmp_path / "later"
    write_bundle(export_register(services, "small"), later)
    return later


def test_a_later_edition_amends_rows_with_one_reason(services: Services, stored: Path) -> None:
    change(stored, "recommendations.csv", "Renew the law", "Renew the act")
    change(stored, "bodies.csv", "Senate", "Upper House")
    change(stored, "register.json", '"title": "', '"title": "New: ')
    wish = {"update": True, "why": "The second edition."}
    dry = import_bundle(services, stored, ImportOptions(**wish, dry_run=True))  # type: ignore[arg-type]
    amended = {(v.file, v.id): v.reasons for v in dry.verdicts if v.verdict == "amended"}
    assert amended["recommendations.csv", "law"] == ("title: “Renew the law” → “Renew the act”",)
    assert {file for file, _ in amended} == {"recommendations.csv", "bodies.csv", "register.json"}
    assert dry.stored == 0
    before = services.clock()
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    assert import_bundle(services, stored, ImportOptions(**wish)).stored == 3  # type: ignore[arg-type]
    with services.views.connect() as db:
        was, now = (catalogue.recommendations(db, "small", at)["law"] for at in (before, services.clock()))
        reasons = [getattr(e.event, "why", None) for e in of_register(db, "small")][-3:]
    assert (was.facts.title, now.facts.title) == ("Renew the law", "Renew the act")
    assert reasons == ["The second edition."] * 3
    assert import_bundle(services, stored, ImportOptions(**wish)).stored == 0  # type: ignore[arg-type]


def test_an_amendment_that_the_rules_refuse_stores_nothing(services: Services, stored: Path) -> None:
    change(stored, "recommendations.csv", "Renew the law", "Renew the act")
    problem = "Enter why you changed it. The reason is public."
    assert import_problems(services, stored, update=True) == [f"recommendations.csv, line 3, column why: {problem}"]
    dry = import_bundle(services, stored, ImportOptions(update=True, dry_run=True))
    assert [v.verdict for v in dry.verdicts if v.reasons] == ["refused"]
    assert [str(found) for found in dry.problems] == [f"recommendations.csv, line 3, column why: {problem}"]


def test_what_an_import_cannot_amend_is_still_refused(services: Services, stored: Path) -> None:
    change(stored, "assessments.csv", "A bill was filed.", "A bill was drafted.")
    (problem,) = import_problems(services, stored, update=True, why="The second edition.")
    assert problem.endswith("An import adds; to change what is stored, use a command.")


def test_a_source_class_under_a_published_confidence_is_refused(services: Services, stored: Path) -> None:
    text = (stored / "evidence.csv").read_text(encoding="utf-8")
    (stored / "evidence.csv").write_text(text.replace(",official,", ",record,", 1), encoding="utf-8")
    (problem,) = import_problems(services, stored, update=True, why="The second edition.")
    assert "the confidence of published assessments rests on it: " in problem
