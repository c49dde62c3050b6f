"""A register on one version of the methodology, with a record that was made under another."""

import json
from datetime import date
from pathlib import Path

import pytest

from app.bootstrap.flask_app import create_app
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.bundles.problems import BundleRefused
from app.services.container import Services
from domain import commands as c
from domain.codes import Bucket, Freshness, Status
from domain.methodology.versions import VERSIONS
from projections.scorecards.comparison import compare, direction
from projections.scorecards.queries import counts, standings
from projections.scorecards.results import TimePair
from projections.scorecards.status_history import status_histories
from projections.scorecards.tally import tally
from tests.support.bundles import change, write_small_bundle
from tests.support.methodologies import SECOND

ROWS = """law-1,law,,partly,2023-09,first_assessment,,,,A part of it.,,oath,ana,ben,,,,,uptake-2026.1
talks-1,talks,,partly,2023-09-14,first_assessment,,,,A part of it.,,oath,ana,ben,,,,,
post-appointed-1,post,appointed,in_progress,2023-10-13,first_assessment,,,,Named.,,oath,ana,ben,,,,,uptake-2026.1
post-kept-1,post,kept,in_progress,2023-10-13,first_assessment,,,,In office.,,oath,ana,ben,,,,,
"""
MAY = date(2024, 5, 1)


@pytest.fixture(autouse=True)
def two_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VERSIONS, SECOND.version, SECOND)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """The small register on the second version, with half of its record made under the first."""
    folder = write_small_bundle(tmp_path / "small")
    settings = json.loads((folder / "register.json").read_text("utf-8"))
    (folder / "register.json").write_text(json.dumps(settings | {"methodology": "second"}), "utf-8")
    head = (folder / "assessments.csv").read_text("utf-8").splitlines()[0]
    (folder / "assessments.csv").write_text(f"{head},methodology\n{ROWS}", "utf-8")
    (folder / "withdrawals.csv").unlink()
    return folder


@pytest.fixture
def mixed(services: Services, bundle: Path) -> Services:
    import_bundle(services, bundle, ImportOptions())
    return services


def test_each_assessment_keeps_its_defaults_bucket_and_rank(mixed: Services) -> None:
    with mixed.views.connect() as db:
        now = standings(db, "small", TimePair(MAY, mixed.clock()))
    first, second = now["law"], now["talks"]
    assert (first.status, first.bucket, first.rank) == (Status.PARTLY, Bucket.UNDER_WAY, 3)
    assert (second.status, second.bucket, second.rank) == (Status.PARTLY, Bucket.NOT_DONE, 2)
    assert [str(s.review_by) for s in (first, second)] == ["2024-08-31", "2023-10-14"]


def test_each_assessment_is_due_by_its_own_version(mixed: Services) -> None:
    with mixed.views.connect() as db:
        before = standings(db, "small", TimePair(date(2023, 12, 15), mixed.clock()))["post"].elements
        later = standings(db, "small", TimePair(date(2024, 9, 13), mixed.clock()))["post"].elements
    assert {e.id: e.freshness for e in before} == {
        "appointed": Freshness.CURRENT,  # 304 days left
        "kept": Freshness.DUE,  # 37 of 100 days left, and due from 50
        "funded": None,
    }
    assert {e.id: e.freshness for e in later} == {
        "appointed": Freshness.DUE,
        "kept": Freshness.STALE,
        "funded": None,
    }


def test_a_status_is_counted_in_the_bucket_of_its_version(mixed: Services) -> None:
    pair = TimePair(MAY, mixed.clock())
    with mixed.views.connect() as db:
        numbers, rows = counts(db, "small", pair), standings(db, "small", pair)
    assert numbers.totals[Status.PARTLY] == 3
    assert numbers.by_bucket[Bucket.UNDER_WAY][Status.PARTLY] == 1
    assert numbers.by_bucket[Bucket.NOT_DONE][Status.PARTLY] == 2
    assert tally(rows.values()) == numbers
    assert (numbers.ever_done, numbers.still_done, numbers.rated) == (0, 0, 3)


def test_elements_are_rolled_up_by_what_each_of_them_means(mixed: Services) -> None:
    """Of two elements “in progress” one is done by the second version: the whole is partly implemented."""
    with mixed.views.connect() as db:
        whole = standings(db, "small", TimePair(MAY, mixed.clock()))["post"]
        life = status_histories(db, "small", mixed.clock(), MAY)["post"]
    assert [e.status for e in whole.elements if e.core] == [Status.IN_PROGRESS, Status.IN_PROGRESS]
    assert (whole.status, whole.bucket) == (Status.PARTLY, Bucket.NOT_DONE)
    assert [(p.status, p.rank) for p in life] == [(Status.NOT_ASSESSED, None), (Status.PARTLY, 2)]


def test_the_same_status_by_another_version_goes_on_since_it_began(mixed: Services, bundle: Path) -> None:
    row = "law-2,law,,partly,2024-02-01,reviewed_no_change,,,,Still a part.,,oath,ana,ben,,,,,\ntalks-1"
    change(bundle, "assessments.csv", "talks-1", row)
    mixed.clock.go_on(days=1)  # type: ignore[attr-defined]
    import_bundle(mixed, bundle, ImportOptions())
    with mixed.views.connect() as db:
        now = standings(db, "small", TimePair(MAY, mixed.clock()))["law"]
        life = status_histories(db, "small", mixed.clock(), MAY)["law"]
    assert (now.assessment, now.since, now.bucket) == ("law-2", "2023-09", Bucket.NOT_DONE)
    assert now.peak
    assert (now.peak.status, now.peak.on, now.peak.is_done) == (Status.PARTLY, date(2023, 9, 1), False)
    assert [(p.start, p.bucket) for p in life] == [
        (date(2023, 9, 1), Bucket.UNDER_WAY),
        (date(2024, 2, 1), Bucket.NOT_DONE),
    ]
    assert direction(life[0], life[1]) == "unchanged"


def test_done_at_some_time_is_said_by_the_version_of_that_time(mixed: Services, bundle: Path) -> None:
    fallen = "talks-2,talks,,announced,2024-02-01,our_correction,,,,Only announced.,,oath,ana,ben,,,,,\npost-kept-1"
    change(bundle, "assessments.csv", "law-1,law,,partly", "law-1,law,,in_progress")
    change(bundle, "assessments.csv", "talks-1,talks,,partly", "talks-1,talks,,in_progress")
    change(bundle, "assessments.csv", "post-kept-1", fallen)
    settings = json.loads((bundle / "register.json").read_text("utf-8"))
    (bundle / "register.json").write_text(json.dumps(settings | {"id": "other"}), "utf-8")
    import_bundle(mixed, bundle, ImportOptions())
    mixed.clock.go_on(seconds=1)  # type: ignore[attr-defined]
    pair, before = TimePair(MAY, mixed.clock()), TimePair(date(2024, 1, 1), mixed.clock())
    with mixed.views.connect() as db:
        numbers, rows = counts(db, "other", pair), standings(db, "other", pair)
        moved = {row.id: row.direction for row in compare(db, "other", before, pair).rows}
    peaks = {name: (row.peak.status, row.peak.is_done) for name, row in rows.items() if row.peak}
    assert (peaks["law"], peaks["talks"]) == ((Status.IN_PROGRESS, False), (Status.IN_PROGRESS, True))
    assert (numbers.ever_done, numbers.still_done) == (1, 0)
    assert (moved["law"], moved["talks"]) == ("unchanged", "down")


def test_pages_and_downloads_show_both_buckets(mixed: Services) -> None:
    mixed.execute(c.OpenRegister("small", origin="x"), by="ana")
    client = create_app(mixed).test_client()
    page = client.get("/small/?as_of=2024-05-01").text
    cells = [line.strip() for line in page.splitlines() if "Partly implemented</th><td>" in line]
    assert cells == [
        '<tr><th scope="row">Partly implemented</th><td>Under way</td><td class="n">1</td></tr>',
        '<tr><th scope="row">Partly implemented</th><td>Not done</td><td class="n">2</td></tr>',
    ]
    assert client.get("/api/v1/registers/small/methodology").get_json()["version"] == "second"
    rows = client.get("/small/download/scorecard.csv?as_of=2024-05-01").text.splitlines()
    assert {line.split(",")[0]: "under_way" in line for line in rows[1:]} == {
        "law": True,
        "post": False,
        "talks": False,
    }


def test_an_unknown_version_is_refused_in_a_sentence(services: Services, bundle: Path) -> None:
    change(bundle, "assessments.csv", ",uptake-2026.1", ",third")
    change(bundle, "register.json", '"second"', '"third"')
    with pytest.raises(BundleRefused) as caught:
        import_bundle(services, bundle, ImportOptions())
    assert [str(p) for p in caught.value.problems] == [
        "register.json, line 1, column methodology: “third” is no methodology; use uptake-2026.1, uptake-2026.2, second.",
        "assessments.csv, line 2, column methodology: there is no methodology “third”; use uptake-2026.1, uptake-2026.2, second.",
    ]


def test_once_open_new_rows_are_made_under_the_version_of_the_register(mixed: Services, bundle: Path) -> None:
    mixed.execute(c.OpenRegister("small", origin="x"), by="ana")
    row = "law-2,law,,announced,2024-02-01,our_correction,,,,A promise.,,oath,ana,ben,,,,,uptake-2026.1\ntalks-1"
    change(bundle, "assessments.csv", "talks-1", row)
    with pytest.raises(BundleRefused) as caught:
        import_bundle(mixed, bundle, ImportOptions())
    assert [str(p) for p in caught.value.problems] == [
        "assessments.csv, line 3, column methodology: A new assessment must use the methodology of its register, "
        "second, not “uptake-2026.1”."
    ]
