"""Section 6, rule 2: all core elements were done on some earlier day, and one of them is reversed now."""

from domain.codes import Kind, Reason, Status
from tests.support.examples.shapes import ScorecardExample
from tests.support.examples.telling import add_element, judge, log, publish, reads, register

S = Status

x_and_y = (register(), add_element("x"), add_element("y", Kind.OUTCOME), add_element("z", core=False))
both_done = log(*x_and_y, judge("x", S.IMPLEMENTED, "2023-10-01"), judge("y", S.IMPLEMENTED, "2023-11-01"))
done_then_one_reversed = log(*both_done, judge("x", S.REVERSED, "2024-02-01"))
done_reversed_then_other_partly = log(*done_then_one_reversed, judge("y", S.PARTLY, "2024-04-01"))
done_then_other_partly = log(*both_done, judge("y", S.PARTLY, "2024-02-01"))
done_reversed_repaired = log(*done_then_one_reversed, judge("x", S.IMPLEMENTED, "2024-05-01"))
repaired_then_begun_again = log(*done_then_one_reversed, judge("x", S.IN_PROGRESS, "2024-05-01"))
never_done_together = log(
    *x_and_y,
    judge("x", S.IMPLEMENTED, "2023-10-01"),
    judge("x", S.REVERSED, "2023-11-01"),
    judge("y", S.IMPLEMENTED, "2023-11-01"),
)
done_on_the_day_of_reversal = log(
    *x_and_y,
    judge("x", S.IMPLEMENTED, "2023-10-01"),
    judge("y", S.IMPLEMENTED, "2023-11-01"),
    publish("x-2", S.REVERSED, "2023-11-01", "2023-11-02", element="x"),
)
done_while_other_set_aside = log(
    *x_and_y,
    judge("x", S.IMPLEMENTED, "2023-10-01"),
    judge("y", S.SUPERSEDED, "2023-10-01"),
    judge("x", S.REVERSED, "2023-12-01"),
    publish("y-2", S.PARTLY, "2024-02-01", "2024-02-02", Reason.OUR_CORRECTION, element="y"),
)
nothing_counted_once = log(
    *x_and_y,
    judge("x", S.UNVERIFIABLE, "2023-10-01"),
    judge("y", S.SUPERSEDED, "2023-10-01"),
    publish("x-2", S.REVERSED, "2023-11-01", "2023-11-02", Reason.NEW_EVIDENCE, element="x"),
    publish("y-2", S.PARTLY, "2023-11-01", "2023-11-02", Reason.NEW_EVIDENCE, element="y"),
)
reversed_then_set_aside = log(*done_then_one_reversed, judge("x", S.SUPERSEDED, "2024-05-01"))
beside_reversed = log(*both_done, judge("z", S.PARTLY, "2023-12-01"), judge("z", S.REVERSED, "2024-02-01"))

EXAMPLES: list[ScorecardExample] = [
    reads(
        "rule 2: all held once and one is reversed now, so it is reversed",
        done_then_one_reversed,
        "2024-03-01",
        status=S.REVERSED,
        since="2024-02-01",
    ),
    reads(
        "rule 2: the day before the reversal rule 1 holds",
        done_then_one_reversed,
        "2024-01-31",
        status=S.IMPLEMENTED,
        since="2023-11-01",
    ),
    reads(
        "rule 2: a further setback does not interrupt the reversal",
        done_reversed_then_other_partly,
        "2024-06-01",
        status=S.REVERSED,
        since="2024-02-01",
    ),
    reads(
        "rule 2 needs a reversed element, not only a step back",
        done_then_other_partly,
        "2024-03-01",
        status=S.PARTLY,
        since="2024-02-01",
    ),
    reads(
        "rule 2 ends when all are done again",
        done_reversed_repaired,
        "2024-06-01",
        status=S.IMPLEMENTED,
        since="2024-05-01",
    ),
    reads(
        "rule 2 ends when the reversed element is on its way again",
        repaired_then_begun_again,
        "2024-06-01",
        status=S.PARTLY,
        since="2024-05-01",
    ),
    reads(
        "rule 2 needs a day on which all were done together",
        never_done_together,
        "2024-01-01",
        status=S.PARTLY,
        since="2023-10-01",
    ),
    reads(
        "rule 2: the last one done on the very day of the reversal is no such day",
        done_on_the_day_of_reversal,
        "2024-01-01",
        status=S.PARTLY,
        since="2023-10-01",
    ),
    reads(
        "rule 2: on the day that all were done one stood alone, and that is enough",
        done_while_other_set_aside,
        "2024-03-01",
        status=S.REVERSED,
        since="2023-12-01",
    ),
    reads(
        "rule 2: a day on which no core element counted is no such day",
        nothing_counted_once,
        "2024-01-01",
        status=S.PARTLY,
        since="2023-11-01",
    ),
    reads(
        "rule 2: a reversed element that is set aside no longer counts",
        reversed_then_set_aside,
        "2024-06-01",
        status=S.IMPLEMENTED,
        since="2024-05-01",
    ),
    reads(
        "rule 2: a reversed element that is not core is only named beside",
        beside_reversed,
        "2024-03-01",
        status=S.IMPLEMENTED,
        since="2023-11-01",
        elements={
            "x": (S.IMPLEMENTED, "2023-10-01"),
            "y": (S.IMPLEMENTED, "2023-11-01"),
            "z": (S.REVERSED, "2024-02-01"),
        },
    ),
]
