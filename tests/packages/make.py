"""Writes a package in the present format where there is none: `python -m tests.packages.make`. Kept for all later versions."""

import tempfile
from pathlib import Path

from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.services.snapshots.formats import FORMAT
from app.services.snapshots.freeze import freeze_review
from tests.support.clock import Clock
from tests.support.small_register import open_small_register


def main() -> None:
    folder = Path(__file__).parent / FORMAT
    if list(folder.glob("*.zip")):
        return
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        services = build_services(Settings(data_dir=Path(made) / "store"), create=True, clock=Clock())
        frozen = freeze_review(open_small_register(services, Path(made) / "small"), "small", "ten", by="ana")
        (folder / f"{frozen.name}.zip").write_bytes(frozen.file.read_bytes())


if __name__ == "__main__":
    main()
