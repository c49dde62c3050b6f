"""Section 8: four times in any order, elements, and several recommendations."""

from domain.codes import Kind, Status
from tests.support.examples.shapes import CompareExample
from tests.support.examples.telling import (
    LATE,
    add_element,
    at,
    day,
    judge,
    just_before,
    log,
    moves,
    publish,
    register,
)

S = Status

went_up = log(
    register(),
    publish("a1", S.ANNOUNCED, "2023-10-01", "2023-10-02"),
    publish("a2", S.PARTLY, "2024-02-01", "2024-02-02"),
)
was_reversed = log(
    register(kind=Kind.CONTINUING),
    publish("a1", S.IN_EFFECT, "2023-10-01", "2023-10-02"),
    publish("a2", S.REVERSED, "2024-02-01", "2024-02-02"),
)
with_elements = log(
    register(),
    add_element("x"),
    add_element("y"),
    judge("x", S.IMPLEMENTED, "2023-10-01"),
    judge("y", S.IMPLEMENTED, "2024-02-01"),
    judge("x", S.REVERSED, "2024-03-01"),
)
two_recommendations = log(
    register("old"),
    register("new", recommended="2024-01-10", on="2024-01-11"),
    publish("a1", S.PARTLY, "2023-10-01", "2023-10-02", of="old"),
    publish("a2", S.ANNOUNCED, "2024-01-20", "2024-01-21", of="new"),
)

THEN = ("2024-01-01", at("2024-01-01"))
NOW = ("2024-06-01", LATE)

EXAMPLES: list[CompareExample] = [
    moves(
        "backwards in both times",
        went_up,
        NOW,
        THEN,
        a=S.PARTLY,
        b=S.ANNOUNCED,
        c=S.ANNOUNCED,
        learned=True,
        changed=False,
        direction="unchanged",
        causes=frozenset({"a2"}),
    ),
    moves(
        "backwards in the world alone",
        went_up,
        NOW,
        ("2024-01-01", LATE),
        a=S.PARTLY,
        b=S.PARTLY,
        c=S.ANNOUNCED,
        learned=False,
        changed=True,
        direction="down",
        causes=frozenset({"a2"}),
    ),
    moves(
        "backwards across the reversal",
        was_reversed,
        NOW,
        ("2024-01-01", LATE),
        b=S.REVERSED,
        c=S.IN_EFFECT,
        direction="up",
    ),
    moves(
        "backwards to before the recommendation was made",
        went_up,
        NOW,
        ("2023-09-13", LATE),
        a=S.PARTLY,
        b=S.PARTLY,
        c=None,
        learned=False,
        changed=True,
        direction="removed",
        causes=frozenset({"a1", "a2"}),
    ),
    moves(
        "with elements the causes are theirs",
        with_elements,
        THEN,
        NOW,
        a=S.PARTLY,
        b=S.PARTLY,
        c=S.REVERSED,
        direction="reversed",
        causes=frozenset({"y-2024-02-01", "x-2024-03-01"}),
    ),
    moves(
        "with elements, known at the instant of the reversal and just before",
        with_elements,
        ("2024-03-01", just_before("2024-03-01")),
        ("2024-03-01", at("2024-03-01")),
        a=S.IMPLEMENTED,
        b=S.REVERSED,
        c=S.REVERSED,
        learned=True,
        changed=False,
        direction="unchanged",
        causes=frozenset({"x-2024-03-01"}),
    ),
    CompareExample(
        "a recommendation made since is added",
        two_recommendations,
        (day("2024-01-01"), at("2024-01-01")),
        (day("2024-06-01"), LATE),
        {
            "old": {"direction": "unchanged", "learned": False, "changed": False, "causes": frozenset()},
            "new": {
                "a": None,
                "b": None,
                "c": S.ANNOUNCED,
                "learned": False,
                "changed": True,
                "direction": "added",
                "causes": frozenset({"a2"}),
            },
        },
    ),
    CompareExample(
        "what is on neither scorecard has no row, though a middle one has it",
        two_recommendations,
        (day("2024-06-01"), at("2023-12-01")),
        (day("2023-09-20"), LATE),
        {"old": {"a": S.PARTLY, "b": S.PARTLY, "c": S.NOT_ASSESSED, "direction": "level"}},
    ),
]
