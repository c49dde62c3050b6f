"""The API over the small register: tokens, and a client that writes."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.bootstrap.flask_app import create_app
from app.services.accounts import api_tokens, people
from app.services.accounts.permissions import StaffRole
from app.services.container import Services

ASSESSMENTS_PATH = "/api/v1/registers/small/recommendations/law/assessments"
PROPOSALS_PATH = "/api/v1/registers/small/recommendations/law/proposals"


@pytest.fixture
def app(small: Services) -> Flask:
    return create_app(small)


@pytest.fixture
def token(services: Services) -> Callable[..., str]:
    """Makes an account with a role and a token with scopes; returns the token."""

    def make(name: str, role: StaffRole, *scopes: str, days: int = 30) -> str:
        with services.accounts.work() as db:
            user = people.add_user(db, f"{name}@example.org", person=f"person-{name}")
            people.give_role(db, user, "small", role)
            return api_tokens.create_token(db, user, "script", list(scopes), days, services.clock())

    return make


@pytest.fixture
def post(app: Flask) -> Callable[..., Any]:
    """Sends a body with a token, and the ETag of what it decides on as it is now; the clock moves on by a second."""
    client = app.test_client()

    def current_tag(path: str, token: str) -> str:
        read = ASSESSMENTS_PATH
        if path.endswith(("/publish", "/decline")):
            one = path.rpartition("/")[0]
            read = f"{one}/proposal" if "/responses/" in path else PROPOSALS_PATH
        answer = client.get(read, headers={"Authorization": f"Bearer {token}"})
        return str(answer.headers.get("ETag", '"none"'))

    def send(path: str, token: str, body: Any, key: str = "k", tag: str | None = None, **headers: str) -> Any:
        usual = {
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": key,
            "If-Match": tag or current_tag(path, token),
        }
        response = client.post(path, json=body, headers={k: v for k, v in (usual | headers).items() if v})
        app.extensions["uptake"].clock.go_on(seconds=1)
        return response

    return send
