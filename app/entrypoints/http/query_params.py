"""Reads query parameters: only known ones, each once, each readable."""

from datetime import datetime

from flask import request
from sqlalchemy import Connection

from app.presentation.answers.as_of import AsOf, resolve
from app.presentation.i18n.localize import begin_register_page
from domain.errors import NotFound, Refusal, Refused, refusal
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.engine.position import last_applied_at


def read_parameters(*names: str) -> dict[str, str]:
    """Returns the request's parameters. Raises `Refused` for those that are unknown, repeated or unreadable."""
    problems = []
    for name in request.args:
        if name not in names:
            problems.append(_unknown_parameter(name[:40], names))
        elif len(request.args.getlist(name)) > 1:
            problems.append(refusal("The parameter “{name}” appears more than once.", name=name))
        elif any(ord(c) < 32 for c in request.args[name]) or len(request.args[name]) > 500:
            problems.append(refusal("The parameter “{name}” cannot be read. Shorten it and type it again.", name=name))
    if problems:
        raise Refused(*problems)
    return {name: request.args[name].strip() for name in names if request.args.get(name, "").strip()}


def find_open_register(db: Connection, register: str) -> RegisterEntry:
    """Returns a register that the public may see, which the page is about. Raises `NotFound`, also for a closed one."""
    entry = catalogue.register(db, register)
    if entry is None or not entry.is_open:
        raise NotFound(refusal("There is no register “{register}” here.", register=register[:80]))
    begin_register_page(entry.settings)
    return entry


def resolve_times(
    db: Connection,
    entry: RegisterEntry,
    now: datetime,
    parameters: dict[str, str],
    names: tuple[str, str] = ("as_of", "known_at"),
) -> AsOf:
    return resolve(entry, last_applied_at(db), now, parameters.get(names[0]), parameters.get(names[1]), names)


def _unknown_parameter(name: str, names: tuple[str, ...]) -> Refusal:
    if not names:
        return refusal("There is no parameter “{name}” here. This address has no parameters.", name=name)
    return refusal("There is no parameter “{name}” here. Use one of: {known}.", name=name, known=", ".join(names))
