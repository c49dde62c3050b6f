"""The headline of a page, computed from its counts, in parts that templates underline by bucket."""

from datetime import date

from msgspec import Struct

from app.presentation.i18n.labels import day_text
from app.presentation.i18n.translation import _, ngettext
from domain.codes import Bucket, Motion, Status
from domain.times import first_day
from projections.scorecards.results import Counts, DueCounts

HeadlinePart = tuple[str, str | None]
"""Words, and the bucket whose underline they carry."""


def scorecard_headline(counts: Counts, *, past: bool = False) -> list[HeadlinePart]:
    """“Of 31 recommendations, 1 is done, 24 are under way and 6 are not done; 1 of those 6 was …”

    `past` says the same of a day that is over: “… 1 was done, 23 were under way and 7 were not done.”
    """
    total = counts.on_scorecard
    opening = ngettext("Of %(num)d recommendation, ", "Of %(num)d recommendations, ", total)
    return _bucket_sentence(counts, opening, past=past)


def theme_headline(counts: Counts, title: str, *, past: bool = False) -> list[HeadlinePart]:
    """The same for the recommendations under one theme."""
    total = counts.on_scorecard
    opening = ngettext(
        "%(title)s: of %(num)d recommendation, ", "%(title)s: of %(num)d recommendations, ", total, title=title
    )
    return _bucket_sentence(counts, opening, past=past)


def filtered_headline(counts: Counts, total: int, filters: str, *, past: bool = False) -> list[HeadlinePart]:
    """“2 of 31 recommendations match “Status: Reversed”: 1 is under way and 1 is not done.”"""
    number, values = counts.on_scorecard, {"total": total, "filters": filters}
    if not number:
        if past:
            return [(_("None of %(total)s recommendations matched “%(filters)s”.", **values), None)]
        return [(_("None of %(total)s recommendations matches “%(filters)s”.", **values), None)]
    if past:
        opening = ngettext(
            "%(num)d of %(total)s recommendations matched “%(filters)s”: ",
            "%(num)d of %(total)s recommendations matched “%(filters)s”: ",
            number,
            **values,
        )
    else:
        opening = ngettext(
            "%(num)d of %(total)s recommendations matches “%(filters)s”: ",
            "%(num)d of %(total)s recommendations match “%(filters)s”: ",
            number,
            **values,
        )
    return [(opening, None), *_buckets(counts, zeros=False, past=past), (".", None)]


class BodyCounts(Struct, frozen=True):
    """What a body was asked for: as the only lead, in parts of its own and with others, of `total` on the scorecard.

    `overdue` counts its own.
    """

    name: str
    alone: int
    parts: int
    shared: int
    total: int
    overdue: int


def body_headline(counts: Counts, body: BodyCounts, *, past: bool = False) -> list[HeadlinePart]:
    """“… was asked for 11 of the 31 as the only lead: 10 are under way … It shares 16 more with others.”"""
    if not body.alone + body.parts + body.shared:
        return [(_("%(name)s was asked for nothing.", name=body.name), None)]
    if not body.alone + body.parts:
        return [(_only_shared_words(body, past=past), None)]
    words = _reversed_words(counts, past=past) + _overdue_words(body.overdue, past=past)
    pieces: list[HeadlinePart] = [
        (_own_words(body), None),
        *_buckets(counts, zeros=False, past=past),
        (words + ".", None),
    ]
    if body.shared:
        shared = (
            ngettext("It shared %(num)d with others.", "It shared %(num)d with others.", body.shared)
            if past
            else ngettext("It shares %(num)d with others.", "It shares %(num)d with others.", body.shared)
        )
        pieces.append((" " + shared, None))
    return pieces


def _only_shared_words(body: BodyCounts, *, past: bool) -> str:
    """Of a body that was asked for nothing of its own."""
    values = {"name": body.name, "total": body.total}
    if past:
        return ngettext(
            "%(name)s was asked for nothing as the only lead. It shared %(num)d of the %(total)d with others.",
            "%(name)s was asked for nothing as the only lead. It shared %(num)d of the %(total)d with others.",
            body.shared,
            **values,
        )
    return ngettext(
        "%(name)s was asked for nothing as the only lead. It shares %(num)d of the %(total)d with others.",
        "%(name)s was asked for nothing as the only lead. It shares %(num)d of the %(total)d with others.",
        body.shared,
        **values,
    )


def _overdue_words(number: int, *, past: bool) -> str:
    """How many of its own are overdue; empty if none is."""
    if not number:
        return ""
    if past:
        return ngettext("; %(num)d was overdue", "; %(num)d were overdue", number)
    return ngettext("; %(num)d is overdue", "; %(num)d are overdue", number)


def _own_words(body: BodyCounts) -> str:
    """Up to what became of them."""
    parts = ngettext("%(num)d part of its own", "%(num)d parts of its own", body.parts)
    if not body.alone:
        return _("%(name)s was asked for %(parts)s: ", name=body.name, parts=parts)
    values = {"name": body.name, "alone": body.alone, "total": body.total}
    if body.parts:
        return _(
            "%(name)s was asked for %(alone)d of the %(total)d as the only lead, and for %(parts)s: ",
            **values,
            parts=parts,
        )
    return _("%(name)s was asked for %(alone)d of the %(total)d as the only lead: ", **values)


def bodies_headline(asked: int, own: int, *, past: bool = False) -> list[HeadlinePart]:
    """“28 bodies were asked. 5 of them have something of their own; the other 23 were asked only with others.”"""
    if not asked:
        return [(_("No body was asked for anything."), None)]
    text = ngettext("%(num)d body was asked.", "%(num)d bodies were asked.", asked) + " "
    if own == asked:
        text += (
            ngettext("It had something of its own.", "Each of them had something of its own.", asked)
            if past
            else ngettext("It has something of its own.", "Each of them has something of its own.", asked)
        )
    elif not own:
        text += ngettext("It was asked only with others.", "They were asked only with others.", asked)
    else:
        text += _some_own_words(own, past=past)
        rest = asked - own
        text += ngettext(
            "; the other was asked only with others.", "; the other %(num)d were asked only with others.", rest
        )
    return [(text, None)]


def _some_own_words(own: int, *, past: bool) -> str:
    if past:
        return ngettext("%(num)d of them had something of its own", "%(num)d of them had something of their own", own)
    return ngettext("%(num)d of them has something of its own", "%(num)d of them have something of their own", own)


def list_headline(recommendations: int) -> list[HeadlinePart]:
    """“31 recommendations with their statuses.”"""
    text = ngettext(
        "%(num)d recommendation with its status.", "%(num)d recommendations with their statuses.", recommendations
    )
    return [(text, None)]


def themes_headline(recommendations: int, themes: int) -> list[HeadlinePart]:
    """“31 recommendations under 7 themes.”"""
    number = ngettext("%(num)d recommendation", "%(num)d recommendations", recommendations)
    return [
        (ngettext("%(recommendations)s under %(num)d theme.", "%(recommendations)s under %(num)d themes.", themes,
                  recommendations=number), None)
    ]  # fmt: skip


def reach_line(evidence_to: str, as_of: date, began_on: str | None = None) -> str:
    """How far the evidence reaches, for a page about a later day; else empty.

    `began_on` is the first day of a status: one that began later rests on later evidence than the register's.
    """
    if not evidence_to or as_of <= first_day(evidence_to):
        return ""
    if began_on and first_day(began_on) > first_day(evidence_to):
        return ""
    return _("On the evidence up to %(day)s.", day=day_text(evidence_to))


def motion_line(counts: Counts, *, past: bool = False) -> str:
    """“Of the 24 under way, 8 are stalled, 1 is regressing and 1 is advancing.”; empty if no motion is recorded."""
    stalled, regressing, advancing = (
        counts.motions[motion] for motion in (Motion.STALLED, Motion.REGRESSING, Motion.ADVANCING)
    )
    texts = (
        {
            ngettext("%(num)d was stalled", "%(num)d were stalled", stalled): stalled,
            ngettext("%(num)d was regressing", "%(num)d were regressing", regressing): regressing,
            ngettext("%(num)d was advancing", "%(num)d were advancing", advancing): advancing,
        }
        if past
        else {
            ngettext("%(num)d is stalled", "%(num)d are stalled", stalled): stalled,
            ngettext("%(num)d is regressing", "%(num)d are regressing", regressing): regressing,
            ngettext("%(num)d is advancing", "%(num)d are advancing", advancing): advancing,
        }
    )
    parts = [text for text, number in texts.items() if number]
    if not parts:
        return ""
    number = counts.buckets[Bucket.UNDER_WAY]
    opening = ngettext("Of the %(num)d under way, ", "Of the %(num)d under way, ", number)
    return opening + _(" and ").join(filter(None, (", ".join(parts[:-1]), parts[-1]))) + "."


def overdue_line(dues: DueCounts, *, past: bool = False) -> str:
    """“3 of the 4 with a deadline are overdue.”; empty if none has a deadline."""
    if not dues.with_deadline:
        return ""
    if past:
        return _past_overdue_line(dues)
    if dues.overdue == dues.with_deadline:
        return ngettext(
            "The %(num)d with a deadline is overdue.", "All %(num)d with a deadline are overdue.", dues.overdue
        )
    return ngettext(
        "%(num)d of the %(all)d with a deadline is overdue.",
        "%(num)d of the %(all)d with a deadline are overdue.",
        dues.overdue,
        all=dues.with_deadline,
    )


def _past_overdue_line(dues: DueCounts) -> str:
    if dues.overdue == dues.with_deadline:
        return ngettext(
            "The %(num)d with a deadline was overdue.", "All %(num)d with a deadline were overdue.", dues.overdue
        )
    return ngettext(
        "%(num)d of the %(all)d with a deadline was overdue.",
        "%(num)d of the %(all)d with a deadline were overdue.",
        dues.overdue,
        all=dues.with_deadline,
    )


def condition_line(counts: Counts, dues: DueCounts, reach: str, *, past: bool = False) -> str:
    """What the headline rests on, and how those move that it counts. `reach` is the `reach_line` of the page."""
    if not counts.on_scorecard:
        return ""
    return " ".join(filter(None, (reach, motion_line(counts, past=past), overdue_line(dues, past=past))))


def _bucket_sentence(counts: Counts, opening: str, *, past: bool = False) -> list[HeadlinePart]:
    if not counts.on_scorecard:
        return [(_("No recommendation was on this scorecard yet."), None)]
    return [(opening, None), *_buckets(counts, past=past), (_reversed_words(counts, past=past) + ".", None)]


def _reversed_words(counts: Counts, *, past: bool = False) -> str:
    """How many of those not done were reversed; empty if none was."""
    number = counts.totals[Status.REVERSED]
    if not number:
        return ""
    if past:
        return ngettext(
            "; %(num)d of those not done had been reached before, then reversed",
            "; %(num)d of those not done had been reached before, then reversed",
            number,
        )
    return ngettext(
        "; %(num)d of those not done was reached before, then reversed",
        "; %(num)d of those not done were reached before, then reversed",
        number,
    )


def _buckets(counts: Counts, *, zeros: bool = True, past: bool = False) -> list[HeadlinePart]:
    """“1 is done, 24 are under way and 6 are not done”; those not rated are never said as a zero."""
    buckets = counts.buckets
    texts = (_past_bucket_texts if past else _bucket_texts)(buckets)
    zero_is_said = {Bucket.DONE, Bucket.UNDER_WAY, Bucket.NOT_DONE} if zeros else set()
    parts = [(text, bucket.value) for bucket, text in texts.items() if bucket in zero_is_said or buckets[bucket]]
    pieces: list[HeadlinePart] = []
    for n, part in enumerate(parts):
        if n:
            pieces.append((_(" and ") if n == len(parts) - 1 else ", ", None))
        pieces.append(part)
    return pieces


def _bucket_texts(buckets: dict[Bucket, int]) -> dict[Bucket, str]:
    return {
        Bucket.DONE: ngettext("%(num)d is done", "%(num)d are done", buckets[Bucket.DONE]),
        Bucket.UNDER_WAY: ngettext("%(num)d is under way", "%(num)d are under way", buckets[Bucket.UNDER_WAY]),
        Bucket.NOT_DONE: ngettext("%(num)d is not done", "%(num)d are not done", buckets[Bucket.NOT_DONE]),
        Bucket.NOT_RATED: ngettext("%(num)d is not rated", "%(num)d are not rated", buckets[Bucket.NOT_RATED]),
    }


def _past_bucket_texts(buckets: dict[Bucket, int]) -> dict[Bucket, str]:
    return {
        Bucket.DONE: ngettext("%(num)d was done", "%(num)d were done", buckets[Bucket.DONE]),
        Bucket.UNDER_WAY: ngettext("%(num)d was under way", "%(num)d were under way", buckets[Bucket.UNDER_WAY]),
        Bucket.NOT_DONE: ngettext("%(num)d was not done", "%(num)d were not done", buckets[Bucket.NOT_DONE]),
        Bucket.NOT_RATED: ngettext("%(num)d was not rated", "%(num)d were not rated", buckets[Bucket.NOT_RATED]),
    }
