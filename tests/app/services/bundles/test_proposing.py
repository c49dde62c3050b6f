"""An import can propose its assessments: rule 9 then holds as for any proposal."""

from pathlib import Path

import pytest

from app.services.bundles.importing import ImportOptions, ImportResult, export_register, import_bundle
from app.services.bundles.writing import write_bundle
from app.services.container import Services
from domain import commands as c
from domain.errors import Refused
from domain.events import read_event
from tests.support.bundles import import_problems, write_small_bundle

NEW = "talks,,no_action,2025-02,first_assessment,Nothing was found.,search2\n"


@pytest.fixture
def folder(tmp_path: Path, services: Services) -> Path:
    """The next edition of an open register, with one new assessment and its new source."""
    small = write_small_bundle(tmp_path / "small")
    import_bundle(services, small, ImportOptions(approve_cards="cem"))
    services.execute(c.OpenRegister("small", origin="x"), by="ana")
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    write_bundle(export_register(services, "small"), tmp_path / "next")
    header = "id,recommendation,element,status,effective_on,reason,rationale,evidence\n"
    (tmp_path / "next" / "assessments.csv").write_text(header + "talks-1," + NEW)
    header = "id,title,publisher,accessed_on,source_class,summary\n"
    (tmp_path / "next" / "evidence.csv").write_text(header + "search2,Search,Us,2026-01-03,null_search,Nothing.\n")
    return tmp_path / "next"


def propose(services: Services, folder: Path, **further: object) -> ImportResult:
    options = {"update": True, "propose": True, "by": "cleo", **further}
    return import_bundle(services, folder, ImportOptions(**options))  # type: ignore[arg-type]


def test_a_new_assessment_waits_for_a_second_person_and_its_source_is_no_one_elses_business(
    services: Services, folder: Path
) -> None:
    last = services.log.last()[0]
    assert propose(services, folder).stored == 2
    events = [read_event(state) for _row, _at, state in services.log.rows_after(last, 10)]
    assert [type(event).__name__ for event in events] == ["EvidenceNoted", "AssessmentProposed"]
    assert not any(event.PUBLIC for event in events)
    assert propose(services, folder).stored == 0
    services.execute(c.PublishAssessment("small", recommendation="talks", assessment="talks-1"), by="dan")
    assert [r.fact.id for r in export_register(services, "small").assessments][-1] == "talks-1"


def test_the_id_of_a_declined_proposal_is_not_used_again(services: Services, folder: Path) -> None:
    propose(services, folder)
    decline = c.DeclineAssessment("small", recommendation="talks", assessment="talks-1", why="No.")
    services.execute(decline, by="dan")
    propose(services, folder)
    services.execute(c.PublishAssessment("small", recommendation="talks", assessment="talks-1-2"), by="dan")


def test_what_the_rules_refuse_is_a_problem_and_nothing_is_stored(services: Services, folder: Path) -> None:
    path = folder / "assessments.csv"
    path.write_text(path.read_text().replace("no_action", "implemented"))
    dry = propose(services, folder, dry_run=True)
    problems = import_problems(services, folder, update=True, propose=True, by="cleo")
    assert problems
    assert [str(problem) for problem in dry.problems] == problems
    assert all(problem.startswith("assessments.csv, line 2") for problem in problems)


def test_the_proposer_cannot_publish_what_needs_a_second_person(services: Services, folder: Path) -> None:
    path = folder / "assessments.csv"
    path.write_text(path.read_text().replace("talks-1,talks", "law-4,law").replace("no_action", "implemented"))
    path.write_text(path.read_text().replace("first_assessment", "world_changed").replace("search2", "oath"))
    propose(services, folder)
    publish = c.PublishAssessment("small", recommendation="law", assessment="law-4")
    with pytest.raises(Refused, match="rule 9"):
        services.execute(publish, by="cleo")
    services.execute(publish, by="dan")
