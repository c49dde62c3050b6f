"""What the words of public pages mean, for the glossary of a register."""

from msgspec import Struct

from app.presentation.i18n.translation import LazyText

_ = LazyText


class Term(Struct, frozen=True):
    """A word of the pages with its meaning; `anchor` is its place in the glossary."""

    anchor: str
    word: LazyText
    meaning: LazyText


TERMS = (
    Term("recommendation", _("Recommendation"), _("One thing that a publication asked someone to do.")),
    Term(
        "core-part",
        _("Core part"),
        _(
            "A recommendation that asks for several things is divided into parts, and each has a status of its own. "
            "The core parts decide the status of the whole; other parts do not."
        ),
    ),
    Term(
        "success-criteria",
        _("Success criteria"),
        _(
            "What counts as done and what does not. They are written down before the first status is published, so "
            "that the goal does not move afterwards."
        ),
    ),
    Term("status", _("Status"), _("How far a recommendation is on a day: what is in force, not what was promised.")),
    Term(
        "assessment",
        _("Assessment"),
        _("A status from a day on, with a reason and sources. It counts until there is a later one."),
    ),
    Term(
        "not-rated",
        _("Not rated"),
        _(
            "Not assessed yet, no longer applicable, or impossible to determine. What is not rated counts in no "
            "percentage."
        ),
    ),
    Term(
        "direction",
        _("Direction"),
        _("Where something is heading, whatever its status is: advancing, steady, stalled or regressing."),
    ),
    Term(
        "confidence",
        _("Confidence"),
        _("How well the sources support a status: high, medium or low. A rule sets the highest that they allow."),
    ),
    Term(
        "evidence",
        _("Evidence"),
        _("The sources of a status. A recorded search that found nothing is evidence too."),
    ),
    Term(
        "evidence-reach",
        _("Evidence up to a day"),
        _("The last day for which sources were searched. What a page shows for later days is carried forward."),
    ),
    Term(
        "window",
        _("Window"),
        _("The period that a status looks at. “In effect” means that something was kept up throughout it."),
    ),
    Term(
        "look-again",
        _("The day on which we promised to look again"),
        _("Most statuses have such a day. After it the status stays the same, but it may be out of date."),
    ),
    Term(
        "earlier-record",
        _("Earlier record"),
        _("A status from a record that was kept elsewhere before. It does not meet a rule of the current methodology."),
    ),
    Term(
        "deadline",
        _("Deadline"),
        _("The day by which something was due, as someone stated it. It is overdue if it was not done by then."),
    ),
    Term(
        "response",
        _("Response"),
        _("What a body that was asked said about a recommendation, with the day and sources."),
    ),
    Term("development", _("Development"), _("Something that happened in the world and changed no status by itself.")),
    Term(
        "correction",
        _("Correction"),
        _("The record changed and not the world: an error was found, or the methodology changed."),
    ),
    Term(
        "withdrawn",
        _("Withdrawn"),
        _("Taken back, with a public reason. It stays readable and no longer counts."),
    ),
    Term("review", _("Day of review"), _("A day, set beforehand, on which all recommendations are looked at.")),
    Term(
        "frozen",
        _("Frozen review"),
        _("A signed copy of the register on the day of a review. Anyone can check that it has not been changed."),
    ),
    Term("edition", _("Edition"), _("A recommendation that continues an earlier one, or that a later one continues.")),
    Term("as-of", _("As of"), _("The day in the world that a page is about.")),
    Term(
        "as-known",
        _("As known on"),
        _("What this register had published by that day. A page with both days says the same when it is read again."),
    ),
    Term(
        "looking-back",
        _("Looking back"),
        _("The page is about a day before this register opened, and was put together from what was known by then."),
    ),
)
"""In the order of the glossary: what is recommended, how it is judged, what happens, and the two days."""
