"""The line under a headline: its numbers are those of the counts, whatever these are."""

import re
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.presentation.i18n.translation import set_language
from app.presentation.narrative.headlines import (
    condition_line,
    motion_line,
    overdue_line,
    reach_line,
    scorecard_headline,
)
from domain.codes import Bucket, DeadlineState, Motion, Status
from projections.scorecards.results import Counts, DueCounts, no_counts

STATUS_OF = {
    Bucket.DONE: Status.IN_EFFECT,
    Bucket.UNDER_WAY: Status.PARTLY,
    Bucket.NOT_DONE: Status.REVERSED,
    Bucket.NOT_RATED: Status.SUPERSEDED,
}
WORDS = {Motion.STALLED: "stalled", Motion.REGRESSING: "regressing", Motion.ADVANCING: "advancing"}
small = st.integers(min_value=0, max_value=1200)


@st.composite
def any_counts(draw: st.DrawFn) -> Counts:
    by_bucket = no_counts()
    for bucket, status in STATUS_OF.items():
        by_bucket[bucket][status] = draw(small)
    left, motions = by_bucket[Bucket.UNDER_WAY][Status.PARTLY], dict[Motion, int]()
    for motion in Motion:
        motions[motion] = draw(st.integers(min_value=0, max_value=left))
        left -= motions[motion]
    return Counts(by_bucket, 0, 0, 0, 0, motions)


def number_before(words: str, text: str) -> int:
    found = re.search(rf"(\d+) (?:is|are) {words}", text)
    return int(found[1]) if found else 0


@given(counts=any_counts())
def test_the_headline_and_its_line_say_the_numbers(counts: Counts) -> None:
    set_language("en")
    headline = "".join(text for text, _bucket in scorecard_headline(counts))
    if not counts.on_scorecard:
        assert not re.search(r"\d", headline)
        return
    for bucket, words in ((Bucket.DONE, "done"), (Bucket.UNDER_WAY, "under way"), (Bucket.NOT_DONE, "not done")):
        assert number_before(words, headline) == counts.buckets[bucket]
    line = motion_line(counts)
    assert {m: number_before(word, line) for m, word in WORDS.items()} == {m: counts.motions[m] for m in WORDS}
    assert "steady" not in line
    assert line == "" or line.startswith(f"Of the {counts.buckets[Bucket.UNDER_WAY]} under way, ")
    assert not re.search(r"\b0\b", line)


@given(numbers=st.lists(small, min_size=len(DeadlineState), max_size=len(DeadlineState)))
def test_what_is_overdue_is_said_of_those_with_a_deadline(numbers: list[int]) -> None:
    set_language("en")
    dues = DueCounts(dict(zip(DeadlineState, numbers, strict=True)))
    line = overdue_line(dues)
    if not dues.with_deadline:
        assert line == ""
        return
    said = [int(n) for n in re.findall(r"\d+", line)]
    assert said == ([dues.overdue] if dues.overdue == dues.with_deadline else [dues.overdue, dues.with_deadline])


@given(as_of=st.dates(date(2020, 1, 1), date(2030, 1, 1)), evidence_to=st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_the_reach_is_said_of_later_days_only(as_of: date, evidence_to: date) -> None:
    set_language("en")
    line = reach_line(evidence_to.isoformat(), as_of)
    assert bool(line) == (as_of > evidence_to)
    assert reach_line("", as_of) == ""
    later = reach_line(evidence_to.isoformat(), as_of, (evidence_to + timedelta(days=1)).isoformat())
    assert later == "", "a status that began later rests on later evidence"


def test_nothing_is_said_of_an_empty_scorecard() -> None:
    empty = Counts(no_counts(), 0, 0, 0, 0, dict.fromkeys(Motion, 0))
    assert condition_line(empty, DueCounts(dict.fromkeys(DeadlineState, 0)), "On the evidence.") == ""
