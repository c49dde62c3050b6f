"""Which statements read a whole table, by the plans of SQLite."""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing

from msgspec import Struct

_SCAN = re.compile(r"SCAN (\S+)(?: USING (?:COVERING )?INDEX (\S+))?")
_NAMES = re.compile(r"\(\?(?:, \?)+\)")


class Statement(Struct, frozen=True):
    """A statement to a database file; of a list of names only that it is one."""

    file: str
    text: str

    @property
    def kind(self) -> str:
        return _NAMES.sub("(…)", self.text)


class Scan(Struct, frozen=True):
    """A table, or an index of a part of it, that a statement reads from its first row to its last."""

    table: str
    statement: str


def scans(statements: Iterable[Statement]) -> Iterator[Scan]:
    """Each scan of a table, once for each kind of statement."""
    kinds = {(s.file, s.kind): s for s in statements if s.text.lstrip().upper().startswith(("SELECT", "WITH"))}
    for file in sorted({s.file for s in kinds.values()}):
        with closing(sqlite3.connect(file)) as db:
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            partial = {
                n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '%WHERE%'")
            }
            for statement in (s for s in kinds.values() if s.file == file):
                for table in _scanned(db, statement.text, tables, partial):
                    yield Scan(table, " ".join(statement.kind.split()))


def _scanned(db: sqlite3.Connection, statement: str, tables: set[str], partial: set[str]) -> set[str]:
    """The tables that a statement scans, under their own names; of an index of a part of a table, that of the index.

    A search for words is none, nor the first rows of a whole table in the order of its key.
    """
    parameters = dict.fromkeys(re.findall(r":(\w+)", statement), 1) or [1] * statement.count("?")
    plan = [detail for *_, detail in db.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    if "LIMIT" in statement and "WHERE" not in statement and len(plan) == 1:
        return set()
    found = set()
    for match in filter(None, map(_SCAN.match, plan)):
        name, index = match.groups()
        if index in partial:
            found.add(index)
        elif "VIRTUAL TABLE" not in match.string:
            found.add(name if name in tables else _table_named(name, statement))
    return found & (tables | partial)


def _table_named(name: str, statement: str) -> str:
    """The table that has another name in a statement; empty for a part of it that is none."""
    match = re.search(rf'\b(\w+) (?:AS )?"?{re.escape(name)}"?(?=[\s,)]|$)', statement)
    return match.group(1) if match else ""
