"""The ranks and buckets of section 2, copied by hand from its table."""

from domain.codes import Bucket, Status

# status: (bucket, rank); None is the dash of the table.
TABLE: dict[Status, tuple[Bucket, int | None]] = {
    Status.NOT_ASSESSED: (Bucket.NOT_RATED, None),
    Status.NO_ACTION: (Bucket.NOT_DONE, 0),
    Status.CONTRARY: (Bucket.NOT_DONE, 0),
    Status.ANNOUNCED: (Bucket.UNDER_WAY, 1),
    Status.IN_PROGRESS: (Bucket.UNDER_WAY, 2),
    Status.PARTLY: (Bucket.UNDER_WAY, 3),
    Status.IMPLEMENTED: (Bucket.DONE, 4),
    Status.IN_EFFECT: (Bucket.DONE, 4),
    Status.REVERSED: (Bucket.NOT_DONE, 0),
    Status.SUPERSEDED: (Bucket.NOT_RATED, None),
    Status.UNVERIFIABLE: (Bucket.NOT_RATED, None),
}


def bucket(status: Status) -> Bucket:
    return TABLE[status][0]


def rank(status: Status) -> int | None:
    return TABLE[status][1]
