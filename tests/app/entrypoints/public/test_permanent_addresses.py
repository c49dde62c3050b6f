"""A page for a past pair of times returns the same bytes after new events, later days, and a rebuild."""

import pytest

from app.bootstrap.flask_app import create_app
from app.services.container import Services
from domain import commands as c
from tests.support.story import assessment

PAGES = [
    "/small/",
    "/ko/small/",
    "/small/recommendations/law/",
    "/ko/small/recommendations/law/",
    "/small/recommendations/law/cite.bib",
    "/small/themes/laws/",
    "/small/bodies/senate/",
    "/small/embed/",
    "/small/badge.svg",
    "/small/card.png",
    "/small/download/scorecard.csv",
]


@pytest.mark.parametrize("path", PAGES)
def test_the_same_bytes_after_new_events_a_year_and_a_rebuild(small: Services, path: str) -> None:
    client = create_app(small).test_client()
    known = small.clock().date().isoformat()
    small.clock.go_on(days=2)  # type: ignore[attr-defined]
    address = f"{path}?as_of=2024-12-01&known_at={known}"
    before = client.get(address)
    assert before.status_code == 200
    proposal = assessment(status="in_progress", effective_on="2024-05-01", reason="new_evidence", evidence=("story",))
    ident = small.execute(c.ProposeAssessment("small", recommendation="law", assessment=proposal), by="ana")
    small.execute(c.PublishAssessment("small", recommendation="law", assessment=ident), by="ben")
    small.clock.go_on(days=400)  # type: ignore[attr-defined]
    assert client.get(address).data == before.data
    small.views.rebuild()
    assert client.get(address).data == before.data
    if path.startswith("/small/recommendations/law/"):
        assert client.get(f"{path}?as_of=2024-12-01").data != before.data


def test_a_comparison_of_past_pairs_answers_the_same(small: Services) -> None:
    client = create_app(small).test_client()
    known = small.clock().date().isoformat()
    small.clock.go_on(days=2)  # type: ignore[attr-defined]
    address = f"/small/compare/?from=2024-01-01&to=2025-06-01&known_from={known}&known_to={known}"
    before = client.get(address).data
    proposal = assessment(status="in_progress", effective_on="2024-05-01", reason="new_evidence", evidence=("story",))
    ident = small.execute(c.ProposeAssessment("small", recommendation="law", assessment=proposal), by="ana")
    small.execute(c.PublishAssessment("small", recommendation="law", assessment=ident), by="ben")
    small.clock.go_on(days=400)  # type: ignore[attr-defined]
    assert client.get(address).data == before
