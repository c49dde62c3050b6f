"""The banner that answers an action: what happened, who is told, what comes next, and a way to undo it."""

from collections.abc import Sequence

from flask import Flask, flash, get_flashed_messages
from msgspec import Struct, convert, to_builtins

CATEGORY = "outcome"


class Undo(Struct, frozen=True):
    """A button that sends `fields` to a staff address with POST."""

    address: str
    label: str
    fields: dict[str, str] = {}


class Outcome(Struct, frozen=True, kw_only=True):
    """`title` says what happened. `details` are sentences; `links` are pairs of label and address."""

    title: str
    details: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    undo: Undo | None = None
    icon: str = "check"


def announce(
    title: str,
    *details: str,
    links: Sequence[tuple[str, str]] = (),
    undo: Undo | None = None,
    icon: str = "check",
) -> None:
    """Show a banner on the next staff page of this person. All texts are plain, in the person's language.

    The browser stores the banner in the signed session cookie until then, so keep the texts short.
    """
    outcome = Outcome(title=title, details=details, links=tuple(links), undo=undo, icon=icon)
    flash(to_builtins(outcome), CATEGORY)


def add_outcomes(app: Flask) -> None:
    app.jinja_env.globals["outcomes"] = _outcomes


def _outcomes() -> list[Outcome]:
    """The banners to show on this page, each once."""
    return [convert(values, Outcome) for values in get_flashed_messages(category_filter=[CATEGORY])]
