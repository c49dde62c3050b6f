"""The page of all components: well made, and only where it was asked for."""

import msgspec

from app.bootstrap.flask_app import create_app
from app.services.container import Services
from tests.support.pages import Browser


def test_the_page_of_components_is_well_made(services: Services) -> None:
    services.settings = msgspec.structs.replace(services.settings, development=True)
    page = Browser(create_app(services).test_client()).get("/style/")
    assert "Of 11 recommendations" in page.heading


def test_it_is_not_there_otherwise(services: Services) -> None:
    assert create_app(services).test_client().get("/style/").status_code == 404
