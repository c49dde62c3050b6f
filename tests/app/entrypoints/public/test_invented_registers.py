"""A register that is an invented example says so on every page."""

import io

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace
from pypdf import PdfReader

from app.bootstrap.flask_app import create_app
from app.services.container import Services
from app.services.snapshots.freeze import freeze_review
from domain.commands import AmendRegister
from projections.catalogue import queries as catalogue
from tests.support.public_pages import public_pages
from tests.support.reviews import package_file

SENTENCES = {"en": "Invented example.", "ko": "가상 예시입니다."}
ABOUT_NO_REGISTER = {"public.about", "public.api_guide", "public.verify", "public.checkpoints"}


@pytest.fixture
def client(small: Services) -> FlaskClient:
    with small.views.connect() as db:
        entry = catalogue.register(db, "small")
    assert entry is not None
    settings = replace(entry.settings, fictional=True)
    small.execute(AmendRegister("small", fact=settings, why="It is an example."), by="operator")
    return create_app(small).test_client()


@pytest.mark.parametrize("language", SENTENCES)
def test_every_page_of_an_invented_register_says_so(client: FlaskClient, language: str) -> None:
    pages = public_pages(language)
    silent = {name for name, path in pages.items() if SENTENCES[language] not in client.get(path).text}
    assert silent == ABOUT_NO_REGISTER


def test_packages_of_an_invented_register_say_so(client: FlaskClient, small: Services) -> None:
    frozen = freeze_review(small, "small", "ten", by="ana")
    cover = PdfReader(io.BytesIO(package_file(frozen, "report.pdf"))).pages[0].extract_text()
    assert SENTENCES["en"] in cover
    assert all(sentence in package_file(frozen, "index.html").decode() for sentence in SENTENCES.values())
    assert client.get("/api/v1/registers/small").get_json()["fictional"]
