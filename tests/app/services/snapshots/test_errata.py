"""What differs of a frozen review today, found by comparing the two scorecards of its day, never from a list."""

from collections.abc import Callable
from datetime import date

import msgspec
import pytest

from app.entrypoints.public import review_corrections
from app.services.container import Services
from app.services.snapshots.freeze import FrozenReview
from domain import commands as c
from domain.codes import Kind
from domain.values import DeadlineFacts, Element, RecommendationFacts
from projections.catalogue import queries as catalogue
from projections.scorecards.corrected_rows import corrected_ids, count_corrected, read_corrected
from projections.scorecards.queries import standings
from projections.scorecards.results import TimePair
from tests.support.pages import Browser
from tests.support.story import assessment

REVIEW = "/small/reviews/ten/2024-02-17/"
DAYS = [date(2023, 9, 14), date(2023, 11, 1), date(2024, 2, 17), date(2024, 9, 14), date(2026, 1, 1)]


def _go_on(services: Services) -> None:
    services.clock.go_on(days=1)  # type: ignore[attr-defined]


def _facts(services: Services, ident: str) -> RecommendationFacts:
    with services.views.connect() as db:
        entry = catalogue.recommendation(db, "small", ident, services.clock())
    assert entry is not None
    return entry.facts


def _amend(services: Services, ident: str, why: str, **fields: object) -> None:
    fact = msgspec.structs.replace(_facts(services, ident), **fields)
    services.execute(c.AmendRecommendation("small", recommendation=ident, fact=fact, why=why), by="ben")


def _state_deadline(services: Services) -> None:
    deadline = DeadlineFacts(id="end", due_on="2024-01-31", stated_on="2023-10-01", stated_by="report")
    services.execute(c.StateDeadline("small", recommendation="law", deadline=deadline), by="ben")


def _add_element(services: Services) -> None:
    element = Element(id="staff", title="Staffed", kind=Kind.ONE_OFF, core=False, done_when="Ten people work there.")
    services.execute(c.AddElement("small", recommendation="post", element=element), by="ben")


def _cite_late_evidence(services: Services) -> None:
    """The same status as before, confirmed by an assessment that is published after the freeze."""
    later = assessment(
        status="no_action", effective_on="2024-01-15", reason="new_evidence", evidence=("search", "story")
    )
    proposed = services.execute(c.ProposeAssessment("small", recommendation="law", assessment=later), by="ana")
    services.execute(c.PublishAssessment("small", recommendation="law", assessment=proposed), by="ben")


CHANGES: dict[str, Callable[[Services], object]] = {
    "a back-dated correction": lambda s: _correct_the_first_day_of_the_law(s),
    "a withdrawal": lambda s: s.execute(
        c.WithdrawAssessment("small", recommendation="post", assessment="post-kept-1", reason="A false source."),
        by="ben",
    ),
    "another theme": lambda s: _amend(s, "talks", "It is about a law.", theme="laws"),
    "another day of recommendation": lambda s: _amend(s, "talks", "Its second edition.", recommended_on="2024-03-01"),
    "a deadline that was found later": _state_deadline,
    "a part that was added": _add_element,
    "evidence that came late": _cite_late_evidence,
}


@pytest.mark.parametrize(
    "names", [*((name,) for name in CHANGES), tuple(CHANGES)], ids=lambda n: n[0] if len(n) < 2 else "all"
)
def test_corrected_rows_are_those_that_two_scorecards_give_differently(small: Services, names: tuple[str, ...]) -> None:
    before = small.clock()
    _go_on(small)
    for name in names:
        CHANGES[name](small)
    _go_on(small)
    small.catch_up()
    later = small.clock()
    differ = set()
    with small.views.connect() as db:
        facts = [
            {i: e.facts.recommended_on for i, e in catalogue.recommendations(db, "small", at).items()}
            for at in (before, later)
        ]
        for day in DAYS:
            rows = [standings(db, "small", TimePair(day, at)) for at in (before, later)]
            ids = {
                i for i in rows[0] | rows[1] if (rows[0].get(i), facts[0].get(i)) != (rows[1].get(i), facts[1].get(i))
            }
            first = TimePair(day, before)
            found, total = read_corrected(db, "small", first, later, start=0, limit=9)
            assert (
                {entry.row.id for entry in found} == ids == corrected_ids(db, "small", first, later, [*ids, "none"])
            ), day
            assert all(before < entry.at <= later for entry in found)
            assert total == count_corrected(db, "small", first, later) == len(ids)
            assert [(entry.before, entry.after) for entry in found] == [
                (rows[0].get(entry.row.id), rows[1].get(entry.row.id)) for entry in found
            ]
            assert count_corrected(db, "small", first, before) == 0
            differ |= ids
    assert differ, "each of these changes is seen on some day"


def _correct_the_first_day_of_the_law(services: Services) -> None:
    right = assessment(status="no_action", effective_on="2023-12-01", reason="our_correction", evidence=("search",))
    right = msgspec.structs.replace(right, rationale="The search was made later.")
    proposed = services.execute(c.ProposeAssessment("small", recommendation="law", assessment=right), by="ana")
    services.execute(c.PublishAssessment("small", recommendation="law", assessment=proposed), by="ben")
    withdraw = c.WithdrawAssessment("small", recommendation="law", assessment="law-1", reason="A wrong day.")
    services.execute(withdraw, by="ben")


def test_a_later_correction_is_an_erratum_and_changes_nothing(
    browser: Browser, frozen: FrozenReview, small: Services
) -> None:
    before = browser.client.get(f"{REVIEW}package.zip").data
    small.clock.go_on(days=1)  # type: ignore[attr-defined]
    small.execute(
        c.WithdrawAssessment("small", recommendation="post", assessment="post-kept-1", reason="A false source."),
        by="ben",
    )
    outside = c.WithdrawAssessment("small", recommendation="law", assessment="law-2", reason="After the day of review.")
    small.execute(outside, by="ben")
    page = browser.get(REVIEW)
    assert "A false source." in page.text
    assert "After the day of review." not in page.text
    assert page.heading.startswith("Ten years on, 17 February 2024. Of 3 recommendations, 0 were done, 1 was under way")
    assert browser.client.get(f"{REVIEW}package.zip").data == before


def test_rows_that_read_differently_today_are_laid_out_with_the_frozen_ones(
    browser: Browser, frozen: FrozenReview, small: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "All rows read the same today." in browser.get(REVIEW).text
    small.clock.go_on(days=1)  # type: ignore[attr-defined]
    _correct_the_first_day_of_the_law(small)
    small.clock.go_on(days=1)  # type: ignore[attr-defined]
    page = browser.get(REVIEW)
    assert "1 of 3 rows reads differently today. No number of the headline is different." in page.text
    (row,) = page.table("Rows that read differently today")[1:]
    assert row[:3] == [
        "Renew the law",
        "No action found, since September 2023",
        "No action found, since 1 December 2023",
    ]
    assert "The search was made later." in row[3]
    small.execute(
        c.WithdrawAssessment("small", recommendation="post", assessment="post-appointed-1", reason="No oath."), by="ben"
    )
    small.clock.go_on(days=1)  # type: ignore[attr-defined]
    monkeypatch.setattr(review_corrections, "FIRST_ROWS", 1)
    page = browser.get(REVIEW)
    assert "2 of 3 rows read differently today." in page.text
    assert len(page.table("Rows that read differently today")) == 2, "the first of them"
    assert f"{REVIEW}?show=corrected" in page.links()
    whole = browser.get(f"{REVIEW}?show=corrected").table("Rows that read differently today")
    assert [row[0] for row in whole[1:]] == ["Fill the post", "Renew the law"], "the latest first"
    assert "No oath." in whole[1][3]


def test_the_headline_the_matrix_the_series_and_the_list_mark_what_differs(
    browser: Browser, frozen: FrozenReview, small: Services
) -> None:
    """The pages show the frozen values, and lead to the comparison where the same day reads differently now."""
    assert "differs today" not in browser.get("/small/series/").text
    before = small.clock()
    _go_on(small)
    small.execute(
        c.WithdrawAssessment("small", recommendation="post", assessment="post-appointed-1", reason="No oath."), by="ben"
    )
    CHANGES["another theme"](small)
    _go_on(small)
    page = browser.get(REVIEW)
    assert "the headline of this day reads: “Of 3 recommendations, 0 were done" in page.text
    matrix = page.table(
        "Status at each review, as this register knew it when it was frozen. The last column is this review. "
        "“Differs today” leads to what is known of that row now."
    )
    assert [(row[0], row[-1]) for row in matrix if row[-1].endswith("differs today")] == [
        ("Fill the post", "Partly implementeddiffers today"),
        ("Hold talks", "Not assessed, no changediffers today"),
    ]
    rows = {row[0]: row[1:] for row in page.table("Rows that read differently today")[1:]}
    assert rows["Hold talks"][:2] == ["Not assessedTheme: Offices", "Not assessedTheme: Laws"]
    assert "It is about a law." in rows["Hold talks"][2]
    assert "Known since 4 March 2026" in rows["Hold talks"][2]
    listed = browser.get("/small/reviews/")
    assert "2 rows read differently today" in listed.text
    assert f"{REVIEW}?show=corrected" in listed.links()
    series = browser.get("/small/series/")
    head, *lines = series.table(
        "Status at each review, as this register knows it at the second date. A frozen review shows what it said. "
        "“Differs today” leads to what is known of that row now."
    )
    column = next(n for n, cell in enumerate(head) if "2 rows differ today" in cell)
    post = next(line for line in lines if line[0] == "Fill the post")
    assert post[column] == "Partly implementeddiffers today", "as it was frozen"
    assert "2 rows differ today" not in browser.get(f"/small/series/?known_at={before.isoformat()[:19]}Z").text


def test_a_number_that_differs_without_a_row_of_another_status_is_said(
    browser: Browser, frozen: FrozenReview, small: Services
) -> None:
    _go_on(small)
    _state_deadline(small)
    _go_on(small)
    page = browser.get(REVIEW)
    (row,) = page.table("Rows that read differently today")[1:]
    assert "Deadline: none" in row[1]
    assert "Deadline: 31 January 2024, overdue" in row[2]
    assert "The 1 with a deadline was overdue." in page.text[page.text.index("As known today, the headline") :]


def test_the_api_compares_a_frozen_review_with_today(browser: Browser, frozen: FrozenReview, small: Services) -> None:
    path = "/api/v1/registers/small/reviews/ten/2024-02-17/errata"
    before = browser.client.get(path).get_json()
    assert (before["corrected"], before["rows"]) == (0, [])
    _go_on(small)
    for change in CHANGES.values():
        change(small)
    _go_on(small)
    after = browser.client.get(path).get_json()
    assert after["corrected"] == 3
    assert sum(after["frozen_totals"].values()) == 3
    assert sum(after["known_totals"].values()) == 2
    rows = {row["id"]: row for row in after["rows"]}
    assert rows["talks"]["known"] is None
    assert rows["talks"]["frozen"]["status"] == "not_assessed"
    assert rows["post"]["assessments"] == [{"id": "post-kept-1", "reason": "first_assessment"}]
    one = browser.client.get(f"{path}?limit=2").get_json()
    two = browser.client.get(f"{path}?limit=2&cursor={one['next']}").get_json()
    assert [row["id"] for row in one["rows"] + two["rows"]] == [row["id"] for row in after["rows"]]
    assert browser.client.get(f"{path}?known_at={before['known_at']}").get_json()["corrected"] == 0
    assert browser.client.get(f"{path}?known_at=2026-01-01").status_code == 400
    assert browser.client.get(path.replace("ten", "none")).status_code == 404
