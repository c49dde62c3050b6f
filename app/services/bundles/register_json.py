"""Reads `register.json`, the settings of a register."""

import json
from functools import cache
from typing import NoReturn

from app.services.bundles.json_line_numbers import find_key_lines
from app.services.bundles.problems import BundleProblem
from app.services.bundles.settings import SettingsInput, read_settings

FILE = "register.json"
MAX_BYTES = 2**20


def read_register(content: bytes, problems: list[BundleProblem]) -> SettingsInput:
    """Read `register.json`, and add what is wrong to `problems`."""
    if len(content) > MAX_BYTES:
        problems.append(BundleProblem(FILE, 0, "", "the file is larger than 1 MB."))
        return SettingsInput()
    try:
        text = content.decode("utf-8-sig")
        data = json.loads(text, object_pairs_hook=_unique_keys, parse_int=_parse_int, parse_constant=_refuse_constant)
    except UnicodeDecodeError as e:
        line = content[: e.start].count(b"\n") + 1
        problems.append(BundleProblem(FILE, line, "", "the file is not UTF-8. Save it as UTF-8."))
    except json.JSONDecodeError as e:
        problems.append(BundleProblem(FILE, e.lineno, "", f"this is not JSON: {e.msg}."))
    except ValueError as e:
        problems.append(BundleProblem(FILE, 0, "", f"{e}."))
    except RecursionError:
        problems.append(BundleProblem(FILE, 0, "", "it is nested too deeply."))
    else:
        lines = cache(lambda: find_key_lines(text))
        return read_settings(data, lambda key: (FILE, lines().get(key, 1), key), problems)
    return SettingsInput()


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    settings: dict[str, object] = {}
    for key, value in pairs:
        if key in settings:
            raise ValueError(f"the setting “{key[:40]}” is set twice")
        settings[key] = value
    return settings


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a value")


def _parse_int(digits: str) -> int:
    if len(digits) > 10:
        raise ValueError(f"the number {digits[:10]}… is too long")
    return int(digits)
