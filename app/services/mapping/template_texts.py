"""The words of a template: what each column is for, and an example that is filled in."""

from msgspec import Struct

from app.presentation.i18n.translation import LazyText

_ = LazyText


class TemplateColumn(Struct, frozen=True):
    """A column of a template, in the words of the pages."""

    field: str
    note: LazyText
    width: int
    list_name: str = ""
    """The list to choose from."""
    is_strict: bool = False
    """Whether only a word of the list is taken."""
    separator: str = ""
    examples: tuple[LazyText | str, LazyText | str] = ("", "")


_DAY = _("As precise as known: 2024, 2024-05 or 2024-05-20.")
COLUMNS = (
    TemplateColumn(
        "number", _("As printed, such as 60.10. Leave it empty if there is none."), 10, examples=("1.1", "1.2")
    ),
    TemplateColumn(
        "id", _("Leave it empty in new rows. In others, do not change it: rows are found by it."), 18, examples=("", "")
    ),
    TemplateColumn(
        "title",
        _("The recommendation in a few words. It is public, and every row needs one."),
        44,
        examples=(_("Publish the list of posts every year"), _("Appoint an envoy for the region")),
    ),
    TemplateColumn(
        "summary",
        _("What it says, in a sentence or two. It is public."),
        50,
        examples=(
            _("The ministry is asked to publish all posts with their holders by March of each year."),
            _("Fill the post for a full term."),
        ),
    ),
    TemplateColumn("kind", _("Choose from the list."), 24, "kind", True, examples=("continuing", "one_off")),
    TemplateColumn(
        "theme",
        _("Choose from the list, or type a new one."),
        22,
        "themes",
        examples=(_("Public offices"), _("Envoys")),
    ),
    TemplateColumn(
        "addressees",
        _("The bodies that were asked. Choose one, or type several with semicolons between them. New names are added."),
        32,
        "bodies",
        separator=";",
        examples=(_("Ministry of Posts; Audit Office"), _("Ministry of Posts")),
    ),
    TemplateColumn(
        "joint_addressees", _("Bodies that were asked to help the ones before."), 28, "bodies", separator=";"
    ),
    TemplateColumn(
        "publication",
        _("The title of the publication that made it. Choose from the list, or type a new one."),
        28,
        "publications",
        examples=(_("Report on public offices"), _("Report on public offices")),
    ),
    TemplateColumn("locator", _("Where it is in the publication, such as a page."), 14, examples=("p. 12", "p. 14")),
    TemplateColumn("recommended_on", _DAY, 15, examples=("2024-03-01", "2024-03-01")),
    TemplateColumn("priority", _("Whether it is a priority."), 10, "priority", True, examples=("yes", "no")),
    TemplateColumn(
        "counts",
        _("Success criteria: what counts as done. Write them before the first status."),
        36,
        examples=(_("The list is on the ministry’s website by the end of March."), ""),
    ),
    TemplateColumn("does_not_count", _("Success criteria: what does not count as done."), 30),
    TemplateColumn("deadline", _("The day by which it was to be done, if one was stated."), 15, examples=("2026", "")),
    TemplateColumn(
        "status",
        _("The new status. Leave it empty if nothing changed."),
        24,
        "status",
        True,
        examples=("announced", "implemented"),
    ),
    TemplateColumn(
        "status_on",
        _("The day from which the status applies. As precise as known."),
        15,
        examples=("2024-06", "2024-09-12"),
    ),
    TemplateColumn(
        "rationale",
        _("Why this is the status. It is public."),
        44,
        examples=(_("The minister announced a list for next year."), _("The envoy took office on that day.")),
    ),
    TemplateColumn("statement", _("Where it is now, in a sentence that can be read alone. It is public."), 40),
    TemplateColumn(
        "confidence", _("How well the sources support the status."), 13, "confidence", True, examples=("medium", "high")
    ),
    TemplateColumn(
        "source",
        _("The addresses of the sources of the status, one below the other. Describe them on the sheet of sources."),
        36,
        examples=("https://example.org/speech", "https://example.org/gazette"),
    ),
)
"""Of the sheet of recommendations, in their order."""
STATUS_NOW = _("Status now")
SINCE_NOW = _("Since")
COMPUTED_NOTE = _("This is what the register says now. It is not read.")
SOURCES = (
    TemplateColumn(
        "url",
        _("The address, which starts with https://."),
        44,
        examples=("https://example.org/speech", "https://example.org/gazette"),
    ),
    TemplateColumn(
        "title",
        _("Its title, as it is shown to readers."),
        40,
        examples=(_("Speech of the minister"), _("Gazette no. 12")),
    ),
    TemplateColumn(
        "publisher", _("Who published it."), 28, examples=(_("Ministry of Posts"), _("State printing office"))
    ),
    TemplateColumn("published_on", _DAY, 15, examples=("2024-06-03", "2024-09-12")),
    TemplateColumn(
        "source_class",
        _("Choose what kind of source it is."),
        28,
        "source_class",
        True,
        examples=("official", "official"),
    ),
    TemplateColumn(
        "summary",
        _("What it says about the recommendation, in a sentence."),
        50,
        examples=(_("Announces a list for 2025."), _("Names the envoy.")),
    ),
    TemplateColumn(
        "archived_url",
        _("Optional. The address of a copy in a public archive, such as web.archive.org or perma.cc."),
        44,
        examples=("https://web.archive.org/web/20240603/https://example.org/speech", ""),
    ),
)
"""Of the sheet of sources, in their order."""
SOURCE_LABELS = {
    "url": _("Address"),
    "title": _("Title"),
    "publisher": _("Publisher"),
    "published_on": _("Published on"),
    "source_class": _("Kind of source"),
    "summary": _("Summary"),
    "archived_url": _("Archived copy"),
}
