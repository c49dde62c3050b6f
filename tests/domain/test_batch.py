"""Several commands in one go: each is judged after those before, and one refusal stops all."""

import pytest
from msgspec.structs import replace

from domain import commands as c
from domain.batch import BatchRefused
from domain.codes import Kind
from domain.values import Element
from tests.support.story import REGISTER, Story, propose
from tests.support.uptake import BareUptake


@pytest.fixture
def story(uptake: BareUptake) -> Story:
    story = Story(uptake).evidence("official").recommendation()
    for part in ("one", "two"):
        element = Element(id=part, title=part, kind=Kind.ONE_OFF, core=True, done_when="Done.")
        story.do(c.AddElement(REGISTER, recommendation="post", element=element))
    return story


def _state(uptake: BareUptake) -> int:
    return uptake.log.last()[0]


def test_two_about_one_recommendation_are_stored_together(uptake: BareUptake, story: Story) -> None:
    before, seen = _state(uptake), 3
    both = [replace(propose(element=part), expected_version=seen) for part in ("one", "two")]
    uptake.execute_all(both, by="ana")
    assert _state(uptake) == before + 2
    with pytest.raises(BatchRefused) as refused:
        uptake.execute_all(both, by="ana")
    assert {p: str(r) for p, r in refused.value.by_index.items()} == dict.fromkeys(
        (0, 1), "You changed this recommendation after you opened this page. Look at it again."
    )


def test_the_same_twice_gets_two_ids(uptake: BareUptake, story: Story) -> None:
    uptake.execute_all([propose(element="one"), propose(element="one")], by="ana")
    for made in ("post-one-2021-05-20", "post-one-2021-05-20-2"):
        story.do(c.DeclineAssessment(REGISTER, recommendation="post", assessment=made, why="Twice."), by="ben")


def test_one_refusal_stops_all_and_is_named_by_its_index(uptake: BareUptake, story: Story) -> None:
    before = _state(uptake)
    commands = [propose(element="one"), propose(element="three"), propose(element="two", rationale="\u202e1+1")]
    for give in (uptake.check_all, uptake.execute_all):
        with pytest.raises(BatchRefused) as refused:
            give(commands, by="ana")
        assert set(refused.value.by_index) == {1, 2}
        assert "has no element “three”" in str(refused.value.by_index[1])
    assert _state(uptake) == before
    uptake.check_all(commands[:1], by="ana")
    assert _state(uptake) == before
