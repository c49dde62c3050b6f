"""Follows a guide of docs/how-to in a copy of the code: writes its blocks into files, and runs its commands.

A block is introduced by the paragraph before it:

    Create `path`:                              the block is the new file
    At the end of `path`, add:                  the block is appended
    In `path`, add after `line`:                the block follows the one line that is or contains this text
    In `path`, replace `line` with:             the block replaces that line
    In `path`, translate:                       the block fills in empty texts of a catalogue
    Run:                                        the block is commands
    For example ...:                            the block is only read
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = ("app", "domain", "projections", "templates", "tests", "docs")
LINKED = ("app/fonts", "app/services/snapshots/fonts", "app/static/fonts", "registers", ".gitignore", "README.md")
"""What no guide changes, and is too large to copy."""
BLOCK = re.compile(r"((?:[^\n]+\n)+)\n```\w+\n(.*?)```", re.DOTALL)
ACTIONS = {
    "create": re.compile(r"Create `([^`]+)`"),
    "append": re.compile(r"[Aa]t the end of `([^`]+)`, add"),
    "insert": re.compile(r"[Ii]n `([^`]+)`, add after `([^`]+)`"),
    "replace": re.compile(r"[Ii]n `([^`]+)`, replace `([^`]+)` with"),
    "translate": re.compile(r"[Ii]n `([^`]+)`, translate"),
    "run": re.compile(r"Run"),
    "read": re.compile(r"For example"),
}


class Copy:
    """A copy of the code that a guide may change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        linked = {ROOT / name for name in LINKED}
        for name in CODE:
            shutil.copytree(ROOT / name, folder / name, ignore=lambda at, names: _left_out(Path(at), names, linked))
        shutil.copy(ROOT / "pyproject.toml", folder)
        for name in LINKED:
            (folder / name).symlink_to(ROOT / name)

    def run(self, command: str) -> str:
        """Run a command line in the copy and return what it prints. Fails the test if the command fails."""
        python = f"{sys.executable} -m pytest" if command.startswith("pytest") else sys.executable
        line = re.sub(r"^(python|pytest)\b", python, command)
        environment = os.environ | {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(line, shell=True, cwd=self.folder, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def follow(self, guide: str) -> list[str]:
        """Do all that a guide says, in its order. Returns the paths and commands of its blocks."""
        text = (ROOT / "docs" / "how-to" / guide).read_text(encoding="utf-8")
        blocks = BLOCK.findall(text)
        assert len(blocks) == text.count("```") // 2 > 0, "No paragraph before a block says what to do with it."
        return [self._do(before.replace("\n", " "), block) for before, block in blocks]

    def _do(self, before: str, block: str) -> str:
        action, match = next((name, m) for name, pattern in ACTIONS.items() if (m := pattern.search(before)))
        if action == "read":
            return before
        if action == "run":
            for command in block.splitlines():
                self.run(command)
            return block
        path = self.folder / match[1]
        old = path.read_text(encoding="utf-8") if action != "create" else ""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_changed(action, old, block, match), encoding="utf-8")
        return match[1]


def _left_out(at: Path, names: list[str], linked: set[Path]) -> list[str]:
    return [name for name in names if name == "__pycache__" or at / name in linked]


def _changed(action: str, old: str, block: str, match: re.Match[str]) -> str:
    if action in ("create", "append"):
        return f"{old}{block}"
    if action == "translate":
        for entry in block.strip().split("\n\n"):
            empty = re.sub(r'\nmsgstr ".*"', '\nmsgstr ""', entry)
            assert old.count(f"\n{empty}\n") == 1, f"This text is not in the catalogue:\n{empty}"
            old = old.replace(f"\n{empty}\n", f"\n{entry}\n")
        return old
    lines = old.splitlines(keepends=True)
    equal = [n for n, line in enumerate(lines) if line.strip() == match[2]]
    (at,) = equal or [n for n, line in enumerate(lines) if match[2] in line]
    lines[at : at + 1] = [lines[at], block] if action == "insert" else [block]
    return "".join(lines)
