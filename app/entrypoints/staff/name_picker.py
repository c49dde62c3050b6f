"""A field that finds something of a register by its name: what is typed, and what it can mean, to choose one of."""

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup
from msgspec import Struct

from app.entrypoints.staff.forms import Form
from app.presentation.i18n.localize import isolated, localized, localized_title
from app.presentation.i18n.translation import _
from app.services.search.names import BODY, PUBLICATION, Match, NameSearch
from domain.errors import Refused, refusal
from domain.values import Publication, RecommendationFacts
from projections.catalogue.queries import facts_of


class NameOption(Struct, frozen=True):
    """A match as a page shows it; `detail` tells it from others with the same name."""

    key: str
    ident: str
    name: Markup | str
    detail: Markup | str = ""
    number: str = ""


class NamePicker:
    """The fields are called, for a body, `body` for the typed words, `body_is` for the choice, and `find_body` for the
    button. `offered` can be chosen without a search."""

    def __init__(self, form: Form, field: str, search: NameSearch, offered: Sequence[Match] = ()) -> None:
        self.form, self.field, self.search, self._offered = form, field, search, offered

    @property
    def text(self) -> str:
        return self.form[self.field]

    @property
    def is_finding(self) -> bool:
        """Whether its button was pressed, which stores nothing."""
        return self.form["action"] == f"find_{self.field}"

    def matches(self) -> list[Match]:
        """What can be chosen; empty before a search, if nothing is offered."""
        asks = self.is_finding or self.form[f"{self.field}_is"] or self.form.has_errors_in(self.field)
        return self.search.matches(self.text) if self.text and asks else list(self._offered)

    def options(self) -> list[NameOption]:
        return name_options(self.search, self.matches())

    def chosen(self) -> Match | None:
        """What was chosen, else the only one that the typed text names."""
        matches = self.search.matches(self.text) if self.text else self._offered
        key = self.form[f"{self.field}_is"]
        return next((m for m in matches if m.key == key), None) or (self.search.exact(self.text) if self.text else None)

    def read(self) -> Match | None:
        """The same; None if the field is empty. Raises `Refused` if nothing or several things are meant."""
        if match := self.chosen():
            return match
        if not self.text:
            return None
        try:
            return self.search.one(self.text)
        except Refused as refused:
            if not self.search.matches(self.text):
                raise Refused(*(r.about(self.field) for r in refused.refusals)) from None
        raise Refused(refusal("Choose what you mean by “{text}”.", text=self.text, field=self.field))


def picker_fields(*fields: str) -> tuple[str, ...]:
    """The names of the fields of pickers in a form."""
    return tuple(name for field in fields for name in (field, f"{field}_is"))


def name_options(search: NameSearch, matches: Sequence[Match]) -> list[NameOption]:
    """Matches with their numbers, and with their publications or ids where several have one name."""
    names = [_name(match) for match in matches]
    counts = Counter(names)
    ids = {m.fact.publication for m in matches if isinstance(m.fact, RecommendationFacts)}
    publications = facts_of(search.db, search.register, PUBLICATION, search.known_at, ids - {""})
    options = []
    for match, name in zip(matches, names, strict=True):
        details: list[Markup | str] = []
        if match.kind == PUBLICATION and len(search.kinds) > 1:
            details.append(_("Publication"))
        number = ""
        if isinstance(match.fact, RecommendationFacts):
            number = match.fact.number
            if publication := publications.get(match.fact.publication):
                details.append(isolated(localized_title(publication)))
        if counts[name] > 1:
            details.append(_("ID %(id)s", id=match.fact.id))
        options.append(NameOption(match.key, match.fact.id, name, Markup(", ").join(details), number))
    return options


def _name(match: Match) -> Markup | str:
    if isinstance(match.fact, Publication):
        return localized_title(match.fact)
    return localized(match.fact, "name" if match.kind == BODY else "title")
