"""Who stated a deadline: a body or a publication of the register, found by its name, or any other name."""

from sqlalchemy import Connection

from app.entrypoints.staff.forms import Form
from app.services.search.names import BODY, PUBLICATION, Match, NameSearch
from domain.errors import Refused, refusal
from projections.engine.position import last_applied_at

FIELD_NAMES = ("stated_by", "stated_by_is")
FIND = "find_stated_by"
"""The button that lists what has the typed words in its name."""
AS_TYPED = "text"
"""The answer that the typed name is of no body or publication of the register."""


def matches_of(db: Connection, register: str, form: Form) -> list[Match]:
    """What the typed words can mean, to choose one; empty before that is asked."""
    asks = form["action"] == FIND or form["stated_by_is"] or form.has_errors_in("stated_by")
    return _search(db, register).matches(form["stated_by"]) if asks else []


def read_stated_by(db: Connection, register: str, form: Form) -> str:
    """The id of what was typed or chosen, else the name as typed. Raises `Refused` where several can be meant."""
    search, text = _search(db, register), form["stated_by"]
    chosen = form["stated_by_is"]
    if chosen == AS_TYPED:
        return text
    matches = search.matches(text)
    match = next((m for m in matches if m.key == chosen), None) or search.exact(text)
    if match is None and matches:
        raise Refused(refusal("Choose who is meant by “{name}”, or that it is another.", name=text, field="stated_by"))
    return match.fact.id if match else text


def _search(db: Connection, register: str) -> NameSearch:
    return NameSearch(db, register, last_applied_at(db), (BODY, PUBLICATION))
