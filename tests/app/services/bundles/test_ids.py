"""Ids made of numbers, titles and names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.bundles.converting import ID
from app.services.bundles.ids import IdMaker, id_of, romanize


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("법무부", "beopmubu"),
        ("서울특별시 인권위원회", "seoulteukbyeolsi ingwonwiwonhoe"),
        ("권고 12번", "gwongo 12beon"),
        ("쐐기 닭 값", "sswaegi dak gap"),
    ],
)
def test_hangul_is_written_in_latin_letters(text: str, expected: str) -> None:
    assert romanize(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ministry of Justice", "ministry-of-justice"),
        ("60.10", "60-10"),
        ("7(a)", "7-a"),
        ("Côte d’Ivoire – Straße", "cote-d-ivoire-strasse"),
        ("Министерство юстиции", "ministerstvo-yustitsii"),
        ("북한인권특사를 임명할 것", "bukhaningwonteuksareul-immyeonghal-geot"),
        ("人権", ""),
    ],
)
def test_an_id_is_made_of_a_text(text: str, expected: str) -> None:
    assert id_of(text) == expected


def test_a_whole_sentence_is_cut_at_a_word() -> None:
    made = id_of("The ministry is asked to publish every contract above fifty thousand within thirty days")
    assert made == "the-ministry-is-asked-to-publish-every-contract-above-fifty"


def test_an_id_that_is_taken_takes_the_next_text_and_then_a_number() -> None:
    ids = IdMaker(["r1"])
    assert ids.make("R1", "Report 3") == "report-3-r1"
    assert ids.make("R1", "Report 3") == "r1-2"
    assert ids.make("R1", "Report 4") == "report-4-r1"
    assert ids.make("R1") == "r1-3"


def test_texts_of_other_scripts_are_numbered() -> None:
    ids = IdMaker(fallback="body")
    assert [ids.make("人権"), ids.make("外務省"), ids.make("")] == ["body-1", "body-2", "body-3"]


@given(st.lists(st.lists(st.text(max_size=120), min_size=1, max_size=3), max_size=40), st.sets(st.just("a")))
def test_ids_are_valid_differ_and_are_stable(rows: list[list[str]], taken: set[str]) -> None:
    ids, again = IdMaker(taken), IdMaker(taken)
    made = [ids.make(*texts) for texts in rows]
    assert all(ID.fullmatch(i) for i in made)
    assert len({*made, *taken}) == len(made) + len(taken)
    assert made == [again.make(*texts) for texts in rows]


def test_a_hundred_thousand_equal_titles_are_numbered_quickly() -> None:
    ids = IdMaker()
    assert len({ids.make("Publish the list") for _ in range(100_000)}) == 100_000
