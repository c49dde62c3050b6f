"""Labels and hints of the fields of stored facts."""

from app.presentation.i18n.translation import LazyText

_ = LazyText
LABELS: dict[str, LazyText] = {
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
    "years": _("Years after that day"),
    "every_years": _("Repeats every (years)"),
}
HINTS: dict[str, LazyText] = {
    "authors": _("Separate several with semicolons."),
    "instruments": _("Separate several with semicolons."),
    "aliases": _("Separate several with semicolons."),
    "indicators": _("Separate several with semicolons."),
    "published_on": _("As precise as known: 2024, 2024-05 or 2024-05-20."),
    "evidence_to": _("Optional. The last day for which sources were searched."),
    "parent": _("Optional. The id of another body."),
    "as_of": _("A full date such as 2024-05-20. Leave empty if it repeats."),
    "anniversary_of": _("A full date such as 2024-05-20."),
    "years": _("Optional. Only for a review on one day."),
    "every_years": _("1 means every year. Leave empty if it happens once."),
}
