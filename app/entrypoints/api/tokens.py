"""The person behind the token of a request."""

from flask import request

from app.entrypoints.http.errors import RequestProblem
from app.services.accounts import api_tokens, login_attempts
from app.services.accounts.actors import Person
from app.services.container import Services


def require_token_holder(services: Services, permission: str, register: str, *, or_else: str = "") -> Person:
    """The person behind a token with the scope of a permission, or with that of another one.

    Raises `RequestProblem`, or `NotAllowed` if the role of the person does not permit it.
    """
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise RequestProblem(401, "Send a token as “Authorization: Bearer …”. Create one with “uptake user token”.")
    attempts, now = login_attempts.attempt_keys(token=request.remote_addr or ""), services.clock()
    with services.accounts.work() as db:
        if login_attempts.is_blocked(db, attempts, now):
            raise RequestProblem(429, "Too many invalid tokens from this address. Wait 15 minutes.")
        holder = api_tokens.find_holder(db, secret.strip(), now)
        if holder is None:
            login_attempts.record_failure(db, attempts, now)
    if holder is None:
        raise RequestProblem(401, "This token is invalid, expired or revoked.")
    person, scopes = holder
    scope = permission if permission in scopes or or_else not in scopes else or_else
    if scope not in scopes:
        known = ", ".join(sorted(scopes))
        raise RequestProblem(403, f"This token lacks the scope “{permission}”; its scopes are: {known}.")
    person.require(scope, register)
    return person
