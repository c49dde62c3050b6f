"""Addressees with days and merged bodies in bundles: an exact round trip, and a sentence for each error."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.services.bundles.exporting import export_bundle
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.bundles.problems import BundleRefused
from app.services.bundles.writing import bundle_files, write_bundle
from app.services.container import Services
from projections.addressees.queries import asked
from projections.catalogue import queries as catalogue
from projections.scorecards.results import TimePair
from tests.support.bundles import write_small_bundle
from tests.support.small_register import import_and_open

HEADER = "recommendation,element,body,role,from_on,to_on\n"
ROWS = "post,,ministry,lead,,2023-12-31\npost,,state,lead,2024,\npost,,senate,joint,,\n"
BODIES = (
    "id,name,name_ko,parent,merged_into,merged_on,merged_why,merged_at\n"
    "state,State,국무부,,,,,\n"
    "ministry,Ministry,부처,state,,,,\n"
    "senate,Senate,상원,,state,2024-05,An act joined them.,2024-06-01T00:00:00.000000Z\n"
)


def folder_with(folder: Path, rows: str = ROWS, bodies: str = BODIES) -> Path:
    write_small_bundle(folder)
    (folder / "bodies.csv").write_text(bodies, "utf-8")
    (folder / "addressees.csv").write_text(HEADER + rows, "utf-8")
    return folder


def problems_of(services: Services, folder: Path) -> list[str]:
    with pytest.raises(BundleRefused) as refused:
        import_bundle(services, folder, ImportOptions(approve_cards="cem"))
    return [str(p) for p in refused.value.problems]


def test_addressees_and_merged_bodies_come_back_byte_for_byte(services: Services, tmp_path: Path) -> None:
    import_and_open(services, folder_with(tmp_path / "in"))
    with services.views.connect() as db:
        bundle = export_bundle(db, "small")
        before = export_bundle(db, "small", TimePair(date.max, datetime(2024, 5, 31, tzinfo=UTC)))
        tree = catalogue.body_tree(db, "small", services.clock())
    assert bundle is not None
    assert before is not None
    files = bundle_files(bundle)
    assert files["addressees.csv"].decode() == HEADER + ROWS
    assert files["bodies.csv"].decode() == BODIES
    assert b"merged_into" not in bundle_files(before)["bodies.csv"]
    assert tree.current("senate") == "state"


def test_a_bundle_of_a_bundle_gives_the_same_files(
    services: Services, new_services: Callable[..., Services], tmp_path: Path
) -> None:
    import_and_open(services, folder_with(tmp_path / "in"))
    with services.views.connect() as db:
        first = export_bundle(db, "small")
        known_at = services.clock()
        addressees = asked(db, "small", known_at)
    assert first is not None
    write_bundle(first, tmp_path / "out")
    other = new_services()
    import_bundle(other, tmp_path / "out", ImportOptions())
    with other.views.connect() as db:
        second = export_bundle(db, "small")
        assert asked(db, "small", known_at) == addressees
    assert second is not None
    assert bundle_files(second) == bundle_files(first)


def test_an_import_that_repeats_addressees_adds_nothing(services: Services, tmp_path: Path) -> None:
    import_bundle(services, folder_with(tmp_path / "in"), ImportOptions(approve_cards="cem"))
    again = import_bundle(services, folder_with(tmp_path / "again"), ImportOptions(approve_cards="cem"))
    assert again.stored == 0


def test_an_open_register_asks_for_a_reason(services: Services, tmp_path: Path) -> None:
    import_and_open(services, folder_with(tmp_path / "in"))
    (problem,) = problems_of(services, folder_with(tmp_path / "again", ROWS + "talks,,state,,,\n"))
    assert problem == (
        "addressees.csv, line 5, column recommendation: the register is open. Import it with --update and a reason, to "
        "change the addressees."
    )


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("none,,state,,,\n", "line 2, column recommendation: there is no recommendation “none”."),
        ("post,,none,,,\n", "line 2, column body: there is no body “none”."),
        ("post,rules,state,,,\n", "line 2, column element: “post” has no element “rules”."),
        ("post,,state,boss,,\n", "line 2, column role: “boss” is not one of lead, joint."),
        ("post,,state,,soon,\n", "line 2, column from_on: “soon” is not a date. Write 2024, 2024-05 or 2024-05-20."),
        ("post,,state,,,2024-02-30\n", "line 2, column to_on: There is no day “2024-02-30” in the calendar."),
        (
            "post,,state,,2024,2023\n",
            "line 2, column to_on: “state” cannot stop being asked on 2023, before it begins on 2024.",
        ),
        (
            "post,,state,,,2024\npost,,state,,2023,\n",
            "line 3, column from_on: the days of “state” overlap with those of an earlier row. Let one period end first.",
        ),
        ("post,,state,,,\npost,,state,joint,,\n", "line 3, column body: “post and state” is already on line 2."),
        ("post,,state,joint,,\n", "line 2, column role: “post” needs at least one lead addressee."),
    ],
)
def test_each_error_has_its_place(services: Services, tmp_path: Path, rows: str, problem: str) -> None:
    assert problems_of(services, folder_with(tmp_path / "in", rows)) == [f"addressees.csv, {problem}"]


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ("senate,2024,Why.,", "column merged_into: a body cannot be merged into itself."),
        ("none,2024,Why.,", "column merged_into: there is no body “none”."),
        ("part,2024,Why.,", "column merged_into: “part” is a part of “senate”, or was merged into it."),
        ("state,,Why.,", "column merged_on: the cell is empty. Enter a value."),
        ("state,2024,,", "column merged_why: the cell is empty. Enter a value."),
        (",2024,,", "column merged_into: enter the body that it was merged into, or leave the other columns empty."),
        ("state,2024,Why.,2999-01-01T00:00:00Z", "column merged_at: it is in the future."),
    ],
)
def test_bodies_that_cannot_be_merged(services: Services, tmp_path: Path, cells: str, problem: str) -> None:
    lines = BODIES.splitlines()
    bodies = "\n".join([*lines[:3], f"senate,Senate,상원,,{cells}", "part,Part,부분,senate,,,,", ""])
    assert problems_of(services, folder_with(tmp_path / "in", bodies=bodies)) == [f"bodies.csv, line 4, {problem}"]
