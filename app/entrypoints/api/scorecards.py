"""Scorecards, recommendations and comparisons at any pair of times."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection

from app.entrypoints.api.operations import read_operation
from app.entrypoints.api.parameters import (
    AS_OF,
    BODY,
    CURSOR,
    DUE,
    FROM,
    KNOWN_AT,
    KNOWN_FROM,
    KNOWN_TO,
    LIMIT,
    RESPONSE_POSITION,
    SCALE,
    SORT,
    TO,
    read_slice,
)
from app.entrypoints.api.sorting import ChosenRows
from app.entrypoints.http.query_params import find_open_register, resolve_times
from app.entrypoints.http.services import services
from app.presentation.answers import api_item_models, api_models
from app.presentation.answers.as_of import AsOf
from app.presentation.answers.body_scorecards import (
    find_body,
    read_body_scorecard,
    serialize_body_scorecard,
)
from app.presentation.answers.compared_times import resolve_compared
from app.presentation.answers.comparisons import serialize_comparison_page
from app.presentation.answers.relations import relations_of
from app.presentation.answers.serializers import (
    serialize_responses,
    serialize_scorecard,
    serialize_standing,
)
from app.presentation.i18n.status_words import own_scale
from app.presentation.narrative.statement import present_statement
from domain.errors import NotFound, Refused
from domain.methodology.versions import methodology_of
from domain.register.settings_rules import STATUSES_SCALE
from domain.times import written
from domain.values import RecommendationFacts
from projections.addressees.queries import NOT_ASKED, asked
from projections.assessments import queries as assessments
from projections.assessments.queries import PublicAssessment
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import ElementEntry
from projections.public_states.queries import public_state
from projections.responses import queries as responses
from projections.responses.queries import PublicResponse
from projections.scorecards.comparison import count_moves
from projections.scorecards.queries import standings


@read_operation(
    "/registers/{register}/scorecard",
    query=(AS_OF, KNOWN_AT, BODY, SCALE, DUE, RESPONSE_POSITION, SORT, LIMIT, CURSOR),
    answers=api_models.ScorecardShape,
)
def scorecard(query: dict[str, str], register: str) -> api_models.ScorecardShape:
    """The scorecard of a register as of a day, as known at an instant."""
    with services().views.connect() as db:
        entry = find_open_register(db, register)
        method = methodology_of(entry.settings.methodology)
        code = query.get("scale") or entry.settings.default_scale
        scale = own_scale(entry.settings, code) or method.scale(code)
        if scale is None and code not in ("", STATUSES_SCALE):
            own = [s.id for s in entry.settings.scales]
            codes = ", ".join([*own, *([STATUSES_SCALE] if own else []), *(s.code for s in method.scales)])
            raise Refused(f"There is no scale “{code[:40]}”; known are {codes}.")
        times = resolve_times(services(), db, entry, query)
        chosen = ChosenRows(db, register, times, query)
        rows, following = read_slice(query, chosen.total())
        answer = serialize_scorecard(db, entry, times, scale, chosen.ids(rows))
    answer.next = following
    return answer


@read_operation(
    "/registers/{register}/bodies/{body}/scorecard",
    query=(AS_OF, KNOWN_AT),
    answers=api_item_models.BodyScorecardShape,
)
def body_scorecard(query: dict[str, str], register: str, body: str) -> api_item_models.BodyScorecardShape:
    """What is asked of a body and all below it: alone, in parts of its own, and with others."""
    with services().views.connect() as db:
        entry = find_open_register(db, register)
        times = resolve_times(services(), db, entry, query)
        tree = catalogue.body_tree(db, register, times.known_at)
        current = find_body(tree, body)[0]
        card = read_body_scorecard(db, register, tree, current, times.pair)
        return serialize_body_scorecard(card, tree, methodology_of(entry.settings.methodology))


@read_operation(
    "/registers/{register}/recommendations/{recommendation}",
    query=(AS_OF, KNOWN_AT),
    answers=api_models.RecommendationShape,
)
def recommendation(query: dict[str, str], register: str, recommendation: str) -> api_models.RecommendationShape:
    """A recommendation with its standing, parts, cards, assessments, developments and evidence."""
    with services().views.connect() as db:
        entry = find_open_register(db, register)
        times = resolve_times(services(), db, entry, query)
        known_at = times.known_at
        recommendation_entry = catalogue.recommendation(db, register, recommendation, known_at)
        if recommendation_entry is None:
            raise NotFound(f"There is no recommendation “{recommendation}” in this register.")
        elements = catalogue.elements(db, register, known_at, recommendation)
        published = assessments.of_recommendation(db, register, recommendation, known_at)
        developments = catalogue.developments(db, register, known_at, recommendation)
        given = responses.of_recommendation(db, register, recommendation, times.as_of, known_at)
        cited = {i for r in given if r.withdrawal is None for i in r.facts.evidence}
        cited |= {i for p in published for i in p.assessment.evidence} | {i for d in developments for i in d.evidence}
        relations = relations_of(db, register, recommendation, times.pair)
        return api_models.RecommendationShape(
            register=register,
            as_of=times.as_of.isoformat(),
            known_at=written(known_at),
            reconstructed=times.reconstructed,
            log_position=public_state(db, register).position,
            facts=_to_plain(recommendation_entry.facts),
            standing=_standing(db, register, times, recommendation_entry.facts, elements, given, relations),
            elements=[_to_plain(e.element) for e in elements],
            cards=[_to_plain(c) for c in catalogue.success_criteria(db, register, known_at, recommendation)],
            assessments=[_serialize_assessment(p, given) for p in published],
            developments=[_to_plain(d) for d in developments],
            evidence=[_to_plain(e) for e in catalogue.evidence(db, register, known_at, cited).values()],
            responses=serialize_responses(given),
            relations=relations,
        )


@read_operation(
    "/registers/{register}/compare",
    query=(FROM, TO, KNOWN_FROM, KNOWN_TO, LIMIT, CURSOR),
    answers=api_models.CompareShape,
)
def compare(query: dict[str, str], register: str) -> api_models.CompareShape:
    """What changed between two pairs of times."""
    with services().views.connect() as db:
        entry = find_open_register(db, register)
        times = resolve_compared(db, entry, services().clock(), query)
        moves = count_moves(db, register, times.start, times.end)
        rows, following = read_slice(query, moves.total)
        answer = serialize_comparison_page(db, register, times, moves, rows)
    answer.next = following
    return answer


def _standing(
    db: Connection,
    register: str,
    times: AsOf,
    facts: RecommendationFacts,
    elements: Sequence[ElementEntry],
    given: Sequence[PublicResponse],
    relations: Sequence[api_item_models.RelationShape],
) -> api_models.StandingShape | None:
    """Where a recommendation is; None if it is not on the scorecard."""
    standing = standings(db, register, times.pair, facts.id).get(facts.id)
    if standing is None:
        return None
    titles = {e.element.id: e.element.title for e in elements}
    statement = present_statement(db, register, times.pair, standing)
    asked_of = asked(db, register, times.known_at, [facts.id]).get(facts.id, NOT_ASKED)
    return serialize_standing(
        standing,
        facts,
        titles,
        statement=statement,
        public_responses=given,
        relations=relations,
        asked_of=asked_of,
    )


def _serialize_assessment(published: PublicAssessment, given: Sequence[PublicResponse]) -> dict[str, object]:
    """A published assessment as plain data, with its withdrawal and the ids of replies to it."""
    replies = [r.facts.id for r in given if r.facts.assessment == published.assessment.id and r.withdrawal is None]
    withdrawal = published.withdrawal
    return _to_plain(published.assessment) | {
        "published_at": written(published.at),
        "legacy": published.legacy,
        "card": published.card,
        "replies": replies,
        "withdrawn": {
            "at": written(withdrawal.at),
            "reason": withdrawal.reason,
            "replaced_by": withdrawal.replaced_by or None,
        }
        if withdrawal
        else None,
    }


def _to_plain(fact: msgspec.Struct) -> dict[str, object]:
    """A fact as plain data, without empty values."""
    plain: dict[str, object] = msgspec.to_builtins(fact)
    return {k: v for k, v in plain.items() if v not in ("", None, [])}
