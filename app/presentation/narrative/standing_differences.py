"""How the row of a recommendation differs between two scorecards of one day, field by field."""

from collections.abc import Iterator, Mapping

from markupsafe import Markup
from msgspec import Struct

from app.presentation.i18n.labels import CONFIDENCE, DEADLINE_COUNT, KIND, MOTION, day_text, status_word
from app.presentation.i18n.localize import isolated, localized
from app.presentation.i18n.translation import _
from app.presentation.narrative.said_and_now import SaidAndNow, standing_words
from domain.values import Assessment, Element, RecommendationFacts, Theme
from projections.scorecards.results import Due, ElementStanding, Peak, Standing


class RowNames(Struct, frozen=True):
    """What the words of a row name: themes, elements by recommendation and id, assessments, each by id."""

    themes: Mapping[str, Theme]
    elements: Mapping[tuple[str, str], Element]
    assessments: Mapping[str, Assessment]


class RowSide(Struct, frozen=True):
    """A recommendation on one of the two scorecards; `standing` is None where it is not on it."""

    facts: RecommendationFacts
    standing: Standing | None


def standing_differences(before: RowSide, after: RowSide, names: RowNames) -> tuple[SaidAndNow, ...]:
    """The status first, also if it is the same, then every other difference that a scorecard shows."""
    said, now = (standing_words(side.standing, side.facts) for side in (before, after))
    first = SaidAndNow(said, now)
    if before.standing is None or after.standing is None:
        return (first,)
    lines = [line for line in _lines(before, after, names) if line.said != line.now]
    if said == now:  # another status has another highest one and another date as a rule
        lines += [line for line in _consequences(before.standing, after.standing) if line.said != line.now]
        lines = lines or [_on_assessment(before.standing, after.standing, names)]
    return (first, *lines)


def _lines(before: RowSide, after: RowSide, names: RowNames) -> Iterator[SaidAndNow]:
    then, now = before.standing, after.standing
    assert then is not None
    assert now is not None
    yield SaidAndNow(_theme(then, names), _theme(now, names), _("Theme"))
    yield SaidAndNow(str(KIND[then.kind]), str(KIND[now.kind]), _("Kind"))
    recommended = _("Recommended on")
    yield SaidAndNow(day_text(before.facts.recommended_on), day_text(after.facts.recommended_on), recommended)
    yield from _parts(then, now, before.facts, names)
    yield SaidAndNow(_motion(then), _motion(now), _("Motion"))
    yield SaidAndNow(_confidence(then), _confidence(now), _("Confidence"))
    yield SaidAndNow(_due(then.due), _due(now.due), _("Deadline"))
    yield SaidAndNow(_yes_or_no(then.legacy), _yes_or_no(now.legacy), _("Legacy mark"))


def _consequences(then: Standing, now: Standing) -> Iterator[SaidAndNow]:
    yield SaidAndNow(_peak(then.peak), _peak(now.peak), _("Highest so far"))
    yield SaidAndNow(_review_by(then), _review_by(now), _("To be assessed again by"))


def _motion(standing: Standing) -> str:
    return str(MOTION[standing.motion]) if standing.motion else _("not recorded")


def _confidence(standing: Standing) -> str:
    return str(CONFIDENCE[standing.confidence]) if standing.confidence else _("not recorded")


def _review_by(standing: Standing) -> str:
    return day_text(standing.review_by.isoformat()) if standing.review_by else _("not recorded")


def _yes_or_no(value: bool) -> str:
    return _("yes") if value else _("no")


def _parts(then: Standing, now: Standing, facts: RecommendationFacts, names: RowNames) -> Iterator[SaidAndNow]:
    before, after = ({e.id: e for e in s.elements} for s in (then, now))
    for ident in before | after:
        element = names.elements.get((facts.id, ident))
        title = isolated(localized(element, "title")) if element else ident
        said, known = (_part(part.get(ident), facts) for part in (before, after))
        yield SaidAndNow(said, known, _("Part “%(part)s”", part=title))


def _part(element: ElementStanding | None, facts: RecommendationFacts) -> Markup | str:
    if element is None:
        return _("not listed")
    words = standing_words(element, facts)
    core = (_("core"),) if element.core else ()
    motion = (str(MOTION[element.motion]),) if element.motion else ()
    due = (_due(element.due),) if element.due else ()
    return Markup(", ").join((words, *core, *motion, *due))


def _theme(standing: Standing, names: RowNames) -> Markup | str:
    theme = names.themes.get(standing.theme)
    return isolated(localized(theme, "title")) if theme else standing.theme


def _due(due: Due | None) -> str:
    return f"{day_text(due.due_on)}, {DEADLINE_COUNT[due.state]}" if due else _("none")


def _peak(peak: Peak | None) -> str:
    return f"{status_word(peak.status)}, {day_text(peak.on.isoformat())}" if peak else _("none")


def _on_assessment(then: Standing, now: Standing, names: RowNames) -> SaidAndNow:
    """The words of the rows are the same, but they rest on another assessment, of the row or of one of its parts."""
    return SaidAndNow(_assessed(then, names), _assessed(now, names), _("Last assessment"))


def _assessed(standing: Standing, names: RowNames) -> str:
    ids = [standing.assessment, *(element.assessment for element in standing.elements)]
    assessments = [names.assessments[i] for i in ids if i is not None and i in names.assessments]
    days = [day_text(a.effective_on) for a in sorted(assessments, key=lambda a: a.effective_on)]
    return days[-1] if days else _("none")
