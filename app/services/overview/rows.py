"""The rows of a page of the overview."""

from collections.abc import Sequence

from msgspec import Struct

from app.services.accounts.assignments import open_assignments
from app.services.comments.conversation import count_comments
from app.services.overview.items import OverviewItems
from domain.values import Body, RecommendationFacts
from projections.addressees.queries import NOT_ASKED, asked
from projections.catalogue import queries as catalogue
from projections.overview.queries import states_of
from projections.scorecards.queries import standings_of
from projections.scorecards.results import Standing, TimePair
from projections.worklist.queries import count_open_proposals


class OverviewRow(Struct, frozen=True):
    """A recommendation with what staff need to know of it. `missing` names languages without every text."""

    facts: RecommendationFacts
    standing: Standing | None
    bodies: tuple[Body, ...]
    assignee: str
    proposals: int
    comments: int
    missing: tuple[str, ...]
    has_criteria: bool


def overview_rows(items: OverviewItems, ids: Sequence[str]) -> list[OverviewRow]:
    """The rows of some recommendations, in their order."""
    db, register = items.db, items.entry.id
    entries = catalogue.recommendations_of(db, register, items.known_at, ids)
    standings = standings_of(db, register, TimePair(items.today, items.known_at), ids)
    asked_of = asked(db, register, items.known_at, ids)
    states = states_of(db, register, ids)
    proposals = count_open_proposals(db, register, ids, items.hidden)
    with items.services.accounts.work() as accounts:
        comments = count_comments(accounts, register, ids)
        names = {a.recommendation: a.name for a in open_assignments(accounts, db, register, recommendations=ids)}
    tree = items.body_tree

    def bodies(ident: str) -> tuple[Body, ...]:
        standing = standings.get(ident)
        parts = (e.id for e in standing.elements) if standing else ()
        current = dict.fromkeys(tree.current(b) for b in asked_of.get(ident, NOT_ASKED).bodies_on(items.today, parts))
        return tuple(tree.bodies.get(b) or Body(id=b, name=b) for b in current)

    return [
        OverviewRow(
            facts=entries[ident].facts,
            standing=standings.get(ident),
            bodies=bodies(ident),
            assignee=names.get(ident, ""),
            proposals=proposals.get(ident, 0),
            comments=comments.get(ident, 0),
            missing=tuple(code for code in items.entry.settings.languages[1:] if code not in states[ident].languages),
            has_criteria=not states[ident].items_without_criteria,
        )
        for ident in ids
    ]
