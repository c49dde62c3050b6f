"""A text that is removed permanently is in no file and on no page, and everything that counts stays as it was."""

import io
import shutil
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from app.adapters.settings import Settings
from app.bootstrap.command_line import main
from app.bootstrap.container import build_services
from app.services.accounts.actors import Operator
from app.services.bundles.exporting import export_bundle
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.bundles.writing import bundle_files, write_bundle
from app.services.container import Services
from app.services.drafts.drafts import save_draft
from app.services.locker.copies import check_copy, store_copy
from app.services.operations.backups.backup import write_backup
from app.services.operations.backups.restore import restore_backup
from app.services.removals.removal_list import ErasedPerson, add_to_list, read_list, read_named_list, removal_file
from app.services.snapshots.freeze import freeze_review
from app.services.snapshots.rebuild import rebuild
from app.services.sources import sources_by_id
from app.services.transparency.log_verification import verify
from domain import commands as c
from domain.codes import RemovalReason
from domain.errors import Refused
from domain.evidence.aggregate import Evidence
from domain.ids import evidence_id
from domain.values import EvidenceText
from projections.all_projections import ALL_PROJECTIONS
from projections.engine.differences import differences
from tests.support.bundles import import_problems
from tests.support.clock import Clock
from tests.support.spreadsheet_steps import walk_to
from tests.support.staff_client import Member, find_user, form_version

WORDS = ("zoravar", "조라바르")
"""In every text of the source, in small letters; nowhere else."""
SOURCE = "/staff/small/evidence/story/"
TOMBSTONE = "Text removed on 3 March 2026: safety of a person"
Members = Callable[[str], Member]


def holds(content: bytes) -> bool:
    return any(word.encode() in content.lower() or word in content.decode("utf-8", "replace").lower() for word in WORDS)


def files_with_words(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file() and holds(p.read_bytes()))


def amend(services: Services, title: str, key: str) -> None:
    facts = services.tracker.load(Evidence, evidence_id("small", "story")).facts
    text = EvidenceText(
        title=title,
        url=f"https://zoravar.example/{key}",
        summary="Zoravar said who held him.",
        notes="Zoravar wants no name.",
        translations={"ko": {"title": "조라바르 면담", "summary": "조라바르가 말했다."}},
    )
    amendment = c.AmendEvidence("small", facts=facts, text=text, key=key, salt=key, why="Said again.")
    services.execute(amendment, by="ana")


@pytest.fixture
def witness(staff_app: Flask, small: Services, member: Members) -> Services:
    """The source “story” tells of a person, in three versions, with a copy, a note, a draft and an uploaded file."""
    amend(small, "Zoravar of the camp", "first")
    amend(small, "Interview with Zoravar", "second")
    store_copy(
        small,
        Operator("ana"),
        "small",
        "story",
        check_copy(small, b"Zoravar was there."),
        url="https://zoravar.example",
    )
    ana = member("ana")
    assert ana.post(f"{SOURCE}notes/", note="Zoravar called.", language="en").status_code == 302
    with small.accounts.work() as db:
        fields = {"rationale": ["As in “Interview with Zoravar”."]}
        save_draft(db, find_user(small, "ana").id, "/staff/small/recommendations/law/propose/", fields, small.clock())
    walk_to(member("ada"), b"Recommendation;Source\nRenew it;Interview with Zoravar\n", "columns", "plan.csv")
    return small


def remove(member: Members) -> None:
    ada, path = member("ada"), f"{SOURCE}remove-text/"
    answer = ada.confirm(path, reason="safety", version=form_version(ada, path))
    assert answer.status_code == 302


def assert_as_rebuilt(services: Services) -> None:
    name = services.views.build()
    with services.views.connect() as db, services.views.store.engine(name, writing=False).connect() as rebuilt:
        assert differences(db, rebuilt, ALL_PROJECTIONS) == []
    services.views.discard(name)


def test_no_file_of_the_installation_holds_it_and_none_that_is_made_later(
    witness: Services, member: Members, tmp_path: Path
) -> None:
    folder = witness.settings.data_dir
    before = files_with_words(folder)
    assert {"log.sqlite", "accounts.sqlite"} <= {name.removesuffix("-wal") for name in before}
    assert len(before) >= 4
    remove(member)
    assert files_with_words(folder) == []
    assert verify(witness).problems == []
    assert_as_rebuilt(witness)
    witness.views.rebuild()
    frozen = freeze_review(witness, "small", "ten", by="ana")
    write_backup(witness, tmp_path / "backup")
    assert files_with_words(folder) == files_with_words(tmp_path / "backup") == []
    with zipfile.ZipFile(io.BytesIO(frozen.file.read_bytes())) as package:
        assert not any(holds(package.read(name)) for name in package.namelist())
        table = package.read(f"{frozen.name}/data/bundle/evidence.csv").decode()
    assert "story,[text removed],Daily,," in table
    package_copy = tmp_path / f"{frozen.name}.zip"
    package_copy.write_bytes(frozen.file.read_bytes())
    assert rebuild(package_copy, tmp_path / "again").verdict == "same"


PAGES = (
    "/small/recommendations/law/",
    "/ko/small/recommendations/law/",
    "/small/recommendations/post/",
    "/small/recommendations/law/?known_at=2026-03-02",
    "/small/corrections/",
    "/ko/small/corrections/",
    "/small/corrections.atom",
    "/small/changes/",
    "/small/changes.json",
    "/small/recommendations/law/changes.atom",
    "/small/download/evidence.csv",
    "/small/download/spreadsheet/evidence.csv",
    "/api/v1/registers/small/recommendations/law",
    "/api/v1/registers/small/evidence/story",
    SOURCE,
    "/staff/small/evidence/",
    "/staff/small/evidence/?q=story",
    "/staff/small/recommendations/law/",
    "/staff/small/history/",
)
FOUND = "/small/search?q=zoravar"


def test_pages_files_and_the_api_say_that_it_was_removed_and_count_as_before(
    witness: Services, member: Members
) -> None:
    ada = member("ada")
    read = {path: ada.client.get(path) for path in PAGES}
    assert {path: answer.status_code for path, answer in read.items()} == dict.fromkeys(PAGES, 200)
    assert sum(holds(answer.data) for answer in read.values()) >= 14
    assert "Interview with" in ada.client.get(FOUND).text
    scorecard = ada.client.get("/api/v1/registers/small/scorecard?as_of=2026-03-01").json
    remove(member)
    after = {path: ada.client.get(path) for path in PAGES}
    assert {path: answer.status_code for path, answer in after.items()} == dict.fromkeys(PAGES, 200)
    assert [path for path, answer in after.items() if holds(answer.data)] == []
    assert "Interview with" not in ada.client.get(FOUND).text
    assert TOMBSTONE in ada.get("/small/recommendations/law/").text
    assert TOMBSTONE in ada.get(SOURCE).text
    assert "2026년 3월 3일에 텍스트 삭제: 개인의 안전" in ada.get("/ko/small/recommendations/law/").text
    fact = ada.client.get("/api/v1/registers/small/evidence/story").json
    assert fact
    assert {n: fact["fact"][n] for n in ("title", "removed", "removed_on", "removed_because", "publisher")} == {
        "title": "",
        "removed": True,
        "removed_on": "2026-03-03",
        "removed_because": "safety",
        "publisher": "Daily",
    }
    later = ada.client.get("/api/v1/registers/small/scorecard?as_of=2026-03-01").json
    assert scorecard
    assert later
    assert later["totals"] == scorecard["totals"]


def test_a_file_with_the_old_text_does_not_bring_it_back(witness: Services, member: Members, tmp_path: Path) -> None:
    with witness.views.connect() as db:
        old = export_bundle(db, "small")
    assert old
    write_bundle(old, tmp_path / "old")
    remove(member)
    assert any("were removed" in p for p in import_problems(witness, tmp_path / "old", update=True, why="Again."))
    with witness.views.connect() as db:
        new = export_bundle(db, "small")
    assert new
    assert not any(holds(content) for content in bundle_files(new).values())
    write_bundle(new, tmp_path / "new")
    before = witness.log.last()
    import_bundle(witness, tmp_path / "new", ImportOptions(update=True, why="Again."))
    assert witness.log.last() == before


def test_a_backup_from_before_is_put_back_without_it(
    witness: Services, member: Members, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_backup(witness, tmp_path / "backup")
    remove(member)
    listed = removal_file(witness.settings)
    assert not holds(listed.read_bytes())
    restored = Settings(data_dir=tmp_path / "restored")
    restore_backup(restored, tmp_path / "backup")
    assert "log.sqlite" in files_with_words(restored.data_dir)
    shutil.rmtree(restored.data_dir)
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(restored.data_dir))
    monkeypatch.setenv("UPTAKE_CHECKPOINT_FILE", str(witness.settings.data_dir / "checkpoints.txt"))
    done = CliRunner().invoke(main, ["restore", str(tmp_path / "backup")])
    assert (done.exit_code, "3 texts, people and packages that were removed had" in done.output) == (0, True)
    assert "1 removal of texts was not in the log and is recorded in it again." in done.output
    assert files_with_words(restored.data_dir) == []
    again = CliRunner().invoke(main, ["removals", "again", str(listed)])
    assert again.output == "0 texts, people and packages that were removed had come back and are removed again.\n"
    opened = build_services(restored, clock=clock)
    try:
        assert verify(opened).problems == []
        opened.catch_up()
        with opened.views.connect() as db:
            source = sources_by_id(opened, db, "small", ["story"])["story"]
        assert (source.removed_on, source.removed_because) == ("2026-03-03", RemovalReason.SAFETY)
    finally:
        opened.close()


def test_postgres_keeps_no_row_with_it(new_services: Callable[..., Services], tmp_path: Path) -> None:
    from app.services.removals.evidence_texts import remove_evidence_text
    from tests.support.small_register import open_small_register

    services = open_small_register(new_services(postgres=True), tmp_path / "bundle")
    amend(services, "Zoravar of the camp", "first")
    command = c.RemoveEvidenceText("small", evidence="story", reason=RemovalReason.REQUEST)
    assert remove_evidence_text(services, Operator("ada"), command).not_overwritten == ()
    write_backup(services, tmp_path / "backup")
    assert files_with_words(tmp_path / "backup") == []
    assert_as_rebuilt(services)
    with services.views.connect() as db:
        new = export_bundle(db, "small")
    assert new
    assert not any(holds(content) for content in bundle_files(new).values())


def test_it_asks_first_and_is_about_the_version_that_was_seen(
    small: Services, member: Members, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, path = member("ada"), f"{SOURCE}remove-text/"
    version = form_version(ada, path)
    assert "Choose a reason." in ada.post(path, version=version).text
    asked = ada.post(path, reason="court_order", version=version).text
    assert "You cannot undo this." in asked
    assert "wherever the source is cited" in asked
    ada.post(path, reason="court_order", version=version, confirmed="no")
    amend(small, "A story, told again", "again")
    late = ada.post(path, reason="court_order", version=version, confirmed="yes")
    assert "It changed after you opened this page." in late.text
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(small.settings.data_dir))
    command = ["removals", "text", "small", "story", "--reason", "mistake", "--by", "operator"]
    unsure = CliRunner().invoke(main, command)
    assert (unsure.exit_code, "If it is this source, add --expected-version 2" in unsure.output) == (1, True)
    assert small.log.erased_keys() == []
    with ada.client.session_transaction(path="/staff") as session:
        session["fs_paa"] = session["fs_paa"] - 3600
        session.pop("fs_gexp", None)
    assert ada.post(path, reason="safety").location.startswith("/staff/confirm?next=")
    done = CliRunner().invoke(main, [*command, "--expected-version", "2"])
    assert (done.exit_code, len(small.log.erased_keys())) == (0, 2)
    small.catch_up()
    assert ": entered by mistake" in ada.get("/small/recommendations/law/").text


def test_a_line_that_was_being_written_is_left_out(services: Services) -> None:
    first, second = (ErasedPerson(name) for name in ("ana", "ben"))
    add_to_list(services.settings, first)
    file = removal_file(services.settings)
    file.write_bytes(file.read_bytes() + b'{"type":"per')
    assert read_list(file) == [first]
    add_to_list(services.settings, second)
    assert read_list(file) == [first, second]


def test_a_list_that_a_person_names_is_read_whole_or_refused(services: Services, tmp_path: Path) -> None:
    add_to_list(services.settings, ErasedPerson("ana"))
    named, content = tmp_path / "list.jsonl", removal_file(services.settings).read_bytes()
    named.write_bytes(content.rstrip())
    assert read_named_list(named) == [ErasedPerson("ana")]
    for wrong, sentence in (
        (b"", "list.jsonl names no removal."),
        (content + b'{"type":"te', "list.jsonl is not a list of removals."),
        (b"\xff\xfe\x00", "list.jsonl is not a list of removals."),
        (content.replace(b"person", b"texts", 1), "list.jsonl is not a list of removals."),
    ):
        named.write_bytes(wrong)
        with pytest.raises(Refused, match=sentence):
            read_named_list(named)


def test_removals_at_the_same_time_are_all_listed(services: Services) -> None:
    removed = [ErasedPerson(f"person-{n}" + "x" * (n % 7)) for n in range(200)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(partial(add_to_list, services.settings), removed))
    listed = read_list(removal_file(services.settings))
    assert sorted(map(str, listed)) == sorted(map(str, removed))


def test_a_restored_list_lies_where_it_is_read(services: Services, tmp_path: Path) -> None:
    add_to_list(services.settings, ErasedPerson("ana"))
    write_backup(services, tmp_path / "backup")
    elsewhere = Settings(data_dir=tmp_path / "restored", checkpoint_file=tmp_path / "disk" / "checkpoints.txt")
    restore_backup(elsewhere, tmp_path / "backup")
    assert read_list(removal_file(elsewhere)) == [ErasedPerson("ana")]
