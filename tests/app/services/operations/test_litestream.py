"""The databases in storage that speaks S3, as docs/operating.md says: real Litestream, a real server, real writers."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from app.adapters.jobs_db.tables import open_jobs
from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.services.accounts import people
from app.services.container import Services
from app.services.transparency.checkpoints import make_checkpoint
from app.services.transparency.log_verification import verify
from domain import commands as c
from domain.values import Theme
from tests.support.clock import Clock
from tests.support.object_store import BUCKET, KEY, SECRET, object_store
from tests.support.waiting import wait_until

LITESTREAM = str(Path(sys.executable).with_name("litestream"))
CONFIG = str(Path(__file__).parents[4] / "docs" / "deploy" / "litestream.yml")
DATABASES = ("log.sqlite", "accounts.sqlite", "jobs.sqlite")


def _environment(data_dir: Path, address: str) -> dict[str, str]:
    """What the configuration reads. A proxy and certificates of this machine have no part in it."""
    own = {name: value for name, value in os.environ.items() if "proxy" not in name.lower() and "CA_BUNDLE" not in name}
    return own | {
        "UPTAKE_DATA_DIR": str(data_dir),
        "S3_BUCKET": BUCKET,
        "S3_ENDPOINT": address,
        "S3_REGION": "us-east-1",
        "LITESTREAM_ACCESS_KEY_ID": KEY,
        "LITESTREAM_SECRET_ACCESS_KEY": SECRET,
    }


def _restore(environment: dict[str, str], name: str, dest: Path) -> bool:
    source = f"{environment['UPTAKE_DATA_DIR']}/{name}"
    command = [LITESTREAM, "restore", "-config", CONFIG, "-o", str(dest / name), source]
    return subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 0


def test_what_litestream_copied_under_load_is_restored_and_verifies(
    small: Services, tmp_path: Path, clock: Clock
) -> None:
    data_dir, jobs = small.settings.data_dir, open_jobs(small.settings)
    with small.accounts.work() as db:
        people.add_user(db, "ana@example.org", "Ana", person="person-ana")
    make_checkpoint(small, jobs)
    stop, restored = threading.Event(), tmp_path / "restored"
    restored.mkdir()
    other = build_services(small.settings, clock=clock)

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            other.execute(c.NameTheme("small", theme=Theme(id=f"t-{number}", title="T")), by="ana")

    with object_store(tmp_path / "s3") as address:
        environment, before = _environment(data_dir, address), small.log.count()
        log = (tmp_path / "litestream.log").open("w")
        copying = subprocess.Popen(
            [LITESTREAM, "replicate", "-config", CONFIG], env=environment, stdout=log, stderr=log, umask=0o077
        )
        writer = threading.Thread(target=write)
        writer.start()
        try:
            wait_until(lambda: _restore(environment, "log.sqlite", tmp_path), waits_for="the first copy of the log")
            wait_until(lambda: small.log.count() > before + 20, waits_for="the writer")
            copied = small.log.count()
            copying.terminate()  # copies the last change
            copying.wait(60)
        finally:
            stop.set()
            writer.join(60)
            copying.kill()
            copying.wait()
            other.close()
            log.close()
            jobs.dispose()
        assert all(_restore(environment, name, restored) for name in DATABASES)
    shutil.copytree(data_dir / "keys", restored / "keys")
    shutil.copy(data_dir / "checkpoints.txt", restored)
    back = build_services(Settings(data_dir=restored), clock=clock)
    back.catch_up()
    report = verify(back)
    assert (report.problems, report.checkpoints) == ([], 1)
    assert copied <= back.log.count() <= small.log.count()
    assert back.log.whole_rows_after(0, 10**6) == small.log.whole_rows_after(0, back.log.count())
    with back.accounts.work() as db:
        assert people.find_user(db, "ana@example.org").person == "person-ana"
    back.execute(c.NameTheme("small", theme=Theme(id="after", title="After")), by="ana")
    back.close()
    modes = {path.stat().st_mode & 0o077 for path in data_dir.rglob("*")}
    assert modes == {0}, "Litestream’s own files are private too"
