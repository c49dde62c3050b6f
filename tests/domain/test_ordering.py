"""Natural order: digits by value, and a total order over any texts."""

import re

from hypothesis import given
from hypothesis import strategies as st

from domain.codes import Kind
from domain.ordering import item_key, named_key, natural_key
from domain.values import Body, RecommendationFacts

texts = st.text(alphabet="ab-.() 0123456789é가٣", max_size=8)


def recommendation(ident: str, number: str = "", position: int | None = None) -> RecommendationFacts:
    return RecommendationFacts(
        id=ident,
        title=ident,
        summary="",
        kind=Kind.ONE_OFF,
        theme="t",
        addressees=(),
        publication="p",
        recommended_on="2020",
        number=number,
        position=position,
    )


def test_digits_compare_by_value() -> None:
    numbers = ["60.10", "7(b)", "60.2", "10", "7(a)", "2", "60.1", "7", "Annex 10", "annex 2", "rec-2", "rec-12"]
    assert sorted(numbers, key=natural_key) == [
        *("2", "7", "7(a)", "7(b)", "10", "60.1", "60.2", "60.10"),
        *("annex 2", "Annex 10", "rec-2", "rec-12"),
    ]


def test_accents_and_case_do_not_move_a_name() -> None:
    names = ["Zone", "Évaluation", "etat", "Eau", "국회", "가족"]
    assert sorted(names, key=natural_key) == ["Eau", "etat", "Évaluation", "Zone", "가족", "국회"]


def test_long_digits_are_compared() -> None:
    assert natural_key("9" * 5000) < natural_key("1" + "0" * 5000)
    assert natural_key("7") < natural_key("10") and natural_key("007") < natural_key("8")


def test_position_goes_before_number_and_number_before_id() -> None:
    items = [
        recommendation("rec-10"),
        recommendation("rec-2"),
        recommendation("a", "10"),
        recommendation("b", "2"),
        recommendation("z", "99", position=1),
        recommendation("y", "100", position=0),
    ]
    assert [f.id for f in sorted(items, key=item_key)] == ["y", "z", "b", "a", "rec-2", "rec-10"]


def test_bodies_follow_position_then_name() -> None:
    bodies = [Body(id="b", name="Bureau 10"), Body(id="a", name="Bureau 2"), Body(id="z", name="Zone", position=3)]
    assert [b.id for b in sorted(bodies, key=lambda b: named_key(b, b.name))] == ["z", "a", "b"]


@given(texts, texts)
def test_different_texts_never_compare_equal(a: str, b: str) -> None:
    assert (natural_key(a) == natural_key(b)) == (a == b)
    assert (natural_key(a) < natural_key(b)) + (natural_key(b) < natural_key(a)) + (a == b) == 1


@given(st.integers(0, 10**30), st.integers(0, 10**30), st.sampled_from(["", "60.", "rec-", "제"]), texts)
def test_numbers_after_the_same_beginning_follow_their_values(m: int, n: int, start: str, end: str) -> None:
    if m < n:
        assert natural_key(f"{start}{m}") < natural_key(f"{start}{n}")
        assert re.match("[0-9٣]", end) or natural_key(f"{start}{m}{end}") < natural_key(f"{start}{n}")


@given(st.text(alphabet="abcz-", max_size=6), st.text(alphabet="abcz-", max_size=6))
def test_ids_without_digits_keep_the_order_of_their_code_points(a: str, b: str) -> None:
    assert (natural_key(a) < natural_key(b)) == (a < b)
