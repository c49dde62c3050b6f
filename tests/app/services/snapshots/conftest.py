"""The small register, opened, and its review of 2024 taken."""

from pathlib import Path

import pytest

from app.services.container import Services
from app.services.snapshots.freeze import FrozenReview, freeze_review


@pytest.fixture
def frozen(small: Services) -> FrozenReview:
    return freeze_review(small, "small", "ten", by="ana")


@pytest.fixture
def package(frozen: FrozenReview, tmp_path: Path) -> Path:
    file = tmp_path / f"{frozen.name}.zip"
    file.write_bytes(frozen.file.read_bytes())
    return file
