"""Named queries answer what a slow fold of every event answers, at any instant: on the built-in register, whose record
came from elsewhere, and on registers in which staff do random things."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.services.bundles.exporting import export_bundle
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from domain.events import EVENTS
from projections.assessments import proposals
from projections.assessments import queries as assessments
from projections.catalogue import queries as catalogue
from projections.engine.batches import END_OF_TIME
from projections.reviews import queries as reviews
from projections.scorecards.results import TimePair
from projections.sources.queries import citing_positions
from projections.timeline import queries as timeline
from projections.worklist import queries as worklist
from tests.support import slow_answers as slow
from tests.support.clock import Clock
from tests.support.random_story import PEOPLE, RECOMMENDATIONS, REVIEWS, SOURCES, RandomStory
from tests.support.repository import ROOT
from tests.support.slow_export import folded_bundle
from tests.support.story import REGISTER

SEEDS = (1, 2, 3)
STEPS = 700
Log = list[slow.LogEntry]


@pytest.fixture(scope="module", params=SEEDS)
def random_register(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder: Path = tmp_path_factory.mktemp("random")
    services = build_services(Settings(data_dir=folder, database_url=""), create=True, clock=Clock())
    RandomStory(services, request.param).run(STEPS)
    services.catch_up()
    yield services
    services.close()


@pytest.fixture(scope="module")
def built_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder: Path = tmp_path_factory.mktemp("built-in")
    clock = Clock(datetime(2026, 11, 28, tzinfo=UTC))
    services = build_services(Settings(data_dir=folder, database_url=""), create=True, clock=clock)
    import_bundle(services, ROOT / "registers" / "dprk-enablers", ImportOptions())
    yield services
    services.close()


def instants(log: Log) -> list[datetime]:
    """The boundaries of what was known: each instant, and the microsecond before it."""
    each = {slow.instant_of(e) for e in log} | {e.recorded_at for e in log}
    return sorted(each | {at - timedelta(microseconds=1) for at in each})


def published_as_known(services: Services, register: str) -> int:
    log = slow.entries(services, register)
    with services.views.connect() as db:
        for at in instants(log):
            expected = slow.published(log, at)
            assert list(assessments.each_published(db, register, at)) == expected
            assert assessments.withdrawals(db, register, at) == slow.withdrawals(log, at)
        for recommendation in {p.recommendation for p in expected}:
            at = Random(recommendation).choice(instants(log))
            of_it = [p for p in slow.published(log, at) if p.recommendation == recommendation]
            assert assessments.of_recommendation(db, register, recommendation, at) == of_it
        for p in expected:
            assert assessments.publication(db, register, p.assessment.id) == p
        ids = [p.assessment.id for p in expected]
        assert assessments.by_id(db, register, [*ids, "none"]) == {p.assessment.id: p.assessment for p in expected}
        assert assessments.publication(db, register, "none") is None
    return len(expected)


def test_published_assessments_of_the_built_in_register(built_in: Services) -> None:
    assert published_as_known(built_in, "dprk-enablers") > 100


def test_published_assessments_of_a_random_register(random_register: Services) -> None:
    assert published_as_known(random_register, REGISTER) > 5


def test_withdrawals_after_a_position(random_register: Services) -> None:
    log = slow.entries(random_register, REGISTER)
    every = slow.withdrawals(log, log[-1].recorded_at)
    assert len(every) > 1
    with random_register.views.connect() as db:
        for w in every:
            later = [x for x in every if x.position > w.position]
            assert assessments.withdrawals(db, REGISTER, after=w.position) == later


def test_reviews_as_recorded_by_any_instant(random_register: Services) -> None:
    log = slow.entries(random_register, REGISTER)
    with random_register.views.connect() as db:
        for at in instants(log):
            expected = slow.reviews(log, at)
            answer = reviews.reviews(db, REGISTER, at)
            assert {i: (r.schedule, r.position, r.days) for i, r in answer.items()} == expected
            for ident, day in REVIEWS.items():
                days = expected[ident][2] if ident in expected else {}
                assert reviews.stocktaking(db, REGISTER, ident, day, at) == days.get(day, slow.Stocktaking())
        for ident, (_, _, days) in expected.items():
            frozen = {day: s for day, s in days.items() if s.snapshot}
            for before in ("2023-01-01", "2024-06-01", "2026-01-01"):
                earlier = [day for day in frozen if day < before]
                last = (max(earlier), frozen[max(earlier)]) if earlier else None
                assert reviews.last_frozen_before(db, REGISTER, ident, before) == last


def test_the_opening_is_the_event_that_opened_it(random_register: Services, built_in: Services) -> None:
    for services, register in ((random_register, REGISTER), (built_in, "dprk-enablers")):
        expected = slow.opening(slow.entries(services, register))
        with services.views.connect() as db:
            opening = catalogue.opening(db, register)
        assert (opening and (opening.position, opening.recorded_at)) == expected


def test_outdated_translations(random_register: Services) -> None:
    expected = slow.outdated_translations(slow.entries(random_register, REGISTER))
    with random_register.views.connect() as db:
        assert catalogue.outdated_translations(db, REGISTER) == expected


def cuts(log: Log) -> Iterator[TimePair | None]:
    random = Random(len(log))
    yield None
    for known_at in random.choices(instants(log), k=25):
        yield TimePair(date(2009, 1, 1) + timedelta(days=random.randrange(18 * 365)), known_at)
        yield TimePair(date.max, known_at)


def test_a_bundle_is_what_a_fold_of_all_public_events_gives(random_register: Services, built_in: Services) -> None:
    for services, register in ((random_register, REGISTER), (built_in, "dprk-enablers")):
        log = slow.entries(services, register)
        with services.views.connect() as db:
            for cut in cuts(log):
                assert export_bundle(db, register, cut) == folded_bundle(
                    log, catalogue.evidence(db, register, END_OF_TIME), cut
                )
            assert export_bundle(db, "none") is None


def test_every_public_event_has_its_place_in_a_bundle(random_register: Services) -> None:
    """The fold raises for an event that it does not know; the random register must know all there are."""
    stored = {type(e.event) for e in slow.entries(random_register, REGISTER) if e.event.PUBLIC}
    unseen = {kind.__name__ for kind in EVENTS.values() if kind.PUBLIC and kind not in stored}
    assert unseen <= {
        "BodyAmended",
        "PublicationAmended",
        "LogoSet",  # a picture: the tests of packages with a logo compare it
        "LossAccepted",
        "StampsCorrected",
    }  # the last are of no register


def test_proposals_and_what_they_rest_on(random_register: Services) -> None:
    log = slow.entries(random_register, REGISTER)
    every = {e.event.assessment.id for e in log if isinstance(e.event, slow.AssessmentProposed)}
    with random_register.views.connect() as db:
        for recommendation in RECOMMENDATIONS:
            assert proposals.evidence_for(db, REGISTER, recommendation) == slow.evidence_for(log, recommendation)
            versions = [
                e.event.originator_version for e in log if getattr(e.event, "recommendation", "") == recommendation
            ]
            for assessment in every:
                for version in Random(assessment).sample(versions, 5):
                    key = recommendation, assessment, version
                    assert proposals.proposal_at_version(db, REGISTER, *key) == slow.proposal_at(log, *key)
            for person in PEOPLE:
                last = proposals.last_proposed(db, REGISTER, [recommendation]).get((recommendation, person))
                for e in log[::10]:
                    has_proposed = last is not None and last > e.recorded_at
                    assert has_proposed == slow.has_proposed(log, recommendation, person, e.recorded_at)
        for evidence in (*SOURCES, "on"):
            positions = citing_positions(db, REGISTER, evidence, skip=0, limit=len(log))
            cited = [x for x in proposals.citing(db, REGISTER, positions) if isinstance(x, proposals.CitingAssessment)]
            answer = [(x.recommendation, x.assessment, x.is_published) for x in cited]
            assert answer == slow.citing(log, evidence)[::-1]
            some = citing_positions(db, REGISTER, evidence, skip=1, limit=2)
            assert some == positions[1:3]
        assert proposals.latest_card_drafts(db, REGISTER) == slow.drafts(log)


def test_what_waits_for_staff(random_register: Services) -> None:
    log = slow.entries(random_register, REGISTER)
    with random_register.views.connect() as db:
        waiting = [s.facts.id for s in worklist.noted_sources(db, REGISTER)]
        assert waiting == slow.noted(log)
        assert "unused" in waiting
        for p in worklist.open_proposals(db, REGISTER):
            assert p.returned_at == (slow.returned_at(log, p.assessment.id) if p.is_returned else None)


def test_how_far_the_timeline_of_a_recommendation_reaches(random_register: Services) -> None:
    with random_register.views.connect() as db:
        for recommendation in (*RECOMMENDATIONS, "parts"):
            entries = timeline.of_recommendation(db, REGISTER, recommendation)
            assert timeline.public_extent(db, REGISTER, recommendation) == (entries[-1].position, len(entries))
        assert timeline.public_extent(db, REGISTER, "none") == (0, 0)


def test_a_rebuild_changes_no_answer(random_register: Services) -> None:
    views = random_register.views
    with views.connect() as db:
        before = reviews.reviews(db, REGISTER), catalogue.outdated_translations(db, REGISTER)
    views.rebuild()
    with views.connect() as db:
        assert (reviews.reviews(db, REGISTER), catalogue.outdated_translations(db, REGISTER)) == before
    test_what_waits_for_staff(random_register)
