"""The headline of a page, computed from its counts, in parts that templates underline by bucket."""

from app.presentation.i18n.translation import _, ngettext
from domain.codes import Bucket, Status
from projections.scorecards.comparison import Comparison
from projections.scorecards.results import Counts

HeadlinePart = tuple[str, str | None]
"""Words, and the bucket whose underline they carry."""


def scorecard_headline(counts: Counts) -> list[HeadlinePart]:
    """“Of 31 recommendations, 1 is done, 24 are under way and 6 are not done; 1 of those 6 was …”"""
    total = counts.on_scorecard
    return _bucket_sentence(counts, ngettext("Of %(num)d recommendation, ", "Of %(num)d recommendations, ", total))


def theme_headline(counts: Counts, title: str) -> list[HeadlinePart]:
    """The same for the recommendations under one theme."""
    total = counts.on_scorecard
    opening = ngettext(
        "%(title)s: of %(num)d recommendation, ", "%(title)s: of %(num)d recommendations, ", total, title=title
    )
    return _bucket_sentence(counts, opening)


def body_headline(counts: Counts, name: str, alone: int, parts: int, shared: int) -> list[HeadlinePart]:
    """What was counted for a body: what is asked of it alone, its own parts, and in words what is not counted."""
    numbers = {"name": name, "alone": alone, "parts": parts, "shared": shared}
    if not counts.on_scorecard:
        if shared:
            words = _("%(name)s was asked for nothing alone. It is asked with others for %(shared)d.", **numbers)
            return [(words, None)]
        return _bucket_sentence(counts, "")
    if parts:
        opening = _("%(name)s: of %(alone)d asked of it alone and %(parts)d of its own parts, ", **numbers)
    else:
        opening = _("%(name)s: of %(alone)d asked of it alone, ", **numbers)
    sentence = _bucket_sentence(counts, opening)
    if shared:
        sentence.append((" " + _("It is asked with others for %(shared)d more, not counted here.", **numbers), None))
    return sentence


def _bucket_sentence(counts: Counts, opening: str) -> list[HeadlinePart]:
    if not counts.on_scorecard:
        return [(_("No recommendation was on this scorecard yet."), None)]
    buckets = counts.buckets
    parts: list[HeadlinePart] = [
        (ngettext("%(num)d is done", "%(num)d are done", buckets[Bucket.DONE]), "done"),
        (ngettext("%(num)d is under way", "%(num)d are under way", buckets[Bucket.UNDER_WAY]), "under_way"),
        (ngettext("%(num)d is not done", "%(num)d are not done", buckets[Bucket.NOT_DONE]), "not_done"),
    ]
    if buckets[Bucket.NOT_RATED]:
        parts.append(
            (ngettext("%(num)d is not rated", "%(num)d are not rated", buckets[Bucket.NOT_RATED]), "not_rated")
        )
    pieces: list[HeadlinePart] = [(opening, None)]
    for n, part in enumerate(parts):
        if n:
            pieces.append((_(" and ") if n == len(parts) - 1 else ", ", None))
        pieces.append(part)
    reversed_count = counts.totals[Status.REVERSED]
    if reversed_count:
        pieces.append(
            (
                ngettext(
                    "; %(num)d of those not done was reached before, then reversed.",
                    "; %(num)d of those not done were reached before, then reversed.",
                    reversed_count,
                ),
                None,
            )
        )
    else:
        pieces.append((".", None))
    return pieces


def comparison_headline(comparison: Comparison, first: str, second: str) -> list[HeadlinePart]:
    """“Between … and …, 8 of 31 recommendations moved up, 0 moved down and 1 was reversed; …”"""
    moves = comparison.counts
    total = len(comparison.rows)
    learned = sum(row.learned and row.a is not None for row in comparison.rows)
    text = ngettext(
        "Between %(first)s and %(second)s, %(num)d of %(total)d recommendations moved up",
        "Between %(first)s and %(second)s, %(num)d of %(total)d recommendations moved up",
        moves["up"],
        first=first,
        second=second,
        total=total,
    )
    text += ngettext(", %(num)d moved down", ", %(num)d moved down", moves["down"])
    text += ngettext(" and %(num)d was reversed.", " and %(num)d were reversed.", moves["reversed"])
    pieces: list[HeadlinePart] = [(text, None)]
    if learned:
        pieces.append(
            (
                " "
                + ngettext(
                    "About the first day, %(num)d was learned or corrected since.",
                    "About the first day, %(num)d were learned or corrected since.",
                    learned,
                ),
                None,
            )
        )
    return pieces
