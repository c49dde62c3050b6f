"""What a report lists of the recommendations together: by addressee, done and then undone, overdue."""

from itertools import pairwise

from app.presentation.i18n import labels as w
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.ordering import bodies_in_tree_order
from app.presentation.i18n.translation import ngettext
from app.presentation.narrative.deadlines import StatedByWhom, deadline_lines, stated_words
from app.presentation.narrative.status_dates import peak_on, start_on
from app.services.snapshots.report import ReportAddressee, ReportOverdue, ReportReversal
from app.services.snapshots.report_data import ReportData
from domain.codes import Bucket, DeadlineState, Status
from domain.times import first_day
from projections.scorecards.results import Due, Standing
from projections.scorecards.status_history import StatusHistory, StatusPeriod


def build_addressees(data: ReportData) -> list[ReportAddressee]:
    """What each body was asked for, in the order of the bodies; none in a large report."""
    listed, above = list[ReportAddressee](), list[int]()
    for body, depth in bodies_in_tree_order(data.body_tree):
        while above and above[-1] >= depth:
            above.pop()
        if body.id in data.body_scorecards:
            listed.append(_addressee(data, body.id, len(above)))
            above.append(depth)
    return listed


def build_reversals(data: ReportData) -> list[ReportReversal]:
    """The recommendations that are reversed on the day of the report, or were done before and are not."""
    return [
        _reversal(data, standing, undone)
        for ident, standing in data.standings.items()
        if (undone := _undone(standing, data.histories.get(ident, ())))
    ]


def build_overdue(data: ReportData) -> list[ReportOverdue]:
    """The overdue recommendations and parts, the longest overdue first."""
    found: list[tuple[Due, ReportOverdue]] = []
    for ident, standing in data.standings.items():
        if standing.due and standing.due.state is DeadlineState.OVERDUE:
            found.append((standing.due, _overdue(data, ident, "", standing.due)))
        found += [
            (part.due, _overdue(data, ident, part.id, part.due))
            for part in standing.elements
            if part.due and part.due.state is DeadlineState.OVERDUE
        ]
    return [item for _due, item in sorted(found, key=lambda pair: pair[0].last_day)]


def _addressee(data: ReportData, body: str, level: int) -> ReportAddressee:
    card = data.body_scorecards[body]
    counts, share = card.counts(data.methodology), card.share
    overdue = sum(mark.due is DeadlineState.OVERDUE for mark in card.counted(data.methodology))
    named = {*share.alone, *share.parts, *share.with_others}
    return ReportAddressee(
        name=localized_text(data.bodies[body], "name"),
        level=level,
        recommendations=[ident for ident in data.standings if ident in named],
        own=len(share.alone) + len(card.parts()),
        done=counts.buckets[Bucket.DONE],
        under_way=counts.buckets[Bucket.UNDER_WAY],
        not_done=counts.buckets[Bucket.NOT_DONE],
        not_rated=counts.buckets[Bucket.NOT_RATED],
        overdue=overdue,
        with_others=len(share.with_others),
    )


def _undone(standing: Standing, history: StatusHistory) -> StatusPeriod | None:
    """The first period after it was done for the last time, or reversed for the last time; None if it is neither."""
    was_done = standing.peak is not None and standing.peak.is_done
    pairs = list(pairwise(history))
    if was_done and standing.bucket is not Bucket.DONE:
        ends = [after for before, after in pairs if before.bucket is Bucket.DONE and after.bucket is not Bucket.DONE]
    elif standing.status is Status.REVERSED:
        ends = [after for before, after in pairs if after.status is Status.REVERSED is not before.status]
    else:
        ends = []
    return ends[-1] if ends else None


def _reversal(data: ReportData, standing: Standing, undone: StatusPeriod) -> ReportReversal:
    facts, history = data.facts[standing.id], data.histories[standing.id]
    present, peak = data.statements.get(standing.id), standing.peak
    beginning = present.beginning if present else None
    reached = (
        f"{w.status_word(peak.status)}, {w.day_text(peak_on(peak, history, facts.recommended_on))}" if peak else ""
    )
    return ReportReversal(
        id=standing.id,
        title=localized_text(facts, "title"),
        done=reached,
        undone=f"{w.status_word(undone.status)}, {w.day_text(start_on(undone, facts.recommended_on))}",
        status=standing.status.value,
        label=w.status_word(standing.status),
        part=localized_text(present.part, "title") if present and present.part else "",
        why=localized_text(beginning, "rationale") if beginning else "",
        refs=sorted(data.reference_numbers[i] for i in beginning.evidence) if beginning else [],
    )


def _overdue(data: ReportData, ident: str, part: str, due: Due) -> ReportOverdue:
    facts, standing = data.facts[ident], data.standings[ident]
    titles = {e.id: localized_text(e, "title") for e in data.elements[ident]}
    lines = deadline_lines(
        data.deadlines.get(ident, ()),
        standing,
        first_day(facts.recommended_on),
        data.times.as_of,
        StatedByWhom(data.bodies, data.publications),
        titles,
        data.reference_numbers,
    )
    line = next(line for line in lines if line.facts.id == due.id)
    return ReportOverdue(
        id=ident,
        title=localized_text(facts, "title"),
        part=titles.get(part, part),
        late=_late(data, due),
        deadline=stated_words(line),
        refs=list(line.evidence),
    )


def _late(data: ReportData, due: Due) -> str:
    days = (data.times.as_of - due.last_day).days
    return ngettext("%(num)d day overdue", "%(num)d days overdue", days)
