"""A register in French and Arabic, read on pages in English and Korean: every text says its language and direction."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from app.bootstrap.flask_app import create_app
from app.services.bundles.importing import ImportOptions, export_register, import_bundle
from app.services.bundles.problems import BundleRefused
from app.services.bundles.writing import bundle_files, write_bundle
from app.services.container import Services
from domain import commands as c
from tests.support.french_arabic import texts_shown_wrongly, write_french_arabic_bundle
from tests.support.pages import Browser
from tests.support.story import assessment

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


def test_the_same_holds_after_export_into_a_second_store(
    droits: Services, new_services: Callable[..., Services], tmp_path: Path
) -> None:
    bundle = export_register(droits, "droits")
    write_bundle(bundle, tmp_path / "exported")
    second = new_services()
    import_bundle(second, tmp_path / "exported", ImportOptions(approve_cards="cem"))
    second.execute(c.OpenRegister("droits", origin="x"), by="ana")
    assert bundle_files(export_register(second, "droits")) == bundle_files(bundle)
    app = create_app(second)
    pages = ("/droits/", "/ko/droits/", "/droits/recommendations/loi/", "/ko/droits/recommendations/poste/")
    assert {path: texts for path in pages if (texts := _wrong(app, path))} == {}


def test_feeds_and_citations_name_the_language_of_the_text_that_they_show(droits: Services, app: Flask) -> None:
    client = app.test_client()
    said = {
        "status": "implemented",
        "effective_on": "2024-05",
        "reason": "reviewed_no_change",
        "evidence": ("journal",),
    }
    again = assessment(id="loi-9", rationale="La loi reste en vigueur.", **said)
    droits.execute(c.ProposeAssessment("droits", recommendation="loi", assessment=again), by="ana")
    droits.execute(c.PublishAssessment("droits", recommendation="loi", assessment="loi-9"), by="ben")
    feed = client.get("/droits/changes.json").json
    assert feed is not None
    assert feed["language"] == "en"
    assert {item["language"] for item in feed["items"] if "La loi reste en vigueur." in item["content_text"]} == {"fr"}
    assert '<summary xml:lang="fr">' in client.get("/droits/changes.atom").text
    cited = client.get("/droits/recommendations/loi/cite.json").json
    assert cited is not None
    assert (cited[0]["title"], cited[0]["language"]) == ("Adopter la loi (Suivi des droits)", "fr")
    assert "language = {french}" in client.get("/ko/droits/cite.bib").text


def test_arabic_words_are_found_with_and_without_marks(app: Flask) -> None:
    client = app.test_client()
    for query in ("القانون", "القا", "الق\u200fانون"):
        answer = client.get("/api/v1/registers/droits/search", query_string={"q": query}).json
        assert answer is not None
        assert "loi" in {hit["recommendation"] for hit in answer["hits"]}, query


@pytest.mark.parametrize(
    ("languages", "sentence"),
    [
        (["fr", "xx-bogus"], "“xx-bogus” is not the code of a known language."),
        (["fr", "ar", "ar"], "the list names a language twice."),
        ("fr", "enter a list of codes, the original language first"),
        (["en_US", "fr"], "“en_US” is not the code of a known language. Write “en-US”."),
        (["fr"], "add it to languages."),
    ],
)
def test_languages_that_are_not_valid_are_refused(
    services: Services, tmp_path: Path, languages: object, sentence: str
) -> None:
    folder = write_french_arabic_bundle(tmp_path / "droits", languages=languages)
    with pytest.raises(BundleRefused) as refused:
        import_bundle(services, folder, ImportOptions(approve_cards="cem"))
    assert sentence in "\n".join(str(problem) for problem in refused.value.problems)


def test_the_table_of_the_scorecard_has_a_title_in_each_language(app: Flask) -> None:
    client = app.test_client()
    header = client.get("/droits/download/scorecard.csv").text.splitlines()[0].split(",")
    assert [name for name in header if name.startswith("title")] == ["title", "title_ar"]
    assert "scorecard,title_ar,yes,Its title in Arabic." in client.get("/droits/download/columns.csv").text


def test_the_search_names_the_languages_of_the_register(app: Flask) -> None:
    client = app.test_client()
    assert '<label for="q">Words, in French or Arabic</label>' in client.get("/droits/search").text
    assert '<label for="q">검색어(프랑스어 또는 아랍어)</label>' in client.get("/ko/droits/search").text
