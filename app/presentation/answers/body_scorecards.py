"""What is attributable to a body and all below it, at a pair of times."""

from collections.abc import Collection, Mapping

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from app.presentation.answers.api_item_models import BodyItemShape, BodyPartShape, BodyScorecardShape, SharedItemShape
from domain.codes import Bucket
from domain.errors import NotFound, refusal
from domain.methodology.methodology import Methodology
from projections.addressees.queries import Asked, Share, asked, recommendations_naming, share_of
from projections.catalogue.body_tree import BodyTree
from projections.scorecards.queries import standings_of
from projections.scorecards.results import Counts, Peak, Standing, TimePair
from projections.scorecards.tally import tally


class BodyScorecard(Struct):
    """The share of a body with the standings of its recommendations; `names` are the bodies that it covers."""

    names: list[str]
    share: Share
    standings: Mapping[str, Standing]
    asked: Mapping[str, Asked]

    def counts(self, methodology: Methodology, at: TimePair) -> Counts:
        return tally(self.counted(methodology, at))

    def counted(self, methodology: Methodology, at: TimePair) -> list[Standing]:
        """What is asked of it alone, and its own parts."""
        return [*(self.standings[i] for i in self.share.alone), *self._parts(methodology, at)]

    def _parts(self, methodology: Methodology, at: TimePair) -> list[Standing]:
        """Its own elements, each as if it were a recommendation."""
        parts = []
        for recommendation, own in self.share.parts.items():
            whole = self.standings[recommendation]
            for element in whole.elements:
                if element.id in own:
                    bucket = methodology.meanings[element.status].bucket
                    peak = Peak(element.status, at.as_of, True) if bucket is Bucket.DONE else None
                    parts.append(
                        replace(
                            whole,
                            status=element.status,
                            bucket=bucket,
                            freshness=element.freshness,
                            peak=peak,
                            legacy=element.legacy,
                            due=element.due,
                        )
                    )
        return parts


def find_body(tree: BodyTree, body: str) -> list[str]:
    """The ids of a body and of all below it; a merged body is the one it became part of. Raises `NotFound`."""
    if body not in tree.bodies:
        raise NotFound(refusal("There is no body “{body}” in this register.", body=body))
    return tree.with_parts(tree.current(body))


def read_body_scorecard(db: Connection, register: str, tree: BodyTree, body: str, at: TimePair) -> BodyScorecard:
    """Reads only what names the body, or a body below it."""
    names = tree.with_parts(body)
    candidates = recommendations_naming(db, register, at.known_at, at.as_of, names)
    return body_scorecard(
        names, standings_of(db, register, at, candidates), asked(db, register, at.known_at, candidates), at
    )


def recommendations_of(db: Connection, register: str, at: TimePair, names: Collection[str]) -> list[str]:
    """The recommendations that name one of these bodies on the day, for themselves or for an element."""
    candidates = recommendations_naming(db, register, at.known_at, at.as_of, names)
    asked_of, wanted = asked(db, register, at.known_at, candidates), set(names)
    return [
        recommendation
        for recommendation, of in asked_of.items()
        if wanted.intersection(of.bodies_on(at.as_of, {row.element for row in of.rows}))
    ]


def body_scorecard(
    names: list[str], standings: Mapping[str, Standing], asked_of: Mapping[str, Asked], at: TimePair
) -> BodyScorecard:
    """Sorts standings by who is asked about them."""
    elements = {s.id: [e.id for e in s.elements] for s in standings.values()}
    return BodyScorecard(names, share_of(frozenset(names), asked_of, elements, at.as_of), standings, asked_of)


def serialize_body_scorecard(
    card: BodyScorecard, tree: BodyTree, methodology: Methodology, at: TimePair
) -> BodyScorecardShape:
    """As the API returns it."""
    share, standings = card.share, card.standings
    return BodyScorecardShape(
        body=card.names[0],
        includes=card.names[1:],
        totals=card.counts(methodology, at).totals,
        alone=[BodyItemShape(i, standings[i].status) for i in share.alone],
        parts=[
            BodyPartShape(i, e.id, e.status)
            for i, own in share.parts.items()
            for e in standings[i].elements
            if e.id in own
        ],
        with_others=[
            SharedItemShape(i, standings[i].status, list(dict.fromkeys(tree.current(b) for b in others)))
            for i, others in share.with_others.items()
        ],
    )
