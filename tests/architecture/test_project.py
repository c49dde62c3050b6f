"""The project as it is shipped: the lock, the vendored files, the wheel."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from app.services.snapshots.builder import installed_builder
from tests.support.repository import ROOT, tracked_files


def test_the_lock_names_no_address() -> None:
    assert "://" not in (ROOT / "requirements.lock").read_text()


def test_every_dependency_is_locked_with_hashes() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["postgres"],
        *project["dependency-groups"]["dev"],
    ]
    for requirement in wanted:
        name = re.split(r"[\[<>=~ ]", requirement)[0]
        assert re.search(rf"^{name}(\[[\w,-]+\])?==", lock, re.MULTILINE | re.IGNORECASE), name
    assert lock.count("--hash=sha256:") > 100


def test_nothing_is_fetched_from_elsewhere_by_a_page() -> None:
    for path in tracked_files():
        if path.suffix in (".html", ".css"):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"(src|href|url)\s*[=(]\s*[\"']?(https?:)?//", text), path


def test_no_file_is_too_long_to_hold_one_idea() -> None:
    sizes = {
        str(p.relative_to(ROOT)): sum(1 for line in p.read_text(encoding="utf-8").splitlines() if line.strip())
        for p in tracked_files()
        if p.suffix == ".py" and p.relative_to(ROOT).parts[0] in ("app", "domain", "projections")
    }
    ordered = sorted(sizes.values())
    assert ordered[len(ordered) // 2] <= 75
    assert {name: n for name, n in sizes.items() if n > 300} == {}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    made = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_carries_all_that_runs(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    for wanted in (
        "app/_data/templates/base.html",
        "app/_data/docs/for-staff.md",
        "app/_data/registers/dprk-enablers/register.json",
        "app/static/css/tokens.css",
        "app/static/fonts/serif-latin.woff2",
        "app/fonts/Pretendard-Regular.otf",
        "domain/methodology/rules.py",
        "projections/engine/views.py",
    ):
        assert wanted in names
    tops = {name.split("/")[0] for name in names}
    assert {t for t in tops if not t.endswith(".dist-info")} == {"app", "domain", "projections"}


def test_the_wheel_runs_from_anywhere(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path / "site")
    script = (
        "import app, app.adapters.resources as r; from app.bootstrap.command_line import main\n"
        "assert str(r.data_dir('templates')).startswith(app.__path__[0]), r.data_dir('templates')\n"
        "from app.services.snapshots.builder import installed_builder; print(installed_builder())\n"
        "main(['init'], standalone_mode=False)\n"
        "main(['import', str(r.data_dir('registers') / 'dprk-enablers')], standalone_mode=False)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site"), "UPTAKE_DATA_DIR": str(tmp_path / "data"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert "of the register “dprk-enablers”." in run.stdout
    assert f"{installed_builder()}\n" in run.stdout, "packages name a wheel and a checkout as the same builder"


def test_dev_py_explains_itself_and_refuses_in_a_sentence(tmp_path: Path) -> None:
    def dev(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(ROOT / "dev.py"), *arguments], cwd=tmp_path, capture_output=True, text=True
        )

    assert dev().stdout == dev("help").stdout
    for command in ("run", "test", "check", "bench", "sbom", "licences", "advisories", "setup"):
        assert f"\n  {command}" in dev().stdout
    wrong = dev("nonsense")
    assert (wrong.returncode, wrong.stderr.splitlines()[0]) == (2, "There is no command “nonsense”.")
