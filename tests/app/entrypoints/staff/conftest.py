"""The small register with three people who keep it, each with a browser of their own."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.bootstrap.container import Services
from app.bootstrap.flask_app import create_app
from app.entrypoints.http.security import hashed
from app.services.accounts import people
from app.services.accounts.models import User
from app.services.accounts.permissions import Role
from app.services.bundles.importing import Wish, import_bundle
from domain import commands as c
from tests.support.bundles import write_small_bundle
from tests.support.pages import Browser, Page

PASSWORD = "correct horse battery staple"
PEOPLE = {
    "rita": Role.READER,
    "ana": Role.ANALYST,
    "ben": Role.EDITOR,
    "ada": Role.ADMINISTRATOR,
}


class Member:
    """Somebody with a browser, who may be signed in."""

    def __init__(self, app: Flask, name: str) -> None:
        self.name = name
        self.browser = Browser(app.test_client())
        self.client = self.browser.client

    def get(self, path: str, status: int = 200, **query: str) -> Page:
        return self.browser.get(path, status, **query)

    def post(self, path: str, **fields: Any) -> Any:
        """Send a form with the token of the page it stands on."""
        answer = self.client.post(path, data=fields | {"csrf_token": self.token()})
        self.client.application.extensions["uptake"].clock.go_on(seconds=1)
        return answer

    def token(self) -> str:
        page = self.client.get("/staff/account/")
        if page.status_code != 200:
            page = self.client.get("/staff/sign-in")
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
        assert found
        return found.group(1)

    def sign_in(self, password: str = PASSWORD) -> Any:
        return self.post("/staff/sign-in", email=f"{self.name}@example.org", password=password)


@pytest.fixture
def office(services: Services, tmp_path: Path) -> Flask:
    """The small register, open, and four people with a role in it; everybody's password is the same."""
    import_bundle(services, write_small_bundle(tmp_path / "small"), Wish(approve_cards="cem"))
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    services.execute(c.OpenRegister("small", origin="x"), by="operator")
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    app = create_app(services)
    with app.app_context(), services.accounts.work() as db:
        first: str | None = None
        for name, role in PEOPLE.items():
            user = people.add(db, f"{name}@example.org", name.capitalize(), person=f"person-{name}")
            first = first or hashed(PASSWORD, user)
            user.password = first
            people.give_role(db, user, "small", role)
    return app


@pytest.fixture
def member(office: Flask) -> Callable[[str], Member]:
    """Signs somebody in."""

    def signed_in(name: str) -> Member:
        who = Member(office, name)
        assert who.sign_in().status_code == 302
        return who

    return signed_in


def account(services: Services, name: str) -> User:
    with services.accounts.work() as db:
        return people.find(db, f"{name}@example.org")
