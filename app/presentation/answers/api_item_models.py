"""Models of what belongs to an item: deadlines, addressees, responses, relations."""

from msgspec import Struct

from app.presentation.answers.api_values import Count, Instant
from domain.codes import AddresseeRole, DeadlineState, Position, RelationKind, Status


class DueShape(Struct):
    """The deadline in force of an item. `due_on` and `stated_on` are as written; `stated_by` is the id of a publication
    or a body, or text."""

    id: str
    due_on: str
    stated_on: str
    stated_by: str
    state: DeadlineState


class DeadlineShape(Struct):
    """A deadline as it was stated; `withdrawn_at` is null for one that stays."""

    id: str
    element: str | None
    due_on: str
    stated_on: str
    stated_by: str
    evidence: list[str]
    note: str
    published_at: Instant
    withdrawn_at: Instant | None
    withdrawn_reason: str | None


class DeadlinesShape(Struct):
    """`tag` is the ETag, without its quotes."""

    register: str
    recommendation: str
    tag: str
    deadlines: list[DeadlineShape]


class DueCountsShape(Struct):
    """How many recommendations have a deadline in force, and what became of those that are not open."""

    with_deadline: Count
    overdue: Count
    upcoming: Count
    met: Count
    met_late: Count


class AddresseeShape(Struct):
    """Without days, on all days; `role` is lead or joint."""

    body: str
    role: AddresseeRole
    from_on: str | None = None
    to_on: str | None = None


class ItemAddresseeShape(Struct):
    """`element` is null for the whole recommendation."""

    body: str
    role: AddresseeRole
    element: str | None
    from_on: str | None
    to_on: str | None


class AddresseesShape(Struct):
    """`tag` is the ETag, without its quotes."""

    register: str
    recommendation: str
    tag: str
    addressees: list[ItemAddresseeShape]


class BodyItemShape(Struct):
    id: str
    status: Status


class BodyPartShape(Struct):
    id: str
    element: str
    status: Status


class SharedItemShape(Struct):
    id: str
    status: Status
    others: list[str]


class BodyScorecardShape(Struct):
    """`includes` are the bodies below it, and those merged into any of them; `totals` counts `alone` and `parts`."""

    body: str
    includes: list[str]
    totals: dict[Status, int]
    alone: list[BodyItemShape]
    parts: list[BodyPartShape]
    with_others: list[SharedItemShape]


class ResponseShape(Struct, omit_defaults=True):
    """A response that was given and published by then. Without `in_force`, a later one of the body replaces it."""

    id: str
    body: str
    position: Position
    given_on: str
    summary: str
    evidence: list[str]
    element: str | None = None
    assessment: str | None = None
    in_force: bool = False
    published_at: Instant | None = None


class RelationShape(Struct):
    """`direction` is “outgoing” from the later edition, “incoming” at the earlier one; `to` is the other side.

    `on` is the day as written, null where it is not known.
    """

    relation: RelationKind
    to: str
    direction: str
    on: str | None
    note: str


class ResponsesShape(Struct):
    """`tag` is the ETag, without its quotes."""

    register: str
    recommendation: str
    tag: str
    responses: list[ResponseShape]


class RelationsShape(Struct):
    """The relations of a recommendation at a pair of times."""

    register: str
    recommendation: str
    relations: list[RelationShape]
