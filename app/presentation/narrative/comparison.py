"""The sentences of a comparison: its headline, how far the evidence reaches, what changed and what was learned."""

from datetime import UTC, date, datetime

from msgspec import Struct

from app.presentation.i18n.labels import day_text, instant
from app.presentation.i18n.translation import _, ngettext
from app.presentation.narrative.headlines import HeadlinePart
from domain.times import first_day
from projections.scorecards.comparison import Moves

CHANGES = ("up", "down", "reversed", "level")
"""The directions of those that are on both scorecards and have another status on the second."""


class ComparedDays(Struct, frozen=True):
    """The days that are compared; `first` is None if it is, for each recommendation, the day it was recommended.

    `known` are the instants of the two sides.
    """

    first: date | None
    second: date
    known: tuple[datetime, datetime]

    @property
    def known_texts(self) -> tuple[str, str]:
        return _instants_apart(*self.known)


class CountedSentence(Struct, frozen=True):
    """A number of recommendations, and what is true of them."""

    number: int
    text: str


def comparison_headline(moves: Moves, days: ComparedDays) -> list[HeadlinePart]:
    """“Of 31 recommendations, 6 moved up, 1 moved down and 1 was reversed between … and …; 23 did not change.”"""
    span = _span(days)
    if not moves.total:
        return [(_("No recommendation was on a scorecard %(span)s.", span=span), None)]
    opening = ngettext("Of %(num)d recommendation, ", "Of %(num)d recommendations, ", moves.total)
    if days.first == days.second:
        return [(opening + _same_day(moves, days), None)]
    assessed = moves.first_assessed
    parts = move_texts(moves.counts | {"level": moves.counts["level"] - assessed, "assessed": assessed})
    if not parts:
        return [(opening + _("none changed its status %(span)s.", span=span), None)]
    text = opening + _("%(parts)s %(span)s", parts=joined(parts), span=span)
    if unchanged := moves.counts["unchanged"]:
        text += ngettext("; %(num)d did not change", "; %(num)d did not change", unchanged)
    return [(text + ".", None)]


def _same_day(moves: Moves, days: ComparedDays) -> str:
    """What the two sides say of one day, as known at two instants."""
    day, (before, after) = day_text(days.second.isoformat()), days.known_texts
    if days.known[0] == days.known[1]:
        return _("none can differ: both sides are %(day)s, as known at the same time.", day=day)
    differ = _("none reads differently")
    if moves.learned:
        differ = ngettext("%(num)d reads differently", "%(num)d read differently", moves.learned)
    if new := moves.first_known:
        differ += ngettext(", %(num)d is only on the second side", ", %(num)d are only on the second side", new)
    sides = _("both sides are %(day)s, as known on %(before)s and on %(after)s", day=day, before=before, after=after)
    return f"{differ}: {sides}."


def evidence_reach(days: ComparedDays, evidence_to: str) -> str:
    """How the two days relate to the end of the evidence; empty if the register does not say where it ends."""
    if not evidence_to:
        return ""
    reach, last = day_text(evidence_to), first_day(evidence_to)
    is_first_beyond = days.first is not None and days.first > last
    is_second_beyond = days.second > last
    if is_first_beyond and is_second_beyond:
        return _("Both days are after the evidence, which ends on %(day)s.", day=reach)
    if is_second_beyond:
        return _("The second day is after the evidence, which ends on %(day)s.", day=reach)
    if is_first_beyond:
        return _("The first day is after the evidence, which ends on %(day)s.", day=reach)
    return _("On the evidence up to %(day)s, which covers both days.", day=reach)


def changed_sentence(moves: Moves, days: ComparedDays) -> CountedSentence:
    """How many have another status on the second day than on the first, as known at the second instant.

    Those that were not assessed on the first day are apart.
    """
    number = sum(moves.counts[direction] for direction in CHANGES) - moves.first_assessed
    if days.first is None:
        return CountedSentence(number, _("changed in the world after they were recommended."))
    return CountedSentence(number, _("changed in the world between the two days."))


def assessed_sentence(moves: Moves) -> CountedSentence:
    """How many have a status on the second day and had none on the first."""
    return CountedSentence(moves.first_assessed, _("only got a first status: they were not assessed before."))


def learned_sentence(number: int, known_from: datetime, known_to: datetime, *, chosen: bool) -> CountedSentence:
    """How many read differently about the first day than at an earlier instant, which may have been chosen."""
    before, after = _instants_apart(known_from, known_to)
    if not chosen and known_from.date() == known_to.date():
        text = _(
            "read differently because something was learned or corrected. This register first described the first day "
            "on %(day)s.",
            day=day_text(known_from.date().isoformat()),
        )
    else:
        text = _(
            "read differently about the first day as known on %(after)s than as known on %(before)s, because something "
            "was learned or corrected.",
            after=after,
            before=before,
        )
    return CountedSentence(number, text)


def _instants_apart(first: datetime, second: datetime) -> tuple[str, str]:
    """The days of two instants (UTC), with their times of day where both are on one day."""
    days = [at.astimezone(UTC).date().isoformat() for at in (first, second)]
    if first == second or days[0] != days[1]:
        return day_text(days[0]), day_text(days[1])
    return str(instant(first).striptags()), str(instant(second).striptags())


def _span(days: ComparedDays) -> str:
    second = day_text(days.second.isoformat())
    if days.first is None:
        return _("between the day each was recommended and %(day)s", day=second)
    return _("between %(first)s and %(second)s", first=day_text(days.first.isoformat()), second=second)


def move_texts(counts: dict[str, int]) -> list[str]:
    """What became of how many. A zero is said only of the opposite of what happened."""
    up, down = counts["up"], counts["down"] + counts["reversed"]
    texts = {
        "up": ngettext("%(num)d moved up", "%(num)d moved up", up),
        "none_up": _("none moved up"),
        "down": ngettext("%(num)d moved down", "%(num)d moved down", counts["down"]),
        "none_down": _("none moved down"),
        "reversed": ngettext("%(num)d was reversed", "%(num)d were reversed", counts["reversed"]),
        "level": ngettext(
            "%(num)d changed without moving up or down", "%(num)d changed without moving up or down", counts["level"]
        ),
        "assessed": ngettext("%(num)d got a first status", "%(num)d got a first status", counts.get("assessed", 0)),
        "added": ngettext("%(num)d is new on the scorecard", "%(num)d are new on the scorecard", counts["added"]),
        "removed": ngettext("%(num)d left the scorecard", "%(num)d left the scorecard", counts["removed"]),
    }
    is_said = {"none_up": down and not up, "none_down": up and not down}
    return [text for name, text in texts.items() if is_said.get(name, counts.get(name))]


def joined(parts: list[str]) -> str:
    return _(" and ").join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)
