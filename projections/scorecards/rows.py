"""The rows of the scorecards' tables, as they are written; each field is a column."""

from msgspec import Struct


class StoredRegister(Struct, gc=False):
    register_no: int
    register: str
    changed_at: int = 0


class StoredItem(Struct, gc=False):
    item_no: int
    rec_no: int
    register_no: int
    recommendation: str
    element: str
    kind: str
    theme: str
    core: bool
    recommended: int
    known_from: int
    known_to: int
    described_from: int
    place_key: bytes
    title_key: bytes
    priority: bool
    publications: str
    placed_from: int


class StoredEarlierItem(Struct, gc=False):
    item_no: int
    known_from: int
    known_to: int
    rec_no: int
    register_no: int
    element: str
    kind: str
    theme: str
    core: bool
    recommended: int


class StoredEarlierPlace(Struct, gc=False):
    item_no: int
    known_from: int
    known_to: int
    register_no: int
    place_key: bytes
    title_key: bytes
    priority: bool
    publications: str


class StoredAssessment(Struct, gc=False):
    assessment_no: int
    item_no: int
    rec_no: int
    register_no: int
    assessment: str
    reason: str
    status: int
    effective: int
    effective_on: str
    motion: int | None
    confidence: int | None
    review_by: int | None
    legacy: bool
    known_from: int
    known_to: int


class StoredSpan(Struct, gc=False):
    span_no: int
    register_no: int
    rec_no: int
    item_no: int
    level: int
    effective_from: int
    effective_to: int
    known_from: int
    known_to: int
    code: int
    since: int | None
    since_on: str | None
    assessment_no: int | None
    motion: int | None
    confidence: int | None
    review_by: int | None
    peak: int | None
    peak_on: int | None
    first_done: int | None
    due: int | None
    deadline_no: int | None


class StoredDeadline(Struct, gc=False):
    deadline_no: int
    item_no: int
    rec_no: int
    register_no: int
    deadline: str
    due: int
    due_on: str
    stated: int
    stated_on: str
    stated_by: str
    known_from: int
    known_to: int
