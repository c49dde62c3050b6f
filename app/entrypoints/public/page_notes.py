"""Callouts: what a reader must know before trusting a page."""

from msgspec import Struct
from sqlalchemy import Connection

from app.presentation.answers.as_of import AsOf
from app.presentation.i18n.labels import day_text
from app.presentation.i18n.translation import _, ngettext
from app.presentation.narrative.known_then import Origin, origin, unpublished_sentence
from domain.codes import PeerReview
from projections.catalogue.entries import RegisterEntry
from projections.scorecards.results import Counts


class PageNote(Struct, frozen=True):
    """`term` is the place in the glossary of what `lead` says; empty if it needs no explanation."""

    kind: str
    lead: str
    text: str
    term: str = ""


def page_notes(
    db: Connection, entry: RegisterEntry, times: AsOf, counts: Counts | None = None, *, say_reach: bool = True
) -> list[PageNote]:
    """The callouts of a page about a pair of times. The headline of an empty scorecard says why it is empty.

    `say_reach` is false where the page says in its first lines how far the evidence reaches.
    """
    source = origin(db, entry, times.known_at)
    is_explained = source is Origin.UNPUBLISHED and counts is not None and not counts.on_scorecard
    notes = [] if is_explained else _notes_before_opening(entry, times, source)
    known_day = day_text(times.known_day.isoformat())
    if times.compiled_on and source is not Origin.UNPUBLISHED:
        notes.append(
            PageNote(
                "reconstructed",
                _("Looking back."),
                _(
                    "The state on %(day)s was reconstructed on %(known)s, from what was known by then.",
                    day=day_text(times.as_of.isoformat()),
                    known=known_day,
                ),
                "looking-back",
            )
        )
    if say_reach and times.beyond_evidence:
        notes.append(
            PageNote(
                "reach",
                _("Evidence reaches to %(day)s.", day=day_text(entry.settings.evidence_to)),
                _("No source dated after that day has been searched; what is shown for later days is carried forward."),
                "evidence-reach",
            )
        )
    if counts and counts.stale:
        notes.append(
            PageNote(
                "stale",
                _stale_words(counts.stale, past=times.is_past),
                _("The status stays the same until someone looks again."),
                "look-again",
            )
        )
    if counts and counts.legacy:
        notes.append(
            PageNote(
                "legacy",
                ngettext(
                    "%(num)d comes from an earlier record.", "%(num)d come from an earlier record.", counts.legacy
                ),
                ngettext(
                    "It does not meet a rule of the current methodology.",
                    "They do not meet a rule of the current methodology.",
                    counts.legacy,
                ),
                "earlier-record",
            )
        )
    if entry.settings.peer_review is PeerReview.NEVER:
        notes.append(
            PageNote(
                "legacy",
                _("One person."),
                _("This register has one editor. No second person reviews what is published."),
            )
        )
    return notes


def _stale_words(number: int, *, past: bool) -> str:
    if past:
        return ngettext(
            "%(num)d was past the day on which we promised to look again.",
            "%(num)d were past the day on which we promised to look again.",
            number,
        )
    return ngettext(
        "%(num)d is past the day on which we promised to look again.",
        "%(num)d are past the day on which we promised to look again.",
        number,
    )


def _notes_before_opening(entry: RegisterEntry, times: AsOf, source: Origin) -> list[PageNote]:
    """What a page shows that is about an instant before the register opened."""
    if source is Origin.UNPUBLISHED:
        text = _("What this page shows was published later.")
        return [PageNote("reconstructed", unpublished_sentence(entry, times.pair), text)]
    if source is Origin.PUBLISHED or entry.opened_at is None:
        return []
    text = _(
        "This register opened on %(opened)s. What was known on %(known)s comes from the "
        "dates in an earlier, imported record.",
        opened=day_text(entry.opened_at.date().isoformat()),
        known=day_text(times.known_day.isoformat()),
    )
    return [PageNote("reconstructed", _("Rebuilt from an imported record."), text)]
