"""Environments of their own for programs that are compared with or tried, and are no part of Uptake."""

import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path


def environment(name: str, packages: Sequence[str]) -> Path:
    """The folder of the programs of an environment, made at the first use. Raises `OSError` if it cannot be made."""
    folder = Path(sys.prefix) / name
    if not (folder / "complete").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        command = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", *packages]
        if (done := subprocess.run(command, capture_output=True, text=True)).returncode:
            shutil.rmtree(folder)
            raise OSError(done.stderr.strip()[-300:])
        (folder / "complete").touch()
    return folder / "bin"
