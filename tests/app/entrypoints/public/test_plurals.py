"""What a callout says of several recommendations, it says in the plural."""

from typing import Any

import pytest
from msgspec.structs import replace

from app.presentation.i18n.translation import set_language
from projections.scorecards.queries import counts
from projections.scorecards.results import Counts
from tests.support.pages import Browser

ONE, SEVERAL = "is past the day on which we promised", "are past the day on which we promised"


@pytest.mark.parametrize(("stale", "legacy"), [(1, 1), (2, 3)])
def test_a_callout_agrees_with_its_number(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, stale: int, legacy: int
) -> None:
    set_language("en")

    def counted(*about: Any) -> Counts:
        return replace(counts(*about), stale=stale, legacy=legacy)

    monkeypatch.setattr("app.entrypoints.public.scorecard.counts", counted)
    text = browser.get("/small/").text
    assert (ONE in text, SEVERAL in text) == (stale == 1, stale > 1)
    assert ("comes from an earlier record" in text, "come from an earlier record" in text) == (legacy == 1, legacy > 1)
