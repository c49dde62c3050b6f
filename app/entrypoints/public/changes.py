"""What changed: by day in the world, or in the order in which this register published it; and the corrections."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from flask import render_template

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.change_details import ChangeDetails, change_details
from app.entrypoints.public.change_filters import (
    ChangeFilter,
    filter_choices_of,
    read_filter,
    read_place,
    read_position,
)
from app.entrypoints.public.page import Page
from app.presentation.i18n.translation import _
from app.presentation.narrative.change_days import (
    FoundChange,
    changes_headline,
    corrections_headline,
    days_and_stretches,
    last_change,
    read_changes,
    unchanged_headline,
    without_open_stretch,
)
from projections.catalogue import queries as catalogue
from projections.changes.queries import latest
from projections.scorecards.world_changes import WorldChange, WorldDay, world_changes

PAGE_SIZE = 50
WORLD_PAGE_SIZE = 100
REGISTER_ENTRIES = 50
"""The most entries about this register itself on one page of days."""
IS_CHANGE = {"changed": True, "reviewed": False}


@public.get("/<register:register>/changes/")
def changes(register: str) -> str:
    query = read_parameters("order", "show", "theme", "body", "before")
    with services().views.connect() as db:
        page = Page(services(), db, register, {})
        chosen = read_filter(page, query)
        is_position = query.get("before", "").isdigit()  # an address from before the days had an order of their own
        if "order" in query or is_position:
            return _render_published(page, query.get("before"))
        return _render_days(page, query, chosen)


@public.get("/<register:register>/corrections/")
def corrections(register: str) -> str:
    query = read_parameters("before")
    with services().views.connect() as db:
        page = Page(services(), db, register, {})
        details, older = _log_page(page, query.get("before"), corrections_only=True)
        return render_template(
            "public/corrections.html",
            **page.context("public.corrections", dated=False) | {"is_listed": not query},
            changes=details,
            names=page.names(),
            older=older,
        )


def _render_published(page: Page, before: str | None) -> str:
    details, older = _log_page(page, before, corrections_only=False)
    return render_template(
        "public/changes_published.html",
        **page.context("public.changes", dated=False, order="published") | {"is_listed": not before},
        changes=details,
        names=page.names(),
        older=older,
    )


def _log_page(page: Page, before: str | None, *, corrections_only: bool) -> tuple[list[ChangeDetails], int | None]:
    """A page of the log, and the position before which the next one begins. What a register was opened with is one
    entry, but earlier corrections are all there."""
    since = 0 if corrections_only else _opening_position(page)
    rows = latest(
        page.db,
        page.id,
        before=read_position(before),
        limit=PAGE_SIZE + 1,
        corrections_only=corrections_only,
        since=since,
        by_instant=True,
    )
    older = rows[PAGE_SIZE - 1].position if len(rows) > PAGE_SIZE else None
    return change_details(page, rows[:PAGE_SIZE]), older


def _opening_position(page: Page) -> int:
    opening = catalogue.opening(page.db, page.id)
    return opening.position if opening else 0


def _render_days(page: Page, query: dict[str, str], chosen: ChangeFilter) -> str:
    before = read_place(query.get("before"))
    rows = _world_changes(page, chosen, before, WORLD_PAGE_SIZE)
    has_older = bool(rows) and bool(_world_changes(page, chosen, rows[-1].place, 1))
    found = read_changes(page.db, page.id, without_open_stretch(rows) if has_older else rows)
    entries = _register_entries(page, chosen, before, found[-1].change.day if has_older else None)
    return render_template(
        "public/changes.html",
        **page.context("public.changes", dated=False) | {"is_listed": not query},
        headline=_headline(chosen, found, len(entries), newest=before is None),
        last_change=last_change(found) if before is None else "",
        blocks=days_and_stretches(found),
        entries=entries,
        names=page.names(),
        older=str(found[-1].change.place) if has_older else "",
        filters=query,
        choices=filter_choices_of(page, query.get("body", "")),
    )


def _headline(chosen: ChangeFilter, found: Sequence[FoundChange], corrections: int, *, newest: bool) -> str:
    """What the page shows, in a sentence that names its filters."""
    if chosen.kind == "corrected":
        text = corrections_headline(corrections, REGISTER_ENTRIES)
    elif chosen.kind == "reviewed":
        text = unchanged_headline(found, newest=newest)
    else:
        text = changes_headline(found, newest=newest)
    return _("%(scope)s: %(text)s", scope=chosen.scope, text=text) if chosen.scope else text


def _world_changes(page: Page, chosen: ChangeFilter, before: WorldDay | None, limit: int) -> list[WorldChange]:
    if chosen.kind == "corrected":
        return []
    return world_changes(
        page.db,
        page.id,
        limit=limit,
        before=before,
        changed=IS_CHANGE.get(chosen.kind),
        theme=chosen.theme,
        recommendations=chosen.of_body,
    )


def _register_entries(
    page: Page, chosen: ChangeFilter, before: WorldDay | None, last_day: date | None
) -> list[ChangeDetails]:
    """The corrections that were published on the days of a page, and the opening of the register."""
    if chosen.kind in IS_CHANGE:
        return []
    rows = latest(
        page.db,
        page.id,
        since=_opening_position(page),
        limit=REGISTER_ENTRIES,
        recommendations=chosen.recommendations,
        corrections_only=True,
        with_opening=chosen.recommendations is None and not chosen.kind,
        between=(_start_of(last_day), _start_of(date.fromordinal(before.day) if before else None)),
        by_instant=True,
    )
    return change_details(page, rows)


def _start_of(day: date | None) -> datetime | None:
    """The first instant of a day; None without one."""
    return None if day is None else datetime.combine(day, time(), UTC)
