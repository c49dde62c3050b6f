"""A register in French and Arabic, read on pages in English and Korean: every text says its language and direction."""

from pathlib import Path

import pytest
from flask import Flask

from app.bootstrap.flask_app import create_app
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from domain import commands as c
from tests.support.french_arabic import texts_shown_wrongly, write_french_arabic_bundle
from tests.support.pages import Browser

PAGES = (
    *("/", "/about/", "/droits/", "/droits/?as_of=2024-02-15", "/droits/changes/", "/droits/corrections/"),
    *("/droits/compare/?from=2024-01-15&to=2025-01-01", "/droits/series/", "/droits/methodology/", "/droits/download/"),
    *("/droits/recommendations/loi/", "/droits/recommendations/poste/", "/droits/recommendations/seul/"),
    *("/droits/themes/lois/", "/droits/bodies/parlement/", "/droits/bodies/commission/", "/droits/reviews/"),
    *("/droits/reviews/bilan/", "/droits/search?q=loi", "/droits/embed/"),
    *(
        "/droits/recommendations/loi/embed/",
        "/droits/recommendations/seul/embed/",
        "/droits/recommendations/seul/editions/",
    ),
)


@pytest.fixture
def droits(services: Services, tmp_path: Path) -> Services:
    import_bundle(services, write_french_arabic_bundle(tmp_path / "droits"), ImportOptions(approve_cards="cem"))
    services.execute(c.OpenRegister("droits", origin="x"), by="ana")
    return services


@pytest.fixture
def app(droits: Services) -> Flask:
    return create_app(droits)


@pytest.mark.parametrize("prefix", ["", "/ko"])
def test_every_text_of_the_record_says_its_language_and_direction(app: Flask, prefix: str) -> None:
    wrong = {path: texts for path in PAGES if (texts := _wrong(app, prefix + path))}
    assert wrong == {}


def _wrong(app: Flask, path: str) -> list[str]:
    page = Browser(app.test_client()).get(path)
    return texts_shown_wrongly(page.root)
