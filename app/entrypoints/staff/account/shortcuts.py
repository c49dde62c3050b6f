"""Keyboard shortcuts: which there are, the page that explains them, and turning them off.

A shortcut follows a link or moves the focus to a field. It never presses a button, so no key decides or publishes.
"""

from flask import Flask, g, redirect, render_template, url_for
from flask_security import current_user
from markupsafe import Markup
from msgspec import Struct
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import SIGNED_IN, allowed
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.outcomes import announce
from app.presentation.i18n.translation import LazyText, _
from app.services.accounts.actors import Person
from app.services.accounts.people import find_user


class Shortcut(Struct, frozen=True):
    """`keys` are pressed one after the other. The first ones of a page are in its `data-key` attributes."""

    keys: str
    label: LazyText


EVERYWHERE = {
    "help": Shortcut("?", LazyText("Show the shortcuts of this page")),
    "home": Shortcut("g h", LazyText("Home")),
    "history": Shortcut("g t", LazyText("History")),
    "account": Shortcut("g a", LazyText("My account")),
    "desk": Shortcut("g r", LazyText("The recommendations of this register")),
    "evidence": Shortcut("g e", LazyText("The evidence of this register")),
}
IN_A_LIST = {
    "search": Shortcut("/", LazyText("Search")),
    "next": Shortcut("j", LazyText("Next in the list")),
    "previous": Shortcut("k", LazyText("Previous in the list")),
    "open": Shortcut("Enter", LazyText("Open what has the focus")),
}
ON_A_RECOMMENDATION = {
    "propose": Shortcut("p", LazyText("Propose a status")),
    "unchanged": Shortcut("n", LazyText("Reviewed, no change")),
    "source": Shortcut("s", LazyText("Add a source")),
    "comment": Shortcut("c", LazyText("Comment")),
    "review": Shortcut("v", LazyText("Open the first proposal")),
    "criteria": Shortcut("t", LazyText("Success criteria")),
    "deadline": Shortcut("d", LazyText("Deadlines")),
    "response": Shortcut("r", LazyText("Add a response")),
    "assign": Shortcut("a", LazyText("Assign")),
    "item": Shortcut("i", LazyText("Back to the recommendation")),
}
SHORTCUTS = EVERYWHERE | IN_A_LIST | ON_A_RECOMMENDATION


def add_shortcuts(app: Flask) -> None:
    app.jinja_env.globals.update(shortcut=_attribute, shortcut_hint=_hint)


@staff.get("/help/shortcuts/")
@allowed(SIGNED_IN)
def shortcuts() -> str:
    groups = [
        (_("On every page"), EVERYWHERE),
        (_("In a list"), IN_A_LIST),
        (_("On a recommendation"), ON_A_RECOMMENDATION),
    ]
    return render_template("staff/shortcuts.html", groups=groups)


@staff.post("/account/shortcuts/")
@allowed(SIGNED_IN)
def choose_shortcuts() -> Response:
    is_on = Form().read("uses_shortcuts")["uses_shortcuts"] == "yes"
    with services().accounts.work() as db:
        find_user(db, current_user.person).uses_shortcuts = is_on
    if is_on:
        announce(_("Keyboard shortcuts are on"), _("Press ? on any page to see those of that page."))
    else:
        announce(_("Keyboard shortcuts are off"), _("Single keys do nothing now. You can turn them on again here."))
    return redirect(url_for("staff.account"))


def _attribute(name: str) -> Markup:
    """The attribute of the element that a shortcut leads to; empty for a person who turned shortcuts off."""
    person: Person | None = g.get("person")
    if person is None or not person.uses_shortcuts:
        return Markup("")
    one = SHORTCUTS[name]
    attribute = Markup(' data-key="{}" data-key-label="{}"').format(one.keys, one.label)
    return attribute if " " in one.keys else attribute + Markup(' aria-keyshortcuts="{}"').format(one.keys)


def _hint(name: str) -> Markup:
    """The key of a shortcut, for the end of a link."""
    person: Person | None = g.get("person")
    if person is None or not person.uses_shortcuts:
        return Markup("")
    return Markup(' <kbd aria-hidden="true">{}</kbd>').format(SHORTCUTS[name].keys)
