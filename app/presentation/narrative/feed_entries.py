"""Feed entries: changes of a register, with ids that never change."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from markupsafe import Markup
from msgspec import Struct

from app.presentation.i18n.labels import POSITION, REASON, RELATION, day_text, on_day_text, status_word
from app.presentation.i18n.localize import language_of, localized_text
from app.presentation.i18n.translation import _, page_language
from app.presentation.narrative.amendments import sentence_without_reason
from domain.codes import Status
from domain.values import Body, RecommendationFacts
from projections.catalogue.entries import RegisterEntry
from projections.changes.queries import PublicChange

MAX_ENTRIES = 100
"""The most entries in a feed; the page of changes has all of them."""


class FeedEntry(Struct, frozen=True):
    id: str
    title: str
    text: str
    url: str
    published: datetime
    updated: datetime
    codes: tuple[str, ...]
    """Status and reason, by their codes."""
    language: str
    """The language of `text`."""


class Feed(Struct, frozen=True):
    id: str
    title: str
    page: str
    own: str
    language: str
    author: str
    updated: datetime
    entries: tuple[FeedEntry, ...]


def tag_uri(register: RegisterEntry, what: str) -> str:
    """A tag URI (RFC 4151): the host and day of the register's opening, then a path."""
    assert register.opened_at is not None
    return f"tag:{register.origin},{register.opened_at.date().isoformat()}:{register.id}/{what}"


def build_entries(
    register: RegisterEntry,
    changes: Sequence[PublicChange],
    facts: dict[str, RecommendationFacts],
    bodies: Mapping[str, Body],
    url_of: Callable[[str, PublicChange], str],
    successors: Mapping[str, str],
) -> tuple[FeedEntry, ...]:
    """Newest first. What was withdrawn later says so and counts as changed then.

    `url_of` gives the address of the page that shows a change of a register; `successors` say in words by what
    recommendations are continued, and are read of those that `superseded_ids` names.
    """
    withdrawn = {_withdrawn_id(c): c for c in changes if c.kind in ("withdrawal", "response_withdrawal")}
    return tuple(
        _build_entry(
            register,
            c,
            facts,
            bodies,
            withdrawn.get(_withdrawn_id(c)),
            url_of,
            successors.get(c.recommendation, "") if c.status is Status.SUPERSEDED else "",
        )
        for c in changes
    )


def superseded_ids(changes: Sequence[PublicChange]) -> set[str]:
    """The recommendations that a change says are no longer applicable."""
    return {c.recommendation for c in changes if c.status is Status.SUPERSEDED}


def _withdrawn_id(change: PublicChange) -> str:
    """What a withdrawal ends: a response or an assessment."""
    return f"response/{change.response}" if change.response else change.assessment


def _build_entry(
    register: RegisterEntry,
    change: PublicChange,
    facts: dict[str, RecommendationFacts],
    bodies: Mapping[str, Body],
    withdrawal: PublicChange | None,
    url_of: Callable[[str, PublicChange], str],
    continued: str,
) -> FeedEntry:
    recommendation = facts.get(change.recommendation)
    name = localized_text(recommendation, "title") if recommendation else localized_text(register.settings, "title")
    later_withdrawal = withdrawal if withdrawal is not change else None
    why = localized_text(change, "why")
    if change.reason:
        why = _("%(why)s (Reason: %(reason)s.)", why=why, reason=REASON[change.reason])
    if change.statement:
        why = f"{localized_text(change, 'statement')} {why}"
    if continued:
        why = f"{why} {continued}"
    if later_withdrawal:
        why += " " + _("Withdrawn later: %(why)s", why=localized_text(later_withdrawal, "why"))
    return FeedEntry(
        id=tag_uri(register, _tag_path(change)),
        title=f"{name}: {_change_text(change, bodies)}" + (f" ({_('withdrawn later')})" if later_withdrawal else ""),
        text=why,
        url=url_of(register.id, change),
        published=change.at,
        updated=max(change.recorded_at, change.at, later_withdrawal.recorded_at if later_withdrawal else change.at),
        codes=tuple(str(c) for c in (change.status, change.reason) if c),
        language=language_of(change, "why") if change.why else page_language(),
    )


def _tag_path(change: PublicChange) -> str:
    if change.response:
        return f"{change.kind}/{change.response}"
    if change.kind in ("assessment", "withdrawal"):
        return f"{change.kind}/{change.assessment}"
    if change.relation:
        return f"{change.kind}/{change.recommendation}/{change.position}"
    if change.deadline:
        return f"{change.kind}/{change.deadline}"
    if change.amendment:
        return f"{change.kind}/{change.position}"
    return f"{change.kind}/{change.recommendation}" if change.recommendation else change.kind


def _change_text(change: PublicChange, bodies: Mapping[str, Body]) -> str:
    if change.kind == "assessment" and change.status:
        return _("%(status)s from %(day)s", status=status_word(change.status), day=day_text(change.effective_on))
    if change.kind == "withdrawal":
        return _("Assessment withdrawn")
    if change.kind == "deadline":
        return _(
            "Deadline: %(due)s, as stated %(when)s", due=day_text(change.due_on), when=on_day_text(change.effective_on)
        )
    if change.kind == "deadline_withdrawal":
        return _("Deadline withdrawn")
    if change.kind == "recommendation_withdrawal":
        return _("Recommendation withdrawn")
    if change.amendment:
        titles = {f"body/{ident}": localized_text(body, "name") for ident, body in bodies.items()}
        text = sentence_without_reason(change.amendment, titles)
        return text.striptags() if isinstance(text, Markup) else text
    if change.response:
        return _response_text(change, bodies.get(change.body))
    if change.relation:
        return _relation_text(change, RELATION[change.relation])
    return _("Entered in the register") if change.kind == "registered" else _("The register was opened to the public")


def _relation_text(change: PublicChange, relation: object) -> str:
    if change.kind == "relation_withdrawal":
        return _("Relation withdrawn: %(relation)s “%(to)s”", relation=relation, to=change.related_to)
    return _("Related to another recommendation: %(relation)s “%(to)s”", relation=relation, to=change.related_to)


def _response_text(change: PublicChange, body: Body | None) -> str:
    name = localized_text(body, "name") if body else change.body
    if not change.stance:
        return _("Response of “%(body)s” withdrawn", body=name)
    values = {"body": name, "position": POSITION[change.stance], "when": on_day_text(change.effective_on)}
    if change.assessment:
        return _("Reply of “%(body)s” to an assessment: “%(position)s”, given %(when)s", **values)
    return _("Response of “%(body)s”: “%(position)s”, given %(when)s", **values)
