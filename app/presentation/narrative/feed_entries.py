"""Feed entries: changes of a register, with ids that never change."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from app.presentation.i18n.event_names import EventNames, name_of
from app.presentation.i18n.labels import POSITION, REASON, RELATION, day_text, on_day_text, status_word
from app.presentation.i18n.localize import language_of, localized_text, plain_text
from app.presentation.i18n.sentence_parts import related_name
from app.presentation.i18n.translation import _, ngettext, page_language
from app.presentation.narrative.amendments import sentence_without_reason
from app.presentation.narrative.change_paths import change_path
from app.presentation.narrative.corrections import NOT_CORRECTED, CorrectionWords, is_correction
from app.presentation.narrative.said_and_now import joined_lines
from app.presentation.narrative.status_news import (
    StatusNews,
    item_text,
    part_name,
    whole_text,
    with_part,
    withdrawal_text,
)
from domain.codes import Status
from domain.values import RecommendationFacts
from projections.catalogue.entries import RegisterEntry
from projections.changes.queries import PublicChange

MAX_ENTRIES = 100
"""The most entries in a feed; the page of changes has all of them."""


class EntryKind(StrEnum):
    """What became of a status, or what else was published."""

    CHANGED = "changed"
    """Something happened in the world, or was assessed for the first time."""
    CORRECTED = "corrected"
    """This register corrected what it had said."""
    OTHER = "other"


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
    kind: EntryKind
    earlier_url: str = ""
    """The page as it was before a correction; empty if there is none."""


class Feed(Struct, frozen=True):
    id: str
    title: str
    page: str
    own: str
    language: str
    author: str
    updated: datetime
    entries: tuple[FeedEntry, ...]
    reach: str
    """How far the evidence reaches, as a sentence; empty if it reaches to today."""


def entry_text(entry: FeedEntry) -> str:
    """What a feed reader shows: the text, and where to read the page as it was."""
    return " ".join(filter(None, (entry.text or entry.title, earlier_line(entry))))


def earlier_line(entry: FeedEntry) -> str:
    """Where to read the page as it was before a correction."""
    if not entry.earlier_url:
        return ""
    return _("%(scope)s: %(text)s", scope=_("Read it as it was"), text=entry.earlier_url)


def tag_uri(register: RegisterEntry, what: str) -> str:
    """A tag URI (RFC 4151): the host and day of the register's opening, then a path."""
    assert register.opened_at is not None
    return f"tag:{register.origin},{register.opened_at.date().isoformat()}:{register.id}/{what}"


class FeedContext(Struct, frozen=True):
    """What the entries of a register name: recommendations, parts and other things, and by what those no longer
    applicable are continued, in words, for the ids that `superseded_ids` gives. `corrections` are by position."""

    register: RegisterEntry
    facts: Mapping[str, RecommendationFacts]
    names: EventNames
    news: StatusNews
    successors: Mapping[str, str]
    corrections: Mapping[int, CorrectionWords] = {}


def build_entries(
    context: FeedContext, changes: Sequence[PublicChange], url_of: Callable[[str], str]
) -> tuple[FeedEntry, ...]:
    """Newest first. What was withdrawn later says so and counts as changed then.

    `url_of` gives the address of a path.
    """
    withdrawals = {_withdrawn_id(c): c for c in changes if c.kind in ("withdrawal", "response_withdrawal")}
    return tuple(
        _build_entry(context, together, withdrawals, url_of) for together in published_together(context, changes)
    )


def superseded_ids(changes: Sequence[PublicChange]) -> set[str]:
    """The recommendations that a change says are no longer applicable."""
    return {c.recommendation for c in changes if c.status is Status.SUPERSEDED}


def published_together(context: FeedContext, changes: Sequence[PublicChange]) -> list[list[PublicChange]]:
    """The changes, with those assessments in one list that were published at one instant about parts of one
    recommendation and one day: what became of the whole is told once."""
    result: dict[object, list[PublicChange]] = {}
    for change in changes:
        effect = context.news.effect(change)
        of_part = effect is not None and change.kind == "assessment" and effect.element
        key = (effect.recommendation, effect.day, effect.at) if effect and of_part else change.position
        result.setdefault(key, []).append(change)
    return list(result.values())


def _withdrawn_id(change: PublicChange) -> str:
    """What a withdrawal ends: a response or an assessment."""
    return f"response/{change.response}" if change.response else change.assessment


def _build_entry(
    context: FeedContext,
    together: Sequence[PublicChange],
    withdrawals: Mapping[str, PublicChange],
    url_of: Callable[[str], str],
) -> FeedEntry:
    change, news = together[0], context.news
    recommendation = context.facts.get(change.recommendation)
    name = localized_text(recommendation or context.register.settings, "title")
    later = {c.position: w for c in together if (w := withdrawals.get(_withdrawn_id(c))) and w is not c}
    segments = [
        _("%(what)s (withdrawn later)", what=text) if c.position in later else text
        for c in together
        for text in [change_text(context, c, named=c is not change)]
    ]
    effect = news.effect(change)
    if effect and effect.element and not news.is_told_by_successor(change):
        segments.append(whole_text(effect))
    title = with_part(name, part_name(news.parts, change.recommendation, change.element))
    status = effect.whole.after if effect and change.kind == "assessment" else change.status
    corrections = [context.corrections.get(c.position, NOT_CORRECTED) for c in together]
    words = joined_lines([line for correction in corrections for line in correction.lines])
    explanations = (_explanation(context, c, later.get(c.position)) for c in together)
    return FeedEntry(
        id=tag_uri(context.register, _tag_path(change)),
        title=f"{title}: {'; '.join(segments)}",
        text=" ".join(filter(None, (words, *explanations))),
        url=url_of(change_path(context.register.id, change)),
        published=change.at,
        updated=max(change.at, *(c.recorded_at for c in together), *(w.recorded_at for w in later.values())),
        codes=tuple(str(c) for c in (status, change.reason) if c),
        language=language_of(change, "why") if change.why else page_language(),
        kind=_kind(news, together),
        earlier_url=url_of(corrections[0].earlier_path) if corrections[0].earlier_path else "",
    )


def _kind(news: StatusNews, together: Sequence[PublicChange]) -> EntryKind:
    effects = [effect for c in together if (effect := news.effect(c))]
    if any(is_correction(news, c) for c in together):
        return EntryKind.CORRECTED
    is_same = all(e.item.is_unchanged and e.whole.is_unchanged and not e.later for e in effects)
    return EntryKind.OTHER if is_same else EntryKind.CHANGED


def _explanation(context: FeedContext, change: PublicChange, withdrawal: PublicChange | None) -> str:
    """The words of a change: what it says of the item, why, and why it was withdrawn later."""
    why = localized_text(change, "why")
    if change.reason:
        why = _("%(why)s (Reason: %(reason)s.)", why=why, reason=REASON[change.reason])
    if change.statement:
        why = f"{localized_text(change, 'statement')} {why}"
    if change.status and (part := part_name(context.news.parts, change.recommendation, change.element)):
        why = _("Part “%(part)s”: %(text)s", part=part, text=why)
    if change.status is Status.SUPERSEDED and (continued := context.successors.get(change.recommendation)):
        why = f"{why} {continued}"
    if withdrawal:
        why += " " + _("Withdrawn later: %(why)s", why=localized_text(withdrawal, "why"))
    return why


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


def change_text(context: FeedContext, change: PublicChange, *, named: bool = False) -> str:
    """What happened; `named` with the part that it is about."""
    names = context.names
    if change.kind == "assessment":
        return _publication_text(context.news, change, named=named)
    if change.kind == "withdrawal":
        effect = context.news.effect(change)
        if effect is None or context.news.is_told_by_successor(change):
            return _("Assessment withdrawn")
        return withdrawal_text(effect.item, effect.on)
    if change.kind == "deadline":
        return _(
            "Deadline: %(due)s, as stated %(when)s", due=day_text(change.due_on), when=on_day_text(change.effective_on)
        )
    if change.kind == "deadline_withdrawal":
        return _("Deadline withdrawn")
    if change.kind == "recommendation_withdrawal":
        return _("Recommendation withdrawn")
    if change.amendment:
        return plain_text(sentence_without_reason(change.amendment, names))
    if change.response:
        return plain_text(_response_text(change, name_of(names, "body", change.body)))
    if change.relation:
        related = related_name(names, change.related_to)
        return plain_text(_relation_text(change, RELATION[change.relation], related))
    return _("Entered in the register") if change.kind == "registered" else _opening_text(change)


def _opening_text(change: PublicChange) -> str:
    """What a register was opened with."""
    if not change.recommendations:
        return _("The register was opened to the public")
    return _(
        "This register opened with %(recommendations)s and %(assessments)s",
        recommendations=ngettext("%(num)d recommendation", "%(num)d recommendations", change.recommendations),
        assessments=ngettext("%(num)d assessment", "%(num)d assessments", change.assessments),
    )


def _publication_text(news: StatusNews, change: PublicChange, *, named: bool) -> str:
    assert change.status is not None
    effect = news.effect(change)
    if effect:
        text = item_text(effect.item, change.effective_on)
    else:
        text = _("%(status)s from %(day)s", status=status_word(change.status), day=day_text(change.effective_on))
    part = part_name(news.parts, change.recommendation, change.element)
    return _("part “%(part)s”: %(text)s", part=part, text=text) if named else text


def _relation_text(change: PublicChange, relation: object, to: str) -> str:
    if change.kind == "relation_withdrawal":
        return _("Relation withdrawn: %(relation)s “%(to)s”", relation=relation, to=to)
    return _("Related to another recommendation: %(relation)s “%(to)s”", relation=relation, to=to)


def _response_text(change: PublicChange, body: str) -> str:
    if not change.stance:
        return _("Response of “%(body)s” withdrawn", body=body)
    values = {"body": body, "position": POSITION[change.stance], "when": on_day_text(change.effective_on)}
    if change.assessment:
        return _("Reply of “%(body)s” to an assessment: “%(position)s”, given %(when)s", **values)
    return _("Response of “%(body)s”: “%(position)s”, given %(when)s", **values)
