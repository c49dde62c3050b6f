"""What was guessed about a person's sheet, with the reasons, and what only a person can say."""

from msgspec import Struct, structs

from app.services.mapping.near_names import NearNames
from app.services.mapping.types import LEAVE_OUT, NOTE, SheetMapping
from domain.errors import Refusal


class ColumnGuess(Struct, frozen=True, kw_only=True):
    """A column with its values, and why it was matched to its field."""

    column: str
    """Its letters in this file."""
    heading: str
    field: str
    why: Refusal
    """A sentence that can be translated, as are all others here."""
    must_choose: bool = False
    """Whether only a person can say what it means: its field is not decided."""
    is_new: bool = False
    """Whether last year's file did not have it."""
    filled: int = 0
    different: int = 0
    longest: int = 0
    """The number of characters of the longest text."""
    examples: tuple[str, ...] = ()


class WordGuess(Struct, frozen=True, kw_only=True):
    """A word in cells, in all its spellings, and the code that it means."""

    word: str
    """The most common spelling."""
    spellings: tuple[str, ...]
    code: str
    """Empty if a person has to choose; `leave_out` if the cells count as empty."""
    count: int
    rows: tuple[int, ...]
    """The first rows with the word."""
    is_new: bool = False


class NameGuess(Struct, frozen=True, kw_only=True):
    """A name in cells. Spellings that differ in case, blanks and marks only are one name."""

    name: str
    spellings: tuple[str, ...]
    id: str
    count: int
    rows: tuple[int, ...]
    is_new: bool = False


class HostGuess(Struct, frozen=True, kw_only=True):
    """A host that links lead to."""

    host: str
    source_class: str
    is_guessed: bool
    """Whether the class follows from the host; else it is “not classified yet”."""
    count: int
    example: str
    publisher: str = ""
    is_new: bool = False


class DateGuess(Struct, frozen=True, kw_only=True):
    """Dates whose day and month could be either way round."""

    order: str
    example: str
    ambiguous: int
    clear: int
    """The number of other dates in the same columns."""
    columns: tuple[str, ...]
    """The letters of the columns with ambiguous dates."""
    why: Refusal


class MissingThing(Struct, frozen=True, kw_only=True):
    """What the sheet does not say, in so many rows."""

    what: str
    """`title`, `kind`, `criteria`, `publication`, `theme`, `addressees`, `recommended_on`, `status_on`, `source` or
    `response_source`."""
    rows: int
    total: int
    examples: tuple[int, ...] = ()
    """The numbers of the first rows."""


class Guess(Struct, frozen=True, kw_only=True):
    """The guessed mapping and how it was found."""

    mapping: SheetMapping
    columns: dict[str, ColumnGuess] = {}
    """By letters; columns with neither a heading nor a value are left out."""
    words: dict[str, tuple[WordGuess, ...]] = {}
    """By field, the most common first."""
    names: dict[str, tuple[NameGuess, ...]] = {}
    """Of `bodies`, `themes` and `publications`."""
    near_names: dict[str, tuple[NearNames, ...]] = {}
    """Pairs that look alike. The answers are those in the mapping; at first the suggested ones."""
    hosts: tuple[HostGuess, ...] = ()
    dates: DateGuess | None = None
    missing: tuple[MissingThing, ...] = ()
    unknown: tuple[Refusal, ...] = ()
    """What could not be guessed."""
    assumed: tuple[Refusal, ...] = ()
    """What the file does not show and was assumed, so that the mapping is complete."""
    items: int = 0
    """The number of recommendations in the sheet."""


def with_safe_answers(guess: Guess) -> SheetMapping:
    """The mapping for programs: what only a person can decide is a note, or counts as empty, and is never public."""
    columns = tuple(c if c.field else structs.replace(c, field=NOTE) for c in guess.mapping.columns)
    words = {
        field: {word: code or LEAVE_OUT for word, code in found.items()} for field, found in guess.mapping.words.items()
    }
    return structs.replace(guess.mapping, columns=columns, words=words)
