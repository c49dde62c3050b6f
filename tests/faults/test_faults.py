"""A short run of the harness of `benchmarks/faults`, on real processes; long runs are in docs/reliability.md."""

import json
from pathlib import Path

import pytest

from benchmarks.faults.campaign import Campaign
from benchmarks.faults.clients import REGISTER, Reading, Write
from benchmarks.faults.expected import History, problems_of_readings, problems_of_writes
from tests.support.postgres import fresh_database

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="finds processes in /proc")
SECONDS = {"files": 30, "postgres": 10}
OF_A_DATABASE = ("connections", "database", "kill web")


@pytest.mark.parametrize("store", SECONDS)
def test_no_fault_loses_doubles_or_changes_what_was_acknowledged(tmp_path: Path, store: str) -> None:
    in_files = store == "files"
    campaign = Campaign(1, tmp_path / "stores", () if in_files else OF_A_DATABASE, "" if in_files else fresh_database())
    report = campaign.run(faults=60, seconds=SECONDS[store])
    assert report.problems == []
    assert sum(report.done.values()) >= 1, "even a busy machine does one"
    assert report.acknowledged >= 3


def _row(topic: str, assessment: object, **fields: str) -> tuple[int, bytes]:
    event = {"topic": f"recommendation.{topic}", "register": REGISTER, "recommendation": "r", "assessment": assessment}
    return 1, json.dumps(event | fields).encode()


def _facts(ident: str, day: str) -> dict[str, str]:
    return {"id": ident, "effective_on": day, "rationale": f"Why {ident}."}


ROWS = [
    _row("assessment_proposed", _facts("a", "2020")),
    _row("assessment_published", _facts("a", "2020")),
    _row("assessment_published", _facts("b", "2021")),
    _row("assessment_withdrawn", "b"),
]


def test_the_harness_notices_what_is_lost_doubled_or_wrong() -> None:
    proposed, published = Write("proposed", "Why a.", True, "a"), Write("published", "a", True, "a")
    assert list(problems_of_writes(History(ROWS), [proposed, published])) == []
    (lost,) = problems_of_writes(History(ROWS[:1]), [proposed, published])
    assert lost == "“published a” was acknowledged and is in the log 0 times."
    (doubled,) = problems_of_writes(History([*ROWS, ROWS[1]]), [Write("published", "a")])
    assert doubled == "“published a” is in the log 2 times."
    right = [Reading(1, {"r": ""}), Reading(2, {"r": "a"}), Reading(3, {"r": "b"}), Reading(4, {"r": "a"})]
    assert list(problems_of_readings(History(ROWS), right)) == []
    wrong = [Reading(3, {"r": "a"}), Reading(4, {"r": "b"}), Reading(5, {"r": "a"})]
    assert list(problems_of_readings(History(ROWS), wrong)) == [
        "At position 3 r was a, not b.",
        "At position 4 r was b, not a.",
        "An answer is at position 5 of a log of 4 events.",
    ]
