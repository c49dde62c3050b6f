"""Loaded by schemathesis: seven of eight requests name what is there and its ETag; notes each answer."""

import os
from pathlib import Path
from random import Random
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import schemathesis
from schemathesis.core.parameters import ParameterLocation

from benchmarks.fuzz.api import BELONGS, IDS

_chance = Random(os.environ.get("FUZZ_SEED", ""))  # one process, one after another


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Keep an address that is meant to be wrong, and one of eight that is only unknown."""
    meta = case.meta and case.meta.components.get(ParameterLocation.PATH)
    if not case.path_parameters or (meta and meta.mode.is_negative) or _chance.random() < 1 / 8:
        return
    drawn = {name: _chance.choice(IDS[name]) for name in case.path_parameters}
    for name in drawn.keys() & BELONGS.keys():
        drawn |= BELONGS[name]
    case.path_parameters = drawn
    headers = case.meta and case.meta.components.get(ParameterLocation.HEADER)
    if case.method == "POST" and case.headers and "If-Match" in case.headers and headers and headers.mode.is_positive:
        case.headers["If-Match"] = _current_tag(case.path, drawn)


def _current_tag(path: str, ids: dict[str, str]) -> str:
    """The ETag of what the command decides on: a proposal, or the public state."""
    read = "recommendations/law/assessments"
    if path.endswith(("/publish", "/decline")):
        read = f"responses/{ids['response']}/proposal" if "response" in ids else "recommendations/law/proposals"
    site, token = os.environ["FUZZ_SITE"], os.environ["FUZZ_TOKEN"]
    address = f"{site}/api/v1/registers/small/{read}"
    try:
        with urlopen(Request(address, headers={"Authorization": f"Bearer {token}"}), timeout=30) as answer:
            return str(answer.headers["ETag"])
    except HTTPError:
        return '"none"'


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    with Path(os.environ["FUZZ_ANSWERS"]).open("a", encoding="utf-8") as file:
        file.write(f"{response.status_code} {case.operation.label}\n")
