"""A package says what its events say, or it is refused; its renderings are those of its builder, or of another one."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from app.bootstrap.command_line import main
from app.entrypoints.worker.review_freezing import freeze_due
from app.services.container import Services
from app.services.snapshots import bagit, package_store
from app.services.snapshots.bagit import build_bag
from app.services.snapshots.builder import installed_builder
from app.services.snapshots.formats import package_json
from app.services.snapshots.freeze import freeze_review
from app.services.snapshots.package_reader import unpack_package
from app.services.snapshots.rebuild import RebuildVerdict, rebuild
from app.services.snapshots.recomputation import NotFromEvents, verify_data
from app.services.snapshots.verify import VerifiedPackage, verify, verify_files
from app.services.transparency.signed_notes import Checkpoint, sign_checkpoint
from app.services.transparency.signing_keys import SigningKey, signing_key
from domain import commands as c
from domain.errors import Refused
from tests.support.clock import Clock
from tests.support.package_corpus import PUBLISHER, Case, all_cases, key_line
from tests.support.repository import ROOT
from tests.support.reviews import YEARLY_REVIEW_DUE, frozen_reviews

KEPT = sorted((Path(__file__).parents[3] / "packages").glob("*/*.zip"))
FROM_EVENTS = {case.name: case for case in all_cases() if case.problem or case.name.startswith("right-from-events")}
DAY: dict[str, Any] = {"review": "yearly", "as_of": "2026-09-14"}


def forged(package: VerifiedPackage, file: Path, key: SigningKey | None = None, **changed: bytes) -> Path:
    """The package with other files, signed with a key, or else by the same name with another key."""
    key = key or SigningKey(package.metadata.origin, PUBLISHER.private)
    root = bytes.fromhex(package.root)
    note = sign_checkpoint(Checkpoint(key.name, len(package.lines), root), key.name, key.private)
    payload = package.payload | {"checkpoint": note.encode()} | {n.replace("__", "/"): b for n, b in changed.items()}
    files = build_bag(package.metadata, dict(sorted(payload.items())), key)
    with file.open("wb") as dest:
        bagit.write_bag(package.metadata, files, dest)
    return file


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(w) for w in words])


@pytest.mark.parametrize("case", FROM_EVENTS.values(), ids=FROM_EVENTS)
def test_what_does_not_follow_from_the_events_is_named(case: Case) -> None:
    package = verify_files(*unpack_package(case.content, "x.zip"), PUBLISHER.verifier.public)
    if case.problem:
        assert package.is_genuine, "its form is right, and its publisher signed it"
        with pytest.raises(NotFromEvents, match=case.problem):
            verify_data(package)
    else:
        verify_data(package)


@pytest.mark.parametrize("name", ["right-from-events", "right-from-events-of-a-stranger", "forged-scorecard.json"])
def test_the_command_ends_with_the_outcome(name: str, tmp_path: Path) -> None:
    case = FROM_EVENTS[name]
    (tmp_path / "x.zip").write_bytes(case.content)
    (tmp_path / "key").write_text(key_line())
    check = ("snapshot", "verify", tmp_path / "x.zip", "--key", tmp_path / "key")
    verdicts = {0: "genuine", 1: "changed", 3: "unknown_signer"}
    data = run(*check, "--json")
    assert (data.exit_code, json.loads(data.stdout)["verdict"]) == (case.recomputed, verdicts[case.recomputed])
    assert [bool(json.loads(data.stdout)["problems"]), run(*check).exit_code] == [case.recomputed != 0, case.recomputed]
    form = run(*check, "--form-only", "--json")
    problems = ["This is not the key that was named."] if case.outcome else []
    expected = {"verdict": verdicts[case.outcome], "problems": problems}
    assert (form.exit_code, json.loads(form.stdout)) == (case.outcome, expected)
    assert "was not compared with the events" in run(*check, "--form-only").stdout


@pytest.mark.parametrize("file", KEPT, ids=lambda file: file.parent.name)
def test_a_kept_package_of_every_format_is_compared_with_its_events(file: Path, tmp_path: Path) -> None:
    package = verify(file)
    verify_data(package)
    scorecard = package.payload["scorecard.json"].replace(b'"partly"', b'"no_action"')
    with pytest.raises(NotFromEvents, match=r"“data/scorecard.json” .* by the events \"partly\""):
        verify_data(verify(forged(package, tmp_path / "x.zip", **{"scorecard.json": scorecard})))


def test_what_a_review_was_frozen_with_is_among_its_events(small: Services, clock: Clock) -> None:
    """The last draft, the signatures since and the embargo; earlier drafts, and what came later, stay private."""
    later = datetime(2026, 9, 20, 9, tzinfo=UTC)
    for summary in ("Not this one.", "So it stands."):
        small.execute(c.DraftSummary("small", **DAY, summary=summary), by="ana")
        small.execute(c.SignOffReview("small", **DAY), by="ana")
    small.execute(c.SignOffReview("small", **DAY), by="ben")
    small.execute(c.EmbargoReview("small", **DAY, freeze_at=later), by="ben")
    for doi in ("10.5281/not-this-one", "10.5281/zenodo.7"):
        small.execute(c.SetReviewDoi("small", **DAY, doi=doi), by="ben")
    clock.now = later.replace(day=21)
    small.execute(c.DraftSummary("small", **DAY, summary="Too late."), by="ana")
    assert freeze_due(small) == 1
    ((_, _, snapshot),) = frozen_reviews(small)
    package = verify(package_store.get(small.settings, snapshot.package))
    verify_data(package)
    assert (snapshot.summary, snapshot.signed_off, snapshot.reconstructed) == ("So it stands.", True, False)
    events = package.payload["events.jsonl"]
    assert events.count(b'"review.signed_off"') == 2
    assert [events.count(t) for t in (b"Not this one.", b"So it stands.", b"Too late.")] == [0, 1, 0]
    assert [events.count(t) for t in (b"10.5281/not-this-one", b"10.5281/zenodo.7")] == [0, 1]
    assert snapshot.doi == "10.5281/zenodo.7"
    metadata = msgspec.structs.replace(package.metadata, known_at="2026-09-19T00:00:00.000000Z")
    files = package.files | {"data/snapshot.json": package_json(metadata.format, "snapshot.json", metadata)}
    with pytest.raises(NotFromEvents, match="reconstructed is false, by the events true"):
        verify_data(msgspec.structs.replace(package, metadata=metadata, files=files))


def test_a_review_frozen_by_hand_has_what_was_prepared_after_its_instant(small: Services, clock: Clock) -> None:
    opened, hand = clock.now, {"review": "ten", "as_of": "2024-02-17"}
    clock.go_on(days=3)
    small.execute(c.DraftSummary("small", **hand, summary="So it stands."), by="ana")
    frozen = freeze_review(small, "small", "ten", by="ana", known_at=opened)
    package = verify(frozen.file)
    verify_data(package)
    assert package.metadata.summary == "So it stands."
    assert package.metadata.log_position == small.views.position().count - 1


def test_events_after_the_instant_are_named(small: Services, clock: Clock) -> None:
    clock.now = YEARLY_REVIEW_DUE
    assert freeze_due(small) == 1
    ((_, _, snapshot),) = frozen_reviews(small)
    package = verify(package_store.get(small.settings, snapshot.package))
    event = json.loads(package.lines[-1]) | {"recorded_at": "2026-09-15T00:00:00.000000Z"}
    events = b"\n".join([*package.lines, json.dumps(event).encode(), b""])
    with pytest.raises(NotFromEvents, match="but line 36 of its events was recorded later, at 2026-09-15T00:00:00"):
        verify_data(msgspec.structs.replace(package, files=package.files | {"data/events.jsonl": events}))


@pytest.mark.parametrize("file", KEPT, ids=lambda file: file.parent.name)
def test_renderings_of_another_builder_are_named_and_their_data_is_not(file: Path, tmp_path: Path) -> None:
    package = verify(file)
    made_with = {"uptake": "0.0.1", **({"source": "sha256:0"} if package.metadata.made_with.get("source") else {})}
    metadata = msgspec.structs.replace(package.metadata, made_with=made_with)
    page = {"index.html": b"Another page.", "snapshot.json": package_json(metadata.format, "snapshot.json", metadata)}
    if package.metadata.format == "uptake-snapshot-1":
        result = run("snapshot", "rebuild", file, "--out", tmp_path)  # as it is: it was made by an earlier version
        assert "source unknown" in result.stdout
    else:
        result = run("snapshot", "rebuild", forged(package, tmp_path / "x.zip", **page), "--out", tmp_path)
    assert result.exit_code == 3, result.output
    assert "The data is the same, byte for byte" in result.stdout
    assert "renderings differ, since another builder made them; the first is “data/" in result.stdout
    assert f"Installed here: libraries {installed_builder()['libraries'][:19]}, python-docx" in result.stdout


def test_a_rebuild_names_forged_data_and_forged_renderings(small: Services, tmp_path: Path) -> None:
    package = verify(freeze_review(small, "small", "ten", by="ana").file)
    key = signing_key(small.settings)
    for name, verdict_of_data in (("scorecard.json", ["scorecard.json"]), ("report.pdf", [])):
        file = forged(package, tmp_path / "x.zip", key, **{name: b"{}"})
        result = run("snapshot", "rebuild", file, "--out", tmp_path / name, "--json")
        data = json.loads(result.stdout)
        assert (result.exit_code, data["verdict"], data["data"]) == (1, "changed", verdict_of_data)
        assert f"“data/{name}”" in data["problems"][0]
        assert (tmp_path / name / f"{package.metadata.name}.zip").is_file()
    lying = forged(package, tmp_path / "x.zip", key, **{"verify.py": b"print('GENUINE')\n"})
    assert rebuild(lying, tmp_path / "program").verdict is RebuildVerdict.CHANGED
    broken = run("snapshot", "rebuild", Path(__file__), "--out", tmp_path / "none", "--json")
    assert (broken.exit_code, json.loads(broken.stdout)["verdict"]) == (1, "changed")
    with pytest.raises(Refused, match="already exists"):
        rebuild(lying, tmp_path / "program")


def test_the_metadata_names_the_builder_by_digest(small: Services) -> None:
    made_with = verify(freeze_review(small, "small", "ten", by="ana").file).metadata.made_with
    assert made_with == installed_builder()
    assert all(made_with[name].startswith("sha256:") and len(made_with[name]) == 71 for name in ("libraries", "source"))
    guide = (ROOT / "docs" / "package-format.md").read_text("utf-8")
    command = guide[guide.index("\nfind app ") :].split("```", 1)[0]
    digest = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()[
        0
    ]
    assert made_with["source"] == f"sha256:{digest}"
