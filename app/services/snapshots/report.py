"""What the report holds, in one language, as plain data: the page, the PDF and the document are three forms of it."""

from msgspec import Struct
from msgspec.structs import replace

from app.presentation.charts.axis import Mark
from app.presentation.charts.strips import Segment


class Figure(Struct, frozen=True):
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


class ReportAssessment(Struct, frozen=True):
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


class ReportElement(Struct, frozen=True):
    title: str
    status: str
    label: str
    core: bool


class RecommendationSection(Struct, frozen=True):
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
    history: str
    parts: list[ReportElement]
    counts: str
    counts_not: str
    assessments: list[ReportAssessment]
    developments: list[tuple[str, str, list[int]]]


class ThemeSection(Struct, frozen=True):
    title: str
    sections: list[RecommendationSection]


class StatusChange(Struct, frozen=True):
    """One row of what changed."""

    title: str
    before: str
    after: str
    direction: str
    why: str
    before_status: str = ""
    after_status: str = ""


class EvidenceReference(Struct, frozen=True):
    n: int
    title: str
    about: str
    url: str
    language: str


class ReportAxis(Struct, frozen=True):
    """The days along which lives are drawn: years, days of review, and the end of the evidence; places in percent."""

    years: list[tuple[float, str]]
    reviews: list[Mark]
    reach: float | None


class ReportErratum(Struct, frozen=True):
    on: str
    what: str
    why: str


MAX_DETAILED_ROWS = 400
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
    numbers: list[Figure]
    statuses: list[Figure]
    since: str
    added: str
    """What came onto the scorecard, said once."""
    learned: list[StatusChange]
    changed: list[StatusChange]
    themes: list[ThemeSection]
    references: list[EvidenceReference]
    errata: list[ReportErratum]
    rules: list[tuple[int, str]]
    line: ReportAxis
    words: dict[str, str]
    address: str

    @property
    def shortened(self) -> "Report":
        """Without what the PDF and the document of a large register leave out."""
        return replace(self, themes=[], references=[]) if self.is_large else self
