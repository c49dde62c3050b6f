"""Responses in bundles: read, checked, written again, and cut at any pair of times."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.services.bundles.exporting import export_bundle
from app.services.bundles.importing import ImportOptions, export_register, import_bundle
from app.services.bundles.problems import BundleRefused
from app.services.bundles.writing import bundle_files, write_bundle
from app.services.container import Services
from projections.responses import queries as responses
from projections.scorecards.results import TimePair
from tests.support.bundles import write_small_bundle

HEADER = (
    "id,recommendation,element,body,position,given_on,summary,summary_ko,evidence,assessment,proposed_by,published_by,"
    "published_at,withdrawn_at,withdrawn_by,withdrawn_reason\n"
)
FIRST = (
    "law-said,law,,senate,accepts,2023-10,It will renew it.,갱신할 것이다.,story,,ana,ben,2026-01-05T10:00:00.000000Z,"
    "2026-01-07T10:00:00.000000Z,ben,It was a minority.\n"
)
SECOND = "law-later,law,,senate,rejects,2024-05-02,It will not.,,story;oath,,ana,ben,2026-01-06T10:00:00.000000Z,,,\n"
REPLY = "reply,post,kept,ministry,disputes,2025-02,It is filled.,,leak,,ana,ben,2026-01-06T11:00:00.000000Z,,,\n"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = write_small_bundle(tmp_path / "small")
    (folder / "recommendations.csv").write_text(_registered(folder), encoding="utf-8")
    write(folder, FIRST + SECOND + REPLY)
    return folder


def _registered(folder: Path) -> str:
    """The recommendations with an instant at which they were registered."""
    header, *lines = (folder / "recommendations.csv").read_text(encoding="utf-8").splitlines()
    return "\n".join([header, *(f"{line}2026-01-01T00:00:00Z" for line in lines)]) + "\n"


def write(folder: Path, rows: str) -> None:
    (folder / "responses.csv").write_text(HEADER + rows, encoding="utf-8")


def in_force(services: Services, day: str, known_at: str) -> list[str]:
    with services.views.connect() as db:
        at = datetime.fromisoformat(known_at).replace(tzinfo=UTC)
        found = responses.of_recommendation(db, "small", "law", date.fromisoformat(day), at)
    return [r.facts.id for r in found if r.is_in_force]


def test_responses_are_imported_as_they_were_known(either: Services, bundle: Path) -> None:
    import_bundle(either, bundle, ImportOptions())
    assert in_force(either, "2026-01-01", "2026-01-05T09:00") == []
    assert in_force(either, "2026-01-01", "2026-01-05T10:00") == ["law-said"]
    assert in_force(either, "2026-01-01", "2026-01-06T10:00") == ["law-later"]
    assert in_force(either, "2024-05-01", "2026-01-06T10:00") == ["law-said"]
    assert in_force(either, "2024-05-01", "2026-01-07T10:00") == []


def test_what_was_exported_is_imported_to_the_same_bytes(services: Services, bundle: Path, tmp_path: Path) -> None:
    import_bundle(services, bundle, ImportOptions())
    exported = export_register(services, "small")
    assert exported is not None
    files = bundle_files(exported)
    assert files["responses.csv"].decode() == HEADER + FIRST + SECOND + REPLY
    write_bundle(exported, tmp_path / "again")
    assert import_bundle(services, tmp_path / "again", ImportOptions()).stored == 0


@pytest.mark.parametrize(
    ("day", "known_at", "rows"),
    [
        ("2026-01-01", "2026-01-05T09:59", ""),
        ("2026-01-01", "2026-01-06T10:30", FIRST.replace("2026-01-07T10:00:00.000000Z,ben,It was a minority.", ",,") + SECOND),
        ("2024-05-01", "2026-01-08T00:00", FIRST),
        ("2026-01-01", "2026-01-08T00:00", FIRST + SECOND + REPLY),
    ],
)  # fmt: skip
def test_a_bundle_is_cut_at_a_pair_of_times(
    services: Services, bundle: Path, day: str, known_at: str, rows: str
) -> None:
    import_bundle(services, bundle, ImportOptions())
    at = TimePair(date.fromisoformat(day), datetime.fromisoformat(known_at).replace(tzinfo=UTC))
    with services.views.connect() as db:
        cut = export_bundle(db, "small", at)
    assert cut is not None
    files = bundle_files(cut)
    assert files.get("responses.csv", b"").decode() == (HEADER + rows if rows else "")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (",senate,", ",cabinet,", "column body: there is no body “cabinet”."),
        (",senate,", ",ministry,", "column body: “law” was never addressed to “ministry”, so it cannot respond."),
        ("story,", ",", "column evidence: the cell is empty. Enter a value."),
        ("story,", "none,", "column evidence: there is no evidence “none”."),
        (",accepts,", ",agrees,", "column position: “agrees” is not one of accepts, accepts_in_part, notes, rejects, disputes."),
        ("law,,", "law,first,", "column element: “law” has no element “first”."),
        ("2023-10,", "2026-01-06,", "column given_on: it is after the day of publishing."),
        ("story,,", "story,post-1,", "column assessment: there is no assessment “post-1”."),
        (",It was a minority.", ",", "column withdrawn_reason: say why it was withdrawn. The reason is public."),
        ("2026-01-07T", "2026-01-04T", "column withdrawn_at: it is before there was anything to withdraw."),
        ("2026-01-05T", "2025-12-05T", "column published_at: it is before the recommendation was registered; say when that was."),
    ],
)  # fmt: skip
def test_what_is_no_response_is_refused(services: Services, bundle: Path, old: str, new: str, problem: str) -> None:
    write(bundle, FIRST.replace(old, new, 1))
    before = services.log.last()
    with pytest.raises(BundleRefused) as caught:
        import_bundle(services, bundle, ImportOptions())
    assert [str(p) for p in caught.value.problems] == [f"responses.csv, line 2, {problem}"]
    assert services.log.last() == before


def test_addressees_with_days_and_merged_bodies_respond_as_the_command_has_it(services: Services, bundle: Path) -> None:
    write(bundle, FIRST.replace(",senate,", ",ministry,", 1))
    with (bundle / "addressees.csv").open("w", encoding="utf-8") as file:
        file.write("recommendation,element,body,role,from_on,to_on\nlaw,,senate,,,\nlaw,,office,joint,2020,2021\n")
    bodies = "id,name,merged_into,merged_on,merged_why\nstate,State,,,\nministry,Ministry,,,\nsenate,Senate,,,\n"
    (bundle / "bodies.csv").write_text(f"{bodies}office,Office,,,\n", "utf-8")
    with pytest.raises(BundleRefused) as caught:
        import_bundle(services, bundle, ImportOptions())
    assert ["“law” was never addressed to “ministry”" in str(p) for p in caught.value.problems] == [True]
    (bundle / "bodies.csv").write_text(f"{bodies}office,Office,ministry,2022,A reform.\n", "utf-8")
    import_bundle(services, bundle, ImportOptions())
