"""The recommendations selected on the register overview for a bulk action, and the way back to the same list."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from flask import request, url_for
from msgspec import Struct

from app.entrypoints.staff.forms import Form, parse_number
from app.presentation.i18n.ordering import ItemOrder
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.overview.filters import MAX_QUERY_LENGTH, OverviewFilter, filter_of_query
from app.services.overview.items import OverviewItems
from domain.errors import NotFound, Refused, refusal
from domain.times import day_in
from domain.values import RecommendationFacts
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.engine.position import last_applied_at
from projections.scorecards.queries import standings_of
from projections.scorecards.results import Standing, TimePair

MAX_SELECTED = 200
"""How many can be selected at once; all are checked before any is stored."""
LIST_FIELDS = ("list", "everything")
"""The fields of a form that came from the overview: the query of its list, and whether all that match are meant."""


class SelectedRecommendation(Struct, frozen=True):
    """A selected recommendation with its public standing today."""

    facts: RecommendationFacts
    standing: Standing | None


def list_filter(form: Form) -> OverviewFilter:
    """The filter of the list that the person came from."""
    try:
        return filter_of_query(form["list"])
    except Refused:
        return OverviewFilter()


def list_address(register: str, form: Form) -> str:
    """The address of that list, at the same page."""
    number = parse_number(dict(parse_qsl(form["list"][:MAX_QUERY_LENGTH])).get("page", ""))
    return desk_address(register, list_filter(form).parameters, number or None)


def desk_address(register: str, parameters: Mapping[str, str], page: int | None = None, select: str = "") -> str:
    """The address of a list on the overview."""
    values: dict[str, Any] = {**parameters, "page": page, "select": select or None}
    return url_for("staff.desk", register=register, **values)


def expand_selection(services: Services, entry: RegisterEntry, person: Person, form: Form) -> None:
    """If all that match are meant, select them, as many as a page takes; `left` holds the number of the others."""
    if request.method != "POST" or form["everything"] != "yes":
        return
    with services.views.connect() as db:
        items = OverviewItems(services, db, entry, person)
        wanted = list_filter(form)
        form.lists["pick"] = items.page(wanted, skip=0, limit=MAX_SELECTED)
        form.values["left"] = str(max(0, items.count(wanted) - MAX_SELECTED) or "")
    form.values["everything"] = ""


def selected_recommendations(
    services: Services, entry: RegisterEntry, person: Person, form: Form
) -> list[SelectedRecommendation]:
    """Returns the selection in the order of the register, and adds errors about it to the form.

    Raises `NotFound` if one is not in the register.
    """
    expand_selection(services, entry, person, form)
    ids = set(form.lists["pick"])
    if len(ids) > MAX_SELECTED:
        text = "Select at most {most} recommendations at once. You selected {n}."
        form.refuse(Refused(refusal(text, most=MAX_SELECTED, n=len(ids))))
        ids = set(form.lists["pick"][:MAX_SELECTED])
    with services.views.connect() as db:
        known_at = last_applied_at(db)
        entries = catalogue.recommendations_of(db, entry.id, known_at, ids)
        order = ItemOrder({i: e.facts for i, e in entries.items()}, catalogue.themes(db, entry.id, known_at))
        pair = TimePair(day_in(entry.settings.time_zone, services.clock()), known_at)
        current = standings_of(db, entry.id, pair, ids)
    if unknown := sorted(ids - set(entries)):
        raise NotFound(refusal("There is no recommendation “{id}” in this register.", id=unknown[0][:80]))
    if not ids:
        form.refuse(Refused(refusal("Select at least one recommendation on the register's page first.")))
    return [SelectedRecommendation(e.facts, current.get(i)) for i in order.sort(ids) if (e := entries[i])]
