"""The recommendations selected on the register overview for a bulk action."""

from msgspec import Struct

from app.entrypoints.staff.forms import Form
from app.presentation.i18n.ordering import ItemOrder
from app.services.container import Services
from domain.errors import NotFound, Refused, refusal
from domain.times import day_in
from domain.values import RecommendationFacts
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.engine.position import last_applied_at
from projections.scorecards.queries import standings
from projections.scorecards.results import Standing, TimePair

MAX_SELECTED = 200
"""How many can be selected at once; all are checked before any is stored."""


class SelectedRecommendation(Struct, frozen=True):
    """A selected recommendation with its public standing today."""

    facts: RecommendationFacts
    standing: Standing | None


def selected_recommendations(services: Services, entry: RegisterEntry, form: Form) -> list[SelectedRecommendation]:
    """Returns the selection in the order of the register, and adds errors about it to the form.

    Raises `NotFound` if one is not in the register.
    """
    ids = set(form.lists["pick"])
    with services.views.connect() as db:
        known_at = last_applied_at(db)
        all_entries = catalogue.recommendations(db, entry.id, known_at)
        order = ItemOrder({i: e.facts for i, e in all_entries.items()}, catalogue.themes(db, entry.id, known_at))
        current = standings(db, entry.id, TimePair(day_in(entry.settings.time_zone, services.clock()), known_at))
    if unknown := sorted(ids - set(all_entries)):
        raise NotFound(refusal("There is no recommendation “{id}” in this register.", id=unknown[0][:80]))
    if not ids:
        form.refuse(Refused(refusal("Select at least one recommendation on the register's page first.")))
    if len(ids) > MAX_SELECTED:
        form.refuse(
            Refused(
                refusal(
                    "Select at most {most} recommendations at once. You selected {n}.", most=MAX_SELECTED, n=len(ids)
                )
            )
        )
    return [SelectedRecommendation(e.facts, current.get(i)) for i in order.sort(ids) if (e := all_entries[i])]
