"""What a frame, a badge, an oEmbed title and a citation say of random registers is what the slow model computes."""

import re
import tempfile
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.bootstrap.flask_app import create_app
from app.presentation.i18n.labels import STATUS, day_text
from app.services.container import Services
from domain import commands as c
from domain.codes import Bucket, Status
from domain.methodology.uptake_2026_1 import UPTAKE_2026_1
from domain.recommendation.events import (
    AssessmentPublished,
    AssessmentWithdrawn,
    ElementAdded,
    ElementAmended,
    RecommendationAmended,
    RecommendationRegistered,
    RecommendationWithdrawn,
)
from domain.times import compact, first_day, written
from projections.catalogue import queries as catalogue
from projections.engine.batches import END_OF_TIME
from projections.timeline import queries as timeline
from tests.support.clock import Clock
from tests.support.model import facts as m
from tests.support.model.filing import as_filed
from tests.support.model.scorecard import Scorecard, scorecard
from tests.support.random_story import RandomStory
from tests.support.story import REGISTER

EVIDENCE_TO, NAMES = "2024-06-30", ("post", "law", "parts")
DAYS = st.dates(date(2019, 1, 1), date(2026, 3, 1))
STEPS, PAIRS = 60, 8


def facts_of(entries: list[timeline.TimelineEntry]) -> list[m.Fact]:
    """The record as the model reads it."""
    return [fact for order, entry in enumerate(entries) if (fact := _fact(entry.event, entry.happened_at, order))]


def _fact(event: Any, at: datetime, order: int) -> m.Fact | None:
    match event:
        case RecommendationRegistered() | RecommendationAmended():
            f = event.facts
            of = m.Registered if isinstance(event, RecommendationRegistered) else m.Refiled
            return of(event.recommendation, f.kind, f.theme, f.recommended_on, at, order)
        case ElementAdded() | ElementAmended():
            e = event.element
            part = m.ElementAdded if isinstance(event, ElementAdded) else m.ElementRefiled
            return part(event.recommendation, e.id, e.kind, e.core, at, order)
        case AssessmentPublished():
            a = event.assessment
            return m.Published(
                event.recommendation, a.element, a.id, a.status, a.effective_on, a.reason, at, order, a.motion
            )
        case AssessmentWithdrawn():
            return m.Withdrawn(event.assessment, at, order)
        case RecommendationWithdrawn():
            return m.RecommendationWithdrawn(event.recommendation, at, order)
    return None


def title_at(entries: list[timeline.TimelineEntry], name: str, known_at: datetime) -> str:
    titles = [
        entry.event.facts.title
        for entry in entries
        if isinstance(entry.event, RecommendationRegistered | RecommendationAmended)
        and entry.event.recommendation == name
        and entry.happened_at <= known_at
    ]
    return titles[-1]


def says(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</?(?:time|bdi)\b[^>]*>", "", html))).split())


def of_a_recommendation(client: FlaskClient, name: str, title: str, card: Scorecard, e: date, k: datetime) -> None:
    standing, times = card.get(name), {"as_of": e.isoformat(), "known_at": written(k)}
    status = str(STATUS[standing.status]) if standing else "not on the scorecard"
    is_later = bool(standing and standing.since and first_day(standing.since) > first_day(EVIDENCE_TO))
    reach = "" if e <= first_day(EVIDENCE_TO) or is_later else "On the evidence up to 30 June 2024."
    path, day = f"/{REGISTER}/recommendations/{name}/", day_text(e.isoformat())
    (cited,) = client.get(f"{path}cite.json", query_string=times).json  # type: ignore[misc]
    dates = f"As of {day}, as known at {compact(k)}. Methodology uptake-2026.1."
    note = f"{status}. {dates} {reach}".strip()
    assert (cited["note"], cited["title"].startswith(f"{title} (")) == (note, True)
    assert cited["issued"] == {"date-parts": [[k.year, k.month, k.day]]}
    assert f"N1  - {note}\r\n" in client.get(f"{path}cite.ris", query_string=times).text
    badge = says(client.get(f"{path}badge.svg", query_string=times).text)
    evidence = f", evidence to {day_text(EVIDENCE_TO, 'short')}" if reach else ""
    assert badge.endswith(f"{status}, {day_text(e.isoformat(), 'short')}{evidence}")
    frame = says(client.get(f"{path}embed/", query_string=times).text)
    assert title in frame and status.lower() in frame.lower() and (reach in frame)
    assert ("On the evidence" in frame) == bool(reach)
    assert f"As of {day}, as known" in frame
    url = f"http://127.0.0.1:8000{path}?as_of={times['as_of']}&known_at={times['known_at']}"
    assert client.get("/oembed", query_string={"url": url}).json["title"] == title  # type: ignore[index]


def of_the_register(client: FlaskClient, card: Scorecard, e: date, k: datetime) -> None:
    times = {"as_of": e.isoformat(), "known_at": written(k)}
    buckets = [UPTAKE_2026_1.bucket(Status(s.status)) for s in card.values()]
    done, rated = buckets.count(Bucket.DONE), len(buckets) - buckets.count(Bucket.NOT_RATED)
    badge = says(client.get(f"/{REGISTER}/badge.svg", query_string=times).text)
    assert f"{done} of {rated} done, {day_text(e.isoformat(), 'short')}" in badge
    assert ("evidence to" in badge) == (e > first_day(EVIDENCE_TO))
    frame = says(client.get(f"/{REGISTER}/embed/", query_string=times).text)
    if card:
        found = re.search(r"(\d+) (?:is|are|was|were) done", frame)
        assert found and int(found[1]) == done
    (cited,) = client.get(f"/{REGISTER}/cite.json", query_string=times).json  # type: ignore[misc]
    assert f"As of {day_text(e.isoformat())}, as known at {compact(k)}." in cited["note"]


def prepared(services: Services, seed: int) -> None:
    story = RandomStory(services, seed)
    with services.views.connect() as db:
        entry = catalogue.register(db, REGISTER)
    assert entry
    amended = replace(entry.settings, evidence_to=EVIDENCE_TO)
    story.story.do(c.AmendRegister(REGISTER, fact=amended, why="The search ended."))
    story.run(STEPS)
    services.clock.go_on(days=1)  # type: ignore[attr-defined]


@given(data=st.data(), seed=st.integers(0, 10_000))
@settings(
    max_examples=4, deadline=None, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck)
)
def test_embeds_and_citations_of_random_registers(data: st.DataObject, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        services = build_services(Settings(data_dir=Path(folder), database_url=""), create=True, clock=clock)
        prepared(services, seed)
        client = create_app(services).test_client()
        with services.views.connect() as db:
            entries = [e for name in NAMES for e in timeline.of_recommendation(db, REGISTER, name, END_OF_TIME)]
            register = catalogue.register(db, REGISTER)
        assert register and register.opened_at
        facts, opened = facts_of(entries), register.opened_at
        seconds = int((clock() - opened).total_seconds()) - 1
        for _ in range(PAIRS):
            e = data.draw(DAYS)
            k = (opened + timedelta(seconds=data.draw(st.integers(1, seconds)))).replace(microsecond=0)
            card = scorecard(as_filed(facts, k), e, k)
            for name in NAMES:
                of_a_recommendation(client, name, title_at(entries, name, k), card, e, k)
            of_the_register(client, card, e, k)
        services.close()
