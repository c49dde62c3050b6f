"""The labels of the report in the current language; what is not true of every package is made of its data."""

from datetime import date

from msgspec import Struct

from app.adapters.local_hosts import is_local_host
from app.presentation.charts.bucket_blocks import MAX_BLOCKS
from app.presentation.i18n.labels import day_text
from app.presentation.i18n.translation import _


class LabelFacts(Struct, frozen=True):
    """What the labels depend on: the publisher's host, the size of the scorecard, the first and last day of the charts,
    and whether a chart shows days after the evidence."""

    origin: str
    on_scorecard: int
    first: date
    last: date
    is_carried_forward: bool


def report_labels(facts: LabelFacts) -> dict[str, str]:
    is_local = is_local_host(facts.origin)
    leads_on = _(
        "The permanent address leads to the package, to what is known of its day since, and to the page that checks it."
    )
    drawn_thinner = _("What is carried forward past the evidence is drawn thinner.")
    return {
        "contents": _("Contents"),
        "as_of": _("In the world, as of"),
        "known": _("In this register, as known at"),
        "position": _("Events in the log"),
        "numbers": _("The numbers"),
        "of": _("of"),
        "status": _("Status"),
        "group": _("Group"),
        "count": _("Count"),
        "meaning": _("Meaning"),
        "summary": _("Summary"),
        "method": _("Methodology in brief"),
        "method_text": _(
            "We rate what is in force on the chosen day, not what was signed; outcomes, not effort. The status "
            "on a day, as known at an instant, is that of the assessment with the latest effective day among those "
            "published by then, not withdrawn by then, and effective by that day. Percentages are of "
            "rated recommendations, and none is an average."
        ),
        "rules": _("The rules"),
        "changes": _("What changed"),
        "world": _("What changed in the world"),
        "learned": _("What we learned or corrected"),
        "nothing": _("Nothing."),
        "before": _("Before"),
        "after": _("After"),
        "why": _("Why"),
        "on_that_day": _("The scorecard on that day"),
        "one_block": _("One block is one recommendation")
        if facts.on_scorecard <= MAX_BLOCKS
        else _("Widths are numbers of recommendations"),
        "lives": _("All status histories side by side"),
        "lives_text": _(
            "A bar marks the day on which a recommendation was made, a triangle one that is older than the line. Lines "
            "mark the days of review."
        )
        + (f" {drawn_thinner}" if facts.is_carried_forward else ""),
        "page": _("Page"),
        "commands": _("In the unpacked package, without us"),
        "signer": _("Fingerprint of the signing key"),
        "root": _("Root of the log"),
        "charts": _("Status over time"),
        "charts_text": _(
            "How many recommendations had each status on each day, from %(first)s to %(last)s.",
            first=day_text(facts.first.isoformat()),
            last=day_text(facts.last.isoformat()),
        ),
        "recommendation": _("Recommendation"),
        "recommendations": _("The recommendations, one by one"),
        "parts": _("Parts"),
        "core": _("core"),
        "counts": _("What counts"),
        "counts_not": _("What does not count"),
        "assessments": _("Assessments"),
        "happenings": _("Developments"),
        "reason": _("Reason"),
        "published": _("Published"),
        "withdrawn": _("Withdrawn"),
        "responses": _("Responses"),
        "reply": _("Reply"),
        "deadlines": _("Deadlines"),
        "editions": _("Editions"),
        "legacy": _("Legacy mark: it does not meet a rule of the current methodology."),
        "life": _("Status history"),
        "references": _("Evidence"),
        "errata": _("Errata"),
        "errata_none": _("No assessment published by then had been withdrawn."),
        "verify": _("Check it yourself"),
        "verify_text": _(
            "This report is part of a signed package that contains the data, the events behind it and the list of all "
            "files with their SHA-256. If one byte changes, the check names the file."
        )
        + ("" if is_local else f" {leads_on}"),
        "verify_code": _("The code next to this text holds the address."),
        "sheets": _("Sheets"),
        "sheets_text": _(
            "The sheet “%(printed)s” is for reading and printing. “scorecard” has the same with codes, for programs, "
            "and “columns” says what each column means.",
            printed=_("Printable scorecard"),
        ),
        "address": _("Address, on a local network only") if is_local else _("Permanent address"),
        "methodology": _("Methodology"),
        "made_with": _("Made with"),
        "made_with_uptake": _("Made with Uptake"),
        "in_the_workbook": _(
            "There are too many to list here. The assessments are in the workbook and the tables of this package."
        ),
        "too_many_changes": _("There are too many for this document. All of them are in the web page of this package."),
        "too_many": _(
            "There are too many for this document. All of them are in the web page and the workbook of this package."
        ),
    }
