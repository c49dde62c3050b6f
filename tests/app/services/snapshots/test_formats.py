"""What each format of packages writes."""

import json
import zipfile
from pathlib import Path

from app.services.snapshots.formats import ADDED_FIELDS, FORMAT, package_json
from app.services.snapshots.freeze import FrozenReview
from app.services.snapshots.rebuild import rebuild
from app.services.snapshots.standalone_verifier import FORMATS, GUIDES
from app.services.snapshots.verify import verify
from tests.support.reviews import package_file, package_names

SCORECARD = {
    "due": {"overdue": 1},
    "register": "small",
    "recommendations": [
        {"id": "law", "number": "1", "due": None, "elements": [{"id": "act", "addressees": [], "core": True}]}
    ],
}
FIRST_PACKAGE = Path(__file__).parents[3] / "packages" / "uptake-snapshot-1" / "small_ten_2024-02-17.zip"


def test_new_packages_are_in_the_newest_format(frozen: FrozenReview) -> None:
    assert FORMAT == list(ADDED_FIELDS)[-1] == FORMATS[-1] == "uptake-snapshot-5"
    assert json.loads(package_file(frozen, "snapshot.json"))["format"] == "uptake-snapshot-5"
    assert list(ADDED_FIELDS) == list(FORMATS) == list(GUIDES)


def test_an_earlier_format_is_written_without_later_fields() -> None:
    assert json.loads(package_json("uptake-snapshot-1", "scorecard.json", SCORECARD)) == {
        "register": "small",
        "recommendations": [{"id": "law", "elements": [{"id": "act", "core": True}]}],
    }
    assert json.loads(package_json("uptake-snapshot-1", "compare.json", SCORECARD)) == SCORECARD
    assert json.loads(package_json("uptake-snapshot-2", "scorecard.json", SCORECARD)) == SCORECARD


def test_each_language_has_reports_and_charts_of_its_own(frozen: FrozenReview) -> None:
    charts = {
        f"charts/{folder}{name}.svg" for folder in ("", "ko/") for name in ("lives", "scorecard", "status-over-time")
    }
    reports = {f"report{language}.{ending}" for language in ("", ".ko") for ending in ("docx", "pdf")}
    assert {name for name in package_names(frozen.file) if name.startswith(("charts/", "report."))} == charts | reports
    assert "One block is one recommendation" in package_file(frozen, "charts/scorecard.svg").decode()
    assert "네모 하나가 권고 한 건입니다" in package_file(frozen, "charts/ko/scorecard.svg").decode()


def test_earlier_formats_have_one_report(tmp_path: Path) -> None:
    package = FIRST_PACKAGE.parents[1] / "uptake-snapshot-3" / FIRST_PACKAGE.name
    rebuilt = rebuild(package, tmp_path).file
    assert package_names(rebuilt) == package_names(package)


def test_a_rebuild_keeps_the_format_of_the_package(tmp_path: Path) -> None:
    with zipfile.ZipFile(rebuild(FIRST_PACKAGE, tmp_path).file) as rebuilt:
        metadata = json.loads(rebuilt.read("small_ten_2024-02-17/data/snapshot.json"))
    assert metadata["format"] == verify(FIRST_PACKAGE).metadata.format == "uptake-snapshot-1"
