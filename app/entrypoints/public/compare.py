"""The comparison of two pairs of times: changes in knowledge and changes in the world."""

from datetime import date

from flask import Response, render_template

from app.entrypoints.http.query_params import read_parameters, resolve_times
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.date_presets import comparison_presets
from app.entrypoints.public.page import Page, permanent_links
from app.presentation.answers.as_of import AsOf
from app.presentation.answers.serializers import in_item_order
from app.presentation.i18n.labels import day_text
from app.presentation.narrative.deadlines import overdue_then_and_now
from app.presentation.narrative.headlines import comparison_headline
from app.services.tables.comparison import comparison_table
from app.services.tables.csv_files import write_spreadsheet_csv
from domain.codes import Reason, Status
from domain.times import first_day
from domain.values import Assessment
from projections.assessments import queries as assessments
from projections.catalogue import queries as catalogue
from projections.scorecards.comparison import Comparison
from projections.scorecards.comparison import compare as compared
from projections.scorecards.queries import due_counts
from projections.scorecards.results import ComparisonRow

DIRECTION_ORDER = ("reversed", "down", "up", "level", "added", "removed", "unchanged")


@public.get("/<register:register>/compare/")
def compare(register: str) -> str:
    query = read_parameters("from", "to", "known_from", "known_to")
    with services().views.connect() as db:
        page = Page(services(), db, register, {})
        query.setdefault("from", _first_published_day(page))
        first = resolve_times(db, page.entry, services().clock(), query, ("from", "known_from"))
        second = resolve_times(db, page.entry, services().clock(), query, ("to", "known_to"))
        comparison = compared(db, register, first.pair, second.pair)
        comparison = in_item_order(db, register, comparison)
        facts = catalogue.recommendations(db, register, second.known_at)
        dues = [due_counts(db, register, times.pair) for times in (first, second)]
        assessments_by_id = _moving_assessments(page, comparison)
        frame = page.context("public.compare", dated=False)
        now = services().clock()
        pairs = first.query(now, "from", "known_from") | second.query(now, "to", "known_to")
        frame |= permanent_links("public.compare", register=register, **pairs)
        return render_template(
            "public/compare.html",
            **frame,
            spans=comparison_presets(first, second, page.schedules, register),
            first=first,
            second=second,
            typed_compare=query,
            comparison=comparison,
            facts=facts,
            causes={r.id: _decisive_assessment(r, assessments_by_id) for r in comparison.rows},
            groups=[(d, [r for r in comparison.rows if r.direction == d]) for d in DIRECTION_ORDER],
            learned=[r for r in comparison.rows if r.learned and r.a is not None],
            overdue=overdue_then_and_now(dues[0], dues[1], _day_name(first), _day_name(second)),
            headline=comparison_headline(comparison, _day_name(first), _day_name(second)),
        )


def _first_published_day(page: Page) -> str:
    """The default first day: the first publication of this register."""
    published = [
        first_day(p.published_on) for p in catalogue.publications(page.db, page.id, page.times.known_at).values()
    ]
    return min([*published, page.times.today], default=date.min).isoformat()


def _day_name(times: AsOf) -> str:
    return day_text(times.as_of.isoformat())


def _moving_assessments(page: Page, comparison: Comparison) -> dict[str, Assessment]:
    """The assessments that changed a status, by id."""
    moving = {a.id for row in comparison.rows for a in row.assessments}
    return assessments.by_id(page.db, page.id, moving)


def _decisive_assessment(row: ComparisonRow, by_id: dict[str, Assessment]) -> Assessment | None:
    """The assessment that explains a row: the first that reversed it, else the latest that changed it.

    An assessment that changed nothing counts only if there is no other."""
    causes = [by_id[a.id] for a in row.assessments if a.id in by_id]
    if row.direction == "reversed" and (query := [a for a in causes if a.status is Status.REVERSED]):
        return query[0]
    moving = [a for a in causes if a.reason is not Reason.REVIEWED_NO_CHANGE]
    return next(reversed(moving or causes), None)


@public.get("/<register:register>/compare/compare.csv")
def compare_csv(register: str) -> Response:
    """The rows of a comparison as CSV for spreadsheets."""
    query = read_parameters("from", "to", "known_from", "known_to")
    with services().views.connect() as db:
        page = Page(services(), db, register, {})
        query.setdefault("from", _first_published_day(page))
        first = resolve_times(db, page.entry, services().clock(), query, ("from", "known_from"))
        second = resolve_times(db, page.entry, services().clock(), query, ("to", "known_to"))
        comparison = in_item_order(db, register, compared(db, register, first.pair, second.pair))
        facts = catalogue.recommendations(db, register, second.known_at)
    table = comparison_table(comparison, {i: e.facts for i, e in facts.items()}, first, second)
    response = Response(write_spreadsheet_csv(table), content_type="text/csv; charset=utf-8")
    name = f"{register}-{first.as_of}-{second.as_of}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "public, no-cache"
    return response
