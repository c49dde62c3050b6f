"""Writes a guessed mapping as `mapping.toml`, with comments that say why and what to check."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import fill

import msgspec

from app.services.mapping.fields import FIELDS
from app.services.mapping.guesses import ColumnGuess, Guess, HostGuess, NameGuess, WordGuess, with_safe_answers
from app.services.mapping.types import HostChoice, MappedColumn, NameChoice

_INTRODUCTION = """\
# How a spreadsheet becomes a register of Uptake. It was guessed; check it, correct it, then import the file:
#   uptake import FILE --map mapping.toml --register ID --create --dry-run
# Lines that begin with # are comments. Codes are listed in docs/codes.md.
"""
_LEGACY = """\
# Statuses that do not meet the rules, such as those with too few sources, are stored with a public mark while the
# register is being prepared. With false they are problems.
"""
_CHOICES = """\
# The one choice for everything that a row does not say. `criteria = "earlier_record"` makes public pages say that no
# success criteria were written before the first assessment; `write` leaves them to be written.
# `review = "as_brought"` stores the statuses as an earlier record, `second_person` makes them proposals.
"""
_COLUMNS = """\
# What each column means: a field, `note` (a note for staff, never public) or `leave_out`.
# `separator` splits a cell into several values, `language` is that of the text, `on` the day of a status.
"""
_WORDS = "# What each word means; `leave_out` makes the cell count as empty.\n"
_NAMES = "# The id of each name. Names with one id are the same. `parent` is the id of the body that it is part of.\n"
_HOSTS = "# What the sources at each host are: a source class of docs/codes.md; `unclassified` is decided later.\n"
_PUBLICATION = "# The publication that made the recommendations, since no column names one.\n"
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quote(text: str) -> str:
    """A text as a TOML string on one line."""
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    return character if character.isprintable() else f"\\U{ord(character):08X}"


def _comment(text: str) -> str:
    """A comment on one line; marks of control in the text become blanks."""
    return "# " + " ".join("".join(c if c.isprintable() else " " for c in text).split()) + "\n"


def mapping_parts(guess: Guess) -> Iterator[str]:
    """The parts of the file; what could not be guessed and what was assumed are comments at its beginning."""
    mapping = with_safe_answers(guess)
    yield _INTRODUCTION
    yield from _said("Could not be guessed:", guess.unknown)
    yield from _said("Could not be seen in the file and was assumed:", guess.assumed)
    yield "\n"
    yield from _settings(guess)
    yield from _table("choices", mapping.choices, _CHOICES)
    if mapping.register:
        yield from _table("register", mapping.register, "# The register that `--create` makes.\n")
    if mapping.publication:
        yield from _table("publication", mapping.publication, _PUBLICATION)
    if mapping.columns:
        yield f"\n{_COLUMNS}"
        yield fill(f"Fields: {', '.join(FIELDS)}.", 110, initial_indent="# ", subsequent_indent="# ") + "\n"
    for column in mapping.columns:
        yield from _column(column, guess.columns.get(column.column))
    for field, words in mapping.words.items():
        yield from _words(field, words, guess.words.get(field, ()))
    for name, choices in (("bodies", mapping.bodies), ("themes", mapping.themes)):
        yield from _names(name, choices, guess)
    for title, publication in mapping.publications.items():
        yield from _table(f"publications.{quote(title)}", publication, "")
    yield from _hosts(mapping.hosts, guess.hosts)


def _said(heading: str, sentences: Iterable[str]) -> Iterator[str]:
    lines = [_comment(f"- {sentence}") for sentence in sentences]
    if lines:
        yield f"#\n# {heading}\n"
        yield from lines


def _settings(guess: Guess) -> Iterator[str]:
    mapping = guess.mapping
    yield f"version = {mapping.version}\n"
    yield f"sheet = {quote(mapping.sheet)}\n"
    yield f"header_rows = [{', '.join(str(number) for number in mapping.header_rows)}]\n"
    for name in ("encoding", "separator"):
        if value := getattr(mapping, name):
            yield f"{name} = {quote(value)}\n"
    if guess.dates:
        dates = guess.dates
        yield _comment(
            f"{dates.ambiguous} dates such as {dates.example} can be read in two ways. {dates.why} "
            "dmy is day first, mdy month first."
        )
    if mapping.date_order:
        yield f"date_order = {quote(mapping.date_order)}\n"
    if mapping.heading_rows:
        yield "# Rows with one text between items: theme, note or leave_out.\n"
        yield f"heading_rows = {quote(mapping.heading_rows)}\n"
    if mapping.sub_rows:
        yield "# Rows without a number below an item: part, recommendation or leave_out.\n"
        yield f"sub_rows = {quote(mapping.sub_rows)}\n"
    yield _LEGACY
    yield f"legacy = {str(mapping.legacy).lower()}\n"


def _table(name: str, value: msgspec.Struct, comment: str) -> Iterator[str]:
    """A table with every field that is set."""
    fields = msgspec.to_builtins(value)
    if not fields and name == "choices":
        return
    yield f"\n{comment}[{name}]\n"
    yield from (f"{key} = {_value(item)}\n" for key, item in fields.items())


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(quote(str(item)) for item in value)}]"
    return quote(str(value))


def _column(column: MappedColumn, guess: ColumnGuess | None) -> Iterator[str]:
    yield "\n"
    if guess:
        examples = "; ".join(_short(text) for text in guess.examples[:3])
        yield _comment(f"{guess.why} For example: {examples}" if examples else str(guess.why))
        if guess.must_choose:
            yield "# Kept as a note, which is never public, until you choose a field.\n"
        if guess.is_new:
            yield "# New: the last file did not have this column.\n"
    yield f"[[columns]]\ncolumn = {quote(column.column)}\nheading = {quote(column.heading)}\n"
    yield f"field = {quote(column.field)}\n"
    for name in ("separator", "language", "on"):
        if value := getattr(column, name):
            yield f"{name} = {quote(value)}\n"


def _short(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _words(field: str, words: Mapping[str, str], guesses: Sequence[WordGuess]) -> Iterator[str]:
    yield f"\n{_WORDS}[words.{field}]\n"
    counts = {guess.word: guess for guess in guesses}
    unknown = {spelling for guess in guesses if not guess.code for spelling in guess.spellings}
    for word, code in words.items():
        if word in unknown:
            yield "# Not known. The cells count as empty until you choose what it means.\n"
        yield f"{quote(word)} = {quote(code)}{_counted(counts.get(word))}\n"


def _counted(guess: WordGuess | NameGuess | HostGuess | None) -> str:
    if guess is None:
        return ""
    return f"  # {guess.count}×{', new' if guess.is_new else ''}"


def _names(name: str, choices: Mapping[str, NameChoice], guess: Guess) -> Iterator[str]:
    if not choices:
        return
    yield f"\n{_NAMES}"
    for pair in guess.near_names.get(name, ()):
        yield _comment(f"Look alike: “{pair.first}” and “{pair.second}”. Written here as {pair.answer}.")
    yield f"[{name}]\n"
    counts = {found.name: found for found in guess.names.get(name, ())}
    for text, choice in choices.items():
        extra = {key: getattr(choice, key) for key in ("name", "parent") if getattr(choice, key)}
        yield f"{quote(text)} = {_short_table('id', choice.id, extra)}{_counted(counts.get(text))}\n"


def _hosts(hosts: Mapping[str, HostChoice], guesses: Iterable[HostGuess]) -> Iterator[str]:
    if not hosts:
        return
    yield f"\n{_HOSTS}[hosts]\n"
    counts = {guess.host: guess for guess in guesses}
    for host, choice in hosts.items():
        extra = {"publisher": choice.publisher} if choice.publisher else {}
        line = f"{quote(host)} = {_short_table('source_class', choice.source_class, extra)}"
        yield f"{line}{_counted(counts.get(host))}\n"


def _short_table(key: str, value: str, extra: Mapping[str, str]) -> str:
    """A text alone, or a table on one line if there is more to say."""
    if not extra:
        return quote(value)
    pairs = {key: value, **extra}
    return "{ " + ", ".join(f"{name} = {quote(text)}" for name, text in pairs.items()) + " }"
