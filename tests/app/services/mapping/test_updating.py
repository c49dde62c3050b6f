"""The second edition of a register's file, a year later: exact amendments and proposals, and nothing silent."""

from collections import Counter

import pytest
from msgspec.structs import replace

from app.adapters.spreadsheets.cells import Workbook
from app.services.accounts.actors import Operator
from app.services.bundles.importing import export_register
from app.services.container import Services
from app.services.mapping.edition import ChangeKind, NextEdition
from app.services.mapping.importing import SheetOptions, import_sheet, preview_sheet
from app.services.mapping.results import SheetResult
from app.services.mapping.saved import find_last_file
from app.services.mapping.types import HostChoice, RowCorrections, SheetMapping
from domain import commands as c
from domain.base import Event
from domain.codes import Reason, Status
from domain.events import read_event
from domain.recommendation.events import AssessmentProposed, RecommendationAmended
from domain.values import Assessment, RecommendationFacts
from tests.app.services.mapping.sheets import CHOICES, mapping_of, sheet_of

HEADINGS = ("No.", "Commitment", "Lead", "Status", "As of", "Link", "Due", "Page")
FIELDS = ("number", "title", "addressees", "status", "status_on", "source", "deadline", "locator")
HOSTS = {"example.org": HostChoice(source_class="official", publisher="Government")}
MAPPING = mapping_of(*FIELDS, hosts=HOSTS)
SUBJECTS = ("budget", "lobbying register", "land registry", "court rulings", "school places", "water tests", "tenders")
YESTERDAY, TODAY = "2027-03-01", "2027-03-02"
Row = tuple[str, ...]


def first_file() -> list[Row]:
    """Seventy commitments of two offices, with statuses of 2024."""
    rows: list[Row] = []
    for n in range(1, 71):
        title = f"Publish the {SUBJECTS[n % 7]} of region {n // 7} in full"
        office = "Ministry of Justice" if n % 2 else "Ministry of Finance"
        link = f"https://example.org/{n}"
        rows.append((str(n), title, office, "In Progress", "2024-05-20", link, "2026-12-31", f"p. {n}"))
    return rows


def second_file() -> list[Row]:
    """Ten changed, three new, two renumbered and one gone."""
    rows = {int(row[0]): list(row) for row in first_file()}
    for n in (1, 2, 3):
        rows[n][1] = rows[n][1].replace("in full", "in full and at once")
    for n in (4, 5):
        rows[n][2] = "Ministry of Health"
    for n in (6, 7, 8):
        rows[n][3:6] = ["Not Started", "2025-05-20", f"https://example.org/later/{n}"]
    rows[9][6] = "2027-12-31"
    rows[10][7] = "pp. 10–11"
    rows[20][0], rows[21][0] = "21", "20"
    del rows[30]
    new = [(f"{n}", f"Open archive number {n * 37}", "Ministry of Health", "", "", "", "", "") for n in (71, 72, 73)]
    return [*(tuple(row) for row in rows.values()), *new]


def book(rows: list[Row], name: str = "plan 2024.xlsx") -> Workbook:
    return sheet_of(HEADINGS, *rows, name=name)


def run(
    services: Services,
    rows: list[Row],
    mapping: SheetMapping = MAPPING,
    corrections: RowCorrections | None = None,
    **options: object,
) -> tuple[SheetResult, list[Event]]:
    """Import a file; returns the result and the events that were stored."""
    last = services.log.last()[0]
    chosen = SheetOptions(**({"register": "tracker", "update": True} | options))  # type: ignore[arg-type]
    result = import_sheet(services, Operator("ana"), book(rows), mapping, chosen, corrections)
    return result, [read_event(state) for _row, _at, state in services.log.rows_after(last, 10_000)]


def preview(
    services: Services, rows: list[Row], mapping: SheetMapping = MAPPING, corrections: RowCorrections | None = None
) -> NextEdition:
    options = SheetOptions(register="tracker", update=True, why="The second edition.")
    return preview_sheet(services, Operator("ana"), book(rows), mapping, options, corrections).edition


def counts(result: SheetResult) -> tuple[int, int, int, int]:
    return result.stored, result.changed, result.unchanged, result.left_out


@pytest.fixture
def prepared(services: Services) -> Services:
    """A register whose first file was imported a year ago."""
    result, _ = run(services, first_file(), create=True)
    assert counts(result) == (70, 0, 0, 0)
    services.clock.go_on(days=365)  # type: ignore[attr-defined]
    return services


@pytest.fixture
def opened(prepared: Services) -> Services:
    prepared.execute(c.OpenRegister("tracker", origin="x", without_keeper=True), by="ana")
    prepared.clock.go_on(days=1)  # type: ignore[attr-defined]
    return prepared


def test_the_second_edition_lists_every_difference_before_anything_is_stored(opened: Services) -> None:
    before = opened.log.last()
    edition = preview(opened, second_file())
    assert opened.log.last() == before
    assert [item.row for item in edition.new] == [71, 72, 73]
    assert [row.row for row in edition.reworded] == [2, 3, 4]
    assert [row.row for row in edition.renumbered] == [21, 22]
    assert [(item.recommendation, item.number) for item in edition.gone] == [("30", "30")]
    changes = {
        (row.recommendation, change.column): (change.here, change.file)
        for row in edition.rows
        for change in row.of_kind(ChangeKind.CHANGED)
    }
    assert changes["4", "recommendations.addressees"] == ("Ministry of Finance", "Ministry of Health")
    assert changes["6", "status"] == ("in_progress", "no_action (2025-05-20)")
    assert changes["9", "deadline"] == ("2026-12-31", "2027-12-31")
    assert changes["10", "recommendations.locator"] == ("p. 10", "pp. 10–11")
    assert changes["20", "recommendations.number"] == ("20", "21")
    assert Counter(column for _, column in changes) == {
        "recommendations.title": 3,
        "recommendations.addressees": 2,
        "status": 3,
        "deadline": 1,
        "recommendations.locator": 1,
        "recommendations.number": 2,
    }
    assert not edition.problems
    assert {change.kind for row in edition.rows for change in row.changes} == {ChangeKind.CHANGED}


def test_in_an_open_register_changes_are_amendments_and_proposals_in_one_step(opened: Services) -> None:
    result, events = run(opened, second_file(), why="The second edition.")
    assert (counts(result), result.proposals, result.problems) == ((3, 12, 57, 0), 3, ())
    assert Counter(type(event).__name__ for event in events) == {
        "BodyNamed": 1,
        "EvidenceNoted": 3,
        "RecommendationRegistered": 3,
        "CriteriaDrafted": 3,
        "RecommendationAmended": 6,
        "AddresseesAmended": 2,
        "AssessmentProposed": 3,
        "DeadlineStated": 1,
        "DeadlineWithdrawn": 1,
    }
    amended = {e.recommendation: e for e in events if isinstance(e, RecommendationAmended)}
    assert sorted(amended, key=int) == ["1", "2", "3", "10", "20", "21"]
    assert {e.why for e in amended.values()} == {"The second edition."}
    assert amended["1"].facts.summary == amended["1"].facts.title
    proposed = [e.assessment for e in events if isinstance(e, AssessmentProposed)]
    assert {(a.status, a.effective_on, a.proposed_by) for a in proposed} == {("no_action", "2025-05-20", "ana")}
    bundle = export_register(opened, "tracker")
    asked = [
        (row.fact.body, row.fact.from_on, row.fact.to_on) for row in bundle.addressees if row.recommendation == "4"
    ]
    assert asked == [("ministry-of-finance", "", YESTERDAY), ("ministry-of-health", TODAY, "")]
    assert len(bundle.recommendations) == 73
    assert {a.fact.status for a in bundle.assessments} == {"in_progress"}
    last = None
    with opened.accounts.work() as db:
        last = find_last_file(db, "tracker")
    assert last
    assert len(last.said) == 73


def test_the_same_second_edition_again_changes_nothing(opened: Services) -> None:
    run(opened, second_file(), why="The second edition.")
    opened.clock.go_on(days=1)  # type: ignore[attr-defined]
    result, events = run(opened, second_file(), why="The second edition.")
    assert (counts(result), events) == ((0, 0, 72, 0), [])
    assert preview(opened, second_file()).rows == ()


def test_in_a_register_that_is_prepared_statuses_are_stored_as_an_earlier_record(prepared: Services) -> None:
    result, events = run(prepared, second_file())
    assert counts(result) == (3, 12, 57, 0)
    names = Counter(type(event).__name__ for event in events)
    assert (names["AssessmentPublished"], names["RecommendationAmended"]) == (3, 8)
    assert (names["DeadlineRemoved"], names["DeadlineStated"]) == (1, 1)


def test_without_update_a_changed_file_is_refused_with_the_cure(opened: Services) -> None:
    result, events = run(opened, second_file(), update=False)
    assert events == []
    assert {group.cure for group in result.problems} == {
        "An import adds; to change what is stored, choose to amend it (--update).",
        "Import it with --update and a reason, to change the addressees.",
    }


def amend(services: Services, ident: str, **changes: str) -> None:
    """Change a recommendation here."""
    facts: RecommendationFacts = next(
        row.fact for row in export_register(services, "tracker").recommendations if row.fact.id == ident
    )
    command = c.AmendRecommendation("tracker", recommendation=ident, fact=replace(facts, **changes), why="Typo.")
    services.execute(command, by="ben")


def test_what_staff_changed_here_is_kept_and_shown(opened: Services) -> None:
    amend(opened, "12", title="Publish everything about court rulings")
    edition = preview(opened, first_file())
    (row,) = edition.rows
    (change,) = row.changes
    assert (row.recommendation, change.kind, change.counts) == ("12", ChangeKind.HERE, "here")
    assert change.here == "Publish everything about court rulings"
    assert change.file == change.last == first_file()[11][1]
    result, events = run(opened, first_file(), why="Again.")
    assert (counts(result), events) == ((0, 0, 70, 0), [])


def test_what_both_changed_is_a_question_and_the_person_chooses(opened: Services) -> None:
    amend(opened, "1", title="Publish all of it")
    result, events = run(opened, second_file(), why="The second edition.")
    assert events == []
    assert [(group.cause, group.rows) for group in result.problems] == [("It was changed in the file and here.", (2,))]
    choose = {"2 recommendations.title": "here"}
    run(opened, second_file(), why="The second edition.", corrections=RowCorrections(counts=choose))
    titles = {row.fact.id: row.fact.title for row in export_register(opened, "tracker").recommendations}
    assert titles["1"] == "Publish all of it"
    assert titles["2"].endswith("in full and at once")


def test_one_choice_decides_all_conflicts(opened: Services) -> None:
    amend(opened, "1", title="Publish all of it")
    choices = replace(CHOICES, conflicts="file")
    run(opened, second_file(), replace(MAPPING, choices=choices), why="The second edition.")
    titles = {row.fact.id: row.fact.title for row in export_register(opened, "tracker").recommendations}
    assert titles["1"].endswith("in full and at once")


def test_an_emptied_cell_blanks_nothing_unless_a_person_chooses_so(opened: Services) -> None:
    rows = first_file()
    rows[4] = (*rows[4][:6], "", "")
    edition = preview(opened, rows)
    assert {(ch.column, ch.kind) for row in edition.rows for ch in row.changes} == {
        ("recommendations.locator", ChangeKind.EMPTIED),
        ("deadline", ChangeKind.EMPTIED),
    }
    assert run(opened, rows, why="Again.")[1] == []
    choose = RowCorrections(counts={"6 recommendations.locator": "file"})
    _, events = run(opened, rows, why="Not in the report.", corrections=choose)
    assert [event.facts.locator for event in events if isinstance(event, RecommendationAmended)] == [""]


def test_a_withdrawn_status_or_deadline_does_not_come_back(opened: Services) -> None:
    withdraw = c.WithdrawAssessment("tracker", recommendation="3", assessment="3-2024-05-20", reason="A mistake.")
    opened.execute(withdraw, by="ben")
    deadline = next(r.fact.id for r in export_register(opened, "tracker").deadlines if r.recommendation == "4")
    opened.execute(c.WithdrawDeadline("tracker", recommendation="4", deadline=deadline, reason="A mistake."), by="ben")
    edition = preview(opened, first_file())
    assert {(row.recommendation, ch.column, ch.kind) for row in edition.rows for ch in row.changes} == {
        ("3", "status", ChangeKind.HERE),
        ("4", "deadline", ChangeKind.HERE),
    }
    assert run(opened, first_file(), why="Again.")[1] == []


def test_a_status_that_both_changed_is_a_question(opened: Services) -> None:
    propose = c.ProposeAssessment("tracker", recommendation="6", assessment=_announced("6"))
    ident = opened.execute(propose, by="ben")
    opened.execute(c.PublishAssessment("tracker", recommendation="6", assessment=ident), by="dan")
    edition = preview(opened, second_file())
    both = [(row.recommendation, ch.here, ch.last) for row in edition.rows for ch in row.of_kind(ChangeKind.BOTH)]
    assert both == [("6", "announced", "in_progress (2024-05-20)")]
    assert [row for row in preview(opened, first_file()).rows if row.of_kind(ChangeKind.BOTH)] == []


def _announced(number: str) -> Assessment:
    return Assessment(
        id="",
        status=Status.ANNOUNCED,
        effective_on="2025-01-10",
        reason=Reason.WORLD_CHANGED,
        rationale="It was announced.",
        evidence=(f"example-org-{number}",),
    )


def test_a_changed_status_needs_a_day_of_this_year(opened: Services) -> None:
    dated = mapping_of("number", "title", "status", choices=replace(CHOICES, status_on="2024-05-20"), hosts=HOSTS)
    rows = [(*row[:2], row[3]) for row in first_file()]
    book_of = sheet_of(("No.", "Commitment", "Status"), *rows)
    options = SheetOptions(register="tracker", update=True, why="Again.")
    import_sheet(opened, Operator("ana"), book_of, dated, options)
    rows[5] = (*rows[5][:2], "Not Started")
    changed = sheet_of(("No.", "Commitment", "Status"), *rows)
    result = import_sheet(opened, Operator("ana"), changed, dated, options)
    causes = [group.cause for group in result.problems]
    assert causes == ["The status changed, but its day is still that of the last file."]


def test_a_file_of_another_register_is_refused_also_in_parts(opened: Services) -> None:
    other: list[Row] = [
        (f"{n}", f"Vaccinate {n * 7919} dogs in quarter {n * 31}", "Office") + ("",) * 5 for n in range(101, 171)
    ]
    result, events = run(opened, other, why="Again.", valid_rows=True)
    assert events == []
    assert [group.cause for group in result.problems] == ["Almost no row of the file is in this register."]
    further = replace(MAPPING, choices=replace(CHOICES, unmatched="new"))
    assert run(opened, other, further, why="Again.")[0].stored == 70


def test_a_text_beside_a_status_that_is_the_same_is_not_silent(services: Services) -> None:
    mapping = mapping_of("number", "title", "status", "status_on", "statement")
    headings = ("No.", "Commitment", "Status", "As of", "Where it is")
    first = [(str(n), f"Publish list {n} of office {n * 31}", "In Progress", "2024", "Begun.") for n in range(1, 4)]
    options = SheetOptions(register="tracker", create=True, update=True)
    import_sheet(services, Operator("ana"), sheet_of(headings, *first), mapping, options)
    first[0] = (*first[0][:4], "Begun in earnest.")
    shown = preview_sheet(services, Operator("ana"), sheet_of(headings, *first), mapping, options).edition
    assert [(ch.kind, ch.last, ch.file, ch.heading) for row in shown.rows for ch in row.changes] == [
        (ChangeKind.NOT_STORED, "Begun.", "Begun in earnest.", "")
    ]


def test_korean(services: Services) -> None:
    mapping = mapping_of("number", "title", "addressees", "status", "status_on", hosts=HOSTS)
    headings = ("번호", "과제", "소관", "상태", "기준일")
    rows = [(str(n), f"제{n}지구 예산을 전부 공개한다", "법무부", "In Progress", "2024-05-20") for n in range(1, 8)]
    options = SheetOptions(register="tracker", create=True, update=True, why="둘째 판.")
    import_sheet(services, Operator("ana"), sheet_of(headings, *rows), mapping, options)
    rows[0] = ("1", "제1지구 예산을 즉시 전부 공개한다", "법무부", "In Progress", "2024-05-20")
    rows[1] = ("2", rows[1][1], "행정안전부", "In Progress", "2024-05-20")
    edition = preview_sheet(services, Operator("ana"), sheet_of(headings, *rows), mapping, options).edition
    assert [row.recommendation for row in edition.reworded] == [edition.rows[0].recommendation]
    assert [(ch.here, ch.file) for ch in edition.rows[1].changes] == [("법무부", "행정안전부")]


def test_the_statuses_of_parts_are_compared_part_by_part(services: Services) -> None:
    mapping = mapping_of("number", "title", "part", "status", "status_on", sub_rows="part", hosts=HOSTS)
    headings = ("No.", "Commitment", "Part", "Status", "As of")
    rows = [
        ("1", "Publish the budget in full", "", "", ""),
        ("", "", "Of the state", "In Progress", "2024"),
        ("", "", "Of the towns", "In Progress", "2024"),
        ("2", "Open the archives of the police", "", "In Progress", "2024"),
    ]
    options = SheetOptions(register="tracker", create=True, update=True)
    import_sheet(services, Operator("ana"), sheet_of(headings, *rows), mapping, options)
    services.clock.go_on(days=30)  # type: ignore[attr-defined]
    same = preview_sheet(services, Operator("ana"), sheet_of(headings, *rows), mapping, options)
    assert (same.edition.rows, same.result.unchanged) == ((), 2)
    rows[2] = ("", "", "Of the towns", "Complete", "2025")
    edition = preview_sheet(services, Operator("ana"), sheet_of(headings, *rows), mapping, options).edition
    ((row),) = edition.rows
    ((change),) = row.changes
    assert (change.column, change.here, change.file) == (
        "status/of-the-towns",
        "in_progress",
        "implemented (2025)",
    )
