"""Search finds words in English and Korean, on both stores, and forgets what was withdrawn."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.services.container import Services
from app.services.search.register_search import search_register
from domain import commands as c
from domain.codes import Kind
from domain.values import Body, Element, Publication, SuccessCriteria, Theme
from projections.search.matches import TermPatterns
from projections.search.queries import find, suggest
from projections.search.spellings import spellings
from projections.search.tables import words
from projections.search.tokens import as_fts5, indexed, terms
from projections.search.vocabulary import words_of
from tests.support.story import REGISTER, Story


@pytest.fixture
def story(either: Services) -> Story:
    story = (
        Story(either)
        .evidence("official")
        .recommendation(
            title="Fill the envoy post",
            number="12.4",
            translations={"ko": {"title": "북한인권특사직을 임명할 것"}},
            summary="An envoy is confirmed by the Organi\u00adzation of Labour.",
        )
    )
    oath = Element(id="oath", title="Swear an oath", kind=Kind.ONE_OFF, core=True, done_when="It is sworn.")
    story.do(c.AddElement(REGISTER, recommendation="post", element=oath))
    card = SuccessCriteria(element="oath", counts="A gazette notice.", does_not_count="A speech.")
    story.do(c.DraftCriteria(REGISTER, recommendation="post", card=card))
    story.do(c.ApproveCriteria(REGISTER, recommendation="post", element="oath"), by="ben")
    story.published(
        element="oath",
        rationale="The Senate confirmed the nominee.",
        translations={"ko": {"rationale": "상원이 특사를 인준하였다."}},
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
        ("en\u00advoy", ["recommendation"]),
        ("ENVOY post", ["recommendation"]),
        ("confirm", ["recommendation", "assessment"]),
        ("특사", ["recommendation", "assessment"]),
        ("특\u200b사", ["recommendation", "assessment"]),
        (unicodedata.normalize("NFD", "특사"), ["recommendation", "assessment"]),
        ("특사직", ["recommendation"]),
        ("인준", ["assessment"]),
        ("상원 특사", ["assessment"]),
        ("envoy senate", []),
        ("Title official", ["evidence"]),
        ("organisation labor", ["recommendation"]),
        ("organizations labour", ["recommendation"]),
        ("12.4", ["recommendation"]),
        ("2.4", []),
        ("oath", ["part"]),
        ("sworn", ["part"]),
        ("gazette", ["criteria"]),
        ("ministry", ["body"]),
        ("report", ["publication"]),
        ("because the", []),
        ("'\"*():&|!", []),
        ("", []),
    ],
)
def test_what_is_found(story: Story, query: str, kinds: list[str]) -> None:
    assert sorted(kinds_found(story, query)) == sorted(kinds)


def test_what_is_withdrawn_is_found_no_more(story: Story) -> None:
    story.do(
        c.WithdrawAssessment(REGISTER, recommendation="post", assessment="post-oath-2021-05-20", reason="An error."),
        by="ben",
    )
    assert kinds_found(story, "senate") == []
    story.do(c.WithdrawRecommendation(REGISTER, recommendation="post", reason="Twice."), by="ben")
    assert [kinds_found(story, word) for word in ("envoy", "oath", "gazette")] == [[], [], []]


def test_a_replaced_text_is_found_no_more(story: Story) -> None:
    part = Element(id="oath", title="Take the chair", kind=Kind.ONE_OFF, core=True, done_when="It is so.")
    story.do(c.AmendElement(REGISTER, recommendation="post", fact=part, why="Clearer."))
    card = SuccessCriteria(element="oath", counts="A ceremony.", does_not_count="A speech.")
    story.do(c.DraftCriteria(REGISTER, recommendation="post", card=card))
    story.do(c.ApproveCriteria(REGISTER, recommendation="post", element="oath"), by="ben")
    theme, report = (
        Theme(id="offices", title="Chairs"),
        Publication(id="report", title="R", publisher="P", published_on="2020"),
    )
    story.do(c.NameTheme(REGISTER, theme=theme))
    story.do(c.AmendPublication(REGISTER, fact=report, why="Its title."))
    assert [kinds_found(story, word) for word in ("oath", "gazette", "report")] == [[], [], []]
    assert [kinds_found(story, word) for word in ("chair", "ceremony")] == [["part", "theme"], ["criteria"]]


def test_only_words_of_public_texts_are_suggested(story: Story) -> None:
    def suggestion(query: str) -> str:
        with story.uptake.views.connect() as db:
            return suggest(db, REGISTER, query)

    for typed, meant in (
        ("evnoy", "envoy"),
        ("confrimed envoy", "confirmed envoy"),
        ("북한인관", "북한인권"),
        ("인춘", "인준"),
        ("senat 12.4", ""),
        ("xylophone", ""),
        ("envoy senate", ""),
    ):
        assert suggestion(typed) == meant, typed
    assert suggestion("nomimee") == "nominee"
    story.do(
        c.WithdrawAssessment(REGISTER, recommendation="post", assessment="post-oath-2021-05-20", reason="An error."),
        by="ben",
    )
    assert suggestion("nomimee") == ""
    with story.uptake.views.connect() as db:
        stored = set(db.scalars(select(words.c.word)))
    assert "envoy" in stored
    assert not stored & {"nominee", "senate", "상원이"}
    story.do(c.DiscardRegister(REGISTER))
    with story.uptake.views.connect() as db:
        assert list(db.scalars(select(words.c.word))) == []


def test_an_excerpt_is_in_one_language_that_of_the_page_if_it_matches(story: Story) -> None:
    with story.uptake.views.connect() as db:
        (hit,) = find(db, REGISTER, "senate")
        (korean,) = find(db, REGISTER, "인준")
    for query, languages, language, marked in (
        ("senate", ("ko", ""), "", "Senate"),
        ("인준", ("", "en"), "ko", "인준"),
    ):
        excerpt = TermPatterns(terms(query)).excerpt(hit.texts, languages)
        assert excerpt
        assert excerpt.language == language
        assert [text for text, matches in excerpt.pieces if matches] == [marked]
    assert hit == korean


def test_hits_are_under_their_recommendation(story: Story) -> None:
    story.recommendation("other", title="Repeat the oath", summary="A source is cited.")
    story.evidence("gazette-1")
    story.criteria(recommendation="other")
    story.published("other", evidence=("gazette-1",), rationale="Sworn.")
    story.do(c.OpenRegister(REGISTER, origin="x"))
    with story.uptake.views.connect() as db:
        oath = search_register(db, REGISTER, "oath")
        assert [(f.id, bool(f.own), [h.kind for h in f.inside]) for f in oath.recommendations] == [
            ("other", True, []),
            ("post", False, ["part"]),
        ]
        source = search_register(db, REGISTER, "Title gazette")
        assert [(f.id, [h.id for h in f.inside]) for f in source.recommendations] == [("other", ["gazette-1"])]


def test_a_common_word_reads_a_bounded_number_of_texts(story: Story) -> None:
    for n in range(6):
        story.recommendation(f"r{n}", title=f"Envoy {n}")
    with story.uptake.views.connect() as db:
        assert len(find(db, REGISTER, "envoy", limit=4)) == 4


@given(st.text(st.sampled_from("abZ09 _.,-\n"), max_size=100))
def test_a_text_without_accents_has_the_words_that_it_has_beside_one_with_them(text: str) -> None:
    assert words_of(text) == words_of(f"{text} é")


def test_hangul_is_indexed_in_pairs() -> None:
    assert indexed("특사직을") == "특사직을 특사 사직 직을"
    assert terms("US특사 post") == ["US", "특사", "post"]
    assert as_fts5(["특사직", "env"], ["s1", "s2"]) == 'scope : ("s1" OR "s2") AND words : ("특사 사직" AND ("env"*))'


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("organisation", {"organization"}),
        ("Labor", {"labour"}),
        ("behaviours", {"behaviors"}),
        ("centre", {"center"}),
        ("travelled", {"traveled"}),
        ("filled", set()),
        ("judgement", {"judgment"}),
        ("dialogue", {"dialog"}),
        ("analyse", {"analyze"}),
        ("defense", {"defence"}),
        ("program", {"programme"}),
        ("four", set()),
        ("recommendation", set()),
    ],
)
def test_british_and_american_spellings(word: str, others: set[str]) -> None:
    assert spellings(word)[0] == word
    assert set(spellings(word)[1:]) == others
    for other in others:
        assert word.lower() in spellings(other)


def test_bodies_are_found_by_all_their_names(story: Story) -> None:
    korean = {"ko": {"name": "국무부 인권국", "short_name": "인권국"}}
    bureau = Body(id="bureau", name="Bureau of Democracy", short_name="DRL", translations=korean)
    story.do(c.NameBody(REGISTER, body=bureau))
    for query in ("democracy", "DRL", "인권국", "국무부"):
        assert kinds_found(story, query) == ["body"]
    story.do(c.AmendBody(REGISTER, fact=Body(id="bureau", name="Bureau of Rights"), why="It was renamed."))
    assert (kinds_found(story, "rights"), kinds_found(story, "democracy")) == (["body"], [])
    story.do(c.RemoveBody(REGISTER, body="bureau"))
    assert kinds_found(story, "rights") == []
