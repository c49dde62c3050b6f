"""What was added to the first register changes no status and no count: its earlier bundle gives the same scorecards."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.presentation.answers.body_scorecards import BodyScorecard, read_body_scorecard
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.bundles.reading import read_bundle
from app.services.container import Services
from projections.catalogue import queries as catalogue
from projections.scorecards.queries import counts, due_counts, standings
from projections.scorecards.results import TimePair
from tests.support.clock import Clock
from tests.support.repository import ROOT

REGISTER = "dprk-enablers"
EARLIER = ROOT / "tests" / "stored_bundles" / REGISTER
PRESENT = ROOT / "registers" / REGISTER
IMPORTED_AT = datetime(2026, 11, 28, tzinfo=UTC)
DAYS = ("2010-01-01", "2017-01-13", "2022-02-20", "2023-09-14", "2024-02-17", "2024-05-01", "2025-01-24", "2026-02-26")
INSTANTS = (datetime(2026, 11, 27, tzinfo=UTC), IMPORTED_AT, datetime(2027, 6, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    yield from imported(EARLIER, tmp_path_factory.mktemp("earlier"))


@pytest.fixture(scope="module")
def present(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    yield from imported(PRESENT, tmp_path_factory.mktemp("present"))


def imported(bundle: Path, folder: Path) -> Iterator[Services]:
    services = build_services(Settings(data_dir=folder, database_url=""), create=True, clock=Clock(IMPORTED_AT))
    import_bundle(services, bundle, ImportOptions())
    yield services
    services.close()


def statuses(db: Connection, times: TimePair) -> dict[str, tuple[object, ...]]:
    """Each recommendation's status with all that a deadline, an addressee or a statement must leave as it is."""
    found: dict[str, tuple[object, ...]] = {}
    for name, s in standings(db, REGISTER, times).items():
        elements = tuple((e.id, e.status, e.since) for e in s.elements)
        found[name] = (s.status, s.since, s.motion, s.confidence, s.freshness, s.peak, s.assessment, elements)
    return found


def numbers(db: Connection, times: TimePair) -> tuple[object, ...]:
    c = counts(db, REGISTER, times)
    return (c.totals, c.buckets, c.rated, c.ever_done, c.still_done, c.stale, c.legacy)


@pytest.mark.parametrize("known_at", INSTANTS, ids=lambda k: f"known at {k:%Y-%m-%d}")
@pytest.mark.parametrize("as_of", DAYS)
def test_the_earlier_bundle_gives_the_same_scorecard(
    earlier: Services, present: Services, as_of: str, known_at: datetime
) -> None:
    times = TimePair(date.fromisoformat(as_of), known_at)
    with earlier.views.connect() as before, present.views.connect() as now:
        assert statuses(now, times) == statuses(before, times)
        assert numbers(now, times) == numbers(before, times)


def test_the_scorecard_is_the_one_that_was_published(earlier: Services) -> None:
    times = TimePair(date(2026, 2, 26), INSTANTS[-1])
    with earlier.views.connect() as db:
        totals = {status: n for status, n in counts(db, REGISTER, times).totals.items() if n}
    assert totals == {"no_action": 1, "contrary": 4, "announced": 2, "in_progress": 14, "partly": 8} | {
        "in_effect": 1,
        "reversed": 1,
    }


def test_every_assessment_says_where_the_item_is_in_both_languages() -> None:
    rows = read_bundle(PRESENT).assessments
    assert len(rows) == 126
    for row in rows:
        assert row.fact.statement.endswith("."), row.fact.id
        assert row.fact.translations["ko"]["statement"].endswith("."), row.fact.id


def test_deadlines_and_responses_cite_sources_of_the_register() -> None:
    bundle = read_bundle(PRESENT)
    sources = {row.fact.id for row in bundle.evidence}
    cited = [row.fact.evidence for row in bundle.deadlines] + [row.fact.evidence for row in bundle.responses]
    assert (len(bundle.deadlines), len(bundle.responses)) == (4, 7)
    assert all(evidence and set(evidence) <= sources for evidence in cited)


def test_all_deadlines_have_passed_by_the_last_day_of_evidence(present: Services) -> None:
    with present.views.connect() as db:
        due = due_counts(db, REGISTER, TimePair(date(2026, 2, 26), INSTANTS[-1]))
        before = due_counts(db, REGISTER, TimePair(date(2023, 9, 14), INSTANTS[-1]))
    assert (due.with_deadline, due.overdue) == (4, 4)
    assert (before.with_deadline, before.overdue) == (2, 1)


@pytest.mark.parametrize(
    ("body", "alone", "parts"),
    [
        ("rok", {"partly": 1}, {}),
        ("prc", {"contrary": 2, "no_action": 1}, {}),
        ("un-security-council", {"partly": 1}, {"monitoring": "partly"}),
        ("us-administration", {"in_progress": 3, "partly": 2}, {"kept-filled": "reversed"}),
        ("us-congress", {"in_progress": 2, "announced": 1}, {}),
    ],
)
def test_a_body_is_charged_only_with_what_is_its_own(
    present: Services, body: str, alone: dict[str, int], parts: dict[str, str]
) -> None:
    card = body_card(present, body)
    assert Counter(card.marks[i].status for i in card.share.alone) == alone
    own = {e.id: e.status for _, e in card.parts()}
    assert own == parts


def test_what_washington_did_includes_congress_and_the_departments(present: Services) -> None:
    card = body_card(present, "usa")
    assert {"us-congress", "us-senate", "us-state", "us-treasury", "us-cbp", "us-special-envoy"} <= set(card.names)
    assert {"special-envoy-post", "congress-hearings", "nkspea-designations"} <= set(card.share.alone)
    assert "end-forced-repatriation" in card.share.with_others


def body_card(services: Services, body: str) -> BodyScorecard:
    times = TimePair(date(2026, 2, 26), INSTANTS[-1])
    with services.views.connect() as db:
        return read_body_scorecard(db, REGISTER, catalogue.body_tree(db, REGISTER, times.known_at), body, times)
