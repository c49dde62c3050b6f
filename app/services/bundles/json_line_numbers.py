"""Finds the line of each setting in a JSON text."""

import json
import re

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:\n]')


def find_key_lines(text: str) -> dict[str, int]:
    """Return the line of every key by its path, such as `title` or `reviews[2].as_of`. The text must be valid JSON."""
    lines: dict[str, int] = {}
    stack: list[tuple[str, int]] = []  # enclosing paths, each with its index in a list, 0 in an object
    path, index = "", 0
    line, latest_text, latest_line, key = 1, "", 1, ""
    for symbol in _TOKEN.findall(text):
        if symbol == "\n":
            line += 1
        elif symbol[0] == '"':
            latest_text, latest_line = symbol, line
        elif symbol == ":":
            key = f"{path}.{json.loads(latest_text)}".removeprefix(".")
            lines.setdefault(key, latest_line)
        elif symbol in "{[":
            stack.append((path, index))
            path = f"{path}[{index}]" if index else key
            lines.setdefault(path, line)
            index = 1 if symbol == "[" else 0
        elif symbol == ",":
            index += 1 if index else 0
        else:
            path, index = stack.pop()
    return lines
