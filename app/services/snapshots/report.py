"""What the report holds, in one language, as plain data: the page, the PDF and the document are three forms of it."""

from msgspec import Struct
from msgspec.structs import replace

from app.presentation.charts.axis import Mark
from app.presentation.charts.strips import Segment


class Number(Struct, frozen=True):
    """A figure with what it is a figure of."""

    label: str
    n: int
    of: int
    percent: str
    bucket: str = ""
    status: str = ""
    group: str = ""
    """The code of a status's bucket, whose word is in `bucket`."""
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
    since: str
    marks: list[str]
    """What a reader must know beside the status, in a few words each."""
    facts: list[tuple[str, str]]
    segments: list[Segment]
    begins: float | None
    """The place of the day it was recommended, None where that lies before the axis."""
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
    language: str


class Line(Struct, frozen=True):
    """The days along which lives are drawn: years, days of review, and the end of the evidence; places in percent."""

    years: list[tuple[float, str]]
    reviews: list[Mark]
    reach: float | None


class Erratum(Struct, frozen=True):
    on: str
    what: str
    why: str


MOST = 400
"""Above so many recommendations or moves the PDF and the document leave them to the page, and it to the workbook."""


class Report(Struct, frozen=True):
    language: str
    register: str
    title: str
    is_large: bool
    as_of: str
    known: str
    headline: str
    pieces: list[tuple[str, str]]
    """The headline in parts, each with the bucket that it counts, or none."""
    notes: list[tuple[str, str]]
    """A kind and a text."""
    summary: list[str]
    numbers: list[Number]
    statuses: list[Number]
    since: str
    added: str
    """What came onto the scorecard, said once."""
    learned: list[Move]
    changed: list[Move]
    themes: list[Theme]
    references: list[Reference]
    errata: list[Erratum]
    rules: list[tuple[int, str]]
    line: Line
    words: dict[str, str]
    address: str

    @property
    def shortened(self) -> "Report":
        """Without what the PDF and the document of a large register leave out."""
        return replace(self, themes=[], references=[]) if self.is_large else self
