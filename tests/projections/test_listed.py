"""Lists are in the order, and have the filters, of what was known at their instant."""

from msgspec.structs import replace

from app.services.container import Services
from domain import commands as c
from domain.ids import recommendation_id
from domain.recommendation.aggregate import Recommendation
from domain.values import Publication
from projections.all_projections import ALL_PROJECTIONS
from projections.engine.batches import END_OF_TIME
from projections.engine.views import Views
from projections.scorecards.comparison_order import moved_in_order
from projections.scorecards.listed import ListFilter, ListOrder, ScorecardList
from projections.scorecards.queries import standings
from projections.scorecards.results import TimePair
from tests.support.story import REGISTER, Story


def test_what_follows_an_amended_place_is_drawn_onto_what_was_before(services: Services) -> None:
    """Also where tables are made in small parts, and a part only amends the place of a recommendation."""
    story = Story(services).evidence("act").recommendation().criteria()
    story.published(evidence=("act",), status="announced", effective_on="2021-05-20")
    facts = services.tracker.load(Recommendation, recommendation_id(REGISTER, "post")).facts
    parts = Views(services.views.store, services.log, ALL_PROJECTIONS, batch_rows=1)
    parts.catch_up()
    amended = c.AmendRecommendation(
        REGISTER, recommendation="post", fact=replace(facts, priority=True), why="So it is."
    )
    withdrawn = c.WithdrawRecommendation(REGISTER, recommendation="post", reason="It was a mistake.")
    for command in (amended, withdrawn):
        services.tracker.execute(command, by="ana", at=services.clock())
    parts.catch_up()
    pair = TimePair(services.clock().date(), END_OF_TIME)
    with services.views.connect() as db:
        assert standings(db, REGISTER, pair) == {}


def test_an_amended_place_is_known_as_it_was_until_then(either: Services) -> None:
    story = Story(either)
    names = ("ten", "two", "last", "first")
    for name in names:
        story.recommendation(name)

    def amend(name: str, why: str = "It is printed so.", **fields: object) -> None:
        facts = either.tracker.load(Recommendation, recommendation_id(REGISTER, name)).facts
        new = replace(facts, **fields)
        story.do(c.AmendRecommendation(REGISTER, recommendation=name, fact=new, why=why))

    amend("ten", number="10", title="B")
    amend("two", number="2", title="a")
    amend("first", position=1, title="C")
    story.do(c.OpenRegister(REGISTER, origin="x", without_keeper=True))
    before = either.clock()
    story.do(
        c.AddPublication(
            REGISTER, publication=Publication(id="annex", title="Annex", publisher="A committee", published_on="2020")
        )
    )
    amend("first", position=None, number="11")
    amend("last", position=3, also_in=("annex",), priority=True, title="A")

    def ids(known_at: object, by: str = "theme", wanted: ListFilter = ListFilter()) -> list[str]:  # noqa: B008
        pair = TimePair(either.clock().date(), known_at)  # type: ignore[arg-type]
        with either.views.connect() as db:
            listed = ScorecardList(db, REGISTER, pair, wanted)
            found = [item.id for item in listed.page(ListOrder(by, []))]
            assert listed.total() == len(found)
            numbers = {i: s.id for i, s in standings(db, REGISTER, pair).items()}
            moved = moved_in_order(db, REGISTER, pair, pair, [])
            assert len(moved) == len(numbers)
        return found

    for again in (False, True):
        if again:
            either.views.rebuild()
        now = either.clock()
        assert ids(before) == ["first", "two", "ten", "last"]
        assert ids(now) == ["last", "two", "ten", "first"]
        assert ids(before, "number") == ["two", "ten", "first", "last"]
        assert ids(now, "number") == ["two", "ten", "first", "last"]
        assert ids(before, "title") == ["two", "ten", "first", "last"]
        assert ids(now, "title") == ["last", "two", "ten", "first"]
        priorities, in_annex = ListFilter(priority=True), ListFilter(publication="annex")
        assert (ids(before, wanted=priorities), ids(now, wanted=priorities)) == ([], ["last"])
        assert (ids(before, wanted=in_annex), ids(now, wanted=in_annex)) == ([], ["last"])
        with either.views.connect() as db:
            at = {k: ScorecardList(db, REGISTER, TimePair(now.date(), k)).facets() for k in (before, now)}
        assert (at[before].has_priorities, at[now].has_priorities) == (False, True)
        assert at[now].publications - at[before].publications == {"annex"}
