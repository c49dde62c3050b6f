"""Registers for staff: open or in preparation."""

from app.presentation.i18n.localize import begin_register_page
from app.services.container import Services
from domain.errors import NotFound, refusal
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry


def register_entry(services: Services, register: str) -> RegisterEntry:
    """Raises `NotFound`."""
    with services.views.connect() as db:
        entry = catalogue.register(db, register)
    if entry is None:
        raise NotFound(refusal("There is no register “{register}” here.", register=register[:80]))
    begin_register_page(entry.settings)
    return entry
