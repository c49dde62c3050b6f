"""Bundles and workbooks carry the addresses of archived copies, in a column that is there if a source has one."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from app.bootstrap.command_line import main
from app.services.bundles.importing import ImportOptions, export_register, import_bundle
from app.services.bundles.reading import read_bundle
from app.services.bundles.writing import write_bundle
from app.services.container import Services
from domain import commands as c
from domain.codes import RemovalReason
from domain.evidence.aggregate import Evidence
from domain.evidence.events import EvidenceAmended
from domain.evidence.record import EvidenceRecord
from domain.ids import evidence_id
from tests.support.bundles import change, import_problems, write_small_bundle

COPY = "https://web.archive.org/web/2026/https://example.org/oath"


def with_archived(folder: Path, address: str) -> Path:
    """The small bundle, whose source “oath” has an archived copy."""
    file = write_small_bundle(folder) / "evidence.csv"
    header, first, *others = file.read_text(encoding="utf-8").splitlines()
    lines = [f"{header},archived_url", f"{first},{address}", *(f"{line}," for line in others)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_a_bundle_comes_back_with_the_addresses(services: Services, tmp_path: Path) -> None:
    import_bundle(services, with_archived(tmp_path / "small", COPY), ImportOptions())
    bundle = export_register(services, "small")
    assert {r.fact.id: r.text.archived_url for r in bundle.evidence if r.text.archived_url} == {"oath": COPY}
    write_bundle(bundle, tmp_path / "again")
    header, first, *_ = (tmp_path / "again" / "evidence.csv").read_text(encoding="utf-8").splitlines()
    assert header.split(",")[3:5] == ["url", "archived_url"] and f",{COPY}," in first
    assert import_bundle(services, tmp_path / "again", ImportOptions()).stored == 0


def test_a_later_edition_adds_one_and_without_any_there_is_no_column(services: Services, tmp_path: Path) -> None:
    import_bundle(services, write_small_bundle(tmp_path / "small"), ImportOptions())
    write_bundle(export_register(services, "small"), tmp_path / "again")
    assert "archived_url" not in (tmp_path / "again" / "evidence.csv").read_text(encoding="utf-8")
    later = with_archived(tmp_path / "later", COPY)
    result = import_bundle(services, later, ImportOptions(update=True, why="Its copy."))
    assert [v.reasons for v in result.verdicts if v.verdict == "amended"] == [(f"archived_url: “” → “{COPY}”",)]
    services.execute(c.RemoveEvidenceText("small", evidence="oath", reason=RemovalReason.REQUEST), by="ana")
    assert not any(r.text.archived_url for r in export_register(services, "small").evidence)


def test_a_wrong_address_is_named_with_its_place(services: Services, tmp_path: Path) -> None:
    folder = with_archived(tmp_path / "small", "http://www.example.org/oath/")
    same = "This is the address of the source itself. Enter the address of the copy in the archive."
    assert import_problems(services, folder) == [f"evidence.csv, line 2, column archived_url: {same}"]
    change(folder, "evidence.csv", "http://www.example.org/oath/", "https://ana:pw@perma.cc/1")
    (problem,) = import_problems(services, folder)
    assert problem.startswith("evidence.csv, line 2, column archived_url: The address contains a user name")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://[::1", "The address does not name a website."),
        ("https://perma.cc/\u200babc", "The address contains ZERO WIDTH SPACE (U+200B)"),
        ("https://web.archive.org/web/2024/https://user:pw@x.org/", "The address contains a user name or password"),
        ("https://example.org:443/oath", "This is the address of the source itself."),
    ],
)
def test_an_address_that_was_stored_before_it_was_refused_comes_back(
    services: Services, tmp_path: Path, address: str, reason: str
) -> None:
    folder = with_archived(tmp_path / "small", address)
    (problem,) = import_problems(services, folder)
    assert problem.startswith(f"evidence.csv, line 2, column archived_url: {reason}")
    store_as_earlier(services, write_small_bundle(tmp_path / "earlier"), address)
    bundle = export_register(services, "small")
    assert {r.text.archived_url for r in bundle.evidence if r.text.archived_url} == {address}
    write_bundle(bundle, tmp_path / "again")
    assert import_bundle(services, tmp_path / "again", ImportOptions(update=True, why="None.")).stored == 0


def store_as_earlier(services: Services, folder: Path, address: str) -> None:
    """Store the small bundle and, as a version without these rules did, this address of a copy of “oath”."""
    import_bundle(services, folder, ImportOptions())
    evidence = services.tracker.load(Evidence, evidence_id("small", "oath"))
    (row,) = (r for r in export_register(services, "small").evidence if r.fact.id == "oath")
    record = EvidenceRecord(key="earlier", salt="s", text=replace(row.text, archived_url=address))
    evidence.trigger(
        EvidenceAmended, "ana", register="small", facts=row.fact, record=record.key, digest=record.digest, why="."
    )
    services.tracker.import_events(evidence.collect_events(), {}, [record])
    services.catch_up()


def test_too_long_an_address_says_so(services: Services, tmp_path: Path) -> None:
    folder = with_archived(tmp_path / "small", "https://perma.cc/" + "a" * 5000)
    assert import_problems(services, folder) == [
        "evidence.csv, line 2, column archived_url: Shorten the address to 2000 characters."
    ]


def test_a_workbook_comes_back_with_the_addresses(services: Services, tmp_path: Path) -> None:
    import_bundle(services, with_archived(tmp_path / "small", COPY), ImportOptions())
    workbook = tmp_path / "small.xlsx"
    run = CliRunner().invoke(
        main, ["export", "small", str(workbook)], env={"UPTAKE_DATA_DIR": str(services.settings.data_dir)}
    )
    assert run.exit_code == 0, run.output
    assert {r.fact.id: r.text.archived_url for r in read_bundle(workbook).evidence}["oath"] == COPY
