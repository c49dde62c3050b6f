"""Whether this machine can read the keys of its installation. On PostgreSQL, all machines of one have the same."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

import msgspec
from msgspec.structs import replace

from app.adapters.jobs_db.shared_values import agree_on_value, set_shared_value, shared_value
from app.adapters.settings import Settings
from app.services.accounts.web_secrets import load_web_secrets
from app.services.transparency.key_list import USES, ListedKey, listed_key
from app.services.transparency.signing_keys import (
    LIST_NAME,
    checkpoint_key,
    key_list,
    local_key,
    local_key_list,
    other_key,
    shared_list,
    signing_key,
    write_list,
)
from domain.errors import Refusal, Refused
from domain.times import written

WEB_NAME = "web key"
"""Under which the fingerprint of the web key is among the values that machines have in common."""


def require_same_keys(settings: Settings) -> None:
    """Raise `Refused` naming every key that cannot be read, else every one that the installation does not have.

    With several machines, the first that starts says which they are.
    """
    if not settings.database_url:
        _require_all(
            lambda: load_web_secrets(settings), lambda: signing_key(settings), lambda: checkpoint_key(settings)
        )
        return
    _require_all(lambda: load_web_secrets(settings), *(partial(local_key, settings, use) for use in USES))
    local = {use: local_key(settings, use) for use in USES}
    agree_on_value(settings, LIST_NAME, msgspec.json.encode(local_key_list(settings).keys).decode())
    web = load_web_secrets(settings).fingerprint
    agreed = agree_on_value(settings, WEB_NAME, web)
    problems = [other_key(settings, "web", web, agreed)] if web != agreed else []
    for use, key in local.items():
        current = next(k for k in shared_list(settings) or () if k.use == use and k.is_current)
        if current.verifier != key.verifier:
            problems.append(other_key(settings, use, key.verifier.fingerprint, current.fingerprint))
    if problems:
        raise Refused(*problems)


def _require_all(*reads: Callable[[], object]) -> None:
    """Raises `Refused` with what all of them raise."""
    problems: list[Refusal] = []
    for read in reads:
        try:
            read()
        except Refused as refused:
            problems.extend(refused.refusals)
    if problems:
        raise Refused(*dict.fromkeys(problems))


def accept_keys(settings: Settings, at: datetime) -> list[str]:
    """Take the keys of this machine as those of the installation; returns a sentence for each that is another one.

    No key before it signs that it comes after it, so those who check signatures have to get it from people they trust.
    """
    return list(_accept_signing_keys(settings, written(at))) + list(_accept_web_key(settings))


def _accept_signing_keys(settings: Settings, stamp: str) -> Iterator[str]:
    for use in USES:
        verifier, keys = local_key(settings, use).verifier, list(key_list(settings).keys)
        if any(key.use == use and key.is_current and key.verifier == verifier for key in keys):
            continue
        ended = [replace(key, until=stamp) if key.use == use and key.is_current else key for key in keys]
        known = next((key for key in ended if key.use == use and key.verifier == verifier), None)
        others: list[ListedKey] = [key for key in ended if key is not known]
        new = replace(known, until="") if known else listed_key(verifier, use, valid_from=stamp)
        write_list(settings, [new, *others])
        yield f"The key for {use} is now {verifier.fingerprint}."


def _accept_web_key(settings: Settings) -> Iterator[str]:
    web = load_web_secrets(settings).fingerprint
    if not settings.database_url or shared_value(settings, WEB_NAME) == web:
        return
    set_shared_value(settings, WEB_NAME, web)
    yield (
        f"The web key is now {web}. Everyone has to sign in again, set up their second factor again and choose another "
        "password; webhooks have new secrets."
    )
