"""Section 8: what was learned about the first day, what changed since, and which assessments say so."""

from domain.codes import Reason, Status
from tests.support.examples.shapes import CompareExample
from tests.support.examples.telling import (
    LATE,
    at,
    log,
    moves,
    publish,
    register,
    withdraw,
    withdraw_recommendation,
)

S = Status

corrected = log(
    register(),
    publish("a1", S.PARTLY, "2023-10-01", "2023-10-02"),
    publish("a2", S.ANNOUNCED, "2023-10-01", "2024-02-02", Reason.OUR_CORRECTION),
)
corrected_and_moved = log(*corrected, publish("a3", S.IMPLEMENTED, "2024-03-01", "2024-03-02"))
there_and_back = log(*corrected, publish("a3", S.PARTLY, "2024-03-01", "2024-03-02"))
confirmed = log(
    register(),
    publish("a1", S.PARTLY, "2023-10-01", "2023-10-02"),
    publish("a2", S.PARTLY, "2024-02-01", "2024-02-02", Reason.REVIEWED_NO_CHANGE),
)
taken_back = log(register(), publish("a1", S.PARTLY, "2023-10-01", "2023-10-02"), withdraw("a1", "2024-02-01"))
registered_late = log(register(on="2024-02-01"), publish("a1", S.PARTLY, "2023-10-01", "2024-02-02"))
entered_by_mistake = log(
    register(), publish("a1", S.PARTLY, "2023-10-01", "2023-10-02"), withdraw_recommendation("r", "2024-02-01")
)
THEN = ("2024-01-01", at("2024-01-01"))
NOW = ("2024-06-01", LATE)

EXAMPLES: list[CompareExample] = [
    moves(
        "learned without a change in the world",
        corrected,
        THEN,
        NOW,
        a=S.PARTLY,
        b=S.ANNOUNCED,
        c=S.ANNOUNCED,
        learned=True,
        changed=False,
        direction="unchanged",
        causes=frozenset({"a2"}),
    ),
    moves(
        "learned and changed in one row",
        corrected_and_moved,
        THEN,
        NOW,
        a=S.PARTLY,
        b=S.ANNOUNCED,
        c=S.IMPLEMENTED,
        learned=True,
        changed=True,
        direction="up",
        causes=frozenset({"a2", "a3"}),
    ),
    moves(
        "a row that ends where it began still tells both steps",
        there_and_back,
        THEN,
        NOW,
        a=S.PARTLY,
        b=S.ANNOUNCED,
        c=S.PARTLY,
        learned=True,
        changed=True,
        direction="up",
        causes=frozenset({"a2", "a3"}),
    ),
    moves(
        "a confirmation causes nothing",
        confirmed,
        THEN,
        NOW,
        learned=False,
        changed=False,
        direction="unchanged",
        causes=frozenset(),
    ),
    moves(
        "a withdrawn assessment is among the causes",
        taken_back,
        THEN,
        NOW,
        a=S.PARTLY,
        b=S.NOT_ASSESSED,
        c=S.NOT_ASSESSED,
        learned=True,
        changed=False,
        direction="unchanged",
        causes=frozenset({"a1"}),
    ),
    moves(
        "one day as known at two instants can only be learned about",
        corrected,
        THEN,
        ("2024-01-01", LATE),
        a=S.PARTLY,
        b=S.ANNOUNCED,
        c=S.ANNOUNCED,
        learned=True,
        changed=False,
        direction="unchanged",
    ),
    moves(
        "two days as known at one instant can only be changed",
        corrected_and_moved,
        ("2024-01-01", LATE),
        NOW,
        a=S.ANNOUNCED,
        b=S.ANNOUNCED,
        c=S.IMPLEMENTED,
        learned=False,
        changed=True,
        direction="up",
        causes=frozenset({"a3"}),
    ),
    moves(
        "learned of only now: not on the first card, on it by what we know now",
        registered_late,
        THEN,
        NOW,
        a=None,
        b=S.PARTLY,
        c=S.PARTLY,
        learned=True,
        changed=False,
        direction="unchanged",
        causes=frozenset({"a1"}),
    ),
    moves(
        "a withdrawn recommendation is removed; its assessments are known as before",
        entered_by_mistake,
        THEN,
        NOW,
        a=S.PARTLY,
        b=None,
        c=None,
        learned=True,
        changed=False,
        direction="removed",
        causes=frozenset(),
    ),
]
