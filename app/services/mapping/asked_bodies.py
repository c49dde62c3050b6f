"""Who is asked according to a file, and the addressees with days that make it so from a day on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from msgspec.structs import replace

from app.services.bundles.rows import AddresseeRow
from domain.codes import AddresseeRole
from domain.recommendation.addressees import asked_rows, includes
from domain.values import Addressee

Roles = Mapping[str, AddresseeRole]
"""The role of each body that is asked, by id."""


def roles_on(stated: Sequence[str], rows: Sequence[Addressee], day: date) -> dict[str, AddresseeRole]:
    """Who is asked on a day about a whole recommendation."""
    return {row.body: row.role for row in asked_rows(stated, rows) if includes(row, day)}


def roles_in_file(stated: Iterable[str], rows: Iterable[AddresseeRow]) -> dict[str, AddresseeRole]:
    """Who is asked according to a file; all as leads where it has no joint addressees."""
    return {row.fact.body: row.fact.role for row in rows} or dict.fromkeys(stated, AddresseeRole.LEAD)


def roles_text(roles: Roles, names: Mapping[str, str] | None = None) -> str:
    """The bodies as one text, in order of their ids or names, so that two lists of the same bodies are equal."""
    texts = []
    for body, role in roles.items():
        name = names.get(body, body) if names else body
        texts.append(name if role is AddresseeRole.LEAD else f"{name} ({role.value})")
    return ("; " if names else ";").join(sorted(texts))


def rows_from(day: date, stated: Sequence[str], rows: Sequence[Addressee], roles: Roles) -> Iterator[Addressee]:
    """The addressees that end the day before, and those that begin on a day, beside those that stay as they are."""
    staying = set()
    for row in asked_rows(stated, rows):
        if not includes(row, day):
            yield row
        elif roles.get(row.body) is row.role:
            staying.add(row.body)
            yield row
        else:
            yield replace(row, to_on=(day - timedelta(days=1)).isoformat())
    for body, role in roles.items():
        if body not in staying:
            yield Addressee(body=body, role=role, from_on=day.isoformat())
