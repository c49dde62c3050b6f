"""Who stated a deadline: a body or a publication of the register, found by its name, or any other name."""

from sqlalchemy import Connection

from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.name_picker import NamePicker, picker_fields
from app.services.search.names import BODY, PUBLICATION, NameSearch
from domain.errors import Refused, refusal
from projections.engine.position import last_applied_at

FIELD_NAMES = picker_fields("stated_by")
FIND = "find_stated_by"
"""The button that lists what has the typed words in its name."""
AS_TYPED = "text"
"""The answer that the typed name is of no body or publication of the register."""


def stated_by_picker(db: Connection, register: str, form: Form) -> NamePicker:
    return NamePicker(form, "stated_by", NameSearch(db, register, last_applied_at(db), (BODY, PUBLICATION)))


def read_stated_by(db: Connection, register: str, form: Form) -> str:
    """The id of what was typed or chosen, else the name as typed. Raises `Refused` where several can be meant."""
    picker = stated_by_picker(db, register, form)
    if form["stated_by_is"] == AS_TYPED:
        return picker.text
    if match := picker.chosen():
        return match.fact.id
    if picker.search.matches(picker.text):
        raise Refused(
            refusal("Choose who is meant by “{name}”, or that it is another.", name=picker.text, field="stated_by")
        )
    return picker.text
