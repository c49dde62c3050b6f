"""The comparison of two pairs of times: changes in knowledge and changes in the world."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from flask import Response, render_template
from markupsafe import Markup
from msgspec.structs import replace
from sqlalchemy import Connection

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.streamed_files import stream_attachment
from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.chart_links import ChartLinks, chart_links
from app.entrypoints.public.comparison_rows import build_sections
from app.entrypoints.public.date_presets import comparison_presets, default_comparison
from app.entrypoints.public.page import Page, page_links
from app.presentation.answers.compared_times import RECOMMENDED, ComparedTimes, resolve_compared
from app.presentation.answers.comparisons import read_moved
from app.presentation.charts.moves import build_move_chart
from app.presentation.i18n.labels import day_text
from app.presentation.narrative.comparison import (
    assessed_sentence,
    changed_sentence,
    comparison_headline,
    evidence_reach,
    learned_sentence,
)
from app.presentation.narrative.deadlines import overdue_then_and_now
from app.presentation.narrative.known_then import origin
from app.services.container import Services
from app.services.tables.comparison import HEADER, comparison_cells
from app.services.tables.csv_files import StreamedTable, stream_spreadsheet_csv
from domain.times import compact, end_of_day
from projections.catalogue import queries as catalogue
from projections.scorecards.comparison import Moves, compared_rows, count_moves, read_moves
from projections.scorecards.queries import due_counts, first_recommended
from projections.scorecards.results import TimePair

TIMES = ("from", "to", "known_from", "known_to")
ROWS_PER_BATCH = 500


@public.get("/<register:register>/compare/")
def compare(register: str) -> str:
    query = read_parameters(*TIMES, "show", "page")
    typed = {name: value for name, value in query.items() if name in TIMES}
    with services().views.connect() as db:
        page, times = read_compared_page(services(), db, register, query)
        moves = read_moves(db, register, times.start, times.end)
        learned, known_from = _count_learned(page, times, moves)
        return render_template(
            "public/compare.html",
            **page.context("public.compare", dated=False) | _links(services(), register, typed, times),
            spans=comparison_presets(times, page.schedules, register, _first_day(page)),
            compared=times,
            first=times.first,
            second=times.second,
            sources=[origin(db, page.entry, at.known_at) for at in (times.first, times.second)],
            typed_compare={name: value for name, value in query.items() if name in TIMES},
            swapped=_swapped(register, query) if times.is_backwards else "",
            moves=moves,
            chart=build_move_chart(moves),
            chart_links=_chart_links(register, typed, moves, times),
            sections=build_sections(page, times, moves, query),
            whole=_address(register, query) if "show" in query else "",
            changed=changed_sentence(moves, times.days),
            assessed=assessed_sentence(moves),
            learned=learned_sentence(
                learned, known_from, times.end.known_at, chosen=times.first.known_at < times.end.known_at
            ),
            learned_url=_address(register, query, known_from=compact(known_from), show="learned"),
            overdue=_overdue(page, times),
            reach=evidence_reach(times.days, page.entry.settings.evidence_to),
            headline=comparison_headline(moves, times.days),
        )


@public.get("/<register:register>/compare/compare.csv")
def compare_csv(register: str) -> Response:
    """The rows of a comparison as CSV for spreadsheets."""
    query = read_parameters(*TIMES)
    with services().views.connect() as db:
        page, times = read_compared_page(services(), db, register, query)
        table = StreamedTable("compare", HEADER, partial(_csv_rows, services(), register, times))
        name = f"{register}-{times.first_day}-{times.second.as_of}.csv"
        state = (*page.file_state, times.start, times.end)
        return stream_attachment(stream_spreadsheet_csv(table), "text/csv; charset=utf-8", name, state)


def _csv_rows(services: Services, register: str, times: ComparedTimes) -> Iterator[list[tuple[str, ...]]]:
    """Reads the rows in batches, so that a large register needs no more memory than a small one."""
    with services.views.connect() as db:
        moved = read_moved(db, register, times)
    for start in range(0, len(moved), ROWS_PER_BATCH):
        with services.views.connect() as db:
            part = moved[start : start + ROWS_PER_BATCH]
            rows = compared_rows(db, register, times.start, times.end, part)
            facts = catalogue.recommendations_of(db, register, times.end.known_at, [row.id for row in rows])
        yield [comparison_cells(r, facts[r.id].facts if r.id in facts else None, times) for r in rows]


def read_compared_page(
    services: Services, db: Connection, register: str, query: dict[str, str]
) -> tuple[Page, ComparedTimes]:
    """The register as known at the second instant, and the two times; without days, those of the last two reviews."""
    page = Page(services, db, register, {})
    if "from" not in query and "to" not in query:
        query |= default_comparison(page.schedules, _first_day(page), page.times.today)
    elif "from" not in query:
        query["from"] = RECOMMENDED
    times = resolve_compared(db, page.entry, services.clock(), query)
    if times.second.is_pinned:
        page = Page(services, db, register, {"known_at": query["known_to"]})
    return page, times


def _links(services: Services, register: str, typed: dict[str, str], times: ComparedTimes) -> dict[str, object]:
    """The addresses of a comparison: with the dates that were chosen, and pinned to both pairs of times."""
    permalink = page_url("public.compare", register=register, **times.query(services.clock()))
    return page_links("public.compare", {"register": register}, typed) | {"permalink": absolute_url(permalink)}


def _chart_links(register: str, typed: dict[str, str], moves: Moves, times: ComparedTimes) -> ChartLinks:
    words = Markup("").join(text for text, _bucket in comparison_headline(moves, times.days)).striptags()
    return chart_links("public.comparison_chart", "public.compare", words, register=register, **typed)


def _first_day(page: Page) -> date | None:
    return first_recommended(page.db, page.id, page.times.known_at)


def _count_learned(page: Page, times: ComparedTimes, moves: Moves) -> tuple[int, datetime]:
    """How many were learned or corrected, and since when: since the first instant, if it is earlier than the second.

    If both days are as known at one instant, since this register first described the first day.
    """
    if times.first.known_at < times.end.known_at:
        return moves.learned, times.first.known_at
    first = times.start
    described = page.entry.opened_at or times.end.known_at
    if isinstance(first, TimePair):
        described = max(end_of_day(first.as_of), described)
    described = min(described, times.end.known_at)
    return count_moves(page.db, page.id, replace(first, known_at=described), times.end).learned, described


def _address(register: str, query: dict[str, str], **changed: str) -> str:
    """This comparison, or a list of it."""
    values = {name: value for name, value in query.items() if name in TIMES}
    return page_url("public.compare", register=register, **values | changed)


def _swapped(register: str, query: dict[str, str]) -> str:
    """The same comparison from the earlier day to the later one."""
    other = dict(zip(TIMES, ("to", "from", "known_to", "known_from"), strict=True))
    return page_url("public.compare", register=register, **{other[n]: v for n, v in query.items() if n in other})


def _overdue(page: Page, times: ComparedTimes) -> str:
    """How many were overdue on the two days."""
    if times.since_recommended or times.is_one_day:
        return ""
    days = (times.first, times.second)
    before, after = (due_counts(page.db, page.id, at.pair) for at in days)
    return overdue_then_and_now(before, after, *(day_text(at.as_of.isoformat()) for at in days))
