"""What a publication changed, in words: of the part that was assessed, and of the recommendation as a whole."""

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct
from sqlalchemy import Connection

from app.presentation.i18n.labels import day_text, on_day_text, status_word
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _
from domain.values import Element, RecommendationFacts
from projections.catalogue import queries as catalogue
from projections.changes.queries import PublicChange
from projections.engine.position import last_applied_at
from projections.scorecards.publication_effects import AssessmentEffects, PublicationEffect, effects_of
from projections.scorecards.status_step import StatusStep, StepKind

Parts = Mapping[tuple[str, str], Element]
"""Parts by the ids of their recommendation and of themselves."""


class StatusNews(Struct, frozen=True):
    """The names of the parts that changes are about, and the effects of the assessments that they name."""

    parts: Parts
    effects: Mapping[str, AssessmentEffects]

    def effect(self, change: PublicChange) -> PublicationEffect | None:
        """What a publication or a withdrawal changed; None for other changes."""
        effects = self.effects.get(change.assessment)
        if effects is None or change.kind not in ("assessment", "withdrawal"):
            return None
        return effects.published if change.kind == "assessment" else effects.withdrawn

    def is_told_by_successor(self, change: PublicChange) -> bool:
        """Whether an assessment that was published in the same step, about the same day, replaces a withdrawn one."""
        own, successor = self.effect(change), self.effects.get(change.replaced_by)
        if own is None or successor is None:
            return False
        return (own.at, own.day) == (successor.published.at, successor.published.day)


def read_status_news(db: Connection, register: str, changes: Sequence[PublicChange]) -> StatusNews:
    """What is told of some changes, with the present names."""
    named = {ident for c in changes for ident in (c.assessment, c.replaced_by) if ident}
    parts = {(c.recommendation, c.element) for c in changes if c.element}
    return StatusNews(
        catalogue.elements_by_id(db, register, last_applied_at(db), parts), effects_of(db, register, named)
    )


def part_name(parts: Parts, recommendation: str, element: str) -> str:
    """The title of a part; empty for a whole recommendation."""
    part = parts.get((recommendation, element))
    return localized_text(part, "title") if part else element


def with_part(title: str, part: str) -> str:
    """The title of a recommendation, and of the part of it that something is about."""
    return _("%(title)s, part “%(part)s”", title=title, part=part) if part else title


def title_of(facts: RecommendationFacts, part: Element | None) -> str:
    """The title of a recommendation with that of a part of it."""
    return with_part(localized_text(facts, "title"), localized_text(part, "title") if part else "")


def news_text(effect: PublicationEffect, part: str = "") -> str:
    """What a publication changed, as a sentence under the title of what it is about, or with the name of the part."""
    text = item_text(effect.item, effect.on)
    if part:
        text = _("part “%(part)s”: %(text)s", part=part, text=text)
    return capitalized("; ".join([text, *([whole_text(effect)] if effect.element else [])])) + "."


def news_of_assessments(db: Connection, register: str, ids: Collection[str]) -> dict[str, str]:
    """What the publication of some assessments changed, in a sentence, by id."""
    effects = {ident: of.published for ident, of in effects_of(db, register, ids).items()}
    about = {(e.recommendation, e.element) for e in effects.values() if e.element}
    parts = catalogue.elements_by_id(db, register, last_applied_at(db), about)
    return {i: news_text(e, part_name(parts, e.recommendation, e.element)) for i, e in effects.items()}


def capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def item_text(step: StatusStep, on: str) -> str:
    """What an assessment said of its item. `on` is its day as written."""
    words = {"before": status_word(step.start), "after": status_word(step.after), "day": day_text(on)}
    match step.kind:
        case StepKind.UNCHANGED:
            return _("still %(after)s (reviewed %(when)s)", when=on_day_text(on), **words)
        case StepKind.CORRECTED:
            return _("%(before)s corrected to %(after)s, from %(day)s", **words)
        case StepKind.FIRST:
            return _("%(status)s from %(day)s", status=words["after"], day=words["day"])
    return _with_earlier_status(step, _("%(before)s to %(after)s from %(day)s", **words))


def _with_earlier_status(step: StatusStep, text: str) -> str:
    """The text of a change, with what this register published before, if that was another status than both."""
    if earlier := step.published_before:
        return _("%(text)s, instead of %(said)s as published before", text=text, said=status_word(earlier))
    return text


def withdrawal_text(step: StatusStep, on: str) -> str:
    """What the withdrawal of an assessment changed about its day."""
    words = {"before": status_word(step.said), "after": status_word(step.after), "day": day_text(on)}
    if step.said is step.after:
        return _("Assessment withdrawn; still %(after)s", **words)
    return _("Assessment withdrawn; %(before)s corrected to %(after)s, from %(day)s", **words)


def whole_text(effect: PublicationEffect) -> str:
    """What became of the recommendation when one of its parts was assessed."""
    step = effect.whole
    words = {"before": status_word(step.start), "after": status_word(step.after)}
    if later := effect.later:
        return _(
            "the whole: still %(after)s on that day, but %(then)s instead of %(said)s from %(day)s",
            day=day_text(later.on.isoformat()),
            said=status_word(later.said),
            then=status_word(later.after),
            **words,
        )
    match step.kind:
        case StepKind.UNCHANGED:
            return _("the whole: still %(after)s", **words)
        case StepKind.CORRECTED:
            return _("the whole: %(before)s corrected to %(after)s", **words)
        case StepKind.FIRST:
            return _("the whole: %(after)s", **words)
    return _with_earlier_status(step, _("the whole: %(before)s to %(after)s", **words))
