"""The comparison of two days: its numbers, its default days, its chart, and the pages of its lists."""

import json
import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from app.bootstrap.flask_app import create_app
from app.entrypoints.public import comparison_rows
from app.services.container import Services
from domain import commands as c
from tests.support.bundles import write_small_bundle
from tests.support.pages import Browser, Page, words
from tests.support.small_register import import_and_open, open_small_register
from tests.support.story import assessment

API = "/api/v1/registers/small/compare"
DAYS = ("2020-01-01", "2023-09-14", "2024-06-01", "2026-02-01")


@pytest.fixture
def small(services: Services, tmp_path: Path) -> Services:
    return open_small_register(services, tmp_path / "small")


@pytest.fixture
def client(small: Services) -> FlaskClient:
    return create_app(small).test_client()


@pytest.fixture
def browser(client: FlaskClient) -> Browser:
    return Browser(client)


def compared(browser: Browser, **days: str) -> Page:
    return browser.get(f"/small/compare/?{urlencode(days)}")


def titles_of(page: Page, section: str) -> list[str]:
    """The recommendations in one list of the page."""
    for element in page.root.iter("section"):
        if element.get("aria-labelledby") == f"h-{section}":
            return [
                words(a) for a in element.iter("a") if re.fullmatch(r".*/recommendations/[^/#]+/", a.get("href", ""))
            ]
    return []


TITLES = {"post": "Fill the post", "law": "Renew the law", "talks": "Hold talks"}


@pytest.mark.parametrize("first", ["2020-01-01", "2023-09-14", "2025-06-01", "recommended"])
def test_the_page_says_the_numbers_of_the_api(browser: Browser, first: str) -> None:
    for second in DAYS:
        check_numbers(browser, {"from": first, "to": second})


def check_numbers(browser: Browser, days: dict[str, str]) -> None:
    answer = browser.client.get(API, query_string=days).get_json()
    page = compared(browser, **days)
    counts, total = answer["counts"], len(answer["rows"])
    for direction, number in counts.items():
        expected = {TITLES[row["id"]] for row in answer["rows"] if row["direction"] == direction}
        shown = titles_of(page, direction) + (titles_of(page, "assessed") if direction == "level" else [])
        assert set(shown) == expected
        if number and direction != "level":
            assert f": {number} of {total}" in page.text
    if not total:
        assert page.heading.startswith("No recommendation was on a scorecard")
        return
    assessed = sum(row["direction"] == "level" and row["b"] == "not_assessed" for row in answer["rows"])
    assert (f"First status: {assessed} of {total}" in page.text) == bool(assessed)
    assert len(titles_of(page, "assessed")) == assessed
    changed = sum(counts[d] for d in ("up", "down", "reversed", "level")) - assessed
    if days["from"] != days["to"]:
        assert re.search(rf"changed in the world [\w ]+\. {changed} of {total}", page.text)
    assert ("only got a first status" in page.text) == bool(assessed)
    table = page.table("From status to status")
    assert sum(int(row[-1]) for row in table[1:-1]) == int(table[-1][-1]) == total
    assert not re.search(r"\b0 (moved|was|were|are|is|of)\b", page.heading)


def test_the_last_two_reviews_are_compared_unless_days_are_given(browser: Browser) -> None:
    page = browser.get("/small/compare/")
    assert "between 14 September 2024 and 14 September 2025" in page.heading
    assert page.heading == compared(browser, **{"from": "2024-09-14", "to": "2025-09-14"}).heading


def test_a_young_register_compares_each_since_it_was_recommended(services: Services, tmp_path: Path) -> None:
    folder = tmp_path / "young"
    write_small_bundle(folder)
    settings = json.loads((folder / "register.json").read_text("utf-8"))
    settings["reviews"] = [review for review in settings["reviews"] if review["id"] == "ten"]
    (folder / "register.json").write_text(json.dumps(settings), "utf-8")
    page = Browser(create_app(import_and_open(services, folder)).test_client()).get("/small/compare/")
    assert page.heading.startswith("Of 3 recommendations, ")
    assert "between the day each was recommended and" in page.heading
    assert "new on the scorecard" not in page.heading


def test_days_in_the_wrong_order_are_named_and_can_be_swapped(browser: Browser) -> None:
    days = {"from": "2025-06-01", "to": "2023-09-14", "known_from": "2026-03-01"}
    page = compared(browser, **days)
    assert "compares backwards in time" in page.text
    swapped = next(a.get("href", "") for a in page.root.iter("a") if words(a) == "Swap the two days")
    assert "from=2023-09-14" in swapped
    assert "to=2025-06-01" in swapped
    assert "known_to=2026-03-01" in swapped
    assert "compares backwards" not in browser.get(swapped).text
    assert "compares backwards" not in compared(browser, **{"from": "2025-06-01", "to": "2025-06-01"}).text


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"from": "2024-01-01", "to": "2025-06-01"}, "On the evidence up to 2 January 2026, which covers both days."),
        (
            {"from": "2024-01-01", "to": "2026-02-01"},
            "The second day is after the evidence, which ends on 2 January 2026.",
        ),
        ({"from": "2026-02-01", "to": "2026-02-02"}, "Both days are after the evidence, which ends on 2 January 2026."),
        (
            {"from": "2026-02-01", "to": "2024-01-01"},
            "The first day is after the evidence, which ends on 2 January 2026.",
        ),
        ({"from": "recommended", "to": "2026-02-01"}, "The second day is after the evidence"),
    ],
)
def test_the_page_says_whether_a_day_is_after_the_evidence(
    browser: Browser, days: dict[str, str], sentence: str
) -> None:
    assert sentence in compared(browser, **days).heading


def test_what_was_learned_is_a_number_of_its_own(browser: Browser, small: Services) -> None:
    days = {"from": "2024-06-01", "to": "2025-06-01"}
    opened = compared(browser, **days)
    assert "This register first described the first day on" in opened.text
    small.clock.go_on(days=3)  # type: ignore[attr-defined]
    late = assessment(
        status="in_progress", effective_on="2024-05-01", reason="new_evidence", evidence=("story", "oath")
    )
    ident = small.execute(c.ProposeAssessment("small", recommendation="law", assessment=late), by="ana")
    small.execute(c.PublishAssessment("small", recommendation="law", assessment=ident), by="ben")
    small.clock.go_on(seconds=1)  # type: ignore[attr-defined]
    page = compared(browser, **days)
    assert "read differently about the first day as known on" in page.text
    link = next(a.get("href", "") for a in page.root.iter("a") if words(a) == "See which")
    assert titles_of(browser.get(link), "learned") == ["Renew the law"]


def test_long_lists_have_pages_and_the_rest_is_a_download(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison_rows, "FIRST_ROWS", 1)
    monkeypatch.setattr(comparison_rows, "PAGE_ROWS", 2)
    days = {"from": "2020-01-01", "to": "2025-06-01"}
    page = compared(browser, **days)
    assert len(titles_of(page, "added")) == 1
    assert "All rows as CSV" in page.text
    link = next(a.get("href", "") for a in page.root.iter("a") if words(a) == "All 3 in this list")
    first = browser.get(link)
    second = browser.get(link + "&page=2")
    assert "Page 1 of 2" in first.text
    assert sorted(titles_of(first, "added") + titles_of(second, "added")) == sorted(TITLES.values())
    browser.get(link + "&page=3", status=400)
    assert "There is no show “sideways” here." in browser.get("/small/compare/?show=sideways", status=400).text


def test_labels_of_the_chart_never_collide() -> None:
    from app.presentation.charts.moves import HEIGHT_PX, TOP_PX
    from app.presentation.charts.spread import LABEL_PX, spread

    for middles in (
        [10.0, 11, 12, 200, 258, 259, 260, 261],
        [9.0],
        [264.0, 264, 264],
        [float(n) for n in range(8, 20)],
    ):
        places = spread(middles, TOP_PX, TOP_PX + HEIGHT_PX)
        assert all(b - a >= LABEL_PX for a, b in pairwise(places))
        assert places[0] >= TOP_PX
        assert places[-1] <= TOP_PX + HEIGHT_PX


def test_a_comparison_of_an_instant_stays_as_it_was(browser: Browser, small: Services) -> None:
    known = small.clock().date().isoformat()
    small.clock.go_on(days=2)  # type: ignore[attr-defined]
    address = f"/small/compare/?from=recommended&to=2025-06-01&known_from={known}&known_to={known}"
    before = browser.client.get(address).data
    small.clock.go_on(days=500)  # type: ignore[attr-defined]
    assert browser.client.get(address).data == before


def test_a_first_assessment_is_no_change_of_the_world(browser: Browser) -> None:
    page = compared(browser, **{"from": "2023-09-14", "to": "2024-06-01"})
    assert "got a first status between" in page.heading
    assert "without moving up or down" not in page.heading
    assert "only got a first status: they were not assessed before." in page.text


def test_one_day_as_known_at_two_instants_says_both(browser: Browser, small: Services) -> None:
    before = small.clock().replace(microsecond=0)
    small.clock.go_on(seconds=600)  # type: ignore[attr-defined]
    late = assessment(
        status="in_progress", effective_on="2024-05-01", reason="new_evidence", evidence=("story", "oath")
    )
    ident = small.execute(c.ProposeAssessment("small", recommendation="law", assessment=late), by="ana")
    small.execute(c.PublishAssessment("small", recommendation="law", assessment=ident), by="ben")
    small.clock.go_on(seconds=60)  # type: ignore[attr-defined]
    after = small.clock().replace(microsecond=0)
    times = {"from": "2024-06-01", "to": "2024-06-01"}
    stamps = [at.strftime("%Y-%m-%dT%H:%M:%SZ") for at in (before, after)]
    page = compared(browser, **times, known_from=stamps[0], known_to=stamps[1])
    assert "1 reads differently: both sides are 1 June 2024, as known on" in page.heading
    for at in (before, after):
        assert f"{at:%H:%M} UTC" in page.heading
    assert "as known now" not in page.text
    assert "between 1 June 2024" not in page.text
    assert "changed in the world" not in page.text
    backwards = compared(browser, **times, known_from=stamps[1], known_to=stamps[0])
    assert "The first side is as known on" in backwards.text
    assert "later than the second side" in backwards.text
    assert "The first side is as known on" not in page.text


def test_a_withdrawal_is_shown_without_the_reason_of_what_was_withdrawn(browser: Browser, small: Services) -> None:
    known = small.clock().date().isoformat()
    small.clock.go_on(days=2)  # type: ignore[attr-defined]
    gone = c.WithdrawAssessment("small", recommendation="law", assessment="law-2", reason="A false source.")
    small.execute(gone, by="ben")
    small.clock.go_on(seconds=60)  # type: ignore[attr-defined]
    page = compared(browser, **{"from": "2025-06-01", "to": "2025-06-01", "known_from": known, "show": "learned"})
    assert "Withdrawn: A false source. Withdrawn on " in page.text
    assert "Reason the world changed" not in page.text
