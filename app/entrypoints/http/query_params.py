"""Reads query parameters. Pages ignore unknown ones, which shared links collect; the API refuses them."""

from datetime import datetime
from urllib.parse import urlencode

from flask import g, request
from sqlalchemy import Connection

from app.entrypoints.http.front_cache import READ_PARAMETERS
from app.presentation.answers.as_of import AsOf, is_settled, resolve, settled_instant
from app.presentation.i18n.localize import begin_register_page
from app.services.container import Services
from domain.errors import NotFound, Refusal, Refused, refusal
from domain.times import to_microseconds
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.engine.position import position_of
from projections.public_states.queries import last_public_at


def read_parameters(*names: str) -> dict[str, str]:
    """Returns the parameters that a page knows. Raises `Refused` for those that are repeated or unreadable.

    Everything else in the query, such as `fbclid`, is ignored; the front cache ignores it too.
    """
    g.parameter_names = names
    request.environ[READ_PARAMETERS] = frozenset(names)
    _refuse(_problems_of_values(names))
    g.parameters = _values_of(names)
    return dict(g.parameters)


def read_api_parameters(*names: str) -> dict[str, str]:
    """Returns the parameters of an API request. Raises `Refused` also for unknown ones: a program misspelt them."""
    unknown = [_unknown_parameter(name[:40], names) for name in request.args if name not in names]
    _refuse([*unknown, *_problems_of_values(names)])
    return _values_of(names)


def known_query(**changed: object) -> str:
    """The query of this page with some parameters changed, without those that the page ignores."""
    parameters: dict[str, str] = g.get("parameters", request.args.to_dict())
    return urlencode(parameters | changed)


def _problems_of_values(names: tuple[str, ...]) -> list[Refusal]:
    problems = []
    for name in (n for n in names if n in request.args):
        if len(request.args.getlist(name)) > 1:
            sentence = refusal("The parameter “{name}” appears more than once.", name=name)
            problems.append(sentence.about(name))
        elif any(ord(c) < 32 for c in request.args[name]) or len(request.args[name]) > 500:
            sentence = refusal("The parameter “{name}” cannot be read. Shorten it and type it again.", name=name)
            problems.append(sentence.about(name))
    return problems


def _values_of(names: tuple[str, ...]) -> dict[str, str]:
    return {name: request.args[name].strip() for name in names if request.args.get(name, "").strip()}


def _refuse(problems: list[Refusal]) -> None:
    if problems:
        raise Refused(*problems)


def find_open_register(db: Connection, register: str) -> RegisterEntry:
    """Returns a register that the public may see, which the page is about. Raises `NotFound`, also for a closed one."""
    entry = catalogue.register(db, register)
    if entry is None or not entry.is_open:
        raise NotFound(refusal("There is no register “{register}” here.", register=register[:80]))
    begin_register_page(entry.settings)
    return entry


def resolve_times(
    services: Services,
    db: Connection,
    entry: RegisterEntry,
    parameters: dict[str, str],
    names: tuple[str, str] = ("as_of", "known_at"),
) -> AsOf:
    now = services.clock()
    applied = settled_instant(last_public_at(db, entry.id), now, entry.settings.time_zone)
    times = resolve(entry, applied, now, parameters.get(names[0]), parameters.get(names[1]), names)
    if services.settings.cdn_seconds:
        g.is_final = g.get("is_final", True) and _is_final(services, db, times, now)
    return times


def _is_final(services: Services, db: Connection, times: AsOf, now: datetime) -> bool:
    """Whether both dates are past, and the tables hold every event that can count for them."""
    if not (
        times.is_pinned and times.is_as_of_chosen and times.as_of < times.today and is_settled(times.known_at, now)
    ):
        return False
    position = position_of(db)
    return position.stamp > to_microseconds(times.known_at) or position.row == services.log.last()[0]


def read_page_number(parameters: dict[str, str], pages: int) -> int:
    """The page of a list that has so many, the first if none is named. Raises `Refused` if there is no such page."""
    text = parameters.get("page", "1")
    if text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= pages:
        return int(text)
    raise Refused(
        refusal("There is no page “{page}” of this list. It has {pages}.", page=text[:20], pages=pages, field="page")
    )


def _unknown_parameter(name: str, names: tuple[str, ...]) -> Refusal:
    if not names:
        return refusal("There is no parameter “{name}” here. This address has no parameters.", name=name)
    return refusal("There is no parameter “{name}” here. Use one of: {known}.", name=name, known=", ".join(names))
