"""Which recommendations the overview of a register shows, and in which order, as a person asked for it."""

from collections.abc import Mapping
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode

from msgspec import Struct
from msgspec.structs import asdict

from domain.codes import Status
from domain.errors import Refusal, Refused, refusal

MAX_OPTIONS = 100
"""A choice with more options than these is a field to type in."""
MAX_QUERY_LENGTH = 600
"""The longest query string that is read or saved."""


class DueFilter(StrEnum):
    LATE = "late"
    """Stale or due for review."""
    STALE = "stale"
    DUE = "due"
    OVERDUE = "overdue"
    """The deadline of the recommendation has passed."""


class SortOrder(StrEnum):
    NUMBER = "number"
    REVIEW = "review"
    CHANGED = "changed"
    STATUS = "status"
    TITLE = "title"


class Assigned(StrEnum):
    ME = "me"
    NO_ONE = "none"


class Missing(StrEnum):
    CRITERIA = "criteria"
    ASSESSMENT = "assessment"


TEXT_PREFIX = "text-"
"""Begins the value of `missing` for a translation, before the code of the language."""
OPEN, NOT_OPEN = "open", "none"


class OverviewFilter(Struct, frozen=True):
    """Every field is empty for “any”. `theme`, `body` and `assigned` hold an id, or words of a name."""

    q: str = ""
    due: str = ""
    status: str = ""
    theme: str = ""
    body: str = ""
    assigned: str = ""
    missing: str = ""
    proposal: str = ""
    sort: str = ""

    @property
    def order(self) -> SortOrder:
        """The order that was asked for; what is due begins with the earliest day."""
        if self.sort:
            return SortOrder(self.sort)
        return SortOrder.REVIEW if self.due else SortOrder.NUMBER

    @property
    def parameters(self) -> dict[str, str]:
        """The fields that are not empty, as parameters of the address."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def query(self) -> str:
        return urlencode(self.parameters)

    @property
    def without_order(self) -> dict[str, str]:
        return {name: value for name, value in self.parameters.items() if name != "sort"}


FILTER_NAMES = OverviewFilter.__struct_fields__


def read_filter(parameters: Mapping[str, str]) -> OverviewFilter:
    """Raises `Refused` for a value that cannot be."""
    values = {name: parameters.get(name, "").strip()[:MAX_QUERY_LENGTH] for name in FILTER_NAMES}
    known: dict[str, set[str]] = {
        "due": set(DueFilter),
        "status": set(Status),
        "sort": set(SortOrder),
        "proposal": {OPEN, NOT_OPEN},
    }
    problems: list[Refusal] = [
        refusal("There is no {name} “{value}” here.", name=name, value=values[name][:60], field=name)
        for name, of in known.items()
        if values[name] and values[name] not in of
    ]
    if values["missing"] and not (values["missing"] in set(Missing) or values["missing"].startswith(TEXT_PREFIX)):
        problems.append(
            refusal("There is no {name} “{value}” here.", name="missing", value=values["missing"][:60], field="missing")
        )
    if problems:
        raise Refused(*problems)
    return OverviewFilter(**values)


def filter_of_query(query: str) -> OverviewFilter:
    """The filter of a query string that a form repeats; unknown parts of it are left out. Raises `Refused`."""
    return read_filter(dict(parse_qsl(query[:MAX_QUERY_LENGTH])))


def holds_words(names: str, words: str) -> bool:
    """Whether names contain all words, in upper or lower case."""
    return all(word in names.casefold() for word in words.casefold().split())
