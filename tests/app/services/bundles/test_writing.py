"""What is written is read back as it was, and written again it is the same bytes."""

import csv
import io
import json
import zipfile
from pathlib import Path

import msgspec
import pytest

from app.services.bundles import writing
from app.services.bundles.reading import read_bundle
from app.services.bundles.writing import bundle_files, write_bundle
from domain.errors import Refused
from tests.support.bundles import change, write_small_bundle


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write_small_bundle(tmp_path / "small")


@pytest.mark.parametrize("name", ["again", "again.zip"])
def test_the_round_trip_gives_an_equal_bundle_and_the_same_bytes(small: Path, tmp_path: Path, name: str) -> None:
    change(small, "evidence.csv", "The oath was taken.", '"Taken, ""so help me"" ;\nand - signed."')
    change(small, "recommendations.csv", "explicit,,\n", "explicit,,2023-09-15T09:00:00.5+09:00\n")
    bundle = read_bundle(small)
    write_bundle(bundle, tmp_path / name)
    again = read_bundle(tmp_path / name)
    assert again == bundle
    assert bundle_files(again) == bundle_files(bundle)


def test_a_zip_is_the_same_bytes_at_any_time_and_place(small: Path, tmp_path: Path) -> None:
    bundle = read_bundle(small)
    write_bundle(bundle, tmp_path / "one.zip")
    write_bundle(bundle, tmp_path / "elsewhere" / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "elsewhere" / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {i.compress_type for i in archive.infolist()} == {zipfile.ZIP_STORED}
        assert archive.namelist() == list(bundle_files(bundle))


def test_a_carriage_return_in_a_stored_text_stays_inside_its_cell(small: Path) -> None:
    bundle = read_bundle(small)
    theme = msgspec.structs.replace(bundle.themes[0].fact, title="One\rtwo")
    rows = (msgspec.structs.replace(bundle.themes[0], fact=theme),)
    content = bundle_files(msgspec.structs.replace(bundle, themes=rows))["themes.csv"].decode()
    assert [len(row) for row in csv.reader(io.StringIO(content, newline=""), strict=True)] == [3, 3]


def test_the_description_names_every_column_in_its_order(small: Path) -> None:
    files = bundle_files(read_bundle(small))
    described = json.loads(files["datapackage.json"])["resources"]
    assert [r["path"] for r in described] == [name for name in files if name.endswith(".csv")]
    for resource in described:
        header = files[resource["path"]].decode().splitlines()[0].split(",")
        assert [field["name"] for field in resource["schema"]["fields"]] == header
    by_name = {r["name"]: {f["name"]: f for f in r["schema"]["fields"]} for r in described}
    assert by_name["elements"]["core"]["constraints"] == {"required": True, "enum": ["yes", "no"]}
    assert by_name["assessments"]["review_by"]["type"] == "date"


def test_the_place_to_write_to_must_be_new(small: Path, tmp_path: Path) -> None:
    bundle = read_bundle(small)
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("small", "file", "link"):
        with pytest.raises(Refused, match="already exists. Name a new place."):
            write_bundle(bundle, tmp_path / name)
    (tmp_path / "empty").mkdir()
    write_bundle(bundle, tmp_path / "empty")
    assert read_bundle(tmp_path / "empty") == bundle


def test_nothing_half_written_stays(small: Path, tmp_path: Path) -> None:
    bundle = read_bundle(small)
    (tmp_path / "file").write_text("x")
    with pytest.raises(Refused, match="cannot be written: "):
        write_bundle(bundle, tmp_path / "file" / "inside")
    (tmp_path / "taken.zip").mkdir()
    write_bundle(bundle, tmp_path / "taken.zip")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "small", "taken.zip"]


def test_a_zip_too_large_to_be_read_back_is_not_written(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MAX_MEMBER_BYTES", 100)
    with pytest.raises(Refused, match="too large to be read back from a zip; name a folder instead of"):
        write_bundle(read_bundle(small), tmp_path / "one.zip")
    assert not (tmp_path / "one.zip").exists()
