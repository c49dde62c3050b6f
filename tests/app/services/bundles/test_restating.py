"""A later edition of a bundle states changed addressees, criteria, deadlines, responses and relations again."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.services.bundles.importing import ImportOptions, ImportResult, export_register, import_bundle
from app.services.bundles.writing import bundle_files, write_bundle
from app.services.container import Services
from domain import commands as c
from domain.base import Event
from domain.deadline.events import DeadlineWithdrawn
from domain.events import read_event
from tests.support.bundles import change, import_problems, write_small_bundle

WHY = "The second edition."
FURTHER = {
    "deadlines.csv": "id,recommendation,element,due_on,stated_on,stated_by,evidence,note\n"
    "due,law,,2025-06-30,2024-02-01,senate,story,\n",
    "responses.csv": "id,recommendation,element,body,position,given_on,summary,evidence,proposed_by,published_by\n"
    "said,law,,senate,accepts,2024-02-01,It will renew it.,story,ana,ben\n",
    "relations.csv": "from,relation,to,on,note\ntalks,renews,law,2024,As the report says.\n",
    "addressees.csv": "recommendation,element,body,role,from_on,to_on\n"
    "talks,,state,lead,2023,\ntalks,,senate,joint,2023,\n",
}
CHANGES: dict[str, tuple[str, str, str]] = {
    "addressees": ("addressees.csv", "talks,,senate,joint,2023,", "talks,,senate,lead,2024,2026"),
    "criteria": ("cards.csv", "Enactment.", "Enactment and money."),
    "deadline": ("deadlines.csv", "2025-06-30", "2025-09-30"),
    "moved deadline": ("deadlines.csv", "2025-06-30,2024-02-01", "2026-06-30,2025-02-01"),
    "response": ("responses.csv", "It will renew it.", "It will renew all of it."),
    "relation": ("relations.csv", "As the report says.", "As the article says."),
}

SetUp = Callable[..., Path]


@pytest.fixture
def set_up(tmp_path: Path, services: Services) -> SetUp:
    """Imports a register, opens it if asked, and returns the folder of its next edition, which says the same."""

    def make(*, opened: bool = True) -> Path:
        folder = write_small_bundle(tmp_path / "small")
        for name, text in FURTHER.items():
            (folder / name).write_text(text, encoding="utf-8")
        import_bundle(services, folder, ImportOptions())
        services.clock.go_on(days=1)  # type: ignore[attr-defined]
        if opened:
            services.execute(c.OpenRegister("small", origin="x"), by="ana")
            services.clock.go_on(days=1)  # type: ignore[attr-defined]
        write_bundle(export_register(services, "small"), tmp_path / "next")
        return tmp_path / "next"

    return make


def update(services: Services, folder: Path, **further: object) -> ImportResult:
    options = {"update": True, "why": WHY, "by": "cleo", **further}
    return import_bundle(services, folder, ImportOptions(**options))  # type: ignore[arg-type]


def new_events(services: Services, folder: Path) -> list[Event]:
    """The events that an update stores."""
    last = services.log.last()[0]
    update(services, folder)
    return [read_event(state) for _row, _position, state in services.log.rows_after(last, 1000)]


def names(events: list[Event]) -> list[str]:
    return [type(event).__name__ for event in events]


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("addressees", ["AddresseesAmended"]),
        ("criteria", ["CriteriaDrafted"]),
        ("deadline", ["DeadlineWithdrawn", "DeadlineStated"]),
        ("moved deadline", ["DeadlineStated"]),
        ("response", ["ResponseWithdrawn", "ResponsePublished"]),
        ("relation", ["RelationWithdrawn", "RelationStated"]),
    ],
)
def test_in_an_open_register_a_statement_is_withdrawn_and_stated_again(
    services: Services, set_up: SetUp, what: str, expected: list[str]
) -> None:
    folder = set_up()
    assert update(services, folder).stored == 0
    change(folder, *CHANGES[what])
    dry = update(services, folder, dry_run=True)
    assert not dry.problems
    amended = [verdict for verdict in dry.verdicts if verdict.verdict == "amended"]
    assert [verdict.file for verdict in amended] == [CHANGES[what][0]]
    before = services.log.last()
    events = new_events(services, folder)
    assert services.log.last() > before
    assert names(events) == expected
    assert {event.recorded_by for event in events} == {"cleo"}
    reasons = {getattr(event, "reason", None) or getattr(event, "why", None) for event in events}
    assert reasons <= {WHY, None}
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    assert update(services, folder).stored == 0


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("addressees", ["AddresseesAmended"]),
        ("deadline", ["DeadlineRemoved", "DeadlineStated"]),
        ("response", ["ResponseRemoved", "ResponsePublished"]),
        ("relation", ["RelationRemoved", "RelationStated"]),
        ("development", ["DevelopmentRemoved", "DevelopmentRecorded"]),
    ],
)
def test_in_a_register_that_is_prepared_a_statement_is_replaced(
    services: Services, set_up: SetUp, what: str, expected: list[str], tmp_path: Path
) -> None:
    folder = set_up(opened=False)
    change(folder, *CHANGES.get(what, ("developments.csv", "The envoy travelled.", "The envoy went abroad.")))
    assert names(new_events(services, folder)) == expected
    assert update(services, folder).stored == 0
    write_bundle(export_register(services, "small"), tmp_path / "out")
    assert sorted((tmp_path / "out").iterdir())
    for path in folder.iterdir():
        if path.suffix == ".csv" and path.name != "addressees.csv":
            assert (tmp_path / "out" / path.name).read_text() == path.read_text(), path.name


def test_the_addressees_of_the_file_take_the_place_of_those_that_they_change(services: Services, set_up: SetUp) -> None:
    folder = set_up()
    change(folder, *CHANGES["addressees"])
    (folder / "addressees.csv").write_text(
        (folder / "addressees.csv").read_text().replace("talks,,state,lead,2023,\n", "") + "law,,senate,lead,,\n"
    )
    update(services, folder)
    found = {(r.recommendation, r.fact.body): r.fact for r in export_register(services, "small").addressees}
    assert {key: (fact.role, fact.from_on, fact.to_on) for key, fact in found.items()} == {
        ("talks", "state"): ("lead", "2023", ""),
        ("talks", "senate"): ("lead", "2024", "2026"),
        ("law", "senate"): ("lead", "", ""),
    }


def test_new_criteria_wait_for_someone_else_than_who_imported_them(services: Services, set_up: SetUp) -> None:
    folder = set_up()
    change(folder, *CHANGES["criteria"])
    update(services, folder)
    with pytest.raises(Exception, match="Someone other than their author"):
        services.execute(c.ApproveCriteria("small", recommendation="law"), by="cleo")
    services.execute(c.ApproveCriteria("small", recommendation="law"), by="dan")
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    assert update(services, folder).stored == 0


def test_a_reason_is_asked_for_and_nothing_is_stored_without(services: Services, set_up: SetUp) -> None:
    folder = set_up()
    for what in ("addressees", "deadline", "response", "relation"):
        change(folder, *CHANGES[what])
    problems = import_problems(services, folder, update=True)
    assert len(problems) == 4
    assert all("The reason is public." in problem for problem in problems)


def test_a_response_of_high_stakes_waits_for_a_second_person(services: Services, set_up: SetUp) -> None:
    folder = set_up()
    change(folder, "responses.csv", ",accepts,", ",rejects,")
    assert names(new_events(services, folder)) == ["ResponseWithdrawn", "ResponseProposed"]
    assert update(services, folder).stored == 0
    services.execute(c.PublishResponse("small", recommendation="law", response="said-2"), by="dan")
    assert update(services, folder).stored == 0
    assert [r.fact.position for r in export_register(services, "small").responses] == ["accepts", "rejects"]


def test_a_statement_is_withdrawn_where_the_file_says_why(services: Services, set_up: SetUp) -> None:
    folder = set_up()
    header, row = (folder / "deadlines.csv").read_text().splitlines()
    place = header.split(",").index("withdrawn_reason")
    cells = row.split(",")
    cells[place] = "Said of another law."
    (folder / "deadlines.csv").write_text(f"{header}\n{','.join(cells)}\n")
    (event,) = new_events(services, folder)
    assert isinstance(event, DeadlineWithdrawn)
    assert event.reason == "Said of another law."
    assert update(services, folder).stored == 0


def test_a_development_of_an_open_register_stays_as_it_is(services: Services, set_up: SetUp) -> None:
    folder = set_up()
    change(folder, "developments.csv", "The envoy travelled.", "The envoy went abroad.")
    (problem,) = import_problems(services, folder, update=True, why=WHY)
    assert "is stored with other content" in problem


def test_a_withdrawn_recommendation_gets_no_new_statements(services: Services, set_up: SetUp) -> None:
    folder = set_up()
    services.execute(c.WithdrawRecommendation("small", recommendation="law", reason="Twice."), by="dan")
    change(folder, *CHANGES["deadline"])
    (problem,) = import_problems(services, folder, update=True, why=WHY)
    assert problem.endswith("“law” is withdrawn, so you cannot add to it.")


def test_every_change_at_once_is_stored_together_and_exported(services: Services, set_up: SetUp) -> None:
    folder = set_up()
    for what in ("addressees", "criteria", "deadline", "response", "relation"):
        change(folder, *CHANGES[what])
    change(folder, "recommendations.csv", "Renew the law", "Renew the act")
    change(folder, "bodies.csv", "Senate", "Upper House")
    assert update(services, folder).stored == 10
    assert update(services, folder).stored == 0
    files = bundle_files(export_register(services, "small"))
    assert files
