"""The callouts of a frozen review. Each follows from its data, and is the same on its page and in its files."""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from sqlalchemy import Connection

from app.adapters.local_hosts import is_local_host
from app.presentation.i18n.labels import day_text
from app.presentation.i18n.translation import _, ngettext
from app.presentation.narrative.headlines import reach_line
from app.presentation.narrative.source_dates import SourceDates, source_dates_sentence
from app.presentation.narrative.strict_reading import StrictReading, strict_details
from domain.times import first_day
from projections.scorecards.results import TimePair
from projections.scorecards.summaries import count_begun_after


class FrozenNote(Struct, frozen=True):
    """`kind` is "legacy", "reconstructed", "stale" or "reach", as the callouts of pages are drawn."""

    kind: str
    lead: str
    text: str


class Signer(Struct, frozen=True):
    """Who signed a review off: the name, or empty; the day; and the fingerprint of their own key, or empty."""

    name: str
    day: str
    key: str


def frozen_notes(
    *,
    known_day: str,
    reconstructed: bool,
    signed_off: bool,
    origin: str,
    sources: SourceDates | None,
    strict: StrictReading | None,
    titles: Mapping[str, str],
    signers: Sequence[Signer],
) -> list[FrozenNote]:
    """`known_day` is the day of its knowledge, `sources` and `strict` None for a package of a format without them.

    `titles` has at least those of the recommendations that the strict reading names.
    """
    notes = []
    if is_local_host(origin):
        text = _(
            "The address of its publisher, %(origin)s, is a local one. Readers cannot reach it, so the signature "
            "names no publisher.",
            origin=origin,
        )
        notes.append(FrozenNote("legacy", _("Trial."), text))
    if reconstructed:
        text = _(
            "It was made after its day, from what this register knew on %(day)s, and was not published at the time.",
            day=day_text(known_day),
        )
        rests_on = source_dates_sentence(sources) if sources else _("It may rest on sources later than its day.")
        notes.append(FrozenNote("reconstructed", _("Reconstructed."), f"{text} {rests_on}"))
    elif sources and (sources.dated_after or sources.added_after):
        notes.append(FrozenNote("reach", _("Sources."), source_dates_sentence(sources)))
    if strict and strict.sources:
        notes.append(FrozenNote("reach", _("Strict reading."), strict_details(strict, titles)))
    signed = " ".join(map(_signer_sentence, signers))
    if not signed_off:
        unsigned = _("It was frozen without two signatures.")
        notes.append(FrozenNote("stale", _("Not signed off."), f"{unsigned} {signed}".strip()))
    elif signed:
        notes.append(FrozenNote("reach", _("Signed off."), signed))
    return notes


def _signer_sentence(signer: Signer) -> str:
    who = {"name": signer.name or _("an editor"), "day": day_text(signer.day)}
    if signer.key:
        return _("Signed by %(name)s on %(day)s, with the key %(key)s.", **who, key=signer.key)
    return _("Signed by %(name)s on %(day)s.", **who)


def reach_on_day(db: Connection, register: str, evidence_to: str, at: TimePair) -> str:
    """How far the evidence reaches, if that is before the day; with the number of statuses that began later."""
    later = count_begun_after(db, register, at, first_day(evidence_to)) if evidence_to else 0
    if not later or at.as_of <= first_day(evidence_to):
        return reach_line(evidence_to, at.as_of)
    return ngettext(
        "On the evidence up to %(day)s; %(num)d status began later.",
        "On the evidence up to %(day)s; %(num)d statuses began later.",
        later,
        day=day_text(evidence_to),
    )
