"""Fixtures that tests of several folders use: the small register, its staff pages and its public pages.

The application is imported inside the fixtures: the tests of the domain load this module and run without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask

    from app.services.container import Services
    from tests.support.mailbox import Mailbox
    from tests.support.pages import Browser
    from tests.support.staff_client import Member


@pytest.fixture
def small_bundle(tmp_path: Path) -> Path:
    """The folder of the bundle that the register is imported from."""
    from tests.support.bundles import write_small_bundle

    return write_small_bundle(tmp_path / "small")


@pytest.fixture
def small(services: Services, small_bundle: Path) -> Services:
    """Services over the small register, opened."""
    from tests.support.kept_stores import kept
    from tests.support.small_register import import_and_open

    texts = [f"{file.name} {file.read_text('utf-8')}" for file in sorted(small_bundle.iterdir())]
    kept("\n".join(texts), services, "[lv]*.sqlite", lambda: import_and_open(services, small_bundle))
    return services


@pytest.fixture
def browser(small: Services) -> Browser:
    """A reader of the public pages."""
    from app.bootstrap.flask_app import create_app
    from tests.support.pages import Browser

    return Browser(create_app(small).test_client())


@pytest.fixture
def hashing_cost() -> None:
    """Hashes cost next to nothing; a test whose people sign in at another process overrides this."""
    from tests.support.passwords import LOWEST_COST, set_hashing_cost

    set_hashing_cost(LOWEST_COST)


@pytest.fixture
def staff_app(small: Services, hashing_cost: None) -> Flask:
    """The small register with four people who each have a role; all have the same password."""
    from app.bootstrap.flask_app import create_app
    from tests.support.kept_stores import ACCOUNTS, kept
    from tests.support.staff_client import add_people, set_passwords

    kept("people", small, ACCOUNTS, lambda: add_people(small))
    app = create_app(small)
    set_passwords(app, small)
    return app


@pytest.fixture
def member(staff_app: Flask) -> Callable[[str], Member]:
    """Signs a person in, by name."""
    from tests.support.staff_client import Member

    def sign_in(name: str) -> Member:
        person = Member(staff_app, name)
        assert person.sign_in().status_code == 302
        return person

    return sign_in


@pytest.fixture
def mailbox(services: Services) -> Iterator[Mailbox]:
    """A mail server that runs, to which the worker sends."""
    from msgspec.structs import replace

    from tests.support.mailbox import running

    with running() as mailbox:
        services.settings = replace(services.settings, smtp_url=mailbox.url, smtp_from="Uptake <uptake@example.org>")
        yield mailbox


@pytest.fixture
def worker(services: Services) -> Callable[[], None]:
    """Runs the job of the worker that sends e-mail."""
    from app.entrypoints.worker.schedule import mail

    return lambda: mail(services)
