"""What a reader can follow: a register, or a recommendation, theme or body of it."""

from datetime import date
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection

from app.presentation.answers.body_scorecards import find_body
from app.presentation.i18n.languages import url_prefix
from app.presentation.i18n.localize import localized_text, originals_in
from app.presentation.i18n.translation import page_language
from app.services.followers.models import Follow
from domain.errors import NotFound, refusal
from projections.addressees.queries import asked
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.changes.queries import PublicChange
from projections.engine.position import last_applied_at

REGISTER = "register"
FOLDERS = {"recommendation": "recommendations", "theme": "themes", "body": "bodies"}
"""What can be followed in a register, with the folder of its pages."""


class Topic(Struct, frozen=True):
    """`kind` is `register` or one of `FOLDERS`; `fact` has the name of what is followed."""

    entry: RegisterEntry
    kind: str
    subject: str
    fact: Any

    @property
    def register(self) -> str:
        return self.entry.id

    @property
    def language(self) -> str:
        """The language of its originals."""
        return self.entry.settings.languages[0]

    @property
    def name(self) -> str:
        with originals_in(self.language):
            return localized_text(self.fact, "name" if self.kind == "body" else "title")

    @property
    def register_name(self) -> str:
        return localized_text(self.entry.settings, "title")

    @property
    def path(self) -> str:
        folder = f"{FOLDERS[self.kind]}/{self.subject}/" if self.subject else ""
        return f"{url_prefix(page_language())}/{self.register}/{folder}"


def find_topic(db: Connection, register: str, kind: str, subject: str) -> Topic:
    """What an open register has to follow. Raises `NotFound`."""
    entry = catalogue.register(db, register)
    if entry is not None and entry.is_open:
        if kind == REGISTER:
            return Topic(entry, REGISTER, "", entry.settings)
        fact = catalogue.facts_of(db, register, kind, last_applied_at(db), [subject]).get(subject)
        if fact is not None:
            return Topic(entry, kind, subject, fact.facts if kind == "recommendation" else fact)
    raise NotFound(refusal("What this is about is not on this site any more."))


class TopicFilter:
    """Which changes of a register belong to what is followed, on a day."""

    def __init__(self, db: Connection, register: str, day: date, changes: list[PublicChange]) -> None:
        known_at, ids = last_applied_at(db), {c.recommendation for c in changes if c.recommendation}
        entries = catalogue.recommendations_of(db, register, known_at, ids)
        self._db, self._register, self._known_at = db, register, known_at
        self._theme = {ident: entry.facts.theme for ident, entry in entries.items()}
        self._bodies = {
            ident: set(of.bodies_on(day, {row.element for row in of.rows}))
            for ident, of in asked(db, register, known_at, ids).items()
        }
        self._names: dict[str, set[str]] = {}

    def wants(self, follow: Follow, change: PublicChange) -> bool:
        """Whether a change is about what is followed, and was published after that began."""
        return change.position > follow.after and self._is_about(follow, change)

    def _is_about(self, follow: Follow, change: PublicChange) -> bool:
        if follow.kind == REGISTER:
            return True
        if follow.kind == "recommendation":
            return change.recommendation == follow.subject
        if not change.recommendation:
            return change.subject == follow.subject and change.kind.startswith(f"{follow.kind}_")
        if follow.kind == "theme":
            return self._theme.get(change.recommendation) == follow.subject
        return not self._bodies_under(follow.subject).isdisjoint(self._bodies.get(change.recommendation, ()))

    def _bodies_under(self, body: str) -> set[str]:
        """The body with all below it; none if it was removed."""
        if body not in self._names:
            tree = catalogue.body_tree(self._db, self._register, self._known_at)
            self._names[body] = set(find_body(tree, body)) if body in tree.bodies else set()
        return self._names[body]
