"""How staff pages and messages call the person behind an entry."""

from collections.abc import Mapping

from app.presentation.i18n.translation import LazyText, _

ACTORS = {
    "import": LazyText("the import"),
    "scheduler": LazyText("the schedule of Uptake"),
    "operator": LazyText("the operator of Uptake"),
}
"""Who acts without an account."""


def person_label(names: Mapping[str, str], person: str) -> str | LazyText:
    """The name of a person; without one, what acted, or the id, called that."""
    return names.get(person) or ACTORS.get(person) or _("a person without an account (ID %(id)s)", id=person)
