"""The same register at the same pair of times and log position gives the same package, wherever it is made."""

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from app.services.container import Services
from app.services.installation_keys import accept_keys
from app.services.snapshots.freeze import freeze_review
from tests.support.clock import Clock
from tests.support.repository import ROOT
from tests.support.small_register import open_small_register

MAKE = """
import os, sys
from pathlib import Path
os.umask(int(sys.argv[3], 8))
from app.services.snapshots.rebuild import rebuild
made = rebuild(Path(sys.argv[1]), Path(sys.argv[2]))
print(*made.data, *made.renderings)
"""

WRITE = """
import sys
from lxml import etree
from app.services.snapshots.word_format import add_link
from app.services.snapshots.word_template import new_document
from app.services.snapshots.word_writer import write_running_texts
document = new_document()
add_link(document.add_paragraph(), "Page", url="https://example.org/")
write_running_texts(document.sections[0], "Header", "Footer", "Page {n} of {all}")
sys.stdout.buffer.write(etree.tostring(document.element))
"""


@pytest.mark.parametrize(
    ("zone", "language", "seed", "umask"),
    [("Asia/Seoul", "ko_KR.UTF-8", "1", "077"), ("America/St_Johns", "C", "4242", "000")],
)
def test_another_zone_locale_seed_umask_and_folder(
    package: Path, tmp_path: Path, zone: str, language: str, seed: str, umask: str
) -> None:
    elsewhere = tmp_path / "somewhere else"
    elsewhere.mkdir()
    environment = os.environ | {"TZ": zone, "LANG": language, "LC_ALL": language, "PYTHONHASHSEED": seed}
    environment |= {"PYTHONPATH": str(ROOT), "TMPDIR": str(elsewhere), "HOME": str(elsewhere)}
    command = [sys.executable, "-c", MAKE, str(package), str(elsewhere / "out"), umask]
    run = subprocess.run(command, cwd=elsewhere, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == ""
    assert (elsewhere / "out" / package.name).read_bytes() == package.read_bytes()


def test_other_libraries_in_the_process_change_no_byte() -> None:
    """One that names a namespace of XML names it for the whole process."""
    made = [
        subprocess.run([sys.executable, "-c", first + WRITE], capture_output=True, check=True, cwd=ROOT).stdout
        for first in ("", "import openpyxl")
    ]
    assert made[0] == made[1]


def test_both_stores(new_services: Any, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same log in SQLite and PostgreSQL: what is random in it is counted here, and the key is copied."""
    digests, began, keys = [], clock.now, tmp_path / "keys"
    for postgres in (False, True):
        numbers = count()
        services: Services = new_services(postgres=postgres)
        monkeypatch.setattr("secrets.token_hex", lambda size, n=numbers: f"{next(n):0{2 * size}x}")
        services.tracker.mapper.salt = lambda n=numbers: f"{next(n):032x}"  # type: ignore[attr-defined, misc]
        if keys.is_dir():
            shutil.copytree(keys, services.settings.data_dir / "keys", dirs_exist_ok=True)
            accept_keys(services.settings, began)
        else:
            shutil.copytree(services.settings.data_dir / "keys", keys)
        clock.now = began
        open_small_register(services, tmp_path / f"small-{postgres}")
        digests.append(sha256(freeze_review(services, "small", "ten", by="ana").file.read_bytes()).hexdigest())
        monkeypatch.undo()
    assert digests[0] == digests[1]
