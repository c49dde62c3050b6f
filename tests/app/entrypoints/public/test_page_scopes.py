"""A page stays while nothing that it can show has happened, and changes at once when something has."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace
from werkzeug.test import Client, TestResponse

from app.bootstrap.flask_app import create_app
from app.entrypoints.http import front_cache
from app.entrypoints.http.cached_response import Environ, Start
from app.entrypoints.http.front_cache import CurrentState, FrontCache
from app.entrypoints.http.page_scopes import ABOUT_ONE_REGISTER, ABOUT_THE_SITE
from app.services.container import Services
from domain import commands as c
from domain.codes import Position, RelationKind, RemovalReason, SourceClass
from domain.events import EVENTS, read_event, topic_of
from domain.values import (
    Body,
    EvidenceFacts,
    EvidenceText,
    Publication,
    RecommendationFacts,
    RegisterSettings,
    Relation,
    ResponseFacts,
    SuccessCriteria,
)
from projections.public_states.projector import ON_PAGES_THOUGH_PRIVATE
from tests.support.crawl import VALUES
from tests.support.story import assessment

PAGE = "/small/recommendations/law/"
PAGES = ("/", "/small/", PAGE, "/small/changes.atom", "/api/v1/registers/small/scorecard", "/ko/small/due.ics")
PREPARATION = (".removed", "_removed", ".discarded")
"""How the stored names of events end that only happen before a register is opened."""


@pytest.fixture
def app(small: Services) -> Flask:
    """The small register and another one, “other”, both open."""
    facts = RecommendationFacts(
        id="a",
        title="A recommendation elsewhere",
        summary="S.",
        kind="one_off",  # type: ignore[arg-type]
        theme="t",
        addressees=("b0",),
        publication="report",
        recommended_on="2020",
    )
    settings = RegisterSettings(id="other", title="Other", kept_by="K", licence="CC-BY-4.0")
    publication = Publication(id="report", title="Report", publisher="P", published_on="2020")
    for command in (
        c.EstablishRegister("other", settings=settings),
        c.NameBody("other", body=Body(id="b0", name="B")),
        c.AddPublication("other", publication=publication),
        c.RegisterRecommendation("other", facts=facts),
        c.OpenRegister("other", origin="x"),
    ):
        small.execute(command, by="ana")
    small.clock.go_on(seconds=60)  # type: ignore[attr-defined]
    return create_app(small)


class MadePages(FrontCache):
    """A cache that says which pages were made."""

    def __init__(self, app: Flask, current: Callable[[], CurrentState]) -> None:
        super().__init__(app, current, clock=lambda: 1_000_000.0)
        self.made: list[str] = []

    def _fetch(self, key: str, environ: Environ, start: Start) -> Iterable[bytes]:
        self.made.append(environ["PATH_INFO"])
        return super()._fetch(key, environ, start)


@pytest.fixture
def front(small: Services, app: Flask, monkeypatch: pytest.MonkeyPatch) -> MadePages:
    monkeypatch.setattr(front_cache, "STATE_TTL_SECONDS", 0.0)
    return MadePages(app, small.public_state)


def tags(front: MadePages) -> dict[str, tuple[str | None, bool]]:
    """By page: its ETag, and whether the cache had it."""
    front.made.clear()
    client = Client(front, TestResponse)
    answers = {path: client.get(path) for path in PAGES}
    return {path: (a.headers["ETag"], path not in front.made) for path, a in answers.items()}


def kept(before: dict[str, tuple[str | None, bool]]) -> dict[str, tuple[str | None, bool]]:
    return {path: (tag, True) for path, (tag, _) in before.items()}


def name_body(services: Services, register: str, ident: str) -> None:
    services.execute(c.NameBody(register, body=Body(id=ident, name="B")), by="ana")


def test_a_private_event_leaves_the_pages_of_the_cache_alone(small: Services, front: MadePages) -> None:
    before = tags(front)
    small.execute(private_commands(small)[0], by="ana")
    assert tags(front) == kept(before)
    assert Client(front, TestResponse).get("/small/search?q=law").headers["ETag"]
    assert any(r.path == "/small/search" for r in front.responses.values())
    name_body(small, "other", "b1")
    tags(front)
    assert not any(r.path == "/small/search" for r in front.responses.values()), "it depends on the whole store"


def test_a_public_event_changes_the_pages_of_its_register_at_once(small: Services, front: MadePages) -> None:
    before = tags(front)
    proposal = assessment(status="in_progress", effective_on="2024-05-01", reason="new_evidence", evidence=("story",))
    ident = small.execute(c.ProposeAssessment("small", recommendation="law", assessment=proposal), by="ana")
    small.execute(c.PublishAssessment("small", recommendation="law", assessment=ident), by="ben")
    after = tags(front)
    assert {path for path in PAGES if after[path][1]} == set()
    assert {path for path in PAGES if after[path][0] == before[path][0]} <= {"/", "/ko/small/due.ics"}


def test_an_event_of_another_register_leaves_the_pages_alone(small: Services, front: MadePages) -> None:
    before = tags(front)
    name_body(small, "other", "b1")
    after = tags(front)
    assert {path for path in PAGES if not after[path][1]} == {"/"}
    assert [after[path][0] for path in PAGES] == [before[path][0] for path in PAGES]


def test_an_event_of_a_register_with_relations_changes_the_pages(small: Services, front: MadePages) -> None:
    relation = Relation(relation=RelationKind.RENEWS, to="small:law")
    small.execute(c.StateRelation("other", recommendation="a", relation=relation), by="ana")
    client = Client(front, TestResponse)
    before = client.get(PAGE).text
    assert "A recommendation elsewhere" in before
    small.clock.go_on(days=1)  # type: ignore[attr-defined]
    fact = RecommendationFacts(
        id="a",
        title="Another title elsewhere",
        summary="S.",
        kind="one_off",  # type: ignore[arg-type]
        theme="t",
        addressees=("b0",),
        publication="report",
        recommended_on="2020",
    )
    small.execute(c.AmendRecommendation("other", recommendation="a", fact=fact, why="W."), by="ana")
    assert "Another title elsewhere" in client.get(PAGE).text


def test_a_rebuild_keeps_the_pages(small: Services, front: MadePages) -> None:
    before = tags(front)
    small.views.rebuild()
    assert tags(front) == kept(before)


def test_a_page_names_the_last_public_instant_of_its_register(small: Services, app: Flask) -> None:
    client, path = app.test_client(), "/api/v1/registers/small/scorecard"
    before = client.get(path).json
    for act in (private_commands(small)[0], c.NameBody("other", body=Body(id="b1", name="B"))):
        small.clock.go_on(days=1)  # type: ignore[attr-defined]
        small.execute(act, by="ana")
    after = client.get(path).json
    assert before
    assert after
    assert (after["known_at"], after["log_position"]) == (before["known_at"], before["log_position"])
    pinned = client.get(f"{path}?as_of={before['as_of']}&known_at={before['known_at']}").json
    assert pinned
    assert pinned["recommendations"] == after["recommendations"]


def private_commands(services: Services) -> list[c.Command]:
    """Commands of an open register after which there is nothing new to see."""
    of_law: dict[str, Any] = {"recommendation": "law"}
    proposal = assessment(
        id="p1", status="in_progress", effective_on="2024-05-01", reason="new_evidence", evidence=("story",)
    )
    ids: dict[str, Any] = of_law | {"assessment": "p1"}
    source = EvidenceFacts(id="note", publisher="P", source_class=SourceClass.OFFICIAL)
    text = EvidenceText(title="Found", summary="S.")
    answer = ResponseFacts(
        id="said", body="senate", position=next(iter(Position)), given_on="2024", summary="S.", evidence=("story",)
    )
    day: dict[str, Any] = {"review": "yearly", "as_of": "2027-09-14"}
    publish_at = services.clock() + timedelta(days=90)
    return [
        c.ProposeAssessment("small", **of_law, assessment=proposal),
        c.ReviseAssessment("small", **of_law, assessment=replace(proposal, rationale="Better.")),
        c.ReturnAssessment("small", **ids, note="Which day?"),
        c.ReviseAssessment("small", **of_law, assessment=replace(proposal, rationale="Better still.")),
        c.ScheduleAssessment("small", **ids, publish_at=publish_at),
        c.UnscheduleAssessment("small", **ids),
        c.DeclineAssessment("small", **ids, why="No."),
        c.DraftCriteria("small", **of_law, card=SuccessCriteria(counts="An act.", does_not_count="A word.")),
        c.ProposeResponse("small", **of_law, facts=answer),
        c.DeclineResponse("small", **of_law, response="said", why="No."),
        c.NoteEvidence("small", facts=source, text=text, key="key-note", salt="s"),
        c.AmendEvidence("small", facts=replace(source, publisher="Q"), text=text, key="key-2", salt="s", why="W."),
        c.KeepFile("small", evidence="note", sha256="0" * 64, kind="pdf", size=1),
        c.RemoveEvidenceText("small", evidence="note", reason=next(iter(RemovalReason))),
        c.SetReviewDoi("small", **day, doi="10.5555/x"),
        c.DraftSummary("small", **day, summary="A summary."),
        c.SignOffReview("small", **day),
    ]


def paths(app: Flask) -> Iterator[str]:
    """A path of each endpoint that does not depend on the whole store, in each language, for today and an earlier day."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in ABOUT_ONE_REGISTER | ABOUT_THE_SITE:
            names = sorted(rule.arguments - {"lang"})
            choices = [getattr(rule._converters[name], "items", None) or VALUES[name][:1] for name in names]
            for values in product(*choices):
                built = rule.build({**dict(zip(names, values, strict=True)), **(rule.defaults or {})})
                assert built
                yield built[1]


def contents(client: FlaskClient, listed: list[str]) -> dict[str, tuple[int, bytes]]:
    answers = {path: client.get(path) for path in listed}
    return {path: (a.status_code, a.data) for path, a in answers.items()}


def test_no_page_shows_anything_of_private_events_or_of_other_registers(small: Services, app: Flask) -> None:
    """Every event that is not public, and events of another register: each page is the same bytes before and after."""
    client, listed = app.test_client(), sorted(set(paths(app)))
    assert len({r.endpoint for r in app.url_map.iter_rules()} & (ABOUT_ONE_REGISTER | ABOUT_THE_SITE)) == len(
        ABOUT_ONE_REGISTER | ABOUT_THE_SITE
    ), "each listed endpoint exists"
    before, size, state = contents(client, listed), small.views.position().count, small.public_state()
    for command in private_commands(small):
        small.execute(command, by="ana" if not isinstance(command, c.ReturnAssessment | c.DeclineAssessment) else "ben")
    assert small.public_state().of("small") == state.of("small")
    assert small.public_state().of("*") == state.of("*")
    events = [read_event(row) for _, _, row in small.log.rows_after(0, 10**6)][size:]
    expected = {
        name
        for name, kind in EVENTS.items()
        if not kind.PUBLIC and not issubclass(kind, ON_PAGES_THOUGH_PRIVATE) and not name.endswith(PREPARATION)
    }
    assert {topic_of(e) for e in events} == expected | {"evidence.note_text_removed"}
    after = contents(client, listed)
    assert [path for path in listed if after[path] != before[path]] == []
    of_register = [path for path in listed if "small" in path]
    name_body(small, "other", "b1")
    assert small.public_state().of("small") == state.of("small")
    assert contents(client, of_register) == {path: before[path] for path in of_register}
