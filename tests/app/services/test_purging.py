"""Purges of a cache in front: of what changed, signed, once where it is accepted, and again until then."""

import hashlib
import hmac
import logging
from base64 import b64encode
from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine

from app.adapters.settings import read_settings
from app.services.container import Services
from app.services.purging import (
    ALL_PAGES_KEY,
    MAX_KEYS,
    RETRY_DELAYS_SECONDS,
    PurgeProgress,
    keys_to_purge,
    purge_due,
)
from domain import commands as c
from domain.codes import RelationKind
from domain.errors import Refused
from domain.values import Body, Publication, RecommendationFacts, RegisterSettings, Relation
from tests.support.receiver import Receiver, Request, receiving
from tests.support.story import assessment

SECRET = "a-secret-of-a-test"


@pytest.fixture
def receiver(small: Services) -> Iterator[Receiver]:
    with receiving() as receiver:
        url = f"{receiver.address}/purge"
        small.settings = replace(small.settings, cdn_seconds=300, purge_url=url, purge_secret=SECRET)
        yield receiver


@pytest.fixture
def jobs(small: Services) -> Engine:
    return small.jobs


def keys(request: Request) -> list[str]:
    assert request.headers["surrogate-key"] == " ".join(request.json["keys"])
    return list(request.json["keys"])


def name_body(services: Services, ident: str, register: str = "small") -> None:
    services.execute(c.NameBody(register, body=Body(id=ident, name="B")), by="ana")


def open_another(services: Services) -> None:
    facts = RecommendationFacts(
        id="a",
        title="A",
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
        services.execute(command, by="ana")


def test_first_all_pages_are_purged_and_then_what_changed(small: Services, receiver: Receiver, jobs: Engine) -> None:
    assert purge_due(small, jobs)
    assert not purge_due(small, jobs), "nothing has happened"
    open_another(small)
    assert purge_due(small, jobs)
    name_body(small, "b1")
    assert purge_due(small, jobs)
    relation = Relation(relation=RelationKind.REPEATS, to="small:law")
    small.execute(c.StateRelation("other", recommendation="a", relation=relation), by="ana")
    assert purge_due(small, jobs)
    assert [keys(request) for request in receiver.requests] == [
        [ALL_PAGES_KEY],
        ["register:other", "site"],
        ["register:small", "site"],
        ["register:other", "register:small", "site"],
    ]


def test_private_events_purge_nothing(small: Services, receiver: Receiver, jobs: Engine) -> None:
    purge_due(small, jobs)
    proposal = assessment(status="in_progress", effective_on="2024-05-01", reason="new_evidence", evidence=("story",))
    small.execute(c.ProposeAssessment("small", recommendation="law", assessment=proposal), by="ana")
    assert not purge_due(small, jobs)
    assert len(receiver.requests) == 1


def test_what_no_event_changes_purges_all_pages(small: Services, receiver: Receiver, jobs: Engine) -> None:
    purge_due(small, jobs)
    small.mark_copies_changed()
    assert purge_due(small, jobs)
    assert keys(receiver.requests[-1]) == [ALL_PAGES_KEY]


def test_a_request_is_signed_and_keeps_its_id_when_it_is_repeated(
    small: Services, receiver: Receiver, jobs: Engine
) -> None:
    receiver.answers = [500]
    assert not purge_due(small, jobs)
    small.clock.go_on(seconds=RETRY_DELAYS_SECONDS[0])  # type: ignore[attr-defined]
    assert purge_due(small, jobs)
    first, second = receiver.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    for request in (first, second):
        signed = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + request.body
        digest = b64encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()).decode()
        assert request.headers["webhook-signature"] == f"v1,{digest}"


def test_a_cache_that_does_not_accept_is_asked_again_with_pauses_and_loses_nothing(
    small: Services, receiver: Receiver, jobs: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    purge_due(small, jobs)
    receiver.answers = [503] * 7
    name_body(small, "b1")
    with caplog.at_level(logging.INFO, "uptake.purging"):
        for number in range(7):
            assert not purge_due(small, jobs)
            assert not purge_due(small, jobs), "it waits"
            assert len(receiver.requests) == number + 2
            delay = RETRY_DELAYS_SECONDS[min(number, len(RETRY_DELAYS_SECONDS) - 1)]
            small.clock.go_on(seconds=delay - 1)  # type: ignore[attr-defined]
            assert not purge_due(small, jobs)
            assert len(receiver.requests) == number + 2
            small.clock.go_on(seconds=1)  # type: ignore[attr-defined]
        assert purge_due(small, jobs)
    assert {tuple(keys(request)) for request in receiver.requests[1:]} == {("register:small", "site")}
    assert len(caplog.messages) == 2, "one line when it refuses, and one when it accepts again"


def test_another_address_and_a_log_that_was_restored_purge_all_pages(
    small: Services, receiver: Receiver, jobs: Engine
) -> None:
    purge_due(small, jobs)
    receiver.answers = [500]
    small.settings = replace(small.settings, purge_url=f"{receiver.address}/another")
    assert not purge_due(small, jobs)
    assert not purge_due(small, jobs)
    small.clock.go_on(seconds=1)  # type: ignore[attr-defined]
    assert purge_due(small, jobs)
    assert [keys(request) for request in receiver.requests] == [[ALL_PAGES_KEY]] * 3
    state = small.public_state()
    later = PurgeProgress(small.settings.purge_url, state.position.count + 1)
    assert keys_to_purge(later, state, small.settings.purge_url) == [ALL_PAGES_KEY]


def test_many_registers_are_purged_together(small: Services, receiver: Receiver, jobs: Engine) -> None:
    purge_due(small, jobs)
    for number in range(MAX_KEYS + 1):
        register = f"r{number}"
        settings = RegisterSettings(id=register, title="R", kept_by="K", licence="CC-BY-4.0")
        small.execute(c.EstablishRegister(register, settings=settings), by="ana")
        small.execute(c.OpenRegister(register, origin="x"), by="ana")
    assert purge_due(small, jobs)
    assert keys(receiver.requests[-1]) == [ALL_PAGES_KEY]


def test_without_the_setting_nothing_is_sent(small: Services, jobs: Engine) -> None:
    assert not purge_due(small, jobs)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        (
            {"UPTAKE_PURGE_URL": "http://cache.example.org/purge"},
            "it must begin with https://, unless the cache is on this",
        ),
        ({"UPTAKE_PURGE_URL": "nonsense"}, "it must be an address such as https://cache.example.org"),
        ({"UPTAKE_CDN_SECONDS": "901"}, "it must be a whole number of seconds from 0 to 900"),
        ({"UPTAKE_PURGE_URL": "https://cache.example.org"}, "Without cdn_seconds no cache keeps pages"),
        ({"UPTAKE_PURGE_URL": "https://cache.example.org", "UPTAKE_CDN_SECONDS": "9"}, "set purge_secret too"),
    ],
)
def test_settings_that_cannot_be_are_refused(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        read_settings(environment)
    assert sentence in str(refused.value)


def test_a_cache_on_this_machine_needs_no_tls() -> None:
    environment = {
        "UPTAKE_PURGE_URL": "http://127.0.0.1:6081/purge",
        "UPTAKE_CDN_SECONDS": "300",
        "UPTAKE_PURGE_SECRET": "x",
    }
    assert read_settings(environment).purge_url == environment["UPTAKE_PURGE_URL"]
