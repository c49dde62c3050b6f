"""Fixtures for every test: a clock that tests set, and the services of the application over a store of either kind.

The application is imported only by the tests that use it: those of the domain run without.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.support.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.services.container import Services

# Commands that tests run read the settings from here: they freeze reviews at a local address.
os.environ.setdefault("UPTAKE_TRIAL", "yes")

# A busy machine is no failure: nothing is measured in tests. The examples that share a fixture only read it.
settings.register_profile(
    "any machine",
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
settings.load_profile("any machine")

pytest_plugins = ["tests.support.fixtures"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def new_services(tmp_path: Path, clock: Clock) -> Iterator[Callable[..., Services]]:
    """Makes services over a new store each time it is called: SQLite, or PostgreSQL with `postgres=True`."""
    from app.adapters.settings import Settings
    from app.bootstrap.container import build_services
    from tests.support.compiled_templates import keep_compiled_templates
    from tests.support.kept_stores import keep_tables_of_accounts
    from tests.support.postgres import fresh_database

    keep_compiled_templates()
    made: list[Services] = []

    def make(*, postgres: bool = False) -> Services:
        folder = tmp_path / f"store-{len(made)}"
        url = fresh_database() if postgres else ""
        # Most tests publish as a means, so nothing is held; those about holding set the time.
        settings = Settings(data_dir=folder, database_url=url, publish_hold_seconds=0, trial=True)
        made.append(build_services(settings, create=True, clock=clock))
        keep_tables_of_accounts(made[-1])
        return made[-1]

    yield make
    for services in made:
        services.close()


@pytest.fixture
def services(new_services: Callable[..., Services]) -> Services:
    return new_services()


@pytest.fixture(params=["sqlite", "postgres"])
def either(request: pytest.FixtureRequest, new_services: Callable[..., Services]) -> Services:
    """The same test on both stores."""
    return new_services(postgres=request.param == "postgres")
