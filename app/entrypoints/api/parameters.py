"""The query parameters that operations share, and the slice of a list they ask for."""

from app.entrypoints.api.operations import Parameter
from domain.errors import Refusal, Refused

_TIME = {"type": "string", "maxLength": 40}
AS_OF = Parameter("as_of", "The day in the world; today where it is left out.", {"type": "string", "format": "date"})
KNOWN_AT = Parameter("known_at", "An instant, or a day that means its end in UTC; now where it is left out.", _TIME)
FROM = Parameter("from", "The first day.", {"type": "string", "format": "date"})
TO = Parameter("to", "The second day; today where it is left out.", {"type": "string", "format": "date"})
KNOWN_FROM = Parameter("known_from", "As of which instant the first day is known.", _TIME)
KNOWN_TO = Parameter("known_to", "As of which instant the second day is known.", _TIME)
LIMIT = Parameter(
    "limit", "At most so many rows; 1,000 where it is left out.", {"type": "integer", "minimum": 1, "maximum": 1000}
)
CURSOR = Parameter("cursor", "Where to go on: the `next` of the answer before.", {"type": "string", "maxLength": 40})
AFTER = Parameter("after", "Only events after this position.", {"type": "integer", "minimum": 0, "maximum": 10**15})
SCALE = Parameter(
    "scale",
    "Another scale whose words are given beside ours.",
    {"type": "string", "enum": ["csc2", "cbc", "gao", "unhrc"]},
)
QUERY = Parameter("q", "The words to find.", {"type": "string", "minLength": 1, "maxLength": 200})


def whole_number(given: dict[str, str], name: str, default: int, most: int) -> int:
    """A parameter as a number from 0 (1 for `limit`) to `most`. Raises `Refused` with a sentence."""
    text = given.get(name)
    if text is None:
        return default
    least = 1 if name == "limit" else 0
    if not (text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most):
        raise Refused(Refusal(f"“{text[:40]}” is no {name}; give a whole number from {least} to {most}.", field=name))
    return int(text)


def page_of(given: dict[str, str], of: int) -> tuple[slice, str | None]:
    """The slice of a list of `of` rows that was asked for, and the cursor of the next one."""
    limit = whole_number(given, "limit", 1000, 1000)
    start = whole_number(given, "cursor", 0, 10**15)
    end = start + limit
    return slice(start, end), str(end) if end < of else None


_FROM_1, _FROM_0 = {"type": "integer", "minimum": 1}, {"type": "integer", "minimum": 0}
POSITION = Parameter("position", "An event’s place in the log, from 1; the last where it is left out.", _FROM_1)
TREE_SIZE = Parameter("size", "How many events the tree holds; all where it is left out.", _FROM_1)
FIRST_SIZE = Parameter("first", "The size of the older tree; that of the newer where it is left out.", _FROM_0)
SECOND_SIZE = Parameter("second", "The size of the newer tree; all events where it is left out.", _FROM_0)
