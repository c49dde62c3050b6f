"""Long lists, one page at a time."""

from typing import Any

from flask import url_for
from msgspec import Struct

from app.entrypoints.staff.forms import parse_number

ROWS_PER_PAGE = 50


class ListPage(Struct, frozen=True):
    """A page of a list, counted from 1; `first` and `last` count its rows. Its pager is `list_pager`."""

    endpoint: str
    values: dict[str, Any]
    total: int
    number: int
    parameter: str = "page"
    """The parameter of the address that names the page."""

    @property
    def skip(self) -> int:
        return (self.number - 1) * ROWS_PER_PAGE

    @property
    def first(self) -> int:
        return self.skip + 1

    @property
    def last(self) -> int:
        return min(self.total, self.skip + ROWS_PER_PAGE)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // ROWS_PER_PAGE))

    def at(self, number: int) -> str:
        """The address of another page."""
        query = self.values | ({self.parameter: number} if number > 1 else {})
        return url_for(self.endpoint, **query)


def list_page(endpoint: str, total: int, number: str, *, parameter: str = "page", **values: Any) -> ListPage:
    """The page of a list that an address names; the last one if there are fewer."""
    pages = max(1, -(-total // ROWS_PER_PAGE))
    return ListPage(endpoint, values, total, min(max(1, parse_number(number) or 1), pages), parameter)
