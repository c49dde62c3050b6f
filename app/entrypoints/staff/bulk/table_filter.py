"""Filters the rows of a bulk table by theme, status and words, with the query of the overview."""

from collections.abc import Mapping

from msgspec import Struct
from sqlalchemy import Connection, Select

from app.entrypoints.staff.overview.overview_page import FilterField, filter_field
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.overview.filters import OverviewFilter, read_filter
from app.services.overview.items import OverviewItems
from projections.catalogue.entries import RegisterEntry

TABLE_FILTER = ("q", "theme", "status")
"""The parameters of the filter."""


class TableFilter(Struct, frozen=True):
    """`about` finds the recommendations that the rows may be about, as part of a query; it is None for all."""

    wanted: OverviewFilter
    fields: list[FilterField]
    about: Select[tuple[str]] | None


def table_filter(
    services: Services, db: Connection, entry: RegisterEntry, person: Person, parameters: Mapping[str, str]
) -> TableFilter:
    """Raises `Refused` for a value that cannot be."""
    wanted = read_filter({name: parameters[name] for name in TABLE_FILTER if name in parameters})
    items = OverviewItems(services, db, entry, person)
    fields = [filter_field(items, name) for name in TABLE_FILTER if name != "q"]
    return TableFilter(wanted, fields, items.matching(wanted) if wanted.parameters else None)
