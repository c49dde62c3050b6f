"""What is attributable to a body and all below it, at a pair of times."""

from collections.abc import Collection, Mapping

from msgspec import Struct
from sqlalchemy import Connection

from app.presentation.answers.api_item_models import BodyItemShape, BodyPartShape, BodyScorecardShape, SharedItemShape
from domain.codes import Bucket, Freshness
from domain.errors import NotFound, refusal
from domain.methodology.methodology import Methodology
from projections.addressees.queries import Asked, Share, asked, recommendations_naming, share_of
from projections.catalogue.body_tree import BodyTree
from projections.scorecards.queries import standings_of
from projections.scorecards.results import Counts, ElementStanding, Standing, StatusMark, TimePair
from projections.scorecards.summaries import marks
from projections.scorecards.tally import tally_marks


class BodyScorecard(Struct):
    """The share of a body with what is counted of it; `names` are the bodies that it covers.

    `divided` are the recommendations of which a part has addressees of its own.
    """

    names: list[str]
    share: Share
    marks: Mapping[str, StatusMark]
    divided: Mapping[str, Standing]
    asked: Mapping[str, Asked]

    def counts(self, methodology: Methodology) -> Counts:
        return tally_marks(self.counted(methodology))

    def counted(self, methodology: Methodology) -> list[StatusMark]:
        """What is asked of it alone, and its own parts."""
        return [
            *(self.marks[i] for i in self.share.alone),
            *(_mark_of_part(part, methodology) for _i, part in self.parts()),
        ]

    def parts(self) -> list[tuple[str, ElementStanding]]:
        """Its own parts, each with the id of its recommendation."""
        return [(i, e) for i, own in self.share.parts.items() for e in self.divided[i].elements if e.id in own]


def _mark_of_part(part: ElementStanding, methodology: Methodology) -> StatusMark:
    bucket = methodology.meanings[part.status].bucket
    return StatusMark(
        status=part.status,
        bucket=bucket,
        was_done=bucket is Bucket.DONE,
        is_stale=part.freshness is Freshness.STALE,
        legacy=part.legacy,
        due=part.due.state if part.due else None,
        motion=part.motion,
        confidence=part.confidence,
    )


def find_body(tree: BodyTree, body: str) -> list[str]:
    """The ids of a body and of all below it; a merged body is the one it became part of. Raises `NotFound`."""
    if body not in tree.bodies:
        raise NotFound(refusal("There is no body “{body}” in this register.", body=body))
    return tree.with_parts(tree.current(body))


def read_body_scorecard(db: Connection, register: str, tree: BodyTree, body: str, at: TimePair) -> BodyScorecard:
    """Reads only what names the body, or a body below it."""
    names = tree.with_parts(body)
    candidates = recommendations_naming(db, register, at.known_at, at.as_of, names)
    found = marks(db, register, at, candidates)
    asked_of = asked(db, register, at.known_at, found)
    divided = standings_of(db, register, at, [i for i, of in asked_of.items() if of.is_divided])
    return body_scorecard(names, found, divided, asked_of, at)


def read_body_scorecards(db: Connection, register: str, tree: BodyTree, at: TimePair) -> dict[str, BodyScorecard]:
    """Those of every body that is asked for something itself on the day, by id."""
    asked_of = asked(db, register, at.known_at)
    found = marks(db, register, at, asked_of)
    divided = standings_of(db, register, at, [i for i, of in asked_of.items() if of.is_divided])
    elements = {i: [e.id for e in divided[i].elements] if i in divided else [] for i in found}
    named = {tree.current(body) for i in found for body in asked_of[i].bodies_on(at.as_of, elements[i])}
    return {body: body_scorecard(tree.with_parts(body), found, divided, asked_of, at) for body in named}


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
    names: list[str],
    found: Mapping[str, StatusMark],
    divided: Mapping[str, Standing],
    asked_of: Mapping[str, Asked],
    at: TimePair,
) -> BodyScorecard:
    """Sorts recommendations by who is asked about them. Parts count only if one has addressees of its own."""
    elements = {i: [e.id for e in divided[i].elements] if i in divided else [] for i in found}
    return BodyScorecard(names, share_of(frozenset(names), asked_of, elements, at.as_of), found, divided, asked_of)


def serialize_body_scorecard(card: BodyScorecard, tree: BodyTree, methodology: Methodology) -> BodyScorecardShape:
    """As the API returns it."""
    share = card.share
    return BodyScorecardShape(
        body=card.names[0],
        includes=card.names[1:],
        totals=card.counts(methodology).totals,
        alone=[BodyItemShape(i, card.marks[i].status) for i in share.alone],
        parts=[BodyPartShape(i, e.id, e.status) for i, e in card.parts()],
        with_others=[
            SharedItemShape(i, card.marks[i].status, list(dict.fromkeys(tree.current(b) for b in others)))
            for i, others in share.with_others.items()
        ],
    )
