"""Korean particles follow the final sound of the name or number before them."""

from collections.abc import Iterator

import pytest
from jinja2 import Environment
from markupsafe import Markup

from app.presentation.i18n.labels import code_text
from app.presentation.i18n.localize import refusal_text
from app.presentation.i18n.particles import PAIRS, choose_particles, particle
from app.presentation.i18n.template_texts import install_translations
from app.presentation.i18n.translation import _, set_language
from domain.errors import refusal

WORDS = {
    "특사": ("는", "가", "를", "와", "로"),
    "법률": ("은", "이", "을", "과", "로"),
    "권한": ("은", "이", "을", "과", "으로"),
    "2024": ("는", "가", "를", "와", "로"),
    "2021": ("은", "이", "을", "과", "로"),
    "2023": ("은", "이", "을", "과", "으로"),
    "2020": ("은", "이", "을", "과", "으로"),
    "2026년 11월 29일": ("은", "이", "을", "과", "로"),
    "UN": ("은", "이", "을", "과", "으로"),
    "CSIS": ("는", "가", "를", "와", "로"),
    "URL": ("은", "이", "을", "과", "로"),
    "HTML5": ("는", "가", "를", "와", "로"),
    "state": ("는", "가", "를", "와", "로"),
    "table": ("은", "이", "을", "과", "로"),
    "list": ("는", "가", "를", "와", "로"),
    "book": ("은", "이", "을", "과", "으로"),
    "evidence": ("는", "가", "를", "와", "로"),
    "판단 근거(rationale)": ("는", "가", "를", "와", "로"),
    "https://example.org/a/": ("는", "가", "를", "와", "로"),
    "“법률”": ("은", "이", "을", "과", "로"),
}


@pytest.mark.parametrize("word", WORDS)
def test_the_particle_follows_the_final_sound(word: str) -> None:
    assert tuple(particle(word, pair) for pair in ("은(는)", "이(가)", "을(를)", "과(와)", "(으)로")) == WORDS[word]


@pytest.mark.parametrize("word", ["Москва", "العربية", "…", ""])
def test_both_forms_remain_where_the_sound_is_unknown(word: str) -> None:
    assert [particle(word, pair) for pair in PAIRS] == list(PAIRS)


def test_only_the_words_of_the_interface_are_changed() -> None:
    text = "“%(title)s”을(를) {other}(으)로, %(n)d은(는)"
    chosen = choose_particles(text, {"title": Markup("<bdi>권고은(는)</bdi>"), "other": "국회", "n": 3})
    assert chosen == "“%(title)s”을 {other}로, %(n)d은"
    assert chosen % {"title": "가은(는)", "n": 3} == "“가은(는)”을 {other}로, 3은", "a value stays as it is"


@pytest.fixture
def korean() -> Iterator[None]:
    set_language("ko")
    yield
    set_language("en")


@pytest.mark.usefixtures("korean")
def test_texts_of_code_of_templates_and_of_refusals_choose_them() -> None:
    """In markup too, where the value is escaped."""
    page = Environment(autoescape=True)
    install_translations(page)
    template = page.from_string('{{ _("Open “%(title)s” to the public?", title=title) }}')
    assert template.render(title="국회 <b>법률") == "“국회 &lt;b&gt;법률”을 공개하시겠습니까?"
    assert template.render(title=Markup("<bdi>국회</bdi>")) == "“<bdi>국회</bdi>”를 공개하시겠습니까?"
    assert _("Open “%(title)s” to the public?", title="법률") == "“법률”을 공개하시겠습니까?"
    said = refusal("The deadline “{id}” is already withdrawn.", id="국회")
    assert refusal_text(said) == "기한 “국회”는 이미 철회되었습니다."
    assert code_text(said) == "기한 “국회”는 이미 철회되었습니다."


def test_english_keeps_its_parentheses() -> None:
    assert _("%(name)s을(를)", name="국회") == "국회을(를)", "nothing is chosen outside Korean"
