"""The small register, opened, and its review of 2024 taken."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.bundles.importing import Wish, import_bundle
from app.snapshots.taking import Taken, take
from app.wiring import Services
from domain import commands as c
from tests.support.bundles import write_small_bundle

Opened = Callable[..., Services]


def open_small(services: Services, folder: Path) -> Services:
    import_bundle(services, write_small_bundle(folder), Wish(approve_cards="cem"))
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    services.execute(c.OpenRegister("small", origin="x"), by="ana")
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    return services


@pytest.fixture
def small(services: Services, tmp_path: Path) -> Services:
    return open_small(services, tmp_path / "small")


@pytest.fixture
def taken(small: Services) -> Taken:
    return take(small, "small", "ten", by="ana")


@pytest.fixture
def package(taken: Taken, tmp_path: Path) -> Path:
    file = tmp_path / f"{taken.name}.zip"
    file.write_bytes(taken.file.read_bytes())
    return file
