"""A register in French and Arabic, made from nothing in the browser and read by the public."""

from pathlib import Path

import pytest
from flask import Flask

from app.bootstrap.flask_app import create_app
from app.services.accounts.permissions import StaffRole
from app.services.bundles.importing import export_register
from app.services.bundles.reading import read_bundle
from app.services.bundles.writing import bundle_files, write_bundle
from app.services.container import Services
from tests.support.pages import Browser, checked_page
from tests.support.staff_client import Member, send_form
from tests.support.staff_forms import add_member, decide_proposal, propose_with_sources

TITLE, TITLE_AR = "Suivi des droits", "متابعة الحقوق"
LAW, LAW_AR = "Adopter la loi", "اعتماد القانون"
SUMMARY_AR = "ينبغي للبرلمان أن يعتمد القانون."
STATEMENT_AR = "نُشر عام 2024."
RATIONALE_AR = "نُشر القانون في الجريدة الرسمية."


@pytest.fixture
def empty(services: Services) -> Flask:
    return create_app(services)


@pytest.fixture
def ada(empty: Flask, services: Services) -> Member:
    return add_member(empty, services, "ada", StaffRole.ADMINISTRATOR)


def _add(ada: Member, sheet: str, **fields: str) -> None:
    answer = ada.post(f"/staff/droits/setup/{sheet}/", action="one", confirmed="yes", **fields)
    assert answer.status_code == 302, answer.text


def _register(ada: Member) -> None:
    fields = {"id": "droits", "title": TITLE, "title_ar": TITLE_AR, "summary": "Trois conventions.", "time_zone": "UTC"}
    keeper = {"kept_by": "Observatoire", "kept_by_ar": "المرصد", "licence": "CC-BY-4.0"}
    made = ada.post("/staff/registers/new/", **fields, **keeper, languages="fr; ar", peer_review="high_stakes")
    assert made.location == "/staff/droits/setup/", made.text
    _add(ada, "publications", id="rapport", title="Rapport", publisher="ONU", published_on="2024-01-01", language="fr")
    _add(ada, "bodies", id="parlement", name="Parlement", name_ar="البرلمان")
    _add(ada, "themes", id="lois", title="Lois", title_ar="القوانين")
    law = {"id": "loi", "title": LAW, "title_ar": LAW_AR, "summary": "Le Parlement devrait adopter la loi."}
    place = {"theme": "lois", "addressees": "parlement", "publication": "rapport", "recommended_on": "2024-01-01"}
    _add(ada, "recommendations", **law, summary_ar=SUMMARY_AR, kind="one_off", **place)


def _publish(empty: Flask, services: Services, ada: Member) -> None:
    ana, ben = (add_member(empty, services, n, r) for n, r in (("ana", StaffRole.ANALYST), ("ben", StaffRole.EDITOR)))
    card = "/staff/droits/recommendations/loi/card/"
    ana.post(card, element="", counts="Une loi.", counts_ar="قانون.", does_not_count="Un projet.")
    send_form(ben, f"{card}approve/", page=card, element="")
    assert ada.confirm("/staff/droits/open/").location == "/staff/droits/setup/"
    texts = {"rationale": "La loi est publiée.", "rationale_ar": RATIONALE_AR, "statement": "Publiée en 2024."}
    fields = {
        "status": "in_progress",
        "reason": "first_assessment",
        "effective_on": "2024",
        "statement_ar": STATEMENT_AR,
    }
    sent = propose_with_sources(ana, "/staff/droits/recommendations/loi/propose/", source="Journal", **fields, **texts)
    assert sent.status_code == 302, sent.text
    assert decide_proposal(ben, sent.location, "publish").status_code == 302


def test_a_french_and_arabic_register_from_nothing_to_the_public(
    empty: Flask, services: Services, ada: Member, tmp_path: Path
) -> None:
    _register(ada)
    form = ada.get("/staff/droits/setup/recommendations/").html
    assert 'name="summary_ar" rows="3" lang="ar" dir="auto"' in form
    assert 'name="title" type="text" value="" lang="fr" dir="auto"' in form
    assert "_ko" not in form
    _publish(empty, services, ada)
    bundle = export_register(services, "droits")
    assert bundle.settings.languages == ("fr", "ar")
    assert bundle.settings.translations == {"ar": {"kept_by": "المرصد", "title": TITLE_AR}}
    (recommendation,) = bundle.recommendations
    assert recommendation.fact.translations == {"ar": {"summary": SUMMARY_AR, "title": LAW_AR}}
    (assessment,) = bundle.assessments
    assert assessment.fact.translations["ar"] == {"rationale": RATIONALE_AR, "statement": STATEMENT_AR}
    files = bundle_files(bundle)
    assert files["recommendations.csv"].startswith(b"id,title,title_ar,summary,summary_ar,kind,")
    write_bundle(bundle, tmp_path / "droits")
    assert bundle_files(read_bundle(tmp_path / "droits")) == files


def test_the_public_reads_originals_marked_with_their_language(empty: Flask, services: Services, ada: Member) -> None:
    _register(ada)
    _publish(empty, services, ada)
    browser = Browser(empty.test_client())
    for path in ("/droits/", "/ko/droits/"):
        assert f'<span class="orig" lang="fr">{LAW}</span>' in browser.get(path).html
    page = browser.get("/droits/recommendations/loi/")
    assert '<span class="orig" lang="fr">La loi est publiée.</span>' in page.html
    assert '"inLanguage": ["fr", "ar"]' in browser.get("/droits/").html.replace("\n", "")
    answer = browser.client.get("/api/v1/registers/droits").json
    assert (answer["languages"], answer["translations"]["ar"]["title"]) == (["fr", "ar"], TITLE_AR)
    assert "loi" in browser.get("/droits/search", q="القانون").html


def test_an_unknown_language_and_one_that_the_register_lacks_are_refused(ada: Member) -> None:
    unknown = ada.post("/staff/registers/new/", id="x", title="X", languages="xx; fr")
    assert "“xx” is not the code of a known language. Use a code of BCP 47 such as en, fr, ar or pt-BR." in unknown.text
    usual = ada.post("/staff/registers/new/", id="x", title="X", languages="FR")
    assert "“FR” is not the code of a known language. Write “fr”." in usual.text
    _register(ada)
    pasted = ada.post("/staff/droits/setup/bodies/", action="paste", pasted="name\tname_ko\nSénat\t상원")
    assert "unknown columns: “name_ko”" in pasted.text


def test_languages_are_added_to_an_open_register_and_never_taken_away(
    empty: Flask, services: Services, ada: Member
) -> None:
    _register(ada)
    _publish(empty, services, ada)
    path = "/staff/droits/facts/settings/droits/"
    page = ada.get(path).html
    seen = page.split('name="seen" value="')[1].split('"')[0]
    stored = export_register(services, "droits").settings
    fields = {"title": TITLE, "title_ar": TITLE_AR, "summary": stored.summary, "time_zone": "UTC", "seen": seen}
    fields |= {"peer_review": "high_stakes", "methodology": stored.methodology, "kept_by": "Observatoire"}
    fields |= {"kept_by_ar": "المرصد", "licence": "CC-BY-4.0", "why": "Traduction."}
    removed = ada.post(path, **fields | {"title_ar": "", "kept_by_ar": ""}, languages="fr")
    assert "“ar” cannot be removed: the register is open, and texts in it are public." in removed.text
    exchanged = ada.post(path, **fields | {"title_ar": "", "kept_by_ar": ""}, languages="ar; fr")
    assert "The language of the originals of an open register cannot change." in exchanged.text
    assert ada.confirm(path, **fields, languages="fr; ar; pt-BR").status_code == 302
    assert export_register(services, "droits").settings.languages == ("fr", "ar", "pt-BR")


def test_a_mistyped_language_loses_no_translation(ada: Member) -> None:
    typed = {"id": "droits", "title": TITLE, "title_ar": TITLE_AR, "time_zone": "UTC", "peer_review": "high_stakes"}
    answer = ada.post("/staff/registers/new/", languages="fr; arabic", **typed)
    assert answer.status_code == 400
    page = checked_page("/staff/registers/new/", 400, answer.text)
    assert [e.get("value") for e in page.root.iter("input") if e.get("name") == "title_ar"] == [TITLE_AR]
    assert ada.post("/staff/registers/new/", languages="fr; ar", **typed).status_code == 302
