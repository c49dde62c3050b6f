"""A member of staff with a test client: signs in, opens pages, and sends forms."""

import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.entrypoints.http.security import hash_new_password
from app.services.accounts import people
from app.services.accounts.models import User
from app.services.accounts.permissions import StaffRole
from app.services.container import Services
from tests.support.pages import Browser, Page

PASSWORD = "correct horse battery staple"
ROLES = {
    "rita": StaffRole.READER,
    "ana": StaffRole.ANALYST,
    "ben": StaffRole.EDITOR,
    "ada": StaffRole.ADMINISTRATOR,
}
"""The people of the small register, by name."""
PROPOSE_PATH = "/staff/small/recommendations/law/propose/"
PROPOSAL_FIELDS = {
    "status": "in_progress",
    "reason": "world_changed",
    "effective_on": "March 2025",
    "rationale": "The bill passed one chamber.",
    "evidence": ["story"],
}


class Member:
    """A person with a browser, who may be signed in."""

    def __init__(self, app: Flask, name: str) -> None:
        self.name = name
        self.browser = Browser(app.test_client())
        self.client = self.browser.client
        self._token = ""

    def get(self, path: str, status: int = 200, **query: str) -> Page:
        return self.browser.get(path, status, **query)

    def post(self, path: str, /, **fields: Any) -> Any:
        """Send a form with a valid token; the clock moves on by a second."""
        self._token = self._token or self.token()
        response = self.client.post(path, data=fields | {"csrf_token": self._token})
        self.client.application.extensions["uptake"].clock.go_on(seconds=1)
        return response

    def confirm(self, path: str, **fields: Any) -> Any:
        """Send a form and confirm it on the page that asks."""
        asked = self.post(path, **fields)
        assert asked.status_code == 200, asked.text
        assert 'name="confirmed" value="yes"' in asked.text, asked.text
        return self.post(path, **fields, confirmed="yes")

    def token(self) -> str:
        page = self.client.get("/staff/account/")
        if page.status_code != 200:
            page = self.client.get("/staff/sign-in")
        field = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
        assert field
        return field.group(1)

    def sign_in(self, password: str = PASSWORD) -> Any:
        self._token = ""
        response = self.post("/staff/sign-in", email=f"{self.name}@example.org", password=password)
        self._token = ""  # a new session has a new one
        return response


def add_people(services: Services) -> None:
    """Add the people of the small register, without passwords."""
    with services.accounts.work() as db:
        for name, role in ROLES.items():
            user = people.add_user(db, f"{name}@example.org", name.capitalize(), person=f"person-{name}")
            people.give_role(db, user, "small", role)


def set_passwords(app: Flask, services: Services) -> None:
    """Give all people the same password, hashed with the secret of this installation."""
    with app.app_context(), services.accounts.work() as db:
        users = db.scalars(select(User)).all()
        hashed = hash_new_password(PASSWORD, users[0])
        for user in users:
            user.password = hashed


Members = Callable[[str], Member]
"""Signs a person in, by name."""


def find_user(services: Services, name: str) -> User:
    with services.accounts.work() as db:
        return people.find_user(db, f"{name}@example.org")


def form_version(member: Member, path: str) -> str:
    """The version that the form on a page carries."""
    page = member.get(path)
    return next(e.get("value", "") for e in page.root.iter("input") if e.get("name") == "version")


def send_form(member: Member, path: str, *, page: str = "", confirms: bool = False, **fields: Any) -> Any:
    """Send a form with the version that its page carries; `page` is that page, if it is another one."""
    send = member.confirm if confirms else member.post
    return send(path, version=form_version(member, page or path), **fields)


def send_proposal(member: Member, path: str = PROPOSE_PATH, **fields: Any) -> Any:
    """Propose a status with the form; `fields` replace the usual values."""
    return member.post(path, version=form_version(member, path), **({"action": "send"} | PROPOSAL_FIELDS | fields))
