"""Finds the line of each key in a TOML file, which the standard library's reader does not say."""

import re
import tomllib

Path = tuple[str | int, ...]
"""The names of tables and the key; tables of an array are numbered from 0."""
_KEY = re.compile(r"""\s*((?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_.\- ])+?)\s*=""")
_MULTILINE = ('"""', "'" * 3)


def find_lines(text: str) -> dict[Path, int]:
    """The line of each table and key, from 1. A key that is in no line has that of the table around it."""
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    inside = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if inside:
            inside = "" if inside in line else inside
            continue
        stripped = line.strip()
        if stripped.startswith("["):
            table = _table(stripped, counts) or table
            lines.setdefault(table, number)
        elif match := _KEY.match(line):
            for path in _paths(table, match[1]):
                lines.setdefault(path, number)
            inside = next((mark for mark in _MULTILINE if line.count(mark) == 1), "")
    return lines


def _table(header: str, counts: dict[Path, int]) -> Path:
    """The path of a table from its header, such as `[words.status]` or `[[columns]]`."""
    names = _names(header)
    if header.startswith("[[") and names:
        counts[names] = counts.get(names, -1) + 1
        return (*names, counts[names])
    return names


def _names(header: str) -> Path:
    try:
        value: object = tomllib.loads(header)
    except tomllib.TOMLDecodeError:
        return ()
    names: list[str] = []
    while isinstance(value, dict | list) and value:
        if isinstance(value, list):
            value = value[0]
        else:
            name, value = next(iter(value.items()))
            names.append(name)
    return tuple(names)


def _paths(table: Path, key: str) -> list[Path]:
    """The path of a key; of a key with dots also those of its tables."""
    try:
        value: object = tomllib.loads(f"{key} = 0")
    except tomllib.TOMLDecodeError:
        return []
    paths, path = [], table
    while isinstance(value, dict):
        name, value = next(iter(value.items()))
        path = (*path, name)
        paths.append(path)
    return paths
