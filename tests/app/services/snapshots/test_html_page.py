"""The page inside a package, which anyone can open as a file."""

import re
from pathlib import Path

from app.services.container import Services
from app.services.snapshots.freeze import freeze_review
from tests.support.bundles import write_small_bundle
from tests.support.reviews import package_file
from tests.support.small_register import import_and_open


def test_a_recommendation_may_have_any_id(services: Services, tmp_path: Path) -> None:
    folder = write_small_bundle(tmp_path / "small")
    with (folder / "recommendations.csv").open("a", encoding="utf-8") as file:
        for ident in ("all", "evidence", "ref-1", "errata", "law-h"):
            file.write(f"{ident},Do {ident},,Do it.,,one_off,laws,senate,,report,,,2023-09-14,,,,\n")
    import_and_open(services, folder)
    page = package_file(freeze_review(services, "small", "ten", by="ana"), "index.html").decode()
    ids = re.findall(r'<[^>]* id="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids))
    assert "en-item-ref-1" in ids and "en-ref-1" in ids
    named = {ident for pair in re.findall(r'(?:href="#|aria-labelledby=")([^"]+)"', page) for ident in pair.split()}
    assert named <= set(ids)
