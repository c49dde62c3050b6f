"""Builds the template of a register from what is stored."""

from app.services.bundles.exporting import export_bundle
from app.services.container import Services
from app.services.mapping.template_workbook import CurrentStatus, write_template
from domain.errors import NotFound, refusal
from domain.times import day_in
from projections.engine.position import last_applied_at
from projections.scorecards.queries import standings
from projections.scorecards.results import TimePair


def build_template(services: Services, register: str) -> bytes:
    """Return the template of a register, or an empty one, in the page's language. Raises `NotFound`."""
    if not register:
        return write_template(None, {}, services.clock())
    services.catch_up()
    with services.views.connect() as db:
        bundle = export_bundle(db, register)
        if bundle is None:
            raise NotFound(refusal("There is no register “{id}”.", id=register))
        today = day_in(bundle.settings.time_zone, services.clock())
        now = standings(db, register, TimePair(today, last_applied_at(db)))
    current = {ident: CurrentStatus(s.status.value, s.since or "") for ident, s in now.items()}
    return write_template(bundle, current, services.clock())
