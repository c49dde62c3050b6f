"""Fields of facts that name other things of the register: shown and read by name, number or title, stored as ids."""

from collections.abc import Mapping

from sqlalchemy import Connection

from app.presentation.i18n.localize import localized_text
from app.services.search.names import BODY, PUBLICATION, THEME, NameSearch
from domain.errors import Refusal, Refused, refuse
from projections.catalogue.queries import facts_of
from projections.engine.position import last_applied_at

KINDS = {"theme": THEME, "addressees": BODY, "parent": BODY, "publication": PUBLICATION, "also_in": PUBLICATION}
"""The kind of what a field names."""
LISTS = ("addressees", "also_in")
"""Fields that name several things, separated by semicolons."""


class FactNames:
    """The names in a register as it is now. Each is read once."""

    def __init__(self, db: Connection, register: str) -> None:
        self._searches = {k: NameSearch(db, register, last_applied_at(db), (k,)) for k in (BODY, PUBLICATION, THEME)}
        self._names: dict[tuple[str, str], str] = {}

    def write(self, values: Mapping[str, str]) -> dict[str, str]:
        """The values of a form with names instead of ids."""
        return {
            field: "; ".join(self._name(KINDS[field], part) for part in _parts(field, text)) if field in KINDS else text
            for field, text in values.items()
        }

    def read(self, values: Mapping[str, str]) -> dict[str, str]:
        """The values of a form with ids. Raises `Refused` by field for names that nothing or several things have."""
        problems, result = list[Refusal](), dict(values)
        for field in KINDS:
            ids = []
            for part in _parts(field, values.get(field, "")):
                try:
                    ids.append(self._searches[KINDS[field]].one(part).fact.id)
                except Refused as refused:
                    problems += [r.about(field) for r in refused.refusals]
            if field in values:
                result[field] = "; ".join(ids)
        refuse(problems)
        return result

    def _name(self, kind: str, ident: str) -> str:
        """The name, if it alone leads back to the id."""
        if (kind, ident) not in self._names:
            search = self._searches[kind]
            fact = facts_of(search.db, search.register, kind, search.known_at, [ident]).get(ident)
            name = localized_text(fact, "name" if kind == BODY else "title") if fact else ""
            match = search.exact(name) if name and ";" not in name else None
            self._names[kind, ident] = name if match and match.fact.id == ident else ident
        return self._names[kind, ident]


def _parts(field: str, text: str) -> list[str]:
    return [part.strip() for part in (text.split(";") if field in LISTS else [text]) if part.strip()]
