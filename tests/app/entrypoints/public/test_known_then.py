"""Pages about an earlier time say which of three it is: nothing was recommended, nothing was published, or rebuilt."""

from pathlib import Path

import pytest

from app.bootstrap.flask_app import create_app
from app.services.container import Services
from tests.support.bundles import change
from tests.support.pages import Browser
from tests.support.small_register import import_and_open

UNPUBLISHED = {
    "": "This register had published nothing yet on 28 February 2026. It opened on 2 March 2026.",
    "/ko": "2026년 2월 28일에는 이 등록부가 아직 아무것도 게시하지 않았습니다. 등록부는 2026년 3월 2일에 공개되었습니다.",
}
NOT_RECOMMENDED = {
    "": "Nothing had been recommended yet on 1 January 2020.",
    "/ko": "2020년 1월 1일에는 아직 나온 권고가 없었습니다.",
}
REBUILT = {
    "": (
        "Rebuilt from an imported record. This register opened on 2 March 2026. What was known on 28 February 2026 "
        "comes from the dates in an earlier, imported record."
    ),
    "/ko": (
        "가져온 기록으로 재구성했습니다. 이 등록부는 2026년 3월 2일에 공개되었습니다. 2026년 2월 28일에 알려져 있던 내용은 "
        "가져온 이전 기록에 적힌 시각을 바탕으로 재구성한 것입니다."
    ),
}
SCORECARDS = ["/small/", "/small/themes/laws/", "/small/bodies/senate/"]
ITEM = "/small/recommendations/law/"
LANGUAGES = ["", "/ko"]


@pytest.fixture
def imported(services: Services, small_bundle: Path) -> Browser:
    """A reader of a register that was kept elsewhere before: its rows have instants of their own."""
    change(
        small_bundle, "recommendations.csv", "article,,,2023-09,,,,\n", "article,,,2023-09,,,,2025-01-01T00:00:00Z\n"
    )
    change(
        small_bundle,
        "assessments.csv",
        "Nothing was found.,,search,ana,ben,,,,\n",
        "Nothing was found.,,search,ana,ben,,,,2025-01-02T00:00:00Z\n",
    )
    return Browser(create_app(import_and_open(services, small_bundle)).test_client())


@pytest.mark.parametrize("prefix", LANGUAGES)
@pytest.mark.parametrize("path", [*SCORECARDS, ITEM])
def test_before_the_opening_a_register_had_published_nothing(browser: Browser, prefix: str, path: str) -> None:
    text = browser.get(prefix + path, known_at="2026-02-28").text
    assert UNPUBLISHED[prefix] in text
    assert NOT_RECOMMENDED[prefix] not in text
    assert REBUILT[prefix].split(".")[0] not in text


@pytest.mark.parametrize("path", [*SCORECARDS, ITEM, "/small/themes/", "/small/bodies/"])
def test_what_was_not_published_was_not_reconstructed_either(browser: Browser, path: str) -> None:
    text = browser.get(path, as_of="2025-06-01", known_at="2026-02-28").text
    assert "Looking back." not in text
    assert ("What this page shows was published later." in text) == (path == ITEM)


def test_an_empty_page_does_not_deny_what_happened_in_the_world(browser: Browser) -> None:
    then = {"as_of": "2025-06-01", "known_at": "2026-02-28"}
    assert "had been made" not in browser.get("/small/themes/laws/", **then).text
    assert "There is no day of review before" not in browser.get("/small/series/", **then).text
    assert "No deadline was in force on that day, as known then." in browser.get("/small/calendar/", **then).text


@pytest.mark.parametrize("prefix", LANGUAGES)
@pytest.mark.parametrize("path", SCORECARDS)
def test_before_the_first_publication_nothing_had_been_recommended(browser: Browser, prefix: str, path: str) -> None:
    page = browser.get(prefix + path, as_of="2020-01-01")
    assert page.heading == NOT_RECOMMENDED[prefix]
    assert UNPUBLISHED[prefix].split(".")[0] not in page.text
    assert REBUILT[prefix].split(".")[0] not in page.text


@pytest.mark.parametrize("prefix", LANGUAGES)
@pytest.mark.parametrize("path", [*SCORECARDS, ITEM])
def test_rows_with_instants_of_their_own_rebuild_a_page(imported: Browser, prefix: str, path: str) -> None:
    text = imported.get(prefix + path, known_at="2026-02-28").text
    assert REBUILT[prefix] in text
    assert UNPUBLISHED[prefix].split(".")[0] not in text
    assert NOT_RECOMMENDED[prefix] not in text


def test_before_the_first_imported_instant_nothing_had_been_published(imported: Browser) -> None:
    page = imported.get("/small/", known_at="2024-12-31")
    assert page.heading == "This register had published nothing yet on 31 December 2024. It opened on 2 March 2026."


def test_what_was_entered_before_the_opening_was_published_later(browser: Browser) -> None:
    """Between the import and the opening the record has a state, but this register had not published it."""
    text = browser.get("/small/", known_at="2026-03-01").text
    assert "This register had published nothing yet on 1 March 2026." in text
    assert "What this page shows was published later." in text


def test_a_comparison_says_the_same(browser: Browser) -> None:
    days = {"from": "2024-01-01", "known_from": "2026-02-28", "to": "2025-06-01"}
    assert "as known on 28 February 2026, nothing published yet" in browser.get("/small/compare/", **days).text


def test_a_comparison_and_reviews_of_an_imported_record_say_so(imported: Browser) -> None:
    days = {"from": "2024-01-01", "known_from": "2026-02-28", "to": "2025-06-01"}
    assert "rebuilt from an imported record" in imported.get("/small/compare/", **days).text
    *_, then = imported.get(ITEM).table("Status on each day of review")
    assert then[0] == "The whole, as known on the day"
    assert then[1:-1] == ["nothing published yet"] * len(then[1:-1])
    assert then[-1] == "No action found (rebuilt from an imported record)"
