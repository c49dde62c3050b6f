"""A register's own words for the statuses: on pages, in feeds, embeds, badges and data; counting stays the same."""

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.bootstrap.flask_app import create_app
from app.services.bundles.exporting import export_bundle
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.bundles.problems import BundleRefused
from app.services.bundles.writing import write_bundle
from app.services.container import Services
from domain.codes import Status
from tests.support.bundles import write_small_bundle
from tests.support.follower import publish
from tests.support.small_register import import_and_open

LABELS = {status.value: f"Our {status.value}" for status in Status} | {"announced": "Promised"}
KOREAN = {status.value: f"우리 {status.value}" for status in Status} | {"announced": "약속"}
SCALE = {"id": "own", "title": "Our words", "labels": LABELS, "title_ko": "우리 말", "labels_ko": KOREAN}
LAW = "/small/recommendations/law/"


def bundle_with(folder: Path, **settings: object) -> Path:
    write_small_bundle(folder)
    register = json.loads((folder / "register.json").read_text("utf-8"))
    (folder / "register.json").write_text(json.dumps(register | settings), "utf-8")
    return folder


@pytest.fixture
def worded(services: Services, tmp_path: Path) -> Services:
    return import_and_open(services, bundle_with(tmp_path / "b", scales=[SCALE], default_scale="own"))


@pytest.fixture
def client(worded: Services) -> FlaskClient:
    return create_app(worded).test_client()


def test_pages_show_the_words_with_the_precise_status_on_hover(client: FlaskClient) -> None:
    page = client.get(LAW).text
    assert 'data-status="announced" title="Announced"' in page
    assert "<span>Promised" in page
    assert "<span>약속" in client.get(f"/ko{LAW}").text
    assert "Promised" in client.get("/small/").text
    assert "Promised" not in client.get("/small/?scale=statuses").text
    assert "<span>Announced" in client.get("/small/?scale=statuses").text


def test_feeds_badges_embeds_and_citations_use_them(worded: Services, client: FlaskClient) -> None:
    publish(worded, status="announced", reason="reviewed_no_change")
    assert "still Promised" in client.get("/small/changes.atom").text
    assert "Promised" in client.get(f"{LAW}badge.svg").text
    assert "Promised" in client.get(f"{LAW}embed/").text
    assert "Promised" in client.get(f"{LAW}cite.bib").text


def test_data_has_the_code_and_the_word(client: FlaskClient) -> None:
    rows = client.get("/api/v1/registers/small/scorecard").get_json()
    (law,) = (row for row in rows["recommendations"] if row["id"] == "law")
    assert (rows["scale"], law["status"], law["scale_status"]) == ("own", "announced", "Promised")
    plain = client.get("/api/v1/registers/small/scorecard?scale=statuses").get_json()
    assert "scale" not in plain
    assert plain["totals"] == rows["totals"]
    wrong = client.get("/api/v1/registers/small/scorecard?scale=other")
    assert wrong.get_json()["detail"].startswith("There is no scale “other”; known are own, statuses, csc2")


def test_the_methodology_page_prints_the_table(client: FlaskClient) -> None:
    page = client.get("/small/methodology/").text
    assert "Each status in the words of this register" in page
    assert "Promised" in page
    assert "약속" in client.get("/ko/small/methodology/").text


def test_no_words_are_left_for_the_next_request(client: FlaskClient) -> None:
    client.get(LAW)
    assert "Promised" not in client.get("/style/").text


def test_a_scale_is_exported_as_it_was_imported(worded: Services, tmp_path: Path) -> None:
    with worded.views.connect() as db:
        bundle = export_bundle(db, "small")
    assert bundle
    write_bundle(bundle, tmp_path / "out")
    register = json.loads((tmp_path / "out" / "register.json").read_text("utf-8"))
    assert register["scales"] == [SCALE]
    assert register["default_scale"] == "own"
    assert import_bundle(worded, tmp_path / "out", ImportOptions()).stored == 0


def test_a_scale_without_a_label_is_refused(services: Services, tmp_path: Path) -> None:
    labels = {code: word for code, word in LABELS.items() if code != "partly"}
    folder = bundle_with(tmp_path / "b", scales=[SCALE | {"labels": labels, "colour": "red"}])
    with pytest.raises(BundleRefused) as caught:
        import_bundle(services, folder, ImportOptions())
    assert [p.reason for p in caught.value.problems] == ["a bundle has no such setting."]
    folder = bundle_with(tmp_path / "c", scales=[SCALE | {"labels": labels}])
    with pytest.raises(BundleRefused) as caught:
        import_bundle(services, folder, ImportOptions())
    assert [str(p.reason) for p in caught.value.problems] == [
        "The display scale “own” needs a label for every status. Missing: partly."
    ]
