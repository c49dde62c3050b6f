"""The report in one language as plain data; HTML page, PDF and document render it."""

from msgspec import Struct
from msgspec.structs import replace

from app.presentation.charts.strips import Segment
from app.presentation.charts.ticks import Tick
from app.presentation.narrative.keeper import Keeper


class Figure(Struct, frozen=True):
    """A figure and its total."""

    label: str
    n: int
    of: int
    percent: str
    bucket: str = ""
    status: str = ""
    group: str = ""
    """The code of the bucket that `bucket` names."""
    meaning: str = ""


class ReportResponse(Struct, frozen=True):
    """What a body said on a day; `line` names both and its position."""

    line: str
    text: str
    refs: list[int]
    withdrawn: str = ""


class ReportDeadline(Struct, frozen=True):
    """A deadline; `line` names the day, who stated it and when, and `words` say what became of it."""

    line: str
    words: str
    note: str
    refs: list[int]
    withdrawn: str = ""


class ReportAssessment(Struct, frozen=True):
    """A published assessment, with the replies to it."""

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
    replies: list[ReportResponse] = []
    successors: str = ""
    """The later editions, where the status is “superseded” and relations name any."""


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
    """Short warnings next to the status."""
    facts: list[tuple[str, str]]
    segments: list[Segment]
    begins: float | None
    """The day it was recommended, in percent of the axis; None if that is before the axis starts."""
    history: str
    parts: list[ReportElement]
    counts: str
    counts_not: str
    assessments: list[ReportAssessment]
    developments: list[tuple[str, str, list[int]]]
    responses: list[ReportResponse] = []
    """Responses that answer no assessment."""
    statement: str = ""
    """Where the recommendation is on that day, if an assessment states it."""
    deadlines: list[ReportDeadline] = []
    """Those in force first."""
    relations: list[str] = []
    """Earlier and later editions, in words."""


class ThemeSection(Struct, frozen=True):
    title: str
    sections: list[RecommendationSection]


class StatusChange(Struct, frozen=True):
    """A change of status. `group` is the heading of those of its direction."""

    title: str
    before: str
    after: str
    direction: str
    why: str
    before_status: str = ""
    after_status: str = ""
    id: str = ""
    group: str = ""


class ReportAddressee(Struct, frozen=True):
    """What a body was asked for. The numbers by bucket are of what it was asked for as the only lead.

    `level` is how many listed bodies are above it.
    """

    name: str
    level: int
    recommendations: list[str]
    """The ids of all that name it."""
    own: int
    done: int
    under_way: int
    not_done: int
    not_rated: int
    overdue: int
    with_others: int


class ReportReversal(Struct, frozen=True):
    """A recommendation that was undone. `done` and `undone` say which status it had from when: the furthest one, and
    the one after it was done or reversed. `part` names the part that decided the present one, if one did."""

    id: str
    title: str
    done: str
    undone: str
    status: str
    label: str
    part: str
    why: str
    refs: list[int]


class ReportOverdue(Struct, frozen=True):
    """An overdue recommendation, or a part of it. `deadline` says when it was due and who stated that."""

    id: str
    title: str
    part: str
    late: str
    deadline: str
    refs: list[int]


class EvidenceReference(Struct, frozen=True):
    n: int
    title: str
    about: str
    url: str
    language: str
    translation: str = ""
    """The title in the language of the report, if it is another one."""
    archived_url: str = ""
    copy: str = ""
    """The SHA-256 of the copy that the register keeps, in words."""


class ReportAxis(Struct, frozen=True):
    """The time axis of status histories: years, review days and the end of the evidence, in percent."""

    years: list[Tick]
    reviews: list[Tick]
    reach: float | None


class ReportErratum(Struct, frozen=True):
    on: str
    what: str
    why: str


MAX_DETAILED_ROWS = 400
"""With more recommendations or changes, PDF and document leave them to the page, and the page to the workbook."""


class Report(Struct, frozen=True):
    language: str
    register: str
    title: str
    is_large: bool
    as_of: str
    known: str
    headline: str
    pieces: list[tuple[str, str]]
    """The headline in parts, each with the bucket it counts, or an empty string."""
    notes: list[tuple[str, str]]
    """Kind and text."""
    summary: list[str]
    numbers: list[Figure]
    statuses: list[Figure]
    since: str
    """With which day the review is compared, in one sentence."""
    moved: str
    """How many moved which way, in one sentence."""
    added: str
    """The recommendations that came onto the scorecard, in one sentence."""
    learned: list[StatusChange]
    changed: list[StatusChange]
    addressees: list[ReportAddressee]
    reversals: list[ReportReversal]
    overdue: list[ReportOverdue]
    themes: list[ThemeSection]
    references: list[EvidenceReference]
    errata: list[ReportErratum]
    rules: list[tuple[int, str]]
    line: ReportAxis
    words: dict[str, str]
    address: str
    keeper: Keeper
    kept: list[tuple[str, str]]
    """Label and text of what the register says about its keeper."""
    authors: list[tuple[str, str]] = []
    """Name and ORCID address of each person who wrote it; the address is empty if there is none."""
    institution_ror: str = ""
    """The ROR address of the institution that keeps the register."""
    colour: str = ""
    """The colour of the institution as `#rrggbb`, dark enough for white text on it."""
    doi: str = ""
    """The DOI of this review, or else of the reviews of this register: `10.…`, without an address."""
    how_to_cite: str = ""
    """One sentence."""

    @property
    def shortened(self) -> "Report":
        """The report without the parts that PDF and document of a large register omit."""
        return replace(self, themes=[], references=[]) if self.is_large else self
