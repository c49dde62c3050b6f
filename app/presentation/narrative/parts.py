"""Which parts of a recommendation decide its status, and why, by section 6 of the methodology."""

from collections.abc import Sequence

from msgspec import Struct

from app.presentation.i18n.translation import _, ngettext
from domain.codes import Motion, Status
from projections.scorecards.results import ElementStanding, Standing

DONE = (Status.IMPLEMENTED, Status.IN_EFFECT)
SET_ASIDE = (Status.SUPERSEDED, Status.UNVERIFIABLE)


class DecidingParts(Struct, frozen=True):
    """`ids` are the parts whose own status decides; none where it follows from how many are done.

    `motion` is theirs, if it is the same.
    """

    ids: tuple[str, ...]
    reason: str
    motion: Motion | None = None


def deciding_parts(standing: Standing) -> DecidingParts:
    """For a recommendation with parts."""
    core = [e for e in standing.elements if e.core]
    counting = [e for e in core if e.status not in SET_ASIDE]
    if not counting:
        return _decided(core, _("No core part counts now."))
    done = [e for e in counting if e.status in DONE]
    if standing.status in DONE:
        return _decided(counting, ngettext("The core part is done.", "All %(num)d core parts are done.", len(counting)))
    if standing.status is Status.PARTLY:
        return _partly(counting, done)
    same = [e for e in counting if e.status is standing.status]
    return _decided(same, _reason(standing, len(same), len(counting)))


def _partly(counting: Sequence[ElementStanding], done: Sequence[ElementStanding]) -> DecidingParts:
    if done:
        words = ngettext(
            "%(num)d of %(all)d core parts is done.",
            "%(num)d of %(all)d core parts are done.",
            len(done),
            all=len(counting),
        )
        return DecidingParts((), words)
    partly = [e for e in counting if e.status is Status.PARTLY]
    return _decided(partly, _("No core part is done as a whole; the furthest decides."))


def _reason(standing: Standing, deciding: int, number: int) -> str:
    if standing.status is Status.REVERSED:
        if standing.peak is not None and standing.peak.is_done:
            return _("All core parts were done before; that has been reversed.")
        return _("A core part was reversed, and none is done.")
    if deciding == number:
        return ngettext("The core part has this status.", "All %(num)d core parts have this status.", number)
    return _("No core part is done; the furthest decides.")


def _decided(parts: Sequence[ElementStanding], reason: str) -> DecidingParts:
    motions = {e.motion for e in parts}
    return DecidingParts(tuple(e.id for e in parts), reason, motions.pop() if len(motions) == 1 else None)
