"""The small register, opened, and its review of 2024 taken."""

from pathlib import Path

import pytest

from app.services.container import Services
from app.services.snapshots.freeze import Taken, take


@pytest.fixture
def taken(small: Services) -> Taken:
    return take(small, "small", "ten", by="ana")


@pytest.fixture
def package(taken: Taken, tmp_path: Path) -> Path:
    file = tmp_path / f"{taken.name}.zip"
    file.write_bytes(taken.file.read_bytes())
    return file
