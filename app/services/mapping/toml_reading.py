"""Checks every value of a `mapping.toml`: types, codes, fields, ids, dates and columns, each problem with its line."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches

import msgspec

from app.services.mapping.fields import FIELDS
from app.services.mapping.toml_checks import (
    Check,
    check_boolean,
    check_column,
    check_date,
    check_id,
    check_language,
    check_languages,
    check_rows,
    check_text,
    check_version,
    check_zone,
    one_of,
)
from app.services.mapping.toml_lines import Path, find_lines
from app.services.mapping.types import HERE, IN_FILE, LEAVE_OUT, NEW_ROW, NOTE, SAME_ROW, SheetMapping
from domain.codes import Cause, Confidence, Kind, Motion, Position, SourceClass, Status
from domain.errors import Refusal, Refused, refusal

_PLACE = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)")


_MAX_DOTS = 500
"""In one line."""


def parse_toml(text: str) -> dict[str, object]:
    """The values of a TOML file. Raises `Refused` with the line of what is no TOML."""
    for line, content in enumerate(text.split("\n"), 1):
        if content.count(".") > _MAX_DOTS:  # reading a key takes time with the square of its parts
            raise Refused(
                refusal(
                    "Line {line} cannot be read as TOML. Check that texts are in quotes and brackets are closed.",
                    line=line,
                )
            )
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as e:
        place = _PLACE.search(str(e))
        line = int(place[1]) if place and place[1] else text.count("\n") + 1
        if any(word in str(e) for word in ("overwrite", "twice", "mutate", "redefine")):
            raise Refused(
                refusal("Line {line}: this key or table is in the file twice. Delete one of the two.", line=line)
            ) from None
        raise Refused(
            refusal(
                "Line {line} cannot be read as TOML. Check that texts are in quotes and brackets are closed.", line=line
            )
        ) from None
    except RecursionError:
        raise Refused(refusal("The mapping has too many brackets in one another. Check that all are closed.")) from None


_KINDS = tuple(str(code) for code in Kind)
_SETTINGS: Mapping[str, Check] = {
    "version": check_version,
    "sheet": check_text,
    "header_rows": check_rows,
    "encoding": check_text,
    "separator": check_text,
    "date_order": one_of("dmy", "mdy", "ymd"),
    "heading_rows": one_of("theme", NOTE, LEAVE_OUT),
    "sub_rows": one_of("part", "recommendation", LEAVE_OUT),
    "legacy": check_boolean,
}
_TABLES: Mapping[str, Mapping[str, Check]] = {
    "choices": {
        "kind": one_of(*_KINDS),
        "criteria": one_of("earlier_record", "write"),
        "review": one_of("as_brought", "second_person"),
        "theme": check_text,
        "addressee": check_text,
        "recommended_on": check_date,
        "status_on": check_date,
        "source": check_text,
        "responder": check_text,
        "response_on": check_date,
        "resembling": one_of(SAME_ROW, NEW_ROW),
        "conflicts": one_of(IN_FILE, HERE),
        "unmatched": one_of(NEW_ROW),
    },
    "register": {"title": check_text, "time_zone": check_zone, "languages": check_languages},
    "publication": {
        "id": check_id,
        "title": check_text,
        "publisher": check_text,
        "published_on": check_date,
        "url": check_text,
    },
}
_COLUMN: Mapping[str, Check] = {
    "column": check_column,
    "heading": check_text,
    "field": one_of(*FIELDS, NOTE, LEAVE_OUT),
    "separator": check_text,
    "language": check_language,
    "on": check_date,
}
_NAME: Mapping[str, Check] = {"id": check_id, "name": check_text, "parent": check_id}
_HOST: Mapping[str, Check] = {"source_class": one_of(*map(str, SourceClass)), "publisher": check_text}
_WORDS: Mapping[str, Check] = {
    "status": one_of(*map(str, Status), LEAVE_OUT),
    "kind": one_of(*_KINDS, LEAVE_OUT),
    "priority": one_of("yes", "no", LEAVE_OUT),
    "confidence": one_of(*map(str, Confidence), LEAVE_OUT),
    "cause": one_of(*map(str, Cause), LEAVE_OUT),
    "motion": one_of(*map(str, Motion), LEAVE_OUT),
    "response": one_of(*map(str, Position), LEAVE_OUT),
}
_REQUIRED = {
    "register": ("title", "time_zone"),
    "publication": ("publisher", "published_on"),
    "columns": ("column", "heading"),
    "bodies": ("id",),
    "themes": ("id",),
    "publications": ("publisher", "published_on"),
    "hosts": ("source_class",),
}


class MappingReader:
    """Reads one mapping and collects its problems."""

    def __init__(self, text: str) -> None:
        self.problems: list[Refusal] = []
        self._lines = find_lines(text)

    def read(self, data: Mapping[str, object]) -> SheetMapping:
        """The mapping; it holds only if there are no problems."""
        values: dict[str, object] = {}
        for key, value in data.items():
            if key in _SETTINGS:
                self._check((key,), value, _SETTINGS[key])
                values[key] = value
            elif key in _TABLES:
                values[key] = self._table((key,), value, _TABLES[key], key)
            elif key in _READERS:
                values[key] = _READERS[key](self, key, value)
            else:
                self._unknown((key,), (*_SETTINGS, *_TABLES, *_READERS))
        if self.problems:
            self.problems.sort(key=lambda problem: int(str(problem.values["line"])))
            return SheetMapping()
        return msgspec.convert(values, SheetMapping)

    def columns(self, key: str, value: object) -> list[object]:
        """The columns, each once."""
        if not isinstance(value, list):
            self.say_table((key,), "[[columns]]")
            return []
        seen: set[str] = set()
        for n, column in enumerate(value):
            self._table((key, n), column, _COLUMN, key)
            letters = column.get("column") if isinstance(column, dict) else None
            if isinstance(letters, str) and letters.upper() in seen:
                line = self.line_of((key, n, "column"))
                self.problems.append(
                    refusal("Line {line}: column {column} is in the file twice. Delete one.", line=line, column=letters)
                )
            elif isinstance(letters, str):
                seen.add(letters.upper())
        if self.problems:
            return []
        return [{**column, "column": column["column"].upper()} for column in value]

    def words(self, key: str, value: object) -> dict[str, object]:
        """The words of each field, with their codes."""
        found: dict[str, object] = {}
        for field, words in self._items((key,), value):
            if field not in _WORDS:
                self._unknown((key, field), _WORDS)
                continue
            codes = dict(self._items((key, field), words))
            for word, code in codes.items():
                self._check((key, field, word), code, _WORDS[field])
            found[field] = codes
        return found

    def names(self, key: str, value: object) -> dict[str, object]:
        """Names with their ids: a text, or a table with more."""
        return {name: self._short((key, name), choice, "id", _NAME) for name, choice in self._items((key,), value)}

    def hosts(self, key: str, value: object) -> dict[str, object]:
        """Hosts with their source classes: a text, or a table with more."""
        return {
            host: self._short((key, host), choice, "source_class", _HOST) for host, choice in self._items((key,), value)
        }

    def publications(self, key: str, value: object) -> dict[str, object]:
        """Publications by the name in a cell."""
        checks = _TABLES["publication"]
        return {name: self._table((key, name), table, checks, key) for name, table in self._items((key,), value)}

    def _short(self, path: Path, value: object, main: str, checks: Mapping[str, Check]) -> object:
        return self._table(path, {main: value} if isinstance(value, str) else value, checks, str(path[0]))

    def _table(self, path: Path, value: object, checks: Mapping[str, Check], kind: str) -> object:
        table = dict(self._items(path, value))
        for key, item in table.items():
            if key in checks:
                self._check((*path, key), item, checks[key])
            else:
                self._unknown((*path, key), checks)
        if isinstance(value, dict):
            for key in _REQUIRED.get(kind, ()):
                if key not in table:
                    line = self.line_of(path)
                    self.problems.append(
                        refusal(
                            "Line {line}, {table}: “{key}” is missing. Add it.", line=line, table=_name(path), key=key
                        )
                    )
        return table

    def _items(self, path: Path, value: object) -> Iterable[tuple[str, object]]:
        if isinstance(value, dict):
            return value.items()
        self.say_table(path, f"[{_name(path)}]")
        return ()

    def say_table(self, path: Path, header: str) -> None:
        """Note that a value is no table."""
        line = self.line_of(path)
        self.problems.append(
            refusal(
                "Line {line}, {key}: write a table that begins with {header}.",
                line=line,
                key=_name(path),
                header=header,
            )
        )

    def _check(self, path: Path, value: object, check: Check) -> None:
        if problem := check(self.line_of(path), str(path[-1]), value):
            self.problems.append(problem)

    def _unknown(self, path: Path, known: Iterable[str]) -> None:
        line, key = self.line_of(path), str(path[-1])
        if near := get_close_matches(key, list(known), n=1, cutoff=0.6):
            problem = refusal(
                "Line {line}: there is no “{key}” here. Did you mean “{near}”?", line=line, key=key, near=near[0]
            )
        else:
            problem = refusal(
                "Line {line}: there is no “{key}” here. Delete it, or use one of these: {keys}.",
                line=line,
                key=key,
                keys=", ".join(known),
            )
        self.problems.append(problem)

    def line_of(self, path: Path) -> int:
        """The line of a key, or of the table around it."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)


def _name(path: Path) -> str:
    return ".".join(str(part) for part in path)


_READERS: Mapping[str, Callable[[MappingReader, str, object], object]] = {
    "columns": MappingReader.columns,
    "words": MappingReader.words,
    "bodies": MappingReader.names,
    "themes": MappingReader.names,
    "publications": MappingReader.publications,
    "hosts": MappingReader.hosts,
}
