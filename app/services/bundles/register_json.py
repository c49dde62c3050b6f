"""Reads `register.json`, the settings of a register."""

import json
from functools import cache
from typing import NoReturn

from app.services.bundles.json_line_numbers import find_key_lines
from app.services.bundles.problems import BundleProblem
from app.services.bundles.settings import SettingsInput, read_settings
from domain.errors import Refused, refusal

FILE = "register.json"
MAX_BYTES = 2**20


def read_register(content: bytes, problems: list[BundleProblem]) -> SettingsInput:
    """Read `register.json`, and add what is wrong to `problems`."""
    if len(content) > MAX_BYTES:
        problems.append(BundleProblem(FILE, 0, "", refusal("the file is larger than {most} MB.", most=1)))
        return SettingsInput()
    try:
        text = content.decode("utf-8-sig")
        data = json.loads(text, object_pairs_hook=_unique_keys, parse_int=_parse_int, parse_constant=_refuse_constant)
    except UnicodeDecodeError as e:
        line = content[: e.start].count(b"\n") + 1
        problems.append(BundleProblem(FILE, line, "", refusal("the file is not UTF-8.", cure="Save it as UTF-8.")))
    except json.JSONDecodeError as e:
        problems.append(BundleProblem(FILE, e.lineno, "", refusal("this is not JSON: {why}.", why=e.msg)))
    except Refused as refused:
        problems.append(BundleProblem(FILE, 0, "", refused.refusals[0]))
    except RecursionError:
        problems.append(BundleProblem(FILE, 0, "", refusal("it is nested too deeply.")))
    else:
        lines = cache(lambda: find_key_lines(text))
        return read_settings(data, lambda key: (FILE, lines().get(key, 1), key), problems)
    return SettingsInput()


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    settings: dict[str, object] = {}
    for key, value in pairs:
        if key in settings:
            raise Refused(refusal("the setting “{text}” is set twice.", text=key[:40]))
        settings[key] = value
    return settings


def _refuse_constant(name: str) -> NoReturn:
    raise Refused(refusal("{text} is not a value.", text=name))


def _parse_int(digits: str) -> int:
    if len(digits) > 10:
        raise Refused(refusal("the number {text}… is too long.", text=digits[:10]))
    return int(digits)
