"""Four verifiers say the same of the form of a package: Uptake, the program in it, the written commands, the page.

The page is tried in a real browser, in the journeys.
"""

import shutil
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from app.adapters.settings import read_settings
from app.services.snapshots import standalone_verifier
from app.services.snapshots.package_reader import unpack_package
from app.services.snapshots.standalone_verifier import CHANGED, FORMATS, GENUINE, UNKNOWN_SIGNER, Changed
from app.services.snapshots.verify import verify_files
from domain.errors import Refused
from tests.support.package_corpus import PUBLISHER, STRANGER, Case, all_cases, key_line

CASES = all_cases()
OLD_FORMATS = {f"right-{name}" for name in FORMATS[:2]}
"""Their written commands name no program."""


def outcome_of_uptake(content: bytes) -> int:
    try:
        package = verify_files(*unpack_package(content, "x.zip"), PUBLISHER.verifier.public)
    except Refused:
        return CHANGED
    return GENUINE if package.is_genuine else UNKNOWN_SIGNER


def outcome_of_the_program(content: bytes) -> int:
    try:
        return standalone_verifier.check(content, PUBLISHER.verifier.fingerprint)[0]
    except Changed:
        return CHANGED


def test_there_are_many_packages_of_each_outcome() -> None:
    outcomes = [case.outcome for case in CASES]
    assert len(CASES) >= 300
    assert outcomes.count(GENUINE) >= 10
    assert outcomes.count(UNKNOWN_SIGNER) >= 4


def test_uptake_and_the_program_say_what_each_package_is() -> None:
    expected = {case.name: (case.outcome, case.outcome) for case in CASES}
    said = {c.name: (outcome_of_uptake(c.content), outcome_of_the_program(c.content)) for c in CASES}
    assert said == expected


@pytest.mark.parametrize("host", ["müller.example", "a b.example", "a$b.example", '"x".example'])
def test_an_installation_has_a_host_that_packages_can_hold(host: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="the name of the host in ASCII"):
        read_settings({"UPTAKE_BASE_URL": f"https://{host}/"}, tmp_path)
    for good in ("http://[::1]:8000", "https://xn--mller-kva.example", "https://Tracker_2.example:8443/uptake"):
        read_settings({"UPTAKE_BASE_URL": good}, tmp_path)


@pytest.mark.parametrize(
    "case",
    [c for c in CASES if not c.name.startswith(("bit-", "forged-")) and c.name not in OLD_FORMATS],
    ids=lambda case: case.name,
)
def test_the_written_commands_find_genuine_what_is_genuine(case: Case, tmp_path: Path) -> None:
    assert _commands_succeed(case.content, tmp_path) == (case.outcome == GENUINE)


def _commands_succeed(content: bytes, folder: Path) -> bool:
    """Do what VERIFY.md says: unpack, and run its commands with the publisher's key in a file."""
    (folder / "package.zip").write_bytes(content)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            archive.extractall(folder / "unpacked")
        bag, *others = sorted((folder / "unpacked").iterdir())
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError, ValueError):
        return False
    if others or not bag.is_dir():
        return False
    guide = standalone_verifier.GUIDES[FORMATS[-1]]
    commands = guide[guide.index("    ssh-keygen") : guide.index("The first says")]
    origin = "other.example" if b"https://other.example/" in content else "uptake.example"
    (bag / "key").write_text(key_line().replace("uptake.example", origin))
    script = commands.replace("{origin}", origin).replace("PACKAGE.zip", str(folder / "package.zip"))
    script = script.replace("python3", sys.executable)
    return subprocess.run(["sh", "-e", "-c", script], cwd=bag, capture_output=True).returncode == 0


@pytest.mark.parametrize(("name", "outcome"), [(c.name, c.outcome) for c in CASES if c.name.startswith("right-")][:4])
def test_the_program_runs_alone_and_ends_with_the_outcome(name: str, outcome: int, tmp_path: Path) -> None:
    shutil.copy(standalone_verifier.__file__, tmp_path / "verify.py")
    content = next(case.content for case in CASES if case.name == name)
    (tmp_path / "package.zip").write_bytes(content)
    (tmp_path / "key").write_text(key_line())
    program = [sys.executable, "-I", "-S", "verify.py", "package.zip"]
    forms = ("key", key_line(), PUBLISHER.verifier.fingerprint, PUBLISHER.verifier.text, "vkey")
    (tmp_path / "vkey").write_text(f"{PUBLISHER.verifier.text}\n")
    strangers = (STRANGER.verifier.fingerprint, STRANGER.verifier.text)
    for words, expected in (
        *(([key], outcome) for key in forms),
        *((["--key", key], outcome) for key in forms),
        *((["--key", key], UNKNOWN_SIGNER) for key in strangers if outcome == GENUINE),
        ([], UNKNOWN_SIGNER),
    ):
        run = subprocess.run([*program, *words], cwd=tmp_path, capture_output=True, text=True)
        assert run.returncode == expected, (words, run)
        assert run.stdout.startswith("GENUINE" if expected == GENUINE else "INTACT, signer unknown")
    (tmp_path / "package.zip").write_bytes(content[:-1])
    changed = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True)
    assert (changed.returncode, changed.stdout.startswith("CHANGED")) == (CHANGED, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "the following arguments are required: PACKAGE.zip"),
        (["none.zip"], "It cannot be checked: [Errno 2] No such file or directory: 'none.zip'"),
        (["package.zip", "no-such-key"], "It cannot be checked: [Errno 2] No such file or directory: 'no-such-key'"),
        (["package.zip", "--key", ""], "It cannot be checked"),
        (["package.zip", "--key"], "expected one argument"),
        (["package.zip", "--keys", "list.json"], "unrecognized arguments: --keys"),
        (["package.zip", "SHA256:short"], "There is no Ed25519 key in it"),
        (["package.zip", "--key", "ssh-ed25519"], "There is no Ed25519 key in it"),
        (["package.zip", "--key", "ssh-ed25519 AAAA"], "There is no Ed25519 key in it"),
        (["package.zip", "--key", PUBLISHER.verifier.text.replace("+", "+0", 1)], "No such file"),
        (["package.zip", "--key", PUBLISHER.verifier.text.replace("uptake", "other")], "There is no Ed25519 key in it"),
    ],
)
def test_the_program_answers_bad_input_with_a_sentence(words: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "package.zip").write_bytes(CASES[0].content)
    run = subprocess.run(
        [sys.executable, "-I", standalone_verifier.__file__, *words], cwd=tmp_path, capture_output=True, text=True
    )
    assert run.returncode == 2
    assert said in run.stderr
    assert "Traceback" not in run.stderr
