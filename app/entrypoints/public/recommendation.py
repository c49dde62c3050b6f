"""The page of one recommendation: its text, status, timeline, history and evidence."""

from flask import render_template

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.asked_groups import asked_groups
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.chart_links import chart_links
from app.entrypoints.public.evidence_copies import evidence_details
from app.entrypoints.public.frames import recommendation_frame
from app.entrypoints.public.page import Page
from app.entrypoints.public.page_notes import page_notes
from app.entrypoints.public.register_names import RegisterNames
from app.entrypoints.public.sharing import sharing_values
from app.presentation.charts.axis import build_axis
from app.presentation.charts.strips import build_strip
from app.presentation.i18n.localize import isolated, localized, localized_text
from app.presentation.i18n.translation import _
from app.presentation.narrative.correction_note import correction_note
from app.presentation.narrative.deadlines import DeadlineLine, StatedByWhom, deadline_lines
from app.presentation.narrative.known_then import Origin, origin, unpublished_sentence
from app.presentation.narrative.lineage import Editions
from app.presentation.narrative.parts import deciding_parts
from app.presentation.narrative.record_names import RecordNames
from app.presentation.narrative.review_days import review_days
from app.presentation.narrative.statement import deciding_statement
from app.presentation.narrative.status_at_reviews import statuses_at_reviews
from app.presentation.narrative.story import Story
from app.services.container import Services
from domain.errors import NotFound, refusal
from domain.times import first_day
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import ElementEntry, RecommendationEntry
from projections.responses import queries as public_responses
from projections.scorecards.queries import standings
from projections.scorecards.results import Standing
from projections.scorecards.status_history import status_histories
from projections.timeline import queries as timeline


@public.get("/<register:register>/recommendations/<ident:recommendation>/")
def recommendation(register: str, recommendation: str) -> str:
    query = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        entry = catalogue.recommendation(db, register, recommendation, page.times.known_at)
        if entry is None:
            raise NotFound(refusal("There is no recommendation “{id}” in this register.", id=recommendation))
        standing = standings(db, register, page.times.pair, recommendation).get(recommendation)
        return render_template(
            "public/recommendation.html",
            **page.context("public.recommendation", recommendation=recommendation),
            **sharing_values(
                page,
                "public.embed_recommendation",
                "public.badge_of_recommendation",
                localized_text(entry.facts, "title"),
                recommendation_frame(page, entry.facts, standing),
                recommendation=recommendation,
            ),
            **_text_values(page, entry),
            **_status_values(page, recommendation, entry, standing, services()),
            **_lineage_values(page, recommendation),
            chart_links=chart_links(
                "public.recommendation_chart",
                "public.recommendation",
                localized_text(entry.facts, "title"),
                **{"register": page.id, "recommendation": recommendation, **page.link_times()},
            ),
            notes=page_notes(page.db, page.entry, page.times, say_reach=standing is None),
        )


def _text_values(page: Page, entry: RecommendationEntry) -> dict[str, object]:
    """What was recommended, by whom, to whom, and what counts as done."""
    db, register, known_at, facts = page.db, page.id, page.times.known_at, entry.facts
    names = RegisterNames.of(page)
    return {
        "link_times": page.link_times(),
        "facts": facts,
        "theme": names.theme(facts.theme),
        "addressees": asked_groups(page, facts.id),
        "publication": names.publications[facts.publication],
        "also_in": [names.publications[p] for p in facts.also_in],
        "cards": catalogue.success_criteria(db, register, known_at, facts.id),
    }


def _status_values(
    page: Page, recommendation: str, entry: RecommendationEntry, standing: Standing | None, services: Services
) -> dict[str, object]:
    """The status, its history as a strip and as a story, and the evidence."""
    db, register, known_at, as_of = page.db, page.id, page.times.known_at, page.times.as_of
    elements = catalogue.elements(db, register, known_at, recommendation)
    events = timeline.of_recommendation(db, register, recommendation, known_at)
    names, bodies = page.names(), RegisterNames.of(page).bodies
    titles = {e.element.id: isolated(localized(e.element, "title")) for e in elements}
    story = Story(events, titles, names, {b.id: isolated(localized(b, "name")) for b in bodies.values()})
    history = status_histories(db, register, known_at, as_of, [recommendation]).get(recommendation, ())
    reviews = review_days(page.schedules, as_of)
    axis = build_axis([history[0].start] if history else [], reviews, as_of)
    at_reviews = statuses_at_reviews(db, page.entry, page.times.known_at, reviews, recommendation, history)
    evidence_end = first_day(to) if (to := page.entry.settings.evidence_to) else None
    rests_on_later = evidence_end is not None and story.assessed_until(as_of) > evidence_end
    return {
        "standing": standing,
        "correction": correction_note(db, page.entry, entry.facts, story.corrections, page.times.pair, standing),
        "absent": _absence_reason(page, entry, story) if standing is None else "",
        "axis": axis,
        "reviews": reviews,
        "strip": build_strip(history, axis, evidence_end, entry.facts.recommended_on) if history else None,
        "at_reviews": at_reviews,
        "elements": _element_rows(elements, standing),
        "deciding": deciding_parts(standing, past=page.times.is_past) if standing and standing.elements else None,
        "names": names,
        "deadlines": (deadlines := _deadlines(page, entry, standing, story)),
        "has_deadline": any(not d.withdrawn_reason for d in deadlines),
        "item_reach": "" if rests_on_later else page.reach_of(standing),
        "story": story.timeline(as_of, history),
        "history": story.history(RecordNames(db, page.entry, known_at, bodies=bodies)),
        "evidence_details": evidence_details(services, page, story.cited),
        "evidence": story.numbered(catalogue.evidence(db, register, known_at, story.cited)),
        "statement": deciding_statement(db, register, page.times.pair, standing),
        "responses": public_responses.of_recommendation(db, register, recommendation, as_of, known_at),
        "bodies": bodies,
        "evidence_numbers_of": story.places,
    }


def _deadlines(page: Page, entry: RecommendationEntry, standing: Standing | None, story: Story) -> list[DeadlineLine]:
    """The deadlines of a recommendation on the scorecard."""
    db, register, known_at = page.db, page.id, page.times.known_at
    stated = catalogue.deadlines(db, register, known_at, entry.facts.id) if standing else []
    if not stated or standing is None:
        return []
    names = RegisterNames.of(page)
    named = StatedByWhom(names.bodies, names.publications)
    recommended = first_day(entry.facts.recommended_on)
    return deadline_lines(stated, standing, recommended, page.times.as_of, named, story.titles, story.numbers)


def _lineage_values(page: Page, recommendation: str) -> dict[str, object]:
    """Earlier and later editions, with their statuses."""
    editions = Editions(page.db, page.entry, page.times.pair)
    return {
        "related": editions.related(recommendation),
        "successors": editions.successors((page.id, recommendation)),
    }


def _absence_reason(page: Page, entry: RecommendationEntry, story: Story) -> str:
    """Why the recommendation is on no scorecard at this pair of times."""
    if story.is_withdrawn:
        return _("It was withdrawn from this register; the history says why.")
    if origin(page.db, page.entry, page.times.known_at) is Origin.UNPUBLISHED:
        return unpublished_sentence(page.entry, page.times.pair)
    if entry.registered_at > page.times.known_at:
        return _("This recommendation had not been added to the register yet.")
    return _("It had not been recommended yet on that day.")


def _element_rows(elements: list[ElementEntry], standing: Standing | None) -> list[dict[str, object]]:
    element_standings = {e.id: e for e in standing.elements} if standing else {}
    return [{"facts": e.element, "standing": element_standings.get(e.element.id)} for e in elements]
