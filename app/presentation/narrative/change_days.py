"""What changed in the world, as a page shows it: by day, with what was looked at without a change in one line for each
stretch between two changes."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from markupsafe import Markup
from msgspec import Struct
from sqlalchemy import Connection

from app.presentation.i18n.labels import day_text, status_word
from app.presentation.i18n.localize import isolated, localized
from app.presentation.i18n.translation import _, ngettext
from app.presentation.narrative.comparison import joined, move_texts
from domain.values import Assessment, Element, RecommendationFacts
from projections.assessments import queries as assessments
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from projections.scorecards.world_changes import ItemChange, WorldChange

MOVES = ("up", "down", "reversed", "level")


class FoundItem(Struct, frozen=True):
    """An assessment, and the part that it is about; None for a whole recommendation."""

    change: ItemChange
    part: Element | None
    assessment: Assessment

    @property
    def step(self) -> Markup | str:
        """The part, and from which status to which."""
        words = {"after": status_word(self.change.after), "part": isolated(localized(self.part, "title"))}
        if self.change.before is None:
            return _("Part “%(part)s”: %(after)s", **words)
        return _("Part “%(part)s”: %(before)s to %(after)s", before=status_word(self.change.before), **words)


class FoundChange(Struct, frozen=True):
    """What was found about a recommendation on a day."""

    change: WorldChange
    facts: RecommendationFacts
    items: tuple[FoundItem, ...]

    @property
    def is_whole(self) -> bool:
        """Whether the status of the recommendation changed, and not only that of a part."""
        return self.change.before is not self.change.after

    @property
    def label(self) -> str:
        if not self.is_whole:
            is_new = all(item.change.before is None for item in self.items)
            return _("A part first assessed") if is_new else _("A part changed")
        names = {
            "up": _("Moved up"),
            "down": _("Moved down"),
            "reversed": _("Reversed"),
            "first": _("First assessed"),
        }
        return names.get(self.change.direction) or _("Changed")


class ChangeDay(Struct, frozen=True):
    """The changes of one day, as it was written."""

    on: str
    changes: tuple[FoundChange, ...]


class UnchangedStretch(Struct, frozen=True):
    """What was looked at between two changes, newest first; each has one item whose status stayed."""

    first: str
    last: str
    lines: tuple[FoundChange, ...]


def without_open_stretch(changes: Sequence[WorldChange]) -> Sequence[WorldChange]:
    """A page that ends with a change if it has one: the stretch after it is whole on the next page."""
    last = max((n for n, change in enumerate(changes) if change.is_change), default=len(changes) - 1)
    return changes[: last + 1]


def read_changes(db: Connection, register: str, changes: Sequence[WorldChange]) -> list[FoundChange]:
    """Changes with the texts that they are shown with."""
    known_at, items = last_applied_at(db), [(c.recommendation, i) for c in changes for i in c.items]
    facts = catalogue.recommendations_of(db, register, known_at, {c.recommendation for c in changes})
    parts = catalogue.elements_by_id(db, register, known_at, {(r, i.element) for r, i in items if i.element})
    texts = assessments.by_id(db, register, {i.assessment for _r, i in items})

    def found(c: WorldChange) -> FoundChange:
        of = tuple(FoundItem(i, parts.get((c.recommendation, i.element)), texts[i.assessment]) for i in c.items)
        return FoundChange(c, facts[c.recommendation].facts, of)

    return [found(change) for change in changes]


def days_and_stretches(found: Sequence[FoundChange]) -> list[ChangeDay | UnchangedStretch]:
    """The days of changes, newest first, with one stretch between them for all that stayed as it was."""
    ordered = sorted(_split(found), key=lambda c: (-c.change.day.toordinal(), not c.change.is_change))
    blocks: list[ChangeDay | UnchangedStretch] = []
    for is_change, run in groupby(ordered, key=lambda c: c.change.is_change):
        changes = tuple(run)
        if is_change:
            blocks += [ChangeDay(on, tuple(of_day)) for on, of_day in groupby(changes, key=lambda c: c.change.on)]
        else:
            blocks.append(UnchangedStretch(changes[-1].change.on, changes[0].change.on, changes))
    return blocks


def _split(found: Sequence[FoundChange]) -> Iterator[FoundChange]:
    """What changed on a day, and each item that stayed as it was, apart."""
    for change in found:
        changed = tuple(item for item in change.items if item.change.is_change)
        if changed or change.is_whole:
            yield _only(change, changed or change.items, is_whole=True)
        same = () if change.is_whole and not changed else (i for i in change.items if not i.change.is_change)
        for item in same:
            yield _only(change, (item,), is_whole=False)


def _only(found: FoundChange, items: tuple[FoundItem, ...], *, is_whole: bool) -> FoundChange:
    """With some of the items; `is_whole` keeps what happened to the whole."""
    before = found.change.before if is_whole else found.change.after
    c = found.change
    change = WorldChange(c.recommendation, c.day, c.place, tuple(i.change for i in items), before, c.after, c.direction)
    return FoundChange(change, found.facts, items)


def changes_headline(found: Sequence[FoundChange], *, newest: bool) -> str:
    """“Since 3 January 2025, 8 statuses changed: 6 moved up, 1 moved down and 1 was reversed.”"""
    if not found:
        return _("No change was found.")
    moved = [c for c in found if c.is_whole and c.change.direction in MOVES]
    if not moved:
        return _spanned(found, _("no status changed"), newest=newest)
    counts: Mapping[str, int] = Counter(c.change.direction for c in moved)
    number = ngettext("%(num)d status changed", "%(num)d statuses changed", len(moved))
    moves = joined(move_texts({code: counts.get(code, 0) for code in (*MOVES, "added", "removed")}))
    return _spanned(found, f"{number}: {moves}", newest=newest)


def unchanged_headline(found: Sequence[FoundChange], *, newest: bool) -> str:
    """What a page says that shows only what was looked at."""
    if not found:
        return _("Nothing was looked at that stayed as it was.")
    number = sum(len(c.items) for c in found)
    text = ngettext("%(num)d assessment left a status as it was", "%(num)d assessments left a status as it was", number)
    return _spanned(found, text, newest=newest)


def corrections_headline(number: int, most: int) -> str:
    """What a page says that shows only corrections, at most so many."""
    if not number:
        return _("Nothing was corrected since this register opened.")
    if number >= most:
        return _("The last %(num)d corrections of this register", num=number)
    return ngettext(
        "%(num)d correction since this register opened", "%(num)d corrections since this register opened", number
    )


def _spanned(found: Sequence[FoundChange], text: str, *, newest: bool) -> str:
    words = {"first": day_text(found[-1].change.on), "last": day_text(found[0].change.on), "text": text}
    return _("Since %(first)s, %(text)s.", **words) if newest else _("From %(first)s to %(last)s, %(text)s.", **words)


def last_change(found: Sequence[FoundChange]) -> str:
    """The last day on which the status of a recommendation changed, as it was written; empty if there is none."""
    return next((c.change.on for c in found if c.is_whole and c.change.direction in MOVES), "")
