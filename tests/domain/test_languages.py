"""The languages of a register: texts only in them, and none removed while a fact has texts in it."""

import pytest
from msgspec.structs import replace

from domain import commands as c
from domain.ids import register_id
from domain.register.aggregate import Register
from domain.values import RecommendationFacts, RegisterSettings, Theme
from tests.support.story import REGISTER, Story
from tests.support.uptake import BareUptake


@pytest.fixture
def french(uptake: BareUptake) -> Story:
    """A register in French, with Arabic and German."""
    return Story(uptake, languages=["fr", "ar", "de"])


def test_a_language_is_removed_once_no_fact_has_texts_in_it(uptake: BareUptake, french: Story) -> None:
    facts = RecommendationFacts(
        id="poste",
        title="Pourvoir le poste",
        summary="Le pourvoir.",
        translations={"ar": {"title": "ملء المنصب"}},
        kind="one_off",  # type: ignore[arg-type]
        theme="postes",
        addressees=("ministry",),
        publication="report",
        recommended_on="2024",
    )
    french.do(c.RegisterRecommendation(REGISTER, facts=facts))
    theme = Theme(id="postes", title="Postes", translations={"ar": {"title": "مناصب"}})
    french.do(c.NameTheme(REGISTER, theme=theme))

    assert french.refused(_in_languages(uptake, "fr", "de")) == [
        "Remove the texts in “ar” first. They are in: poste, r."
    ]
    french.do(c.AmendTheme(REGISTER, fact=replace(theme, translations={})))
    french.do(c.AmendRecommendation(REGISTER, recommendation="poste", fact=replace(facts, translations={})))
    french.do(_in_languages(uptake, "fr"))
    assert _settings(uptake).languages == ("fr",)


def test_settings_lose_their_own_texts_with_the_language(uptake: BareUptake, french: Story) -> None:
    named = replace(_settings(uptake), translations={"ar": {"title": "سجل"}})
    french.do(c.AmendRegister(REGISTER, fact=named))
    assert french.refused(c.AmendRegister(REGISTER, fact=replace(named, languages=("fr", "de")))) != []
    french.do(c.AmendRegister(REGISTER, fact=replace(named, languages=("fr", "de"), translations={})))


def _settings(uptake: BareUptake) -> RegisterSettings:
    return uptake.tracker.load(Register, register_id(REGISTER)).settings


def _in_languages(uptake: BareUptake, *languages: str) -> c.AmendRegister:
    return c.AmendRegister(REGISTER, fact=replace(_settings(uptake), languages=languages))
