"""The deadlines of one recommendation for readers: those in force, and those that were moved or withdrawn."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct

from app.presentation.i18n.labels import DEADLINE_STATE, day_text, on_day_text
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _, ngettext
from domain.times import first_day
from domain.values import Body, DeadlineFacts, Publication
from projections.catalogue.entries import DeadlineEntry
from projections.scorecards.results import Due, DueCounts, Standing


class StatedByWhom(Struct, frozen=True):
    """The bodies and publications of a register by id, to name who stated a deadline."""

    bodies: Mapping[str, Body]
    publications: Mapping[str, Publication]


class DeadlineLine(Struct, frozen=True):
    """One deadline. `element` is the title of its element, empty for the whole; `words` say what became of it."""

    facts: DeadlineFacts
    element: str
    words: str
    is_in_force: bool
    was_overdue_when_recommended: bool
    body: Body | None
    publication: Publication | None
    evidence: tuple[int, ...]
    withdrawn_reason: str


def deadline_lines(
    entries: Iterable[DeadlineEntry],
    standing: Standing,
    recommended: date,
    as_of: date,
    named: StatedByWhom,
    titles: Mapping[str, str],
    numbers: Mapping[str, int],
) -> list[DeadlineLine]:
    """Those stated by a day, newest first. `titles` names elements, `numbers` the cited evidence."""
    stated = [e for e in entries if first_day(e.deadline.stated_on) <= as_of]
    in_force = _in_force(stated)
    dues = {"": standing.due} | {e.id: e.due for e in standing.elements}
    lines = []
    for entry in sorted(stated, key=lambda e: first_day(e.deadline.stated_on), reverse=True):
        facts = entry.deadline
        due = dues.get(facts.element) if in_force[facts.element] == facts.id else None
        lines.append(
            DeadlineLine(
                facts=facts,
                element=titles.get(facts.element, facts.element),
                words=_words(entry, due, in_force[facts.element]),
                is_in_force=in_force[facts.element] == facts.id,
                was_overdue_when_recommended=due is not None and was_overdue_when_recommended(due, recommended),
                body=named.bodies.get(facts.stated_by),
                publication=named.publications.get(facts.stated_by),
                evidence=tuple(sorted(numbers[i] for i in facts.evidence if i in numbers)),
                withdrawn_reason=entry.withdrawn_reason,
            )
        )
    return lines


def stated_words(line: DeadlineLine) -> str:
    """The due date, and who stated it when, as plain text."""
    due, when = _("Due %(day)s", day=day_text(line.facts.due_on)), on_day_text(line.facts.stated_on)
    if line.publication:
        title = localized_text(line.publication, "title")
        return f"{due}. {_('Stated in “%(title)s” %(when)s', title=title, when=when)}"
    who = localized_text(line.body, "name") if line.body else line.facts.stated_by
    return f"{due}. {_('Stated by %(who)s %(when)s', who=who, when=when)}"


def overdue_words(due: Due) -> str:
    """What an overdue item adds to its status, as plain text."""
    day = day_text(due.due_on)
    if len(due.due_on) == len("2024-01-01"):
        return _("overdue since %(day)s", day=day)
    return _("overdue since the end of %(day)s", day=day)


def was_overdue_when_recommended(due: Due, recommended: date) -> bool:
    """Whether it was due before it was recommended, and not done by then."""
    return due.last_day < recommended and (due.first_done is None or due.first_done > due.last_day)


def overdue_then_and_now(then: DueCounts, now: DueCounts, first: str, second: str) -> str:
    """How many were overdue on two days; empty where neither day has a deadline."""
    if not then.with_deadline and not now.with_deadline:
        return ""
    before = ngettext(
        "On %(day)s, %(num)d of %(all)d with a deadline was overdue;",
        "On %(day)s, %(num)d of %(all)d with a deadline were overdue;",
        then.overdue,
        day=first,
        all=then.with_deadline,
    )
    after = ngettext(
        "on %(day)s, %(num)d of %(all)d was.",
        "on %(day)s, %(num)d of %(all)d were.",
        now.overdue,
        day=second,
        all=now.with_deadline,
    )
    return f"{before} {after}"


class ItemDeadline(Struct, frozen=True):
    """The deadline in force of one item, None if all were withdrawn. `shown` is it, or the last that was stated.

    `changes` counts what was stated and withdrawn, `changed_at` is the instant of the last of it.
    """

    recommendation: str
    element: str
    in_force: DeadlineFacts | None
    shown: DeadlineFacts
    changes: int
    changed_at: datetime


def item_deadlines(entries: Iterable[DeadlineEntry], as_of: date) -> list[ItemDeadline]:
    """One for each item with a deadline stated by a day. `entries` are in log order."""
    by_item: dict[tuple[str, str], list[DeadlineEntry]] = defaultdict(list)
    for entry in entries:
        if first_day(entry.deadline.stated_on) <= as_of:
            by_item[entry.recommendation, entry.deadline.element].append(entry)
    items = []
    for (recommendation, element), stated in by_item.items():
        facts = {e.deadline.id: e.deadline for e in stated}
        in_force = facts.get(_in_force(stated)[element])
        instants = [e.published_at for e in stated] + [e.withdrawn_at for e in stated if e.withdrawn_at]
        items.append(
            ItemDeadline(
                recommendation=recommendation,
                element=element,
                in_force=in_force,
                shown=in_force or stated[-1].deadline,
                changes=len(instants),
                changed_at=max(instants),
            )
        )
    return items


def _in_force(stated: Sequence[DeadlineEntry]) -> dict[str, str]:
    """The id of the deadline in force by element; `stated` is in log order."""
    in_force = {e.deadline.element: "" for e in stated}
    kept = [e for e in stated if e.withdrawn_at is None]
    for entry in sorted(kept, key=lambda e: first_day(e.deadline.stated_on)):
        in_force[entry.deadline.element] = entry.deadline.id
    return in_force


def _words(entry: DeadlineEntry, due: Due | None, in_force: str) -> str:
    if entry.withdrawn_at:
        return _("Deadline withdrawn")
    if in_force != entry.deadline.id:
        return _("Moved by a later statement")
    if due is None:
        return _("Not applied: the recommendation is no longer applicable")
    return str(DEADLINE_STATE[due.state])
