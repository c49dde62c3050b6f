#!/usr/bin/env python3
"""Sets Uptake up in .venv and runs, tests, checks or measures it. Needs Python 3.11 or newer and nothing else."""

import hashlib
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

# Before the first annotation, and in syntax that older Pythons read, so that they too say this and no traceback.
if sys.version_info < (3, 11):
    sys.exit(f"Uptake needs Python 3.11 or newer; this is {sys.version.split()[0]}.")

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "uptake-setup"
DEPENDENCIES = ROOT / ".ci" / "dependencies.py"
NOT_CHECKED = 3
"""The exit code when the service of advisories gave no answer, as on a machine without a network."""

HELP = """usage: python3 dev.py COMMAND [ARGUMENTS]

  run [--port P …]     set up, load the built-in registers and serve everything (uptake up --demo)
  test [PYTEST ARGS]   set up and run all tests
  check                linters, types, licences and known weaknesses of dependencies, then all tests
  bench [NAMES]        the benchmarks, as ratios to a limit measured in the same run
  bench faults …       processes that are killed, paused and denied their files; --help lists the options
  bench cluster …      PostgreSQL whose primary is killed, cut off and paused; --help lists the options
  bench fuzz …         damaged files, dates and addresses, and the API; --help lists the options
  bench growth …       every route in registers of several sizes; --help lists the options
  bench load …         readers and editors of one site at once; --help says how many and how long
  bench performance …  beside other ways to keep a history; writes docs/performance.md
  sbom [FILE]          the bill of materials of an installation (CycloneDX)
  licences             whether every installed distribution has an allowed licence
  advisories           known weaknesses of what is locked; exit code 3 if the service gives no answer
  setup                only set up .venv
  help                 this text
"""


def main(arguments: list[str]) -> int:
    command, *rest = arguments or ["help"]
    commands = {"run": run, "test": test, "check": check, "bench": bench, "setup": lambda _: 0}
    commands |= {name: partial(dependencies, name) for name in ("sbom", "licences", "advisories")}
    if command in ("help", "-h", "--help"):
        print(HELP, end="")
        return 0
    if command not in commands:
        print(f"There is no command “{command}”.\n\n{HELP}", end="", file=sys.stderr)
        return 2
    try:
        set_up()
        return commands[command](rest)
    except subprocess.CalledProcessError as e:
        print(f"This step failed (exit {e.returncode}): {' '.join(map(str, e.cmd))}", file=sys.stderr)
        return 1
    except OSError as e:
        print(f"The machine refused a step: {e}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def set_up() -> None:
    """Make .venv again when the lock changed, install the project again when only that did, else do nothing."""
    lock = _digest(ROOT / "requirements.lock")
    project = _digest(ROOT / "pyproject.toml")
    done = STAMP.read_text().split() if STAMP.is_file() and PYTHON.exists() else []
    if done == [lock, project]:
        return
    if done[:1] != [lock]:
        print("Setting up .venv; this takes a minute the first time.", file=sys.stderr)
        _make_venv()
        subprocess.run([*_installer(), "--require-hashes", "-r", str(ROOT / "requirements.lock")], check=True)
    # pip accepts no editable install in a command with hashes.
    subprocess.run([*_installer(), "--no-deps", "--no-build-isolation", "-e", str(ROOT)], check=True)
    STAMP.write_text(f"{lock}\n{project}\n")


def _digest(path: Path) -> str:
    """Of a file at its place: a copied checkout, whose .venv still points to the first, is set up again."""
    return hashlib.sha256(path.read_bytes() + str(ROOT).encode()).hexdigest()


def _make_venv() -> None:
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        sys.exit(
            "Python cannot make a virtual environment here. On Debian or Ubuntu install the system package "
            "python3-venv, then run this again."
        )
    if VENV.is_symlink():
        VENV.unlink()
    elif VENV.exists():
        shutil.rmtree(VENV)
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)


def _installer() -> list[str]:
    uv = shutil.which("uv")
    if uv:
        return [uv, "pip", "install", "--quiet", "--python", str(PYTHON)]
    return [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


def run(arguments: list[str]) -> int:
    os.environ.setdefault("UPTAKE_TRIAL", "yes")  # so that reviews can be frozen at the local address
    return _become([str(BIN / "uptake"), "up", "--demo", *arguments])


def test(arguments: list[str]) -> int:
    spread = [] if any(a in ("-n", "-p", "--pdb") for a in arguments) else ["-n", "2", "--dist", "worksteal"]
    os.chdir(ROOT)
    return _become([str(PYTHON), "-m", "pytest", *spread, *arguments])


def check(arguments: list[str]) -> int:
    for step in (
        ["-m", "ruff", "check", "."],
        ["-m", "ruff", "format", "--check", "."],
        ["-m", "mypy"],
        ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        ["-m", "djlint", "--lint", "templates"],
        [str(DEPENDENCIES), "licences"],
    ):
        subprocess.run([str(PYTHON), *step], cwd=ROOT, check=True)
    weak = dependencies("advisories", [])
    return test(arguments) if weak in (0, NOT_CHECKED) else weak


def dependencies(question: str, arguments: list[str]) -> int:
    return subprocess.run([str(PYTHON), str(DEPENDENCIES), question, *arguments]).returncode


def bench(arguments: list[str]) -> int:
    os.chdir(ROOT)
    return _become([str(PYTHON), "-m", "benchmarks", *arguments])


def _become(command: list[str]) -> int:
    """Hand this process over, so that Ctrl-C, a signal to end and the exit code are the command's own."""
    if os.name != "nt":
        sys.stdout.flush()
        os.execv(command[0], command)
    return subprocess.run(command).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
