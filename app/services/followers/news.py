"""What is new in a register for one address: the same entries as in its feeds, sorted by what they are."""

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct
from sqlalchemy import Connection

from app.presentation.i18n.languages import url_prefix
from app.presentation.i18n.localize import localized_text, originals_in
from app.presentation.i18n.status_words import chosen_scale, display_scale
from app.presentation.i18n.translation import _, ngettext, page_language
from app.presentation.narrative.feed_context import read_feed_context
from app.presentation.narrative.feed_entries import EntryKind, FeedEntry, build_entries
from app.presentation.narrative.headlines import reach_line
from app.services.container import Services
from app.services.followers.models import Follow
from app.services.followers.topics import TopicFilter
from domain.times import day_in
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.changes.queries import PublicChange, latest
from projections.engine.position import last_applied_at
from projections.scorecards.results import TimePair

MAX_CHANGES = 50
"""The most changes of a register in one letter; its page of changes has all of them."""
CHANGES_PER_QUERY = 500


class RegisterNews(Struct, frozen=True):
    """New entries of a register, newest first. `reach` says how far the evidence reaches."""

    title: str
    path: str
    entries: tuple[FeedEntry, ...]
    is_complete: bool
    reach: str

    def of_kind(self, kind: str) -> list[FeedEntry]:
        return [entry for entry in self.entries if entry.kind == kind]


def news_summary(news: Sequence[RegisterNews]) -> str:
    """What a letter is about, in a line: its only entry, or how many there are."""
    entries = [entry for of in news for entry in of.entries]
    if len(entries) == 1:
        return entries[0].title
    if not all(of.is_complete for of in news):
        return _("Many changes in what you follow")
    kinds = Counter(entry.kind for entry in entries)
    texts = [
        *([ngettext("%(num)d change", "%(num)d changes", n)] if (n := kinds[EntryKind.CHANGED]) else []),
        *([ngettext("%(num)d correction", "%(num)d corrections", n)] if (n := kinds[EntryKind.CORRECTED]) else []),
        *([ngettext("%(num)d other entry", "%(num)d other entries", n)] if (n := kinds[EntryKind.OTHER]) else []),
    ]
    return _("What you follow: %(what)s", what=", ".join(texts))


def newest_position(db: Connection, register: str) -> int:
    """The position of the newest change that the public can see; 0 for a register that is not open."""
    entry = catalogue.register(db, register)
    changes = latest(db, register, limit=1) if entry and entry.is_open else []
    return changes[0].position if changes else 0


def read_news(services: Services, db: Connection, follows: Sequence[Follow], after: int) -> list[RegisterNews]:
    """What was published after a position, by register, in the language of the context."""
    by_register: dict[str, list[Follow]] = {}
    for follow in follows:
        by_register.setdefault(follow.register, []).append(follow)
    return [news for register in by_register if (news := _of_register(services, db, by_register[register], after))]


def _of_register(services: Services, db: Connection, follows: Sequence[Follow], after: int) -> RegisterNews | None:
    entry = catalogue.register(db, follows[0].register)
    if entry is None or not entry.is_open:
        return None
    changes = _changes(services, db, entry, follows, after)
    shown, settings, today = changes[:MAX_CHANGES], entry.settings, day_in(entry.settings.time_zone, services.clock())
    if not shown:
        return None
    with originals_in(settings.languages[0]), display_scale(chosen_scale(settings)):
        context = read_feed_context(db, entry, TimePair(today, last_applied_at(db)), shown)
        entries = build_entries(context, shown, lambda path: services.settings.base_url + path)
        return RegisterNews(
            localized_text(settings, "title"),
            f"{url_prefix(page_language())}/{entry.id}/",
            entries,
            len(changes) == len(shown),
            reach_line(settings.evidence_to, today),
        )


def _changes(
    services: Services, db: Connection, entry: RegisterEntry, follows: Sequence[Follow], after: int
) -> list[PublicChange]:
    """The newest that someone wants to know, one more than a letter shows if there are more."""
    today, wanted = day_in(entry.settings.time_zone, services.clock()), list[PublicChange]()
    for part in _parts(db, entry.id, max(after, min(f.after for f in follows))):
        topics = TopicFilter(db, entry.id, today, part)
        wanted += [c for c in part if any(topics.wants(f, c) for f in follows)]
        if len(wanted) > MAX_CHANGES:
            break
    return wanted[: MAX_CHANGES + 1]


def _parts(db: Connection, register: str, after: int) -> Iterator[list[PublicChange]]:
    """What was published after a position and after the register was opened, some at a time, newest first."""
    opening = catalogue.opening(db, register)
    since, before = max(after, opening.position if opening else 0) + 1, None
    while part := latest(db, register, since=since, before=before, limit=CHANGES_PER_QUERY):
        yield part
        before = part[-1].position
