"""Query parameters shared by operations, and how numbers and pages are read from them."""

from app.entrypoints.api.operations import Parameter
from domain.codes import Position
from domain.errors import Refusal, Refused

_INSTANT = {"type": "string", "maxLength": 40}
AS_OF = Parameter("as_of", "The day in the world; today if omitted.", {"type": "string", "format": "date"})
KNOWN_AT = Parameter("known_at", "An instant, or a day that means its end in UTC; now if omitted.", _INSTANT)
FROM = Parameter(
    "from",
    "The first day; `recommended` compares each recommendation since the day it was recommended.",
    {"type": "string", "anyOf": [{"format": "date"}, {"const": "recommended"}]},
)
TO = Parameter("to", "The second day; today if omitted.", {"type": "string", "format": "date"})
KNOWN_FROM = Parameter("known_from", "The instant at which the first day is known.", _INSTANT)
KNOWN_TO = Parameter("known_to", "The instant at which the second day is known.", _INSTANT)
BODY = Parameter("body", "Only what is asked of this body, or of one below it.", {"type": "string", "maxLength": 80})
LIMIT = Parameter(
    "limit", "Maximum number of rows; 1,000 if omitted.", {"type": "integer", "minimum": 1, "maximum": 1000}
)
CURSOR = Parameter("cursor", "The `next` value of the previous page.", {"type": "string", "maxLength": 40})
AFTER = Parameter("after", "Only events after this position.", {"type": "integer", "minimum": 0, "maximum": 10**15})
SCALE = Parameter(
    "scale",
    "Another scale whose words are shown too.",
    {"type": "string", "enum": ["csc2", "cbc", "gao", "unhrc"]},
)
SORTS = ("number", "title", "status", "since", "due", "changed")
SORT = Parameter(
    "sort",
    "The order of the rows; by theme, then position, number and id if omitted.",
    {"type": "string", "enum": list(SORTS)},
)
DUE_CHOICES = ("overdue", "upcoming", "met", "met_late", "none")
DUE = Parameter(
    "due",
    "Only recommendations whose deadline in force is in this state; `none`: without one.",
    {"type": "string", "enum": list(DUE_CHOICES)},
)
RESPONSE_POSITION = Parameter(
    "position",
    "Only recommendations to which a response in force takes this position.",
    {"type": "string", "enum": [p.value for p in Position]},
)
QUERY = Parameter("q", "The words to find.", {"type": "string", "minLength": 1, "maxLength": 200})


def read_whole_number(query: dict[str, str], name: str, default: int, maximum: int) -> int:
    """A parameter as a number from 0 (1 for `limit`) to `maximum`. Raises `Refused` with a sentence."""
    text = query.get(name)
    if text is None:
        return default
    minimum = 1 if name == "limit" else 0
    if not (text.isascii() and text.isdigit() and len(text) < 20 and minimum <= int(text) <= maximum):
        raise Refused(
            Refusal(f"“{text[:40]}” is no {name}; give a whole number from {minimum} to {maximum}.", field=name)
        )
    return int(text)


def read_slice(query: dict[str, str], row_count: int) -> tuple[slice, str | None]:
    """The requested slice of a list of `row_count` rows, and the cursor of the next slice."""
    limit = read_whole_number(query, "limit", 1000, 1000)
    start = read_whole_number(query, "cursor", 0, 10**15)
    end = start + limit
    return slice(start, end), str(end) if end < row_count else None


_POSITIVE, _NOT_NEGATIVE = {"type": "integer", "minimum": 1}, {"type": "integer", "minimum": 0}
POSITION = Parameter("position", "An event’s place in the log, from 1; the last if omitted.", _POSITIVE)
TREE_SIZE = Parameter("size", "How many events the tree holds; all if omitted.", _POSITIVE)
FIRST_SIZE = Parameter("first", "The size of the older tree; that of the newer if omitted.", _NOT_NEGATIVE)
SECOND_SIZE = Parameter("second", "The size of the newer tree; all events if omitted.", _NOT_NEGATIVE)
