"""The tools of the project: what is vendored, what is named, and the script a newcomer starts."""

import ast
import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.postgres import pgbouncer
from tests.support.repository import ROOT, tracked_files

# Spelt with classes, so that this file names none of them either.
HOSTS = re.compile(rb"p[y]pi\.org|p[y]thonhosted\.org|n[p]mjs\.(org|com)|deb\.d[e]bian\.org", re.IGNORECASE)


def test_no_file_names_the_host_of_a_registry() -> None:
    assert [p for p in tracked_files() if HOSTS.search(p.read_bytes())] == []


@pytest.mark.parametrize(
    ("sums", "base", "folders"),
    [
        ("app/fonts/SHA256SUMS", "app", ["app/fonts", "app/static/fonts"]),
        ("tests/vendor/SHA256SUMS", "tests/vendor", ["tests/vendor"]),
    ],
)
def test_vendored_files_are_those_whose_digests_are_kept(sums: str, base: str, folders: list[str]) -> None:
    listed = dict(reversed(line.split("  ", 1)) for line in (ROOT / sums).read_text().splitlines())
    there = {p for folder in folders for p in (ROOT / folder).rglob("*") if p.is_file() and p != ROOT / sums}
    digests = {p.relative_to(ROOT / base).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in there}
    assert digests == listed


def test_every_face_has_its_file_and_every_file_its_face() -> None:
    static = ROOT / "app" / "static"
    faces = "".join((static / name).read_text() for name in ("fonts-latin.css", "fonts-hangul.css"))
    named = set(re.findall(r'url\("([^"]+)"\)', faces))
    assert named == {f"fonts/{p.name}" for p in (static / "fonts").glob("*.woff2")}
    assert len(named) == 95


def test_an_older_python_is_told_so_in_a_sentence() -> None:
    source = (ROOT / "dev.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 7))
    older = "import runpy, sys; sys.version_info = (3, 8, 18); runpy.run_path(sys.argv[1], run_name='__main__')"
    said = subprocess.run([sys.executable, "-c", older, str(ROOT / "dev.py")], capture_output=True, text=True)
    assert (said.returncode, said.stdout) == (1, "")
    assert re.fullmatch(r"Uptake needs Python 3\.11 or newer; this is [\d.+]+\.\n", said.stderr)


def test_a_new_machine_gets_every_program_that_tests_need(tmp_path: Path) -> None:
    """`.ci/run` on a machine that has none of them, with an apt-get that only says what it was asked for."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, does in (("apt-get", 'echo "$@" >> "$ASKED"'), ("id", "echo 0"), ("python3", "exit 0")):
        (programs / name).write_text(f"#!/bin/sh\n{does}\n")
        (programs / name).chmod(0o755)
    (programs / "dirname").symlink_to(shutil.which("dirname") or "")
    (tmp_path / ".ci").mkdir()
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").replace("/usr/sbin/", f"{programs}/")
    (tmp_path / ".ci" / "run").write_text(script)
    asked = tmp_path / "asked"
    environment = {"PATH": str(programs), "ASKED": str(asked)}
    subprocess.run(["/bin/bash", tmp_path / ".ci" / "run"], env=environment, check=True)
    installed = set(asked.read_text().split())
    assert installed >= {
        "chromium",
        "libreoffice-writer-nogui",
        "openssl",
        "openssh-client",
        "pgbouncer",
        "poppler-utils",
    }


def test_where_all_must_run_a_missing_program_fails_its_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="there is no PgBouncer on this machine; install pgbouncer"):
        pgbouncer("/nowhere/pgbouncer")
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match="there is no PgBouncer"):
        pgbouncer("/nowhere/pgbouncer")
