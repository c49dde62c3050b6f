"""Which parts of a recommendation decide its status, and why, by section 6 of the methodology."""

from collections.abc import Sequence

from msgspec import Struct

from app.presentation.i18n.translation import _, ngettext
from domain.codes import Motion, Status
from projections.scorecards.deciding import DONE, counting_elements, deciding_elements
from projections.scorecards.results import ElementStanding, Standing


class DecidingParts(Struct, frozen=True):
    """`ids` are the parts whose own status decides; none where it follows from how many are done.

    `motion` is theirs, if it is the same.
    """

    ids: tuple[str, ...]
    reason: str
    motion: Motion | None = None


def deciding_parts(standing: Standing, *, past: bool = False) -> DecidingParts:
    """For a recommendation with parts; `past` speaks of an earlier day."""
    counting, deciding = counting_elements(standing), deciding_elements(standing)
    if not counting:
        return _decided(deciding, _("No core part counted then.") if past else _("No core part counts now."))
    if standing.status in DONE:
        return _decided(deciding, _all_done_words(len(counting), past=past))
    if standing.status is Status.PARTLY:
        return _partly(deciding, len(counting), past=past)
    return _decided(deciding, _reason(standing, len(deciding), len(counting), past=past))


def _all_done_words(number: int, *, past: bool) -> str:
    if past:
        return ngettext("The core part was done.", "All %(num)d core parts were done.", number)
    return ngettext("The core part is done.", "All %(num)d core parts are done.", number)


def _partly(deciding: Sequence[ElementStanding], counting: int, *, past: bool) -> DecidingParts:
    if any(e.status in DONE for e in deciding):
        return DecidingParts((), _some_done_words(len(deciding), counting, past=past))
    if past:
        return _decided(deciding, _("No core part was done as a whole; the furthest decided."))
    return _decided(deciding, _("No core part is done as a whole; the furthest decides."))


def _some_done_words(done: int, number: int, *, past: bool) -> str:
    if past:
        return ngettext(
            "%(num)d of %(all)d core parts was done.", "%(num)d of %(all)d core parts were done.", done, all=number
        )
    return ngettext(
        "%(num)d of %(all)d core parts is done.", "%(num)d of %(all)d core parts are done.", done, all=number
    )


def _reason(standing: Standing, deciding: int, number: int, *, past: bool) -> str:
    if standing.status is Status.REVERSED:
        return _reversed_words(standing, past=past)
    if deciding == number:
        if past:
            return ngettext("The core part had this status.", "All %(num)d core parts had this status.", number)
        return ngettext("The core part has this status.", "All %(num)d core parts have this status.", number)
    return (
        _("No core part was done; the furthest decided.") if past else _("No core part is done; the furthest decides.")
    )


def _reversed_words(standing: Standing, *, past: bool) -> str:
    if standing.peak is not None and standing.peak.is_done:
        if past:
            return _("All core parts had been done before; that had been reversed.")
        return _("All core parts were done before; that has been reversed.")
    if past:
        return _("A core part had been reversed, and none was done.")
    return _("A core part was reversed, and none is done.")


def _decided(parts: Sequence[ElementStanding], reason: str) -> DecidingParts:
    motions = {e.motion for e in parts}
    return DecidingParts(tuple(e.id for e in parts), reason, motions.pop() if len(motions) == 1 else None)
