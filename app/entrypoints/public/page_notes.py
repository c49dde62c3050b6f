"""Callouts: what a reader must know before trusting a page."""

from msgspec import Struct

from app.presentation.answers.as_of import AsOf
from app.presentation.i18n.labels import day_text
from app.presentation.i18n.translation import _, ngettext
from domain.codes import PeerReview
from projections.catalogue.entries import RegisterEntry
from projections.scorecards.results import Counts


class PageNote(Struct, frozen=True):
    kind: str
    lead: str
    text: str


def page_notes(entry: RegisterEntry, times: AsOf, counts: Counts | None = None) -> list[PageNote]:
    """The callouts of a page about a pair of times."""
    notes = []
    known_day = day_text(times.known_day.isoformat())
    if times.reconstructed and entry.opened_at:
        opened = day_text(entry.opened_at.date().isoformat())
        notes.append(
            PageNote(
                "reconstructed",
                _("Reconstructed."),
                _(
                    "This register opened on %(opened)s. What was known on %(known)s comes from the "
                    "dates in an earlier, imported record.",
                    opened=opened,
                    known=known_day,
                ),
            )
        )
    if times.compiled_on:
        notes.append(
            PageNote(
                "reconstructed",
                _("Looking back."),
                _(
                    "The state on %(day)s was reconstructed on %(known)s, from what was known by then.",
                    day=day_text(times.as_of.isoformat()),
                    known=known_day,
                ),
            )
        )
    if times.beyond_evidence:
        notes.append(
            PageNote(
                "reach",
                _("Evidence reaches to %(day)s.", day=day_text(entry.settings.evidence_to)),
                _("No source dated after that day has been searched; what is shown for later days is carried forward."),
            )
        )
    if counts and counts.stale:
        notes.append(
            PageNote(
                "stale",
                ngettext("%(num)d is stale.", "%(num)d are stale.", counts.stale),
                _("The assessment is past its review day. The status stays the same until it is reviewed."),
            )
        )
    if counts and counts.legacy:
        notes.append(
            PageNote(
                "legacy",
                ngettext("%(num)d has a legacy mark.", "%(num)d have a legacy mark.", counts.legacy),
                _("Imported from an earlier record; it does not meet a rule of the current methodology."),
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
