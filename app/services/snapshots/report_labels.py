"""The labels of the report in the current language; what is not true of every package is made of its data."""

from datetime import date

from msgspec import Struct

from app.adapters.local_hosts import is_local_host
from app.presentation.charts.bucket_blocks import MAX_BLOCKS
from app.presentation.i18n.labels import BUCKET, day_text
from app.presentation.i18n.translation import _
from domain.codes import Bucket


class LabelFacts(Struct, frozen=True):
    """What the labels depend on: the publisher's host, the size of the scorecard, the first and last day of the charts,
    whether a chart shows days after the evidence, and the two times of the report."""

    origin: str
    on_scorecard: int
    first: date
    last: date
    is_carried_forward: bool
    as_of: str
    known: str


def report_labels(facts: LabelFacts) -> dict[str, str]:
    is_local, days = is_local_host(facts.origin), {"day": day_text(facts.as_of), "known": facts.known}
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
        "share": _("Out of, share"),
        "status": _("Status"),
        "group": _("Group"),
        "count": _("Count"),
        "meaning": _("Meaning"),
        "summary": _("Executive summary"),
        "page_of": _("Page %(n)s of %(all)s", n="{n}", all="{all}"),
        "figure": _("Figure"),
        "table": _("Table"),
        "see": _("See %(what)s.", what="{table}"),
        "figure_scorecard": _("The scorecard on %(day)s, as known at %(known)s.", **days),
        "figure_over_time": _(
            "Status over time, from %(first)s to %(last)s: how many recommendations had each status on each day, as "
            "known at %(known)s.",
            first=day_text(facts.first.isoformat()),
            last=day_text(facts.last.isoformat()),
            known=facts.known,
        ),
        "figure_histories": _(
            "The status history of each recommendation from %(first)s to %(day)s, as known at %(known)s.",
            first=day_text(facts.first.isoformat()),
            **days,
        ),
        "shows_scorecard": _("%(figure)s shows the status of each recommendation on that day.", figure="{figure}"),
        "shows_over_time": _("%(figure)s shows how the statuses changed.", figure="{figure}"),
        "shows_histories": _("%(figure)s shows all status histories side by side.", figure="{figure}"),
        "authors": _("Authors"),
        "institution": _("Institution (ROR)"),
        "licence": _("Licence"),
        "cite": _("How to cite"),
        "addressees": _("By addressee"),
        "addressees_text": _(
            "A body includes those below it. The numbers by group are of what a body was asked for as the only lead: "
            "recommendations, or parts of them. A recommendation can name several bodies, so the rows do not add up."
        ),
        "body": _("Body"),
        "own": _("As the only lead"),
        "with_others": _("With others"),
        "overdue_count": _("Overdue"),
        "pages": _("Pages"),
        "numbers_done": str(BUCKET[Bucket.DONE]),
        "numbers_under_way": str(BUCKET[Bucket.UNDER_WAY]),
        "numbers_not_done": str(BUCKET[Bucket.NOT_DONE]),
        "numbers_not_rated": str(BUCKET[Bucket.NOT_RATED]),
        "reversals": _("Done and then undone"),
        "reversals_none": _(
            "On that day no recommendation was reversed, and none had been done earlier but was no longer done."
        ),
        "was_done": _("Furthest status"),
        "was_undone": _("Undone"),
        "on_the_day": _("On that day"),
        "overdue": _("Overdue"),
        "overdue_none": _("Nothing was overdue on that day."),
        "overdue_by": _("Overdue by"),
        "deadline": _("Deadline"),
        "method": _("Methodology in brief"),
        "method_text": _(
            "We rate what is in force on the chosen day, not what was signed; outcomes, not effort. The status "
            "on a day, as known at an instant, is that of the assessment with the latest effective day among those "
            "published by then, not withdrawn by then, and effective by that day. Percentages are of "
            "rated recommendations, and none is an average."
        ),
        "rules": _("The rules"),
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
        "how_to_cite": _("How to cite"),
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
        "references": _("References"),
        "archived": _("Archived copy"),
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
