"""The page of changes: by day in the world, parts named, and what was looked at without a change in one line."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import create_engine, insert

from app.bootstrap.flask_app import create_app
from app.services.container import Services
from domain import commands as c
from projections.changes import tables as changes_tables
from projections.changes.queries import latest
from projections.changes.tables import StoredChange
from tests.support.pages import Browser
from tests.support.pages import Page as FetchedPage
from tests.support.small_register import import_and_open
from tests.support.story import assessment

PATH = "/small/changes/"
REASONS = {0: "first_assessment"}


def publish(services: Services, recommendation: str, ident: str, status: str, day: str, **fields: Any) -> None:
    details: dict[str, Any] = {"reason": "world_changed", "evidence": ("oath", "story"), **fields}
    proposal = assessment(id=ident, status=status, effective_on=day, **details)
    services.execute(c.ProposeAssessment("small", recommendation=recommendation, assessment=proposal), by="ana")
    services.execute(c.PublishAssessment("small", recommendation=recommendation, assessment=ident), by="ben")
    services.clock.go_on(minutes=1)  # type: ignore[attr-defined]


def days(page: FetchedPage) -> list[str]:
    """The headings of the days and of the stretches, in the order of the page."""
    pattern = r'<(?:h2 id="(?:d-\d+|h-register)"|details class="stretch"(?: open)?>\s*<summary)>(.*?)</(?:h2|summary)>'
    return [" ".join(re.sub("<[^>]+>", "", text).split()) for text in re.findall(pattern, page.html, re.DOTALL)]


def test_days_in_the_world_newest_first_and_months_stay_months(browser: Browser) -> None:
    page = browser.get(PATH)
    assert page.heading == "Since September 2023, 3 statuses changed: 2 moved up and 1 was reversed."
    assert "The last change found is of January 2025." in page.text
    assert days(page) == [
        "2 March 2026: this register",
        "January 2025",
        "13 October 2024",
        "1 March 2024",
        "13 October 2023",
        "September 2023",
    ]


def test_the_opening_is_one_entry(browser: Browser) -> None:
    """The withdrawn assessment is not counted. Everything else of the import is told by its day in the world."""
    for order in ({}, {"order": "published"}):
        text = browser.get(PATH, **order).text
        assert "This register opened with 3 recommendations and 6 assessments" in text
        assert "Entered in the register" not in text


def test_a_part_is_named_and_the_whole_is_told_once(browser: Browser) -> None:
    text = browser.get(PATH).text
    reversal = text.split("January 2025 Reversed")[1].split("13 October 2024")[0]
    assert "The whole In effect to Reversed" in reversal
    assert "Part “Kept filled”: In effect to Reversed" in reversal
    assert "Left office." in reversal
    both = text.split("13 October 2023 First assessed")[1].split("September 2023")[0]
    assert both.count("Fill the post") == 1
    assert "The whole Partly implemented" in both
    assert "Part “Appointed”: Implemented" in both
    assert "Part “Kept filled”: In progress" in both


def test_a_part_that_changes_nothing_of_the_whole_says_so(browser: Browser, small: Services) -> None:
    publish(small, "post", "funded-1", "in_progress", "2025-06-01", element="funded", reason="first_assessment")
    publish(small, "post", "funded-2", "partly", "2025-07-01", element="funded")
    text = browser.get(PATH).text
    assert "A part first assessed Fill the post The whole still Reversed Part “Funded”: In progress" in text
    assert "A part changed Fill the post The whole still Reversed Part “Funded”: In progress to Partly" in text


def test_what_stayed_is_one_line_between_two_changes(browser: Browser, small: Services) -> None:
    reviewed = {"reason": "reviewed_no_change"}
    publish(small, "law", "law-7", "announced", "2025-03", **reviewed)
    publish(small, "law", "law-8", "announced", "2025-05-02", **reviewed)
    publish(small, "post", "kept-4", "reversed", "2025-06-01", element="kept", cause="office_vacant", **reviewed)
    page = browser.get(PATH)
    assert days(page)[1] == "March 2025 to 1 June 2025: 3 looked at, status unchanged"
    assert "Fill the post, part “Kept filled”: Reversed" in page.text
    assert days(page)[2] == "January 2025"


def test_the_kinds_are_filters(browser: Browser, small: Services) -> None:
    publish(small, "law", "law-8", "announced", "2025-05-02", reason="reviewed_no_change")
    withdraw = c.WithdrawAssessment("small", recommendation="post", assessment="post-kept-3", reason="Another post.")
    small.execute(withdraw, by="dia")
    small.clock.go_on(minutes=1)  # type: ignore[attr-defined]
    reviewed = browser.get(PATH, show="reviewed")
    assert days(reviewed) == ["2 May 2025: 1 looked at, status unchanged"]
    assert reviewed.heading == "Since 2 May 2025, 1 assessment left a status as it was."
    changed = browser.get(PATH, show="changed")
    assert "looked at" not in changed.text
    assert "this register" not in changed.text.split("In the world")[0].split("When we published it")[1]
    corrected = browser.get(PATH, show="corrected")
    assert days(corrected) == ["3 March 2026: this register"]
    assert corrected.heading == "1 correction since this register opened"
    assert "Assessment withdrawn; Reversed corrected to In effect, from January 2025" in corrected.text
    assert "The whole: Reversed corrected to In effect" in corrected.text
    assert "This register opened with" not in corrected.text


@pytest.mark.parametrize(("filters", "shown", "hidden", "heading"), [
    ({"theme": "laws"}, "Renew the law", "Fill the post", "Laws: Since September 2023, 1 status changed: 1 moved up and none moved down."),
    ({"body": "ministry"}, "Fill the post", "Renew the law",
     "Ministry: Since 13 October 2023, 2 statuses changed: 1 moved up and 1 was reversed."),
    ({"body": "senate", "theme": "laws"}, "Renew the law", "Fill the post",
     "Laws, Senate: Since September 2023, 1 status changed: 1 moved up and none moved down."),
    ({"show": "corrected", "theme": "laws"}, "Laws: Nothing was corrected", "Fill the post",
     "Laws: Nothing was corrected since this register opened."),
])  # fmt: skip
def test_theme_and_body_are_filters(
    browser: Browser, filters: dict[str, str], shown: str, hidden: str, heading: str
) -> None:
    page = browser.get(PATH, **filters)
    assert shown in page.text
    assert hidden not in page.text
    assert page.heading == heading


@pytest.mark.parametrize(("query", "sentence"), [
    ("?show=all", "There is no show “all” here."),
    ("?theme=none", "There is no theme “none” here."),
    ("?body=none", "There is no body “none” here."),
    ("?order=size", "There is no order “size” here."),
    ("?before=2024-13-01.1", "“2024-13-01.1” is not a position in the log."),
])  # fmt: skip
def test_a_filter_that_is_not_there_says_so(browser: Browser, query: str, sentence: str) -> None:
    assert sentence in browser.get(PATH + query, status=400).text


def test_a_long_list_has_pages_that_leave_nothing_out(services: Services, small_bundle: Path) -> None:
    """No stretch is cut: a page that has an older one ends with a change."""
    months = "".join(
        f"talks-{n},talks,,{'announced' if n % 14 < 7 else 'in_progress'},{2024 + n // 336}-{n // 28 % 12 + 1:02}-{n % 28 + 1:02},"
        f"{REASONS.get(n, 'world_changed' if n % 7 == 0 else 'reviewed_no_change')},,,,Step {n}.,,story,ana,ben,,,,\n"
        for n in range(230)
    )
    with (small_bundle / "assessments.csv").open("a", encoding="utf-8", newline="") as file:
        file.write(months)
    browser = Browser(create_app(import_and_open(services, small_bundle)).test_client())
    text, address, pages = "", PATH, 0
    while address:
        page = browser.get(address)
        text, pages, last = text + page.text, pages + 1, days(page)[-1]
        older = re.search(r'rel="next" href="([^"]+)"', page.html)
        address = unescape(older[1]) if older else ""
        assert not address or "looked at" not in last
    assert pages == 3
    assert all(text.count(f"Step {n}.") == 1 for n in range(230))


def test_the_log_follows_the_days_of_publishing_also_after_an_import(tmp_path: Path) -> None:
    """What an import brings later was published before; pages go on where the last one ended."""
    engine = create_engine(f"sqlite:///{tmp_path / 'changes.db'}")
    changes_tables.metadata.create_all(engine)
    instants = {3: 50, 5: 10, 6: 10, 8: 50, 9: 20}
    with engine.begin() as db:
        rows = [
            StoredChange(position=n, register="small", kind="withdrawal", recorded_at=100 + n, at=at, correction=True)
            for n, at in instants.items()
        ]
        db.execute(insert(changes_tables.changes), [msgspec.structs.asdict(row) for row in rows])
        listed = [c.position for c in latest(db, "small", by_instant=True)]
        assert listed == [8, 3, 9, 6, 5]
        for n, position in enumerate(listed):
            after = latest(db, "small", by_instant=True, before=position)
            assert [c.position for c in after] == listed[n + 1 :]
        assert [c.position for c in latest(db, "small", by_instant=True, before=4)] == [3, 9, 6, 5]
        assert latest(db, "small", by_instant=True, before=2) == []


def test_a_correction_names_what_it_withdrew(browser: Browser) -> None:
    text = browser.get("/small/corrections/").text
    withdrawn = next(line for line in text.split("Assessment withdrawn")[1:])
    assert re.match(r"[^,]*, \w", withdrawn) or re.match(r"; ", withdrawn)
