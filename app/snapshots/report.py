"""What the report holds, in one language, as plain data: the page, the PDF and the document are three forms of it."""

from msgspec import Struct
from msgspec.structs import replace

from app.public.charts.strips import Segment


class Number(Struct, frozen=True):
    """A figure with what it is a figure of."""

    label: str
    n: int
    of: int
    percent: str
    bucket: str = ""
    status: str = ""
    meaning: str = ""


class Judgement(Struct, frozen=True):
    """A published assessment."""

    id: str
    item: str
    status: str
    label: str
    on: str
    why: str
    reason: str
    refs: list[int]
    published: str
    withdrawn: str = ""
    legacy: bool = False


class Part(Struct, frozen=True):
    title: str
    status: str
    label: str
    core: bool


class Section(Struct, frozen=True):
    """One recommendation."""

    id: str
    title: str
    summary: str
    status: str
    label: str
    facts: list[tuple[str, str]]
    segments: list[Segment]
    life: str
    parts: list[Part]
    counts: str
    counts_not: str
    judgements: list[Judgement]
    happenings: list[tuple[str, str, list[int]]]


class Theme(Struct, frozen=True):
    title: str
    sections: list[Section]


class Move(Struct, frozen=True):
    """One row of what changed."""

    title: str
    before: str
    after: str
    direction: str
    why: str
    before_status: str = ""
    after_status: str = ""


class Reference(Struct, frozen=True):
    n: int
    title: str
    about: str
    url: str


class Erratum(Struct, frozen=True):
    on: str
    what: str
    why: str


MOST = 400
"""Above so many recommendations or moves the PDF and the document leave them to the page and the workbook."""


class Report(Struct, frozen=True):
    language: str
    register: str
    title: str
    size: int
    as_of: str
    known: str
    headline: str
    notes: list[str]
    summary: list[str]
    numbers: list[Number]
    statuses: list[Number]
    since: str
    learned: list[Move]
    changed: list[Move]
    themes: list[Theme]
    references: list[Reference]
    errata: list[Erratum]
    rules: list[tuple[int, str]]
    years: list[tuple[float, str]]
    words: dict[str, str]
    address: str

    @property
    def is_large(self) -> bool:
        return self.size > MOST

    @property
    def shortened(self) -> "Report":
        """Without what the PDF and the document of a large register leave out."""
        return replace(self, themes=[], references=[]) if self.is_large else self
