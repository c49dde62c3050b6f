"""The small register, open, and a browser that looks at it."""

from pathlib import Path

import pytest

from app.bootstrap.container import Services
from app.bootstrap.flask_app import create_app
from app.services.bundles.importing import Wish, import_bundle
from domain import commands as c
from tests.support.bundles import write_small_bundle
from tests.support.pages import Browser


@pytest.fixture
def small(services: Services, tmp_path: Path) -> Services:
    import_bundle(services, write_small_bundle(tmp_path / "small"), Wish(approve_cards="cem"))
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    services.execute(c.OpenRegister("small", origin="x"), by="ana")
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    return services


@pytest.fixture
def browser(small: Services) -> Browser:
    return Browser(create_app(small).test_client())
