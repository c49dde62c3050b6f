"""What the values of a column look like: addresses, dates, numbers, known words, long texts."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property

from app.adapters.spreadsheets.cells import column_letters
from app.services.bundles.typed_dates import is_ambiguous, order_of, read_date
from app.services.mapping.hosts import find_addresses, host_of
from app.services.mapping.words import guess_word

_SAMPLE = 500
_EXAMPLES = 4
_NUMBER = re.compile(
    r"(?:[A-Z가-힣§]{0,6}[ .-]?)\d{1,4}(?:[.\-/ ]\d{1,4}){0,4}[.]?\s?(?:\(?[a-z가-힣]{1,3}\)?)?\.?", re.IGNORECASE
)


class ColumnValues:
    """The values of one column below its heading. Shares are of the cells that are not empty, by a sample."""

    def __init__(self, column: int, heading: str, texts: Sequence[str], linked: int = 0) -> None:
        self.column, self.heading = column, heading
        self.counts = Counter(text for text in texts if text and not text.isspace())
        self.filled = self.counts.total()
        self.linked = linked
        """The number of cells with an address behind their text."""
        self.different = len(self.counts)
        self.longest = max(map(len, self.counts), default=0)
        step = max(1, self.different // _SAMPLE)
        self._sample = [text.strip() for text in list(self.counts)[::step]]

    @property
    def letters(self) -> str:
        return column_letters(self.column)

    @property
    def examples(self) -> tuple[str, ...]:
        """The most common values first, if they repeat."""
        if self.different <= _EXAMPLES or self.different * 2 > self.filled:
            return tuple(list(self.counts)[:_EXAMPLES])
        return tuple(text for text, _count in self.counts.most_common(_EXAMPLES))

    @cached_property
    def average(self) -> float:
        return sum(map(len, self._sample)) / max(1, len(self._sample))

    @cached_property
    def dates(self) -> float:
        return self._share(lambda text: bool(read_date(text, "dmy") or read_date(text, "mdy")) and not text.isdecimal())

    @cached_property
    def years(self) -> float:
        return self._share(lambda text: bool(read_date(text, "dmy")))

    @cached_property
    def numbers(self) -> float:
        """The share of what numbers a recommendation: `12.1`, `R3`, `7(a)`."""
        return self._share(lambda text: len(text) <= 16 and bool(_NUMBER.fullmatch(text)))

    @cached_property
    def addresses(self) -> float:
        behind = self.linked / self.filled if self.filled else 0
        return max(behind, self._share(lambda text: bool(find_addresses(text))))

    @cached_property
    def hangul(self) -> float:
        return self._share(lambda text: any("가" <= c <= "힣" for c in text))

    @property
    def is_unique(self) -> bool:
        return self.different >= 0.9 * self.filled

    @property
    def is_prose(self) -> bool:
        """Whether the values are texts rather than words, names or numbers."""
        return self.average > 40 and (self.different > 0.5 * self.filled or self.average > 80)

    def words(self, field: str) -> float:
        """The share of cells with a word that is known in a field."""
        known = sum(count for text, count in self.counts.most_common(_SAMPLE) if len(text) < 60 and _has(field, text))
        return known / self.filled if self.filled else 0.0

    def hosts(self) -> set[str]:
        return {host_of(address) for text in self._sample for address in find_addresses(text)}

    def count_dates(self) -> tuple[int, int, str, Counter[str]]:
        """Ambiguous dates, other dates, an ambiguous example, and how many dates allow one order only."""
        ambiguous, clear, example, orders = 0, 0, "", Counter[str]()
        for text, count in self.counts.items():
            if is_ambiguous(text):
                ambiguous += count
                example = example or text.strip()
            elif read_date(text.strip()):
                clear += count
                if order := order_of(text):
                    orders[order] += count
        return ambiguous, clear, example, orders

    def _share(self, matches: Callable[[str], bool]) -> float:
        if not self._sample:
            return 0.0
        return sum(1 for text in self._sample if matches(text)) / len(self._sample)


def _has(field: str, text: str) -> bool:
    return guess_word(field, text) is not None
