"""On which line each setting of a JSON text stands."""

import json
import re

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:\n]')


def find_key_lines(text: str) -> dict[str, int]:
    """The line of every key by its path, such as `title` or `reviews[2].as_of`. The text must be valid JSON."""
    lines: dict[str, int] = {}
    outer: list[tuple[str, int]] = []  # the paths around, each with the place in its list, 0 in an object
    path, place = "", 0
    line, latest, latest_line, key = 1, "", 1, ""
    for mark in _TOKEN.findall(text):
        if mark == "\n":
            line += 1
        elif mark[0] == '"':
            latest, latest_line = mark, line
        elif mark == ":":
            key = f"{path}.{json.loads(latest)}".removeprefix(".")
            lines.setdefault(key, latest_line)
        elif mark in "{[":
            outer.append((path, place))
            path = f"{path}[{place}]" if place else key
            lines.setdefault(path, line)
            place = 1 if mark == "[" else 0
        elif mark == ",":
            place += 1 if place else 0
        else:
            path, place = outer.pop()
    return lines
