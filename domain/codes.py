"""The codes that the methodology, the events and the bundles share."""

from enum import StrEnum


class Status(StrEnum):
    NOT_ASSESSED = "not_assessed"
    NO_ACTION = "no_action"
    CONTRARY = "contrary"
    ANNOUNCED = "announced"
    IN_PROGRESS = "in_progress"
    PARTLY = "partly"
    IMPLEMENTED = "implemented"
    IN_EFFECT = "in_effect"
    REVERSED = "reversed"
    SUPERSEDED = "superseded"
    UNVERIFIABLE = "unverifiable"


class Bucket(StrEnum):
    DONE = "done"
    UNDER_WAY = "under_way"
    NOT_DONE = "not_done"
    NOT_RATED = "not_rated"


class Kind(StrEnum):
    ONE_OFF = "one_off"
    CONTINUING = "continuing"
    OUTCOME = "outcome"
    RESTRAINT = "restraint"

    @property
    def is_one_time(self) -> bool:
        """Whether it is done once and then complete, in contrast to what has to be kept up."""
        return self in (Kind.ONE_OFF, Kind.OUTCOME)


class Reason(StrEnum):
    FIRST_ASSESSMENT = "first_assessment"
    WORLD_CHANGED = "world_changed"
    NEW_EVIDENCE = "new_evidence"
    OUR_CORRECTION = "our_correction"
    METHOD_CHANGED = "method_changed"
    REVIEWED_NO_CHANGE = "reviewed_no_change"

    @property
    def is_correction(self) -> bool:
        """Whether the register corrects itself, in contrast to a change in the world."""
        return self in (Reason.OUR_CORRECTION, Reason.METHOD_CHANGED)


class Cause(StrEnum):
    REPEALED = "repealed"
    EXPIRED = "expired"
    DEFUNDED = "defunded"
    OFFICE_VACANT = "office_vacant"
    STRUCK_DOWN = "struck_down"
    ENJOINED = "enjoined"
    NOT_ENFORCED = "not_enforced"
    WAIVED = "waived"
    MANDATE_ENDED = "mandate_ended"
    REPLACED_BY_CONTRARY_ACT = "replaced_by_contrary_act"


class Motion(StrEnum):
    ADVANCING = "advancing"
    STEADY = "steady"
    STALLED = "stalled"
    REGRESSING = "regressing"


class Confidence(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class SourceClass(StrEnum):
    OFFICIAL = "official"
    OFFICIAL_REPOST = "official_repost"
    RECORD = "record"
    PRIMARY = "primary"
    NEWS = "news"
    TRADE_PRESS = "trade_press"
    ANALYSIS = "analysis"
    REPOST = "repost"
    AGGREGATOR = "aggregator"
    GENERAL_KNOWLEDGE = "general_knowledge"
    NULL_SEARCH = "null_search"
    UNCLASSIFIED = "unclassified"


class RemovalReason(StrEnum):
    """Why the texts of a source were removed permanently."""

    SAFETY = "safety"
    REQUEST = "request"
    COURT_ORDER = "court_order"
    RIGHTS = "rights_or_licence"
    MISTAKE = "mistake"


class PeerReview(StrEnum):
    ALWAYS = "always"
    HIGH_STAKES = "high_stakes"
    NEVER = "never"


class Direction(StrEnum):
    """Where a development pushes: of the world, not of a status."""

    ADVANCES = "advances"
    SETS_BACK = "sets_back"
    NEUTRAL = "neutral"
    REVERSES = "reverses"


class Freshness(StrEnum):
    CURRENT = "current"
    DUE = "due"
    STALE = "stale"


class AddresseeRole(StrEnum):
    LEAD = "lead"
    JOINT = "joint"


class Position(StrEnum):
    """What a body that was asked says to a recommendation, or to an assessment."""

    ACCEPTS = "accepts"
    ACCEPTS_IN_PART = "accepts_in_part"
    NOTES = "notes"
    REJECTS = "rejects"
    DISPUTES = "disputes"


class RelationKind(StrEnum):
    RENEWS = "renews"
    SPLIT_FROM = "split_from"
    MERGED_FROM = "merged_from"
    SUPERSEDES = "supersedes"
    REPEATS = "repeats"


class DeadlineState(StrEnum):
    UPCOMING = "upcoming"
    OPEN = "open"
    OVERDUE = "overdue"
    MET = "met"
    MET_LATE = "met_late"
