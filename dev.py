#!/usr/bin/env python3
"""Sets Uptake up in .venv and runs, tests, checks or measures it. Needs Python 3.11 or newer and nothing else."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "uptake-setup"

HELP = """usage: python3 dev.py COMMAND [ARGUMENTS]

  run [--port P …]     set up, load the built-in registers and serve everything (uptake up --demo)
  test [PYTEST ARGS]   set up and run all tests
  check                linters and types, then all tests
  bench [NAMES]        the benchmarks, as ratios to a limit measured in the same run
  setup                only set up .venv
  help                 this text
"""


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):
        print(f"Uptake needs Python 3.11 or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 1
    command, *rest = arguments or ["help"]
    commands = {"run": run, "test": test, "check": check, "bench": bench, "setup": lambda _: 0}
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
    except KeyboardInterrupt:
        return 130


def set_up() -> None:
    """Make .venv from the lock; does nothing when it is there already."""
    wanted = hashlib.sha256(
        (ROOT / "requirements.lock").read_bytes() + (ROOT / "pyproject.toml").read_bytes() + str(ROOT).encode()
    ).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == wanted and PYTHON.exists():
        return
    print("Setting up .venv; this takes a minute the first time.", file=sys.stderr)
    if VENV.exists():
        shutil.rmtree(VENV)
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
    if made.returncode:
        print(made.stdout + made.stderr, file=sys.stderr)
        print(
            "Python could not make a virtual environment. On Debian or Ubuntu install the system package "
            "python3-venv, then run this again.",
            file=sys.stderr,
        )
        raise SystemExit(1)
    lock = str(ROOT / "requirements.lock")
    if uv := shutil.which("uv"):
        pip = [uv, "pip", "install", "--quiet", "--python", str(PYTHON)]
    else:
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", lock], check=True)
    # Hashes and an editable install cannot stand in one command.
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], check=True)
    STAMP.write_text(wanted)


def run(arguments: list[str]) -> int:
    uptake = BIN / "uptake"
    return subprocess.run([str(uptake), "up", "--demo", *arguments]).returncode


def test(arguments: list[str]) -> int:
    spread = [] if any(a in ("-n", "-p", "--pdb") for a in arguments) else ["-n", "2"]
    return subprocess.run([str(PYTHON), "-m", "pytest", *spread, *arguments], cwd=ROOT).returncode


def check(arguments: list[str]) -> int:
    for step in (
        ["-m", "ruff", "check", "."],
        ["-m", "ruff", "format", "--check", "."],
        ["-m", "mypy"],
        ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        ["-m", "djlint", "--lint", "templates"],
    ):
        subprocess.run([str(PYTHON), *step], cwd=ROOT, check=True)
    return test(arguments)


def bench(arguments: list[str]) -> int:
    return subprocess.run([str(PYTHON), "-m", "benchmarks", *arguments], cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
