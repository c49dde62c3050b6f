"""What the fields of stored facts are called, and what is said beside them."""

from typing import Any

from app.presentation.i18n.translation import Later

_ = Later
LABELS: dict[str, Any] = {
    "title": _("Title"),
    "title_ko": _("Title, Korean"),
    "name": _("Name"),
    "name_ko": _("Name, Korean"),
    "summary": _("Summary"),
    "summary_ko": _("Summary, Korean"),
    "done_when": _("Done when"),
    "done_when_ko": _("Done when, Korean"),
    "time_zone": _("Time zone"),
    "peer_review": _("A second person publishes"),
    "evidence_to": _("Evidence reaches to"),
    "authors": _("Authors"),
    "publisher": _("Publisher"),
    "published_on": _("Published on"),
    "url": _("Address"),
    "language": _("Language"),
    "parent": _("Part of"),
    "instruments": _("Instruments"),
    "locator": _("Place in the publication"),
    "aliases": _("Other names"),
    "strength": _("Strength"),
    "indicators": _("Indicators"),
    "as_of": _("Once, on the day"),
    "anniversary_of": _("Anniversary of the day"),
    "years": _("Years between the two"),
    "every_years": _("Comes back every how many years"),
}
HINTS: dict[str, Any] = {
    "authors": _("Several with semicolons between."),
    "instruments": _("Several with semicolons between."),
    "aliases": _("Several with semicolons between."),
    "indicators": _("Several with semicolons between."),
    "published_on": _("As precise as known: 2024, 2024-05 or 2024-05-20."),
    "evidence_to": _("The last day for which sources are searched; may stay empty."),
    "parent": _("The id of another body; may stay empty."),
    "as_of": _("A full date such as 2024-05-20; empty where it comes back."),
    "anniversary_of": _("A full date such as 2024-05-20."),
    "years": _("Only for a review on one day; may stay empty."),
    "every_years": _("1 for each year; empty where it is once."),
}
