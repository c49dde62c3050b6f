"""A register's scorecard at any pair of times."""

from datetime import date

from flask import render_template
from markupsafe import Markup

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.chart_links import chart_links
from app.entrypoints.public.dataset import build_dataset
from app.entrypoints.public.date_presets import day_presets
from app.entrypoints.public.filter_chips import FILTERS, FilterChip, filter_chips, list_url
from app.entrypoints.public.filter_choices import filter_choices
from app.entrypoints.public.frames import scorecard_frame
from app.entrypoints.public.listing import LISTING_PARAMETERS, ListReader, refuse_unknown
from app.entrypoints.public.notable_days import notable_days
from app.entrypoints.public.page import Page
from app.entrypoints.public.page_notes import page_notes
from app.entrypoints.public.recent_changes import last_review_and_changes, latest_steps
from app.entrypoints.public.register_names import RegisterNames
from app.entrypoints.public.scorecard_page import MAX_DRAWN_ROWS, DrawnHistories, ScorecardPage, draw_histories
from app.entrypoints.public.sharing import sharing_values
from app.presentation.answers.relations import count_with_successors
from app.presentation.charts.bands import build_bands
from app.presentation.charts.bucket_blocks import MAX_BLOCKS, build_blocks
from app.presentation.charts.flow import build_table
from app.presentation.charts.notes import chart_notes
from app.presentation.i18n.localize import localized_text
from app.presentation.narrative.headlines import condition_line, filtered_headline
from app.presentation.narrative.known_then import scorecard_sentence
from app.presentation.narrative.review_days import next_review
from domain.times import first_day
from projections.scorecards.queries import counts, due_counts, first_recommended
from projections.scorecards.results import Counts


@public.get("/<register:register>/")
def scorecard(register: str) -> str:
    query = read_parameters("as_of", "known_at", *LISTING_PARAMETERS)
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        numbers, names = counts(db, register, page.times.pair), RegisterNames.of(page)
        reader = ListReader(page, names)
        choices = filter_choices(page, names, reader.whole.facets(), query.get("body", ""))
        refuse_unknown(query, choices, names)
        chips = filter_chips(register, query, names)
        matching = reader.count(query).counts if chips else numbers
        listed = reader.read(query, matching.on_scorecard)
        drawn = _draw(page, numbers, listed.ids if chips else None)
        in_blocks = not chips and numbers.on_scorecard <= MAX_BLOCKS
        rows = ScorecardPage(page, list(drawn.histories) if in_blocks else listed.ids, names=names, drawn=drawn)
        values = _filtered(page, matching, chips, numbers) if chips else _whole(page, drawn, numbers, rows)
        return render_template(
            "public/scorecard.html",
            **_addresses(page, query),
            link_times=page.link_times(),
            counts=numbers,
            dataset=build_dataset(page, names.publications.values()),
            **_sharing_values(page, numbers),
            notes=page_notes(page.db, page.entry, page.times, numbers, say_reach=not numbers.on_scorecard),
            scorecard=rows,
            scale=page.methodology.scale(query.get("scale")),
            method=page.methodology,
            publications=list(names.publications.values()),
            listing=reader.listing(query, listed, rows),
            is_in_blocks=in_blocks,
            choices=choices,
            filters=query,
            chips=chips,
            whole=list_url(register, query, *FILTERS),
            **values,
        )


def _draw(page: Page, numbers: Counts, ids: list[str] | None) -> DrawnHistories:
    """The histories of all recommendations, or of some on the axis of all."""
    total = numbers.on_scorecard
    first = (
        first_recommended(page.db, page.id, page.times.known_at)
        if ids is not None and total <= MAX_DRAWN_ROWS
        else None
    )
    return draw_histories(page, total, ids, first)


def _addresses(page: Page, query: dict[str, str]) -> dict[str, object]:
    """The context of the page; what filters and sorts the list stays on other days and in its permanent address."""
    kept = {name: value for name, value in query.items() if name in LISTING_PARAMETERS and name != "page"}
    context = page.context("public.scorecard") | {"kept": kept}
    if kept:
        pinned = page.times.query(page.services.clock())
        context["presets"] = day_presets("public.scorecard", page.times, page.schedules, register=page.id, **kept)
        context["permalink"] = absolute_url(page_url("public.scorecard", register=page.id, **kept, **pinned))
    return context


def _filtered(page: Page, matching: Counts, chips: list[FilterChip], numbers: Counts) -> dict[str, object]:
    """The headline of a filtered list; its page has nothing else."""
    filters = Markup("; ").join(chip.words for chip in chips)
    return {
        "headline": filtered_headline(matching, numbers.on_scorecard, filters, past=page.times.is_past),
        "reach": page.evidence_reach if matching.on_scorecard else "",
    }


def _whole(page: Page, drawn: DrawnHistories, numbers: Counts, rows: ScorecardPage) -> dict[str, object]:
    """The headline and the charts of the whole register."""
    dues, until = due_counts(page.db, page.id, page.times.pair), page.entry.settings.evidence_to
    histories = drawn.histories.values()
    sentence = scorecard_sentence(page.db, page.entry, page.times.pair, numbers, past=page.times.is_past)
    bands = build_bands(histories, drawn.axis, first_day(until) if until else None)
    values = {"register": page.id, **page.link_times()}
    alternative = "".join(text for text, _bucket in sentence)
    last_review, moved = last_review_and_changes(page, drawn)
    return {
        "headline": sentence,
        "reach": condition_line(numbers, dues, page.evidence_reach, past=page.times.is_past),
        "blocks": build_blocks(numbers),
        "blocks_links": chart_links("public.scorecard_chart", "public.scorecard", alternative, **values),
        "bands": bands,
        "chart_notes": chart_notes(bands),
        "over_time_links": chart_links("public.over_time_chart", "public.scorecard", alternative, **values),
        "days": notable_days(page, drawn),
        "flow_table": build_table(histories, _table_days(drawn)),
        "steps": latest_steps(page, drawn, rows),
        "last_review": last_review,
        "moved": moved,
        "next_review": next_review(page.schedules, page.times.as_of),
        "continued": count_with_successors(page.db, page.id, page.times.pair),
    }


def _sharing_values(page: Page, numbers: Counts) -> dict[str, object]:
    title = localized_text(page.entry.settings, "title")
    return sharing_values(page, "public.embed", "public.badge", title, scorecard_frame(page, numbers))


def _table_days(drawn: DrawnHistories) -> list[date]:
    """The days of the table below the chart: each review in the chart, and the last day."""
    return sorted({r.on for r in drawn.reviews if drawn.axis.contains(r.on)} | {drawn.axis.end})
