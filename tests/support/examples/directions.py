"""Section 8: the direction of a row, for each that there is."""

from domain.codes import Kind, Reason, Status
from tests.support.examples.shapes import CompareExample
from tests.support.examples.telling import (
    LATE,
    at,
    log,
    moves,
    publish,
    register,
)

S = Status

quiet = log(register())
went_up = log(
    register(),
    publish("a1", S.ANNOUNCED, "2023-10-01", "2023-10-02"),
    publish("a2", S.PARTLY, "2024-02-01", "2024-02-02"),
)
went_down = log(
    register(),
    publish("a1", S.IN_PROGRESS, "2023-10-01", "2023-10-02"),
    publish("a2", S.NO_ACTION, "2024-02-01", "2024-02-02"),
)
was_reversed = log(
    register(kind=Kind.CONTINUING),
    publish("a1", S.IN_EFFECT, "2023-10-01", "2023-10-02"),
    publish("a2", S.REVERSED, "2024-02-01", "2024-02-02"),
)
reversed_again = log(*was_reversed, publish("a3", S.REVERSED, "2024-04-01", "2024-04-02", Reason.REVIEWED_NO_CHANGE))
same_rank = log(
    register(),
    publish("a1", S.NO_ACTION, "2023-10-01", "2023-10-02"),
    publish("a2", S.CONTRARY, "2024-02-01", "2024-02-02"),
)
set_aside = log(
    register(),
    publish("a1", S.PARTLY, "2023-10-01", "2023-10-02"),
    publish("a2", S.SUPERSEDED, "2024-02-01", "2024-02-02"),
)
THEN = ("2024-01-01", at("2024-01-01"))
NOW = ("2024-06-01", LATE)

EXAMPLES: list[CompareExample] = [
    moves(
        "nothing happened",
        quiet,
        THEN,
        NOW,
        a=S.NOT_ASSESSED,
        b=S.NOT_ASSESSED,
        c=S.NOT_ASSESSED,
        learned=False,
        changed=False,
        direction="unchanged",
        causes=frozenset(),
    ),
    moves(
        "up: a higher rank in the world",
        went_up,
        THEN,
        NOW,
        a=S.ANNOUNCED,
        b=S.ANNOUNCED,
        c=S.PARTLY,
        learned=False,
        changed=True,
        direction="up",
        causes=frozenset({"a2"}),
    ),
    moves(
        "down: a lower rank in the world",
        went_down,
        THEN,
        NOW,
        c=S.NO_ACTION,
        direction="down",
        changed=True,
        causes=frozenset({"a2"}),
    ),
    moves(
        "reversed goes before down",
        was_reversed,
        THEN,
        NOW,
        b=S.IN_EFFECT,
        c=S.REVERSED,
        direction="reversed",
        causes=frozenset({"a2"}),
    ),
    moves(
        "what stays reversed is unchanged, and has no causes",
        reversed_again,
        ("2024-03-01", at("2024-03-01")),
        NOW,
        a=S.REVERSED,
        b=S.REVERSED,
        c=S.REVERSED,
        direction="unchanged",
        causes=frozenset(),
    ),
    moves(
        "level: another status of the same rank",
        same_rank,
        THEN,
        NOW,
        b=S.NO_ACTION,
        c=S.CONTRARY,
        direction="level",
        changed=True,
    ),
    moves("level: to a status without a rank", set_aside, THEN, NOW, b=S.PARTLY, c=S.SUPERSEDED, direction="level"),
    moves(
        "level: from not assessed",
        went_up,
        ("2023-09-20", at("2023-09-20")),
        NOW,
        a=S.NOT_ASSESSED,
        b=S.NOT_ASSESSED,
        c=S.PARTLY,
        direction="level",
        causes=frozenset({"a1", "a2"}),
    ),
]
