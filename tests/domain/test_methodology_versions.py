"""Two versions of the methodology side by side: each assessment keeps the meaning of the version it was made under."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from domain import commands as c
from domain.codes import Kind, PeerReview, Status
from domain.errors import NotFound
from domain.methodology.methodology import Methodology
from domain.methodology.rules import Case, Earlier, judge, with_defaults
from domain.methodology.uptake_2026_1 import UPTAKE_2026_1
from domain.methodology.versions import VERSIONS, methodology_at, methodology_of, number_of
from domain.recommendation.judging_context import JudgingContext
from domain.recommendation.policy import needs_second_person
from domain.values import EvidenceFacts, RegisterSettings
from tests.support.methodologies import SECOND
from tests.support.story import REGISTER, Story, assessment, propose, without_envelope
from tests.support.uptake import BareUptake

FIRST = UPTAKE_2026_1
OFFICIAL = EvidenceFacts(id="official", publisher="P", source_class="official")  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def two_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    for later in list(VERSIONS)[1:]:
        monkeypatch.delitem(VERSIONS, later)
    monkeypatch.setitem(VERSIONS, SECOND.version, SECOND)


def sentences(new: dict[str, Any], method: Methodology, *earlier: tuple[Status, Methodology]) -> list[str]:
    at = datetime(2021, 1, 1, tzinfo=UTC)
    before = [
        Earlier(f"e{n}", status, date(2020, n + 1, 1), at, n, made_under.version)
        for n, (status, made_under) in enumerate(earlier)
    ]
    reason = "world_changed" if earlier else "first_assessment"
    case = Case(method, Kind.ONE_OFF, before, {"official": OFFICIAL}, date(2026, 1, 1))
    return [str(r) for r in judge(assessment(reason=reason, **new), case)]


def test_the_sets_follow_from_ranks_and_buckets() -> None:
    assert FIRST.done == {Status.IMPLEMENTED, Status.IN_EFFECT}
    assert SECOND.done == {*FIRST.done, Status.IN_PROGRESS}
    assert FIRST.attained == {*FIRST.done, Status.PARTLY}
    assert SECOND.attained == {*FIRST.attained, Status.IN_PROGRESS}
    assert FIRST.high_stakes == {*FIRST.done, Status.REVERSED}
    assert SECOND.high_stakes == {*FIRST.high_stakes, Status.IN_PROGRESS}
    assert FIRST.set_aside == SECOND.set_aside == {Status.SUPERSEDED, Status.UNVERIFIABLE}
    assert FIRST.fallen_back == {Status.NO_ACTION, Status.ANNOUNCED, Status.CONTRARY}
    assert SECOND.fallen_back == {*FIRST.fallen_back, Status.PARTLY}
    assert FIRST.after_reversed == {*FIRST.attained, Status.IN_PROGRESS, Status.REVERSED, Status.SUPERSEDED}


def test_defaults_are_those_of_the_version() -> None:
    new, sources = assessment(status="partly", effective_on="2021-01-01"), {"official": OFFICIAL}
    first, second = (with_defaults(new, Kind.ONE_OFF, sources, m) for m in (FIRST, SECOND))
    assert (first.review_by, first.methodology) == ("2022-01-01", "uptake-2026.1")
    assert (second.review_by, second.methodology) == ("2021-01-31", "second")


def test_a_version_applies_the_rules_that_it_lists() -> None:
    rejected, reversed_ = {"status": "contrary"}, (Status.REVERSED, FIRST)
    assert sentences(rejected, FIRST, (Status.PARTLY, FIRST), reversed_) == [
        "An item cannot go from “reversed” to “contrary”, unless you correct an error or the method (rule 6)."
    ]
    assert sentences(rejected, SECOND, (Status.PARTLY, FIRST), reversed_) == []


@pytest.mark.parametrize("judged_under", [FIRST, SECOND])
def test_what_was_attained_is_said_by_the_version_it_was_assessed_under(judged_under: Methodology) -> None:
    reversal = {"status": "reversed", "cause": "repealed"}
    assert sentences(reversal, judged_under, (Status.IN_PROGRESS, SECOND)) == []
    assert sentences(reversal, judged_under, (Status.IN_PROGRESS, FIRST)) == [
        "“Reversed” needs an earlier published “partly”, “implemented” or “in effect” of this item (rule 3)."
    ]


def test_the_second_person_is_asked_for_by_the_version_of_the_register() -> None:
    new, at = assessment(status="in_progress"), datetime(2026, 1, 1, tzinfo=UTC)
    settings = RegisterSettings(id="r", title="R")
    alone = replace(SECOND, rules=tuple(r for r in SECOND.rules if r.number != 9))
    assert not needs_second_person(new, JudgingContext.of(settings, at))
    assert needs_second_person(new, JudgingContext.of(replace(settings, methodology="second"), at))
    assert not needs_second_person(new, JudgingContext("UTC", alone, PeerReview.ALWAYS, at))


def test_versions_are_found_by_name_and_by_number() -> None:
    assert [number_of(v) for v in VERSIONS] == [0, 1]
    assert [methodology_at(n) for n in (0, 1)] == [FIRST, SECOND]
    assert methodology_of("second") is SECOND
    for look_up in (methodology_of, number_of):
        with pytest.raises(NotFound) as caught:
            look_up("third")
        assert [str(r) for r in caught.value.refusals] == [
            "There is no methodology “third”. Use one of: uptake-2026.1, second."
        ]


def test_a_register_is_on_a_version_that_exists(uptake: BareUptake) -> None:
    unknown = RegisterSettings(id="other", title="Other", methodology="third")
    story = Story(uptake)
    assert story.refused(c.EstablishRegister("other", settings=unknown)) == [
        "There is no methodology “third”. Use one of: uptake-2026.1, second."
    ]
    amended = RegisterSettings(id=REGISTER, title="A register", methodology="third")
    assert story.refused(c.AmendRegister(REGISTER, fact=amended, why="Newer.")) == [
        "There is no methodology “third”. Use one of: uptake-2026.1, second."
    ]


@pytest.mark.parametrize("version", ["uptake-2026.1", "third"])
def test_a_proposal_is_made_under_the_version_of_its_register(uptake: BareUptake, version: str) -> None:
    story = Story(uptake, methodology="second").evidence("official").recommendation().criteria()
    assert story.refused(propose(methodology=version)) == [
        f"A new assessment must use the methodology of its register, second, not “{version}”."
    ]
    made = story.propose(status="partly", effective_on="2021-05-20")
    *_, event = story.events_of(c.PublishAssessment(REGISTER, recommendation="post", assessment=made), by="ben")
    published = without_envelope(event)["assessment"]
    assert (published["methodology"], published["review_by"]) == ("second", "2021-06-19")
