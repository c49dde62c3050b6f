"""Labels and hints of the fields of stored facts."""

from app.presentation.i18n.translation import LazyText

_ = LazyText
LABELS: dict[str, LazyText] = {
    "title": _("Title"),
    "name": _("Name"),
    "summary": _("Summary"),
    "done_when": _("Done when"),
    "time_zone": _("Time zone"),
    "peer_review": _("A second person publishes"),
    "evidence_to": _("Evidence reaches to"),
    "methodology": _("Methodology"),
    "kept_by": _("Kept by"),
    "contact": _("Contact"),
    "report_errors": _("Where to report errors"),
    "licence": _("Licence"),
    "funded_by": _("Funded by"),
    "scales": _("Display scales"),
    "default_scale": _("Display scale of the pages"),
    "fictional": _("An invented example"),
    "languages": _("Languages"),
    "ror": _("ROR id of the institution"),
    "colour": _("Colour of the institution"),
    "doi": _("DOI of all reviews"),
    "cite_as": _("How to cite"),
    "authors": _("Authors"),
    "publisher": _("Publisher"),
    "published_on": _("Published on"),
    "url": _("Address"),
    "archived_url": _("Archived copy"),
    "language": _("Language"),
    "parent": _("Part of"),
    "short_name": _("Short name"),
    "kind": _("Kind"),
    "core": _("Core element"),
    "theme": _("Theme"),
    "addressees": _("Asked of"),
    "publication": _("Publication"),
    "also_in": _("Also in"),
    "recommended_on": _("Recommended on"),
    "number": _("Number"),
    "position": _("Position"),
    "priority": _("Priority"),
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
TEXT_LABELS: dict[str, LazyText] = LABELS | {
    "statement": _("Where it is now"),
    "rationale": _("Rationale"),
    "why": _("Reason"),
    "reason": _("Reason"),
    "counts": _("What counts"),
    "does_not_count": _("What does not count"),
    "sources_needed": _("Sources needed"),
    "note": _("Note"),
    "notes": _("Notes"),
}
"""With the labels of further texts, as refusals name them."""
HINTS: dict[str, LazyText] = {
    "short_name": _("Optional. For lists."),
    "kind": _("Fixed once an assessment is published."),
    "core": _("Fixed once an assessment is published."),
    "theme": _("The name of a theme, or its id."),
    "addressees": _("The names or ids of bodies. Separate several with semicolons."),
    "publication": _("The title of a publication, or its id."),
    "also_in": _("Optional. The titles or ids of publications. Separate several with semicolons."),
    "number": _("Optional. As printed, such as 60.10 or 7(a)."),
    "position": _("Optional. A whole number: its place in lists."),
    "authors": _("Separate several with semicolons."),
    "instruments": _("Separate several with semicolons."),
    "aliases": _("Separate several with semicolons."),
    "indicators": _("Separate several with semicolons."),
    "evidence_to": _("Optional. The last day for which sources were searched."),
    "methodology": _("Earlier assessments keep the version they were made under."),
    "kept_by": _("The person or organisation that keeps this register, and is named as author."),
    "contact": _("An e-mail address, or an address that starts with https://."),
    "report_errors": _("Optional. The same, for errors; without it, the contact."),
    "licence": _("An SPDX id such as CC-BY-4.0, or an address that starts with https://."),
    "funded_by": _("Optional. Who pays for it."),
    "scales": _("Optional. Your own words for the statuses, as “scales” of register.json."),
    "default_scale": _("Optional. The id of one of the display scales. Without it, pages show the statuses."),
    "fictional": _("Every page then says that nothing in the register is real."),
    "languages": _("Codes such as en, fr or ar, separated by semicolons. The first is the language of the originals."),
    "ror": _(
        "Optional. The address of your institution in the Research Organization Registry, such as "
        "https://ror.org/05gq02987."
    ),
    "colour": _("Optional. For the title page and lines of reports, dark enough for white letters. Example: #0b5394."),
    "doi": _(
        "Optional. The DOI that stands for all reviews of this register, such as 10.5281/zenodo.1234567. At Zenodo it "
        "is “Cite all versions”. Each review can have one of its own as well."
    ),
    "cite_as": _(
        "Optional. Your own words instead of names and title; each review adds its own title, both dates and its "
        "address. Example: Example University (2026). Treaty Watch."
    ),
    "parent": _("Optional. The name of another body, or its id."),
    "as_of": _("The whole day. Leave empty if it repeats."),
    "anniversary_of": _("The whole day."),
    "years": _("Optional. Only for a review on one day."),
    "every_years": _("1 means every year. Leave empty if it happens once."),
}
SETTINGS_HINTS: dict[str, LazyText] = {
    "authors": _(
        "Optional. The people whom citations name, one on each line: name; ORCID iD; institution. Example: Hana Kim; "
        "0000-0002-1825-0097; Example University. Without them, citations name who keeps the register."
    )
}
"""Of fields of a register that have the name of a field of something else."""
ADD_HINTS: dict[str, LazyText] = {
    "id": _("Part of public addresses; it cannot be changed later. Without one, it is made from the title."),
    "kind": HINTS["kind"],
    "core": _("Yes if the whole recommendation depends on it."),
    "theme": _("The name of a theme."),
    "addressees": _("The names of bodies. Separate several with semicolons."),
    "parent": _("The name of the body that it belongs to."),
    "publication": _("The title of the publication that made it."),
    "also_in": _("The titles of other publications with the same recommendation. Separate several with semicolons."),
    "recommendation": _("The number or title of a recommendation, or its ID."),
    "recommendations": _("The titles of recommendations. Separate several with semicolons."),
    "element": _("The title of the part, or its ID. Empty for the whole recommendation."),
    "number": HINTS["number"],
    "position": HINTS["position"],
    "priority": _("“yes” if it is a priority."),
    "authors": HINTS["authors"],
    "instruments": HINTS["instruments"],
    "aliases": HINTS["aliases"],
    "indicators": HINTS["indicators"],
    "language": _("A code such as en or ko."),
    "archived_url": _("Optional. The address of a copy in a public archive, such as web.archive.org or perma.cc."),
    "done_when": _("When it is done, in a sentence."),
    "stated_by": _("A body or a publication of this register by its name or ID, or any other name."),
    "evidence": _("The titles, addresses or IDs of sources. Separate several with semicolons."),
}
"""Hints of the form that adds one thing; names are accepted there as well as ids."""
