"""The small register, opened, and its review of 2024 taken."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from app.bootstrap.container import Services
from app.services.bundles.importing import Wish, import_bundle
from app.services.snapshots.freeze import Taken, take
from domain import commands as c
from tests.support.bundles import write_small_bundle

Opened = Callable[..., Services]


def open_small(services: Services, folder: Path, **changed: str) -> Services:
    """`changed` are fields of its `register.json`, such as `time_zone`."""
    write_small_bundle(folder)
    for field, value in changed.items():
        text = (folder / "register.json").read_text("utf-8")
        (folder / "register.json").write_text(re.sub(rf'("{field}": )"[^"]*"', rf'\1"{value}"', text), "utf-8")
    import_bundle(services, folder, Wish(approve_cards="cem"))
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
