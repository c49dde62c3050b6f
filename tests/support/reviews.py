"""Frozen reviews of the small register, and the files in their packages."""

import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

from app.adapters.resources import data_dir
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from app.services.snapshots import package_store
from app.services.snapshots.freeze import FrozenReview, freeze_review
from app.services.snapshots.review_schedule import review_occurrences
from domain import commands as c
from domain.review.events import ReviewFrozen
from domain.values import Snapshot
from projections.timeline import queries as timeline

YEARLY_REVIEW_DUE = datetime(2026, 9, 14, 15, tzinfo=UTC)
"""When the worker freezes the review “yearly” of 2026: midnight in Seoul, whose time the register keeps."""


def frozen_reviews(services: Services) -> list[tuple[str, str, Snapshot]]:
    """Each frozen review in order: its id, its day, its snapshot."""
    services.catch_up()
    with services.views.connect() as db:
        entries = timeline.of_register(db, "small")
    return [(e.event.review, e.event.as_of, e.event.snapshot) for e in entries if isinstance(e.event, ReviewFrozen)]


def freeze_real_register(services: Services) -> FrozenReview:
    """A review of the register that comes with the program."""
    services.clock.now = services.clock.now.replace(year=2026, month=12)  # type: ignore[attr-defined]
    import_bundle(services, data_dir("registers") / "dprk-enablers", ImportOptions())
    services.execute(c.OpenRegister("dprk-enablers", origin="x"), by="ana")
    return freeze_review(services, "dprk-enablers", "report", as_of="2025-09-14", by="ana")


def package_file(review: FrozenReview, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(review.file.read_bytes())) as archive:
        return archive.read(f"{review.name}/data/{name}")


def package_names(package: Path) -> set[str]:
    """The names of the files in the payload of a package."""
    with zipfile.ZipFile(package) as archive:
        return {name.partition("/data/")[2] for name in archive.namelist() if "/data/" in name}


def package_file_names(services: Services) -> tuple[str, ...]:
    """The names of the files in the package of the review of 2024."""
    with services.views.connect() as db:
        snapshot = next(
            p.preparation.snapshot for p in review_occurrences(db, "small", date(2024, 2, 18)) if p.preparation.snapshot
        )
    with zipfile.ZipFile(package_store.get(services.settings, snapshot.package)) as archive:
        return tuple(n.split("/data/")[1] for n in archive.namelist() if "/data/" in n)
