"""What was removed leaves no row, and amended filing is known as it was: live tables equal rebuilt ones."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from app.services.container import Services
from domain import commands as c
from domain.codes import Direction, Kind, Position, RelationKind, Status
from domain.ids import recommendation_id
from domain.recommendation.aggregate import Recommendation
from domain.values import (
    DevelopmentFacts,
    EvidenceFacts,
    EvidenceText,
    Relation,
    ResponseFacts,
    ReviewSchedule,
    Theme,
)
from projections.all_projections import ALL_PROJECTIONS
from projections.assessments import queries as assessments
from projections.catalogue import queries as catalogue
from projections.changes.queries import latest
from projections.engine.differences import differences, row_count
from projections.responses.queries import counts_by_position
from projections.scorecards.queries import standings
from projections.scorecards.results import TimePair
from projections.search.queries import find
from projections.timeline import queries as timeline
from tests.support.story import REGISTER, Story

DAY = date(2024, 1, 1)


def assert_rebuild_agrees(services: Services) -> None:
    name = services.views.build()
    try:
        with (
            services.views.connect() as db,
            services.views.store.engine(name, writing=False).connect() as rebuilt,
        ):
            assert differences(db, rebuilt, ALL_PROJECTIONS) == []
    finally:
        services.views.discard(name)


def card(services: Services, known_at: datetime, as_of: date = DAY) -> dict[str, tuple[Any, ...]]:
    with services.views.connect() as db:
        found = standings(db, REGISTER, TimePair(as_of, known_at))
    return {s.id: (s.kind, s.theme, s.status, s.peak.on if s.peak else None) for s in found.values()}


def just_before(services: Services) -> datetime:
    """The last instant before the next command."""
    return services.clock() - timedelta(microseconds=1)


def facts_of(services: Services, ident: str = "post") -> Any:
    return services.tracker.load(Recommendation, recommendation_id(REGISTER, ident)).facts


@pytest.fixture
def story(either: Services) -> Story:
    story = Story(either).evidence("act").recommendation().criteria()
    story.do(c.NameTheme(REGISTER, theme=Theme(id="offices", title="Offices")))
    return story


def test_filing_is_known_as_it_was_until_it_was_amended(either: Services, story: Story) -> None:
    story.recommendation("law", kind="continuing")
    story.published(evidence=("act",), status="announced", effective_on="2021-05-20")
    story.do(c.OpenRegister(REGISTER, origin="x"))
    instants = [just_before(either)]
    for changes in ({"theme": "laws"}, {"recommended_on": "2022-06-01"}, {"recommended_on": "2025-01-01"}):
        fact = replace(facts_of(either), **changes)
        story.do(c.AmendRecommendation(REGISTER, recommendation="post", fact=fact, why="A slip."))
        instants.append(just_before(either))
    law = replace(facts_of(either, "law"), kind=Kind.OUTCOME)
    story.do(c.AmendRecommendation(REGISTER, recommendation="law", fact=law, why="A slip."))
    instants.append(just_before(either))
    announced = Status.ANNOUNCED
    law_before, law_after = ((kind, "offices", Status.NOT_ASSESSED, None) for kind in (Kind.CONTINUING, Kind.OUTCOME))
    for again in (False, True):
        if again:
            either.views.rebuild()
        assert [card(either, at) for at in instants] == [
            {"law": law_before, "post": (Kind.ONE_OFF, "offices", announced, date(2021, 5, 20))},
            {"law": law_before, "post": (Kind.ONE_OFF, "laws", announced, date(2021, 5, 20))},
            {"law": law_before, "post": (Kind.ONE_OFF, "laws", announced, date(2022, 6, 1))},
            {"law": law_before},
            {"law": law_after},
        ]


def test_an_element_that_is_no_longer_core_counts_no_more(either: Services, story: Story) -> None:
    story.recommendation("parts").element("oath", recommendation="parts").element("pay", recommendation="parts")
    story.criteria("oath", "parts").published("parts", element="oath", evidence=("act",), status="announced")
    before = just_before(either)
    element = replace(
        either.tracker.load(Recommendation, recommendation_id(REGISTER, "parts")).elements["pay"], core=False
    )
    story.do(c.AmendElement(REGISTER, recommendation="parts", fact=element))
    assert_rebuild_agrees(either)
    with either.views.connect() as db:
        was, now = (standings(db, REGISTER, TimePair(DAY, at))["parts"] for at in (before, either.clock()))
    assert [[e.core for e in s.elements] for s in (was, now)] == [[True, True], [True, False]]
    assert was.status is now.status is Status.ANNOUNCED


def test_what_was_removed_leaves_no_trace_in_public(either: Services, story: Story) -> None:
    story.do(c.ScheduleReview(REGISTER, schedule=ReviewSchedule(id="ten", title="Ten", as_of="2030-01-01")))
    story.recommendation("law").criteria(recommendation="law")
    story.recommendation("parts").element("oath", recommendation="parts").element("pay", recommendation="parts")
    story.criteria("oath", "parts").published("parts", element="oath", evidence=("act",), status="announced")
    kept = story.published("law", evidence=("act",), status="announced", rationale="A zebra.")
    story.published(evidence=("act",), status="announced", rationale="A giraffe.")
    fall = DevelopmentFacts(
        id="fall", date="2021", summary="An okapi.", recommendations=("law",), direction=Direction.SETS_BACK
    )
    story.do(c.RecordDevelopment(REGISTER, development=fall))
    story.do(c.NameTheme(REGISTER, theme=Theme(id="laws", title="Laws")))
    for command in (
        c.RemoveRecommendation(REGISTER, recommendation="post"),
        c.RemoveElement(REGISTER, recommendation="parts", element="pay"),
        c.RemoveAssessment(REGISTER, recommendation="law", assessment=kept),
        c.RemoveDevelopment(REGISTER, development="fall"),
        c.RemoveReview(REGISTER, review="ten"),
        c.RemoveTheme(REGISTER, theme="laws"),
    ):
        story.do(command)
        assert_rebuild_agrees(either)
    now = either.clock()
    assert card(either, now) == {
        "law": (Kind.ONE_OFF, "offices", Status.NOT_ASSESSED, None),
        "parts": (Kind.ONE_OFF, "offices", Status.ANNOUNCED, date(2021, 5, 20)),
    }
    with either.views.connect() as db:
        assert [find(db, REGISTER, word) for word in ("giraffe", "zebra", "okapi")] == [[], [], []]
        assert list(catalogue.recommendations(db, REGISTER, now)) == ["law", "parts"]
        assert list(catalogue.themes(db, REGISTER, now)) == ["offices"]
        assert (catalogue.developments(db, REGISTER, now), catalogue.reviews(db, REGISTER, now)) == ([], {})
        assert [e.element.id for e in catalogue.elements(db, REGISTER, now)] == ["oath"]
        assert [a.recommendation for a in assessments.each_published(db, REGISTER)] == ["parts"]
        assert {change.recommendation for change in latest(db, REGISTER)} == {"law", "parts"}
        told = [e.event for e in timeline.of_register(db, REGISTER)]
        assert not any(getattr(event, "recommendation", "") == "post" for event in told)
        assert not any("laws" in str(event) or "fall" in str(event) for event in told)
        topics = {e.topic for e in timeline.newest(db, [REGISTER], limit=99)}
        assert {"recommendation.removed", "recommendation.registered", "register.theme_removed"} <= topics
    story.recommendation("post", theme="laws").criteria()
    story.published(evidence=("act",), status="announced", rationale="A giraffe again.")
    assert_rebuild_agrees(either)
    assert card(either, either.clock())["post"] == (Kind.ONE_OFF, "laws", Status.ANNOUNCED, date(2021, 5, 20))


def test_a_removed_response_and_relation_leave_no_row(either: Services, story: Story) -> None:
    story.recommendation("law")
    with either.views.connect() as db:
        rows = {p.name: row_count(db, p) for p in ALL_PROJECTIONS}
    for ident in ("said", "waiting"):
        facts = ResponseFacts(
            id=ident, body="ministry", position=Position.NOTES, given_on="2024", summary="A zebra.", evidence=("act",)
        )
        story.do(c.ProposeResponse(REGISTER, recommendation="post", facts=facts))
    story.do(c.PublishResponse(REGISTER, recommendation="post", response="said"), by="ben")
    renews = Relation(relation=RelationKind.RENEWS, to="post")
    story.do(c.StateRelation(REGISTER, recommendation="law", relation=renews))
    for command in (
        c.RemoveResponse(REGISTER, recommendation="post", response="said"),
        c.RemoveResponse(REGISTER, recommendation="post", response="waiting"),
        c.RemoveRelation(REGISTER, recommendation="law", relation=RelationKind.RENEWS, to="post"),
    ):
        story.do(command)
        assert_rebuild_agrees(either)
    with either.views.connect() as db:
        assert find(db, REGISTER, "zebra") == []
        for name in ("responses", "lineage", "changes", "worklist"):
            left = next(row_count(db, p) for p in ALL_PROJECTIONS if p.name == name)
            assert left == rows[name] - (1 if name == "worklist" else 0), "the source is public"
        topics = [e.topic for e in timeline.of_register(db, REGISTER)]
        assert not any(topic.startswith(("response.", "recommendation.relation")) for topic in topics)


def test_responses_count_from_the_day_recommended_as_it_was_known(either: Services, story: Story) -> None:
    facts = ResponseFacts(
        id="said", body="ministry", position=Position.NOTES, given_on="2021", summary="It said so.", evidence=("act",)
    )
    story.do(c.ProposeResponse(REGISTER, recommendation="post", facts=facts))
    story.do(c.PublishResponse(REGISTER, recommendation="post", response="said"), by="ben")
    story.do(c.OpenRegister(REGISTER, origin="x"))
    instants = [just_before(either)]
    for day in ("2022-06-01", "2020-06-01", "2025-01-01"):
        fact = replace(facts_of(either), recommended_on=day)
        story.do(c.AmendRecommendation(REGISTER, recommendation="post", fact=fact, why="A slip."))
        instants.append(just_before(either))
    assert_rebuild_agrees(either)
    days = (date(2021, 6, 1), date(2022, 6, 1), date(2025, 1, 1))
    with either.views.connect() as db:
        numbers = [[counts_by_position(db, REGISTER, day, at)[Position.NOTES] for day in days] for at in instants]
    assert numbers == [[1, 1, 1], [0, 1, 1], [1, 1, 1], [0, 0, 1]]


def test_a_discarded_register_leaves_no_row(either: Services, story: Story) -> None:
    story.published(evidence=("act",), status="announced")
    story.propose(evidence=("act",), status="in_progress", effective_on="2022-01-01", reason="world_changed")
    story.do(c.DiscardRegister(REGISTER))
    assert_rebuild_agrees(either)
    with either.views.connect() as db:
        rows = {p.name: row_count(db, p) for p in ALL_PROJECTIONS if p.name != "transparency"}
        assert set(rows.values()) == {0}, rows
        assert catalogue.registers(db) == []
    again = Story(either, title="Another").recommendation("post", theme="laws")
    again.do(c.OpenRegister(REGISTER, origin="x"))
    assert_rebuild_agrees(either)
    assert card(either, either.clock()) == {"post": (Kind.ONE_OFF, "laws", Status.NOT_ASSESSED, None)}
    with either.views.connect() as db:
        assert [e.settings.title for e in catalogue.registers(db)] == ["Another"]


def test_an_amended_source_is_known_as_it_was(either: Services, story: Story) -> None:
    story.published(evidence=("act",), status="announced")
    story.do(c.OpenRegister(REGISTER, origin="x"))
    before = just_before(either)
    facts = EvidenceFacts(id="act", publisher="Gazette", source_class="official")  # type: ignore[arg-type]
    text = EvidenceText(title="The act", url="https://example.org/moved", summary="An okapi.")
    story.do(c.AmendEvidence(REGISTER, facts=facts, text=text, key="new", salt="s", why="It moved."))
    assert_rebuild_agrees(either)
    with either.views.connect() as db:
        was, now = (catalogue.evidence(db, REGISTER, at)["act"] for at in (before, either.clock()))
        assert (was.title, was.publisher) == ("Title of act", "publisher of act")
        assert (now.title, now.publisher, now.url) == ("The act", "Gazette", "https://example.org/moved")
        assert [h.id for h in find(db, REGISTER, "okapi")] == ["act"]
