"""Models of proposals, which are not public."""

from msgspec import Struct

from app.presentation.answers.api_values import Instant, JsonObject


class OpenProposalShape(Struct, omit_defaults=True):
    """A proposed assessment that waits for a decision, or for its author if it was returned. `assessment` holds all its
    fields. `publish_at` is set if it was approved, and says when it goes out."""

    assessment: JsonObject
    proposed_by: str
    returned: bool = False
    publish_at: Instant | None = None


class ProposalsShape(Struct):
    """`tag` is the ETag, without its quotes, with which a decision on one of the proposals names this version."""

    register: str
    recommendation: str
    tag: str
    proposals: list[OpenProposalShape]


class ProposedResponseShape(Struct):
    """A response that waits for a decision, with all its fields. `tag` is the ETag, without its quotes, with which a
    decision names this version."""

    register: str
    recommendation: str
    tag: str
    response: JsonObject
