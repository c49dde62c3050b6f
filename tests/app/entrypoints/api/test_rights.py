"""Every operation that writes, for every role, with a token of every scope, and without one."""

from typing import Any

import pytest
from flask import Flask

from app.entrypoints.api.writing import WRITES
from app.services.accounts.permissions import PERMISSIONS, Role, allows
from app.services.container import Services

PLACES = {"{register}": "small", "{recommendation}": "law", "{assessment}": "law-2"}


def _paths() -> list[tuple[str, str]]:
    found = []
    for write in WRITES:
        path = write.path
        for part, value in PLACES.items():
            path = path.replace(part, value)
        found.append((path, write.permission))
    return found


def test_the_walk_knows_every_address_that_takes_something(app: Flask) -> None:
    routes = {r.endpoint for r in app.url_map.iter_rules() if r.endpoint.startswith("api.") and "POST" in r.methods}
    assert routes == {f"api.{w.name}" for w in WRITES}
    for path, _permission in _paths():
        assert "{" not in path
        assert app.test_client().post(path, json={}).status_code == 401


@pytest.mark.parametrize("role", Role)
def test_a_token_does_what_its_scope_and_the_role_behind_it_both_allow(
    services: Services, token: Any, post: Any, role: Role
) -> None:
    for scope in PERMISSIONS:
        secret = token(f"{role}-{scope}", role, scope)
        for path, permission in _paths():
            before = services.log.last()
            answer = post(path, secret, {}, key=f"{scope} {path}")
            assert (answer.status_code != 403) is (scope == permission and allows(role, permission)), (path, scope)
            assert answer.status_code in (400, 403), "an empty body does nothing in any case"
            assert services.log.last() == before
