"""Section 6: the rules by which core elements make a recommendation's status."""

from domain.codes import Kind, Status
from tests.support.examples.shapes import ScorecardExample
from tests.support.examples.telling import Log, add_element, judge, log, reads, register

S = Status

x_and_y = (register(), add_element("x"), add_element("y", Kind.OUTCOME), add_element("z", core=False))
x_and_lasting_y = (register(), add_element("x"), add_element("y", Kind.RESTRAINT))


def standing_at(x: Status, y: Status) -> Log:
    """Two core elements, each assessed once."""
    return log(*x_and_y, judge("x", x, "2023-10-01"), judge("y", y, "2023-11-01"))


both_done = log(*x_and_y, judge("x", S.IMPLEMENTED, "2023-10-01"), judge("y", S.IMPLEMENTED, "2023-11-01"))
both_done_one_lasting = log(
    *x_and_lasting_y, judge("x", S.IMPLEMENTED, "2023-10-01"), judge("y", S.IN_EFFECT, "2023-11-01")
)
lasting_set_aside = log(
    *x_and_lasting_y, judge("x", S.IMPLEMENTED, "2023-10-01"), judge("y", S.SUPERSEDED, "2023-11-01")
)
only_x_done = log(*x_and_y, judge("x", S.IMPLEMENTED, "2023-10-01"))
reversed_beside_progress = log(
    *x_and_y,
    judge("x", S.PARTLY, "2023-10-01"),
    judge("y", S.IN_PROGRESS, "2023-10-05"),
    judge("x", S.REVERSED, "2023-11-01"),
)
EXAMPLES: list[ScorecardExample] = [
    reads(
        "elements that nobody assessed leave the whole not assessed",
        log(*x_and_y),
        "2024-01-01",
        status=S.NOT_ASSESSED,
        since=None,
        freshness=None,
        confidence=None,
        peak=None,
        elements={"x": (S.NOT_ASSESSED, None), "y": (S.NOT_ASSESSED, None), "z": (S.NOT_ASSESSED, None)},
    ),
    reads(
        "rule 1: all core elements done once is implemented; a further one does not matter",
        both_done,
        "2024-01-01",
        status=S.IMPLEMENTED,
        since="2023-11-01",
        assessment=None,
        motion=None,
        elements={"x": (S.IMPLEMENTED, "2023-10-01"), "y": (S.IMPLEMENTED, "2023-11-01"), "z": (S.NOT_ASSESSED, None)},
    ),
    reads(
        "rule 1: with one lasting among them it is in effect",
        both_done_one_lasting,
        "2024-01-01",
        status=S.IN_EFFECT,
        since="2023-11-01",
    ),
    reads(
        "rule 1: a lasting one that is set aside does not count",
        lasting_set_aside,
        "2024-01-01",
        status=S.IMPLEMENTED,
        since="2023-11-01",
    ),
    reads(
        "rule 3: one done and one not assessed is partly",
        only_x_done,
        "2024-01-01",
        status=S.PARTLY,
        since="2023-10-01",
    ),
    reads(
        "rule 3: one partly is partly",
        standing_at(S.PARTLY, S.NO_ACTION),
        "2024-01-01",
        status=S.PARTLY,
        since="2023-10-01",
    ),
    reads(
        "rule 3: all partly is partly",
        standing_at(S.PARTLY, S.PARTLY),
        "2024-01-01",
        status=S.PARTLY,
        since="2023-10-01",
    ),
    reads(
        "rule 4: reversed goes before progress elsewhere",
        reversed_beside_progress,
        "2024-01-01",
        status=S.REVERSED,
        since="2023-11-01",
    ),
    reads(
        "rule 5: in_progress before announced",
        standing_at(S.ANNOUNCED, S.IN_PROGRESS),
        "2024-01-01",
        status=S.IN_PROGRESS,
        since="2023-11-01",
    ),
    reads(
        "rule 5: announced before contrary",
        standing_at(S.CONTRARY, S.ANNOUNCED),
        "2024-01-01",
        status=S.ANNOUNCED,
        since="2023-11-01",
    ),
    reads(
        "rule 5: contrary before no_action",
        standing_at(S.NO_ACTION, S.CONTRARY),
        "2024-01-01",
        status=S.CONTRARY,
        since="2023-11-01",
    ),
    reads(
        "rule 5: no_action before not_assessed",
        standing_at(S.NO_ACTION, S.NO_ACTION),
        "2023-10-15",
        status=S.NO_ACTION,
        since="2023-10-01",
    ),
    reads(
        "what is set aside leaves the rest to decide",
        standing_at(S.UNVERIFIABLE, S.ANNOUNCED),
        "2024-01-01",
        status=S.ANNOUNCED,
        since="2023-11-01",
    ),
    reads(
        "with one set aside and one not assessed the whole is not assessed",
        standing_at(S.SUPERSEDED, S.ANNOUNCED),
        "2023-10-15",
        status=S.NOT_ASSESSED,
        since=None,
    ),
    reads(
        "all superseded is superseded",
        standing_at(S.SUPERSEDED, S.SUPERSEDED),
        "2024-01-01",
        status=S.SUPERSEDED,
        since="2023-11-01",
        peak=None,
    ),
    reads(
        "all set aside, not all superseded, is unverifiable",
        standing_at(S.SUPERSEDED, S.UNVERIFIABLE),
        "2024-01-01",
        status=S.UNVERIFIABLE,
        since="2023-11-01",
    ),
    reads(
        "all unverifiable is unverifiable",
        standing_at(S.UNVERIFIABLE, S.UNVERIFIABLE),
        "2024-01-01",
        status=S.UNVERIFIABLE,
        since="2023-11-01",
    ),
]
