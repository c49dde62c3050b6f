"""Every operation that writes, for every role, with a token of every scope, and without one."""

from typing import Any

import pytest
from flask import Flask

from app.entrypoints.api import writing
from app.entrypoints.api.uploads import SHEET_OPERATIONS
from app.entrypoints.api.writing import WRITE_OPERATIONS
from app.services.accounts.permissions import PERMISSIONS, StaffRole, allows
from app.services.container import Services
from domain import commands as c
from domain.codes import Position
from domain.values import ResponseFacts

ASSESSMENT = {
    "status": "in_progress",
    "effective_on": "2025-03",
    "reason": "world_changed",
    "rationale": "The bill passed one chamber.",
    "evidence": ["story"],
}
BODIES = {
    "propose": ASSESSMENT,
    "publish": {},
    "decline": {"why": "Not yet."},
    "withdraw": {"reason": "Entered twice."},
    "state_deadline": {"due_on": "2026", "stated_on": "2024", "stated_by": "senate"},
    "withdraw_deadline": {"reason": "Entered twice."},
    "amend_addressees": {"addressees": [{"body": "senate"}], "why": "It was stated so."},
    "propose_response": {
        "body": "senate",
        "position": "accepts",
        "given_on": "2024",
        "summary": "It accepts it.",
        "evidence": ["story"],
    },
    "publish_response": {},
    "decline_response": {"why": "Not yet."},
    "withdraw_response": {"reason": "Entered twice."},
    "amend_recommendation": {"title": "Renew it", "why": "Clearer."},
    "amend_element": {"element": "kept", "title": "Kept", "why": "Clearer."},
    "amend_settings": {"title": "The register", "why": "Clearer."},
    "amend_theme": {"title": "Acts", "why": "Clearer."},
    "amend_publication": {"title": "A report", "why": "Clearer."},
    "amend_body": {"name": "The ministry", "why": "Clearer."},
    "merge_body": {"into": "senate", "on": "2024", "why": "An act joined them."},
    "amend_evidence": {"title": "The story", "why": "Clearer."},
    "state_relation": {"relation": "renews", "to": "talks"},
    "withdraw_relation": {"relation": "renews", "to": "talks", "reason": "Entered twice."},
}
"""A body that each operation accepts, by its name."""
PLACES = {
    "{register}": "small",
    "{recommendation}": "law",
    "{assessment}": "law-2",
    "{theme}": "laws",
    "{publication}": "report",
    "{body}": "ministry",
    "{evidence}": "story",
    "{response}": "said",
    "{deadline}": "due",
}


@pytest.fixture(autouse=True)
def response(small: Services) -> None:
    """Publishes a response that the operations can withdraw."""
    said = ResponseFacts(
        id="said", body="senate", position=Position.NOTES, given_on="2024", summary="It noted it.", evidence=("story",)
    )
    small.execute(c.ProposeResponse("small", recommendation="law", facts=said), by="ana")
    small.execute(c.PublishResponse("small", recommendation="law", response="said"), by="ben")


def _paths() -> list[tuple[str, str]]:
    paths = []
    for write in WRITE_OPERATIONS:
        path = write.path
        for part, value in PLACES.items():
            path = path.replace(part, value)
        paths.append((path, write.permission))
    return paths


def test_the_walk_knows_every_address_that_takes_something(app: Flask) -> None:
    routes = {r.endpoint for r in app.url_map.iter_rules() if r.endpoint.startswith("api.") and "POST" in r.methods}
    sheets = {f"api.{s.name}" for s in SHEET_OPERATIONS if s.method == "POST"}  # walked in test_spreadsheets.py
    assert routes - sheets == {f"api.{w.name}" for w in WRITE_OPERATIONS}
    assert sheets < routes
    for path, _permission in _paths():
        assert "{" not in path
        assert app.test_client().post(path, json={}).status_code == 401


@pytest.mark.parametrize("role", StaffRole)
def test_a_token_does_what_its_scope_and_the_role_behind_it_both_allow(
    services: Services, token: Any, post: Any, role: StaffRole
) -> None:
    for scope in PERMISSIONS:
        secret = token(f"{role}-{scope}", role, scope)
        for path, permission in _paths():
            before = services.log.last()
            answer = post(path, secret, {}, key=f"{scope} {path}", tag="*")
            assert (answer.status_code != 403) is (scope == permission and allows(role, permission)), (path, scope)
            assert answer.status_code in (400, 403), "an empty body does nothing in any case"
            assert services.log.last() == before


@pytest.mark.parametrize("name", BODIES)
def test_a_command_is_refused_even_if_its_operation_checks_nothing(
    services: Services, token: Any, post: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    assert set(BODIES) == {w.name for w in WRITE_OPERATIONS}
    hold = writing.require_token_holder
    monkeypatch.setattr(
        writing, "require_token_holder", lambda services, _permission, register: hold(services, "read", register)
    )
    secret = token("rita", StaffRole.READER, "read")
    path = next(
        path for write, (path, _permission) in zip(WRITE_OPERATIONS, _paths(), strict=True) if write.name == name
    )
    before = services.log.last()
    answer = post(path.replace("/law/element", "/post/element"), secret, BODIES[name], tag="*")
    assert answer.status_code == 403, answer.json
    assert answer.mimetype == "application/problem+json"
    assert "you need the role" in answer.json["detail"]
    assert services.log.last() == before
