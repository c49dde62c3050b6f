"""Search finds words in English and Korean, on both stores, and forgets what was withdrawn."""

import pytest

from app.services.container import Services
from domain import commands as c
from domain.values import Body
from projections.search.queries import find
from projections.search.tokens import as_fts5, indexed, terms
from tests.support.story import REGISTER, Story


@pytest.fixture
def story(either: Services) -> Story:
    story = (
        Story(either)
        .evidence("official")
        .recommendation(
            title="Fill the envoy post",
            translations={"ko": {"title": "북한인권특사직을 임명할 것"}},
            summary="An envoy is confirmed.",
        )
    )
    story.criteria().published(
        rationale="The Senate confirmed the nominee.", translations={"ko": {"rationale": "상원이 특사를 인준하였다."}}
    )
    return story


def kinds_found(story: Story, query: str) -> list[str]:
    with story.uptake.views.connect() as db:
        return [hit.kind for hit in find(db, REGISTER, query)]


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("envoy", ["recommendation"]),
        ("envoys", ["recommendation"]),
        ("ENVOY post", ["recommendation"]),
        ("confirm", ["recommendation", "assessment"]),
        ("특사", ["recommendation", "assessment"]),
        ("특사직", ["recommendation"]),
        ("인준", ["assessment"]),
        ("상원 특사", ["assessment"]),
        ("envoy senate", []),
        ("Title official", ["evidence"]),
        ("because the", []),
        ("'\"*():&|!", []),
        ("", []),
    ],
)
def test_what_is_found(story: Story, query: str, kinds: list[str]) -> None:
    assert sorted(kinds_found(story, query)) == sorted(kinds)


def test_what_is_withdrawn_is_found_no_more(story: Story) -> None:
    story.do(
        c.WithdrawAssessment(REGISTER, recommendation="post", assessment="post-2021-05-20", reason="An error."),
        by="ben",
    )
    assert kinds_found(story, "senate") == []
    story.do(c.WithdrawRecommendation(REGISTER, recommendation="post", reason="Twice."), by="ben")
    assert kinds_found(story, "envoy") == []


def test_a_hit_shows_the_place(story: Story) -> None:
    with story.uptake.views.connect() as db:
        (hit,) = find(db, REGISTER, "senate")
    assert ("Senate", True) in hit.excerpt


def test_hangul_is_indexed_in_pairs() -> None:
    assert indexed("특사직을") == "특사직을 특사 사직 직을"
    assert terms("US특사 post") == ["US", "특사", "post"]
    assert as_fts5(["특사직", "env"]) == '"특사 사직" "env"*'


def test_bodies_are_found_by_all_their_names(story: Story) -> None:
    korean = {"ko": {"name": "국무부 인권국", "short_name": "인권국"}}
    bureau = Body(id="bureau", name="Bureau of Democracy", short_name="DRL", translations=korean)
    story.do(c.NameBody(REGISTER, body=bureau))
    for query in ("democracy", "DRL", "인권국", "국무부"):
        assert kinds_found(story, query) == ["body"]
    story.do(c.AmendBody(REGISTER, fact=Body(id="bureau", name="Bureau of Labor"), why="It was renamed."))
    assert (kinds_found(story, "labor"), kinds_found(story, "democracy")) == (["body"], [])
    story.do(c.RemoveBody(REGISTER, body="bureau"))
    assert kinds_found(story, "labor") == []
