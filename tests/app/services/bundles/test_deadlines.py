"""Deadlines in bundles: every mistake with its line, the exact round trip, and what is known by an instant."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.services.bundles.exporting import export_bundle
from app.services.bundles.importing import ImportOptions, export_register, import_bundle
from app.services.bundles.problems import BundleRefused
from app.services.bundles.writing import bundle_files, write_bundle
from app.services.container import Services
from domain.codes import DeadlineState
from projections.scorecards.queries import due_counts, standings
from projections.scorecards.results import TimePair
from tests.support.bundles import write_small_bundle

HEADER = (
    "id,recommendation,element,due_on,stated_on,stated_by,evidence,note,published_at,withdrawn_at,withdrawn_by,"
    "withdrawn_reason\n"
)
ROWS = (
    "law-due-1,law,,2024-03,2023-09-14,article,story,In its preamble.,2023-10-01T00:00:00.000000Z,,,\n"
    "law-due-2,law,,2025-06-30,2024-02-01,Senate leader,,,2024-02-02T09:00:00.000000Z,,,\n"
    "law-due-3,law,,2026,2024-02-01,Senate leader,,,2024-02-02T09:00:00.000000Z,"
    "2024-05-01T00:00:00.000000Z,ben,It was said of another law.\n"
    "kept-due,post,kept,2024-06-01,2023-10-13,ministry,,,2023-10-14T00:00:00.000000Z,,,\n"
)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    folder = write_small_bundle(tmp_path / "small")
    for name in ("recommendations.csv", "elements.csv"):
        path = folder / name
        lines = path.read_text().splitlines()
        added = ",registered_at" if name == "elements.csv" else ""
        stamp = ",2023-09-20T00:00:00.000000Z" if added else "2023-09-20T00:00:00.000000Z"
        path.write_text("\n".join([lines[0] + added, *(line + stamp for line in lines[1:])]) + "\n")
    (folder / "deadlines.csv").write_text(HEADER + ROWS)
    return folder


def refused(services: Services, path: Path, rows: str) -> list[str]:
    (path / "deadlines.csv").write_text(HEADER + rows)
    with pytest.raises(BundleRefused) as caught:
        import_bundle(services, path, ImportOptions())
    return [str(p) for p in caught.value.problems]


def test_deadlines_come_back_exactly_and_are_stored_once(services: Services, small: Path, tmp_path: Path) -> None:
    import_bundle(services, small, ImportOptions())
    exported = bundle_files(export_register(services, "small"))
    assert exported["deadlines.csv"].decode() == HEADER + ROWS
    before = services.log.last()
    assert import_bundle(services, small, ImportOptions()).stored == 0
    write_bundle(export_register(services, "small"), tmp_path / "again")
    assert import_bundle(services, tmp_path / "again", ImportOptions()).stored == 0
    assert services.log.last() == before


def test_a_register_imported_from_its_export_answers_the_same(services: Services, small: Path, tmp_path: Path) -> None:
    """Also for two deadlines stated on one day, of which the later in the log is in force."""
    import_bundle(services, small, ImportOptions())
    write_bundle(export_register(services, "small"), tmp_path / "again")
    text = (tmp_path / "again" / "register.json").read_text().replace('"small"', '"copy"')
    (tmp_path / "again" / "register.json").write_text(text)
    import_bundle(services, tmp_path / "again", ImportOptions())
    for day in (date(2023, 12, 1), date(2024, 2, 1), date(2024, 4, 1), date(2025, 7, 1), date(2027, 1, 1)):
        for at in (datetime(2024, 2, 1), datetime(2024, 2, 3), datetime(2024, 6, 1), datetime(2026, 1, 1)):
            pair = TimePair(day, at.replace(tzinfo=UTC))
            with services.views.connect() as db:
                assert due_counts(db, "small", pair) == due_counts(db, "copy", pair)
                one, other = standings(db, "small", pair), standings(db, "copy", pair)
            assert {i: s.due for i, s in one.items()} == {i: s.due for i, s in other.items()}


def test_the_later_in_the_log_is_in_force_until_it_is_withdrawn(services: Services, small: Path) -> None:
    import_bundle(services, small, ImportOptions())

    def law(day: date, at: datetime) -> tuple[str, DeadlineState]:
        with services.views.connect() as db:
            due = standings(db, "small", TimePair(day, at), "law")["law"].due
        assert due is not None
        return due.due_on, due.state

    day = date(2025, 7, 1)
    assert law(day, datetime(2024, 2, 1, tzinfo=UTC)) == ("2024-03", DeadlineState.OVERDUE)
    assert law(day, datetime(2024, 3, 1, tzinfo=UTC)) == ("2026", DeadlineState.OPEN)
    assert law(day, datetime(2024, 5, 1, tzinfo=UTC)) == ("2025-06-30", DeadlineState.OVERDUE)


def test_a_cut_bundle_has_what_was_stated_and_known_by_then(services: Services, small: Path) -> None:
    import_bundle(services, small, ImportOptions())
    with services.views.connect() as db:
        bundle = export_bundle(db, "small", TimePair(date(2024, 2, 1), datetime(2024, 4, 30, tzinfo=UTC)))
        earlier = export_bundle(db, "small", TimePair(date(2024, 1, 31), datetime(2024, 4, 30, tzinfo=UTC)))
    assert bundle is not None
    assert earlier is not None
    assert [(d.fact.id, d.withdrawn_reason) for d in bundle.deadlines] == [
        ("law-due-1", ""),
        ("law-due-2", ""),
        ("law-due-3", ""),
        ("kept-due", ""),
    ]
    assert [d.fact.id for d in earlier.deadlines] == ["law-due-1", "kept-due"]


def test_every_mistake_is_named_with_its_line_and_column(services: Services, small: Path) -> None:
    assert refused(
        services,
        small,
        "a,law,,soon,2023-13,,,,,,,\n",
    ) == [
        "deadlines.csv, line 2, column due_on: “soon” is not a date. Write 2024, 2024-05 or 2024-05-20.",
        "deadlines.csv, line 2, column stated_on: There is no day “2023-13” in the calendar.",
        "deadlines.csv, line 2, column stated_by: the cell is empty. Enter a value.",
    ]
    assert refused(
        services,
        small,
        "a,law,,2024,2023,x,,,,,,\na,law,,2024,2023,x,,,,,,\n",
    ) == ["deadlines.csv, line 3, column id: “a” is already on line 2."]
    assert refused(
        services,
        small,
        "a,none,,2024,2023,x,,,,,,\nb,post,oath,2024,2023,x,void,,,,,\n",
    ) == [
        "deadlines.csv, line 2, column recommendation: there is no recommendation “none”.",
        "deadlines.csv, line 3, column element: “post” has no element “oath”.",
        "deadlines.csv, line 3, column evidence: there is no evidence “void”.",
    ]
    assert refused(
        services,
        small,
        "a,law,,2024,2023-10-02,x,,,2023-10-01T00:00:00Z,,,\n"
        "b,post,kept,2024,2023,x,,,2023-09-19T00:00:00Z,,,\n"
        "c,law,,2024,2023,x,,,2023-10-01T00:00:00Z,2023-09-30T00:00:00Z,ben,Why\n"
        "d,law,,2024,2023,x,,,,,ben,\n",
    ) == [
        "deadlines.csv, line 2, column stated_on: “2023-10-02” is after 2023-10-01, the day of publishing.",
        "deadlines.csv, line 3, column published_at: it is before its item was registered; say when that was.",
        "deadlines.csv, line 4, column withdrawn_at: it is before there was anything to withdraw.",
        "deadlines.csv, line 5, column withdrawn_reason: the cell is empty. Enter why the deadline was withdrawn.",
    ]
