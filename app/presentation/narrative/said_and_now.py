"""The words of a correction: what this register said, and what it says now."""

from collections.abc import Sequence

from markupsafe import Markup
from msgspec import Struct

from app.presentation.i18n.labels import status_word
from app.presentation.i18n.localize import plain_text
from app.presentation.i18n.translation import _
from app.presentation.narrative.status_dates import since_text
from domain.values import RecommendationFacts
from projections.scorecards.results import ElementStanding, Standing

_Standing = Standing | ElementStanding


class SaidAndNow(Struct, frozen=True):
    """`about` names what of the subject was corrected: a part, a field or a day; empty for its status today."""

    said: Markup | str
    now: Markup | str
    about: Markup | str = ""

    @property
    def we_said(self) -> str:
        return _("We said: %(said)s.", said=self.said)

    @property
    def it_reads(self) -> str:
        return _("Now: %(now)s.", now=self.now)

    @property
    def text(self) -> str:
        """Both sentences, without markup."""
        text = f"{plain_text(self.we_said)} {plain_text(self.it_reads)}"
        return _("%(scope)s: %(text)s", scope=plain_text(self.about), text=text) if self.about else text


def corrected_statuses(
    before: Standing | None, after: Standing | None, facts: RecommendationFacts, element: str = "", part: str = ""
) -> tuple[SaidAndNow, ...]:
    """How the status of a recommendation differs, and first that of one of its parts, named `part`."""
    if before is None:
        return ()
    lines: list[SaidAndNow] = []
    if element and (old := _element(before, element)):
        new = _element(after, element)
        if status_and_day(old) != status_and_day(new):
            lines.append(_said_and_now(old, new, facts, _("Part “%(part)s”", part=part)))
    if status_and_day(before) != status_and_day(after):
        lines.append(_said_and_now(before, after, facts, _("The whole") if element else ""))
    return tuple(lines)


def standing_words(standing: _Standing | None, facts: RecommendationFacts) -> Markup | str:
    """The status and since when: “In progress, since 1 May 2024”."""
    if standing is None:
        return _("not on the scorecard")
    since = since_text(standing, facts, "long")
    return Markup("{}, {}").format(status_word(standing.status), since) if since else status_word(standing.status)


def joined_lines(lines: Sequence[SaidAndNow]) -> str:
    """Without markup, each line once."""
    return " ".join(dict.fromkeys(line.text for line in lines))


def _said_and_now(
    before: _Standing | None, after: _Standing | None, facts: RecommendationFacts, about: str
) -> SaidAndNow:
    return SaidAndNow(standing_words(before, facts), standing_words(after, facts), about)


def _element(standing: Standing | None, element: str) -> ElementStanding | None:
    return next((e for e in standing.elements if e.id == element), None) if standing else None


def status_and_day(standing: _Standing | None) -> tuple[object, ...]:
    """What a correction of a status corrects."""
    return (standing.status, standing.since) if standing else ()
