"""Relations in bundles: an exact round trip, and a sentence with file, line and column for each error."""

from datetime import date, datetime
from pathlib import Path

import pytest

from app.services.bundles.exporting import export_bundle
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.bundles.problems import BundleRefused
from app.services.bundles.writing import bundle_files
from app.services.container import Services
from projections.scorecards.results import TimePair
from tests.support.bundles import write_small_bundle
from tests.support.small_register import import_and_open

HEADER = "from,relation,to,on,note,published_at,withdrawn_at,withdrawn_by,withdrawn_reason\n"
REGISTERED = "2023-10-01T00:00:00Z"
ROWS = (
    "post,renews,law,2024-03,In other words.,2023-11-01T00:00:00.000000Z,,,\n"
    "talks,repeats,https://example.org/60.10,,,2023-11-02T00:00:00.000000Z,,,\n"
    "talks,supersedes,elsewhere:first,,,2023-11-03T00:00:00.000000Z,2024-01-01T00:00:00.000000Z,ben,Entered twice.\n"
    "talks,supersedes,elsewhere:first,2022,,2024-03-01T00:00:00.000000Z,,,\n"
)


def folder_with(tmp_path: Path, rows: str, name: str = "in") -> Path:
    folder = tmp_path / name
    write_small_bundle(folder)
    file = folder / "recommendations.csv"
    header, *lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([header, *(f"{line}{REGISTERED}" for line in lines), ""]), "utf-8")
    (folder / "relations.csv").write_text(HEADER + rows, "utf-8")
    return folder


def problems_of(services: Services, folder: Path) -> list[str]:
    with pytest.raises(BundleRefused) as refused:
        import_bundle(services, folder, ImportOptions(approve_cards="cem"))
    return [str(p) for p in refused.value.problems]


def test_relations_come_back_byte_for_byte(services: Services, tmp_path: Path) -> None:
    import_and_open(services, folder_with(tmp_path, ROWS))
    with services.views.connect() as db:
        bundle = export_bundle(db, "small")
        assert bundle is not None
        assert bundle_files(bundle)["relations.csv"].decode() == HEADER + ROWS
        early = TimePair(date(2023, 12, 31), datetime.fromisoformat("2024-01-15T00:00:00Z"))
        cut = export_bundle(db, "small", early)
    assert cut is not None
    assert [(r.from_, r.fact.to, r.withdrawn_reason) for r in cut.relations] == [
        ("talks", "https://example.org/60.10", ""),
        ("talks", "elsewhere:first", "Entered twice."),
    ]


def test_an_import_that_repeats_relations_adds_nothing(services: Services, tmp_path: Path) -> None:
    import_bundle(services, folder_with(tmp_path, ROWS), ImportOptions(approve_cards="cem"))
    again = import_bundle(services, folder_with(tmp_path, ROWS, "again"), ImportOptions(approve_cards="cem"))
    assert again.stored == 0


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("post,renews,none,,,,,,\n", "line 2, column to: there is no recommendation “none”."),
        ("none,renews,law,,,,,,\n", "line 2, column from: there is no recommendation “none”."),
        ("post,renews,post,,,,,,\n", "line 2, column to: “post” cannot be related to itself."),
        ("post,renews,small:law,,,,,,\n", "line 2, column to: it is in this register. Write only “law”."),
        ("post,renews,http://x.org,,,,,,\n", "line 2, column to: Enter the id of a recommendation"),
        ("post,follows,law,,,,,,\n", "line 2, column relation: “follows” is not one of renews, split_from,"),
        ("post,renews,law,2021-13,,,,,\n", "line 2, column on: There is no day “2021-13” in the calendar."),
        ("post,renews,law,,,,,ben,\n", "line 2, column withdrawn_reason: say why it was withdrawn."),
        (
            "post,renews,law,,,,,,\npost,renews,law,,,,,,\n",
            "line 3, column to: “post and renews and law” is already on",
        ),
        (
            "post,renews,law,,,,,,\nlaw,supersedes,talks,,,,,,\ntalks,split_from,post,,,,,,\n",
            "line 4, column to: it closes a circle: “post” continues “talks”, directly or through others.",
        ),
    ],
)
def test_each_error_names_its_place(services: Services, tmp_path: Path, rows: str, problem: str) -> None:
    found = problems_of(services, folder_with(tmp_path, rows))
    assert any(p.startswith(f"relations.csv, {problem}") for p in found), found


def test_a_stored_relation_is_not_withdrawn_by_an_import(services: Services, tmp_path: Path) -> None:
    import_bundle(services, folder_with(tmp_path, "post,renews,law,,,,,,\n"), ImportOptions(approve_cards="cem"))
    rows = "post,renews,law,,,,,ben,Wrong.\n"
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    found = problems_of(services, folder_with(tmp_path, rows, "again"))
    assert found and all("relations.csv, line 2" in p for p in found), found
