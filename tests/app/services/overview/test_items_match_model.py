"""The filters of the overview find what a look at every recommendation finds, on both stores."""

from random import Random

import pytest

from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.overview.filters import DueFilter, OverviewFilter, SortOrder
from app.services.overview.items import MANY, OverviewItems
from domain import commands as c
from domain.codes import Kind
from domain.values import RecommendationFacts, SuccessCriteria
from projections.catalogue.queries import register
from projections.engine.differences import differences
from tests.support.random_story import BODIES, RandomStory
from tests.support.slow_overview import SlowOverview
from tests.support.story import REGISTER

READER = Person("x", "X", {})
OPTIONS: dict[str, tuple[str, ...]] = {
    "due": ("", "", *DueFilter),
    "status": ("", "", "not_assessed", "announced", "in_progress", "no_action"),
    "theme": ("", "", "offices", "other"),
    "body": ("", "", *BODIES, "bureau"),
    "missing": ("", "", "text-ko", "criteria", "assessment"),
    "proposal": ("", "", "open", "none"),
    "sort": ("", *SortOrder),
}
FILTERS, STEPS, MORE_ITEMS = 150, 160, 8


def _add_items(services: Services, random: Random) -> None:
    """More recommendations, some without a theme in use, some translated, one that is made in the future."""
    for n in range(MORE_ITEMS):
        korean = {"ko": {"title": "제목", "summary": "요약"}} if random.randrange(2) else {}
        facts = RecommendationFacts(
            id=f"more-{n}",
            title=f"{random.choice('BAC')} {random.randrange(30)}",
            summary="Do it.",
            kind=Kind.CONTINUING,
            theme=random.choice(("offices", "other")),
            addressees=(random.choice(BODIES),),
            publication="report",
            recommended_on="2023-09" if n else "2027-01-01",
            number=random.choice(("", "2", "10", "10.1")),
            position=random.choice((None, 1, 2)),
            translations=korean,
        )
        services.execute(c.RegisterRecommendation(REGISTER, facts=facts), by="ana")
        if random.randrange(2):
            card = SuccessCriteria(counts="An act.", does_not_count="A word.")
            services.execute(c.DraftCriteria(REGISTER, recommendation=facts.id, card=card), by="ana")
            services.execute(c.ApproveCriteria(REGISTER, recommendation=facts.id), by="ben")


@pytest.mark.parametrize("seed", [1, 2])
def test_each_filter_and_order_agrees(either: Services, seed: int) -> None:
    random = Random(seed)
    story = RandomStory(either, seed)
    _add_items(either, random)
    story.run(STEPS)
    either.clock.go_on(days=random.randrange(400))  # type: ignore[attr-defined]
    with either.views.connect() as db:
        entry = register(db, REGISTER)
        assert entry
        items = OverviewItems(either, db, entry, READER)
        slow = SlowOverview(db, REGISTER, items.today)
        for _ in range(FILTERS):
            wanted = OverviewFilter(**{name: str(random.choice(values)) for name, values in OPTIONS.items()})
            expected = slow.ids(wanted)
            assert items.page(wanted, skip=0, limit=100) == expected, wanted
            assert items.page(wanted, skip=0, limit=100, total=MANY + 1) == expected, wanted
            assert items.count(wanted) == len(expected), wanted
            skip = random.randrange(4)
            assert items.page(wanted, skip=skip, limit=3) == expected[skip : skip + 3], wanted
            found = {row.recommendation for row in db.execute(items.matching(wanted))}
            assert found == set(expected), wanted


def test_the_rows_are_the_same_when_the_log_is_read_again(either: Services) -> None:
    story = RandomStory(either, 3)
    _add_items(either, Random(3))
    story.run(STEPS)
    name = either.views.build()
    with either.views.connect() as live, either.views.store.engine(name, writing=False).connect() as fresh:
        assert differences(live, fresh, tuple(either.views.projections)) == []
    either.views.discard(name)
