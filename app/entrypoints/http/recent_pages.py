"""Pages that a change of the record drove out of the cache: at hand for a moment, for when the database goes away."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar

RECENT_SECONDS = 60
"""How long before the database went away a page may have been driven out.

Long enough for a busy record, of which no page can be cached for a while.
"""


class DrivenOutPage(Protocol):
    key: str
    counted_bytes: int
    compared_at: float
    driven_out_at: float


P = TypeVar("P", bound=DrivenOutPage)


class RecentPages(Generic[P]):
    """The newest of each page, at most `size` bytes of them. Times are of the monotonic clock, in seconds."""

    def __init__(self, size: int) -> None:
        self.size, self.bytes = size, 0
        self.pages: OrderedDict[str, P] = OrderedDict()

    def keep(self, pages: Iterable[P], compared_at: float, now: float) -> None:
        """Keep pages that were right when they were last compared and are driven out now, and drop the oldest."""
        for page in pages:
            page.compared_at, page.driven_out_at = compared_at, now
            if replaced := self.pages.pop(page.key, None):
                self.bytes -= replaced.counted_bytes
            self.pages[page.key] = page
            self.bytes += page.counted_bytes
        while self.pages and (self.bytes > self.size or self._is_old(next(iter(self.pages.values())), now)):
            self.bytes -= self.pages.popitem(last=False)[1].counted_bytes

    def clear(self) -> None:
        """Drop all pages, since they may show what was removed."""
        self.pages.clear()
        self.bytes = 0

    def find(self, key: str, at: float) -> P | None:
        """A page that was driven out at most a minute before a time; else None."""
        page = self.pages.get(key)
        return None if page is None or self._is_old(page, at) else page

    def _is_old(self, page: P, at: float) -> bool:
        return page.driven_out_at < at - RECENT_SECONDS
