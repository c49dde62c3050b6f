"""An office's own sheet brought in the browser, from the file to the register."""

import io
import re

from flask import Flask

from app.services.accounts import people
from app.services.accounts.permissions import ALL_REGISTERS, StaffRole
from app.services.bundles.importing import export_register
from app.services.container import Services
from app.services.mapping import drafts
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from tests.support.office_sheets import XLSX, follow_up_workbook
from tests.support.spreadsheet_steps import BEGIN_PATH, answer, bring, shown_answers, walk_to
from tests.support.staff_client import Member
from tests.support.staff_forms import add_member

NEXT = {"file": "sheet", "sheet": "columns", "columns": "values", "values": "preview"}
PLAIN = "No.;Recommendation;Asked of;Theme;Due;Status;Link\n"


def _csv(*rows: str) -> bytes:
    return (PLAIN + "\n".join(rows)).encode()


def _recommendations(services: Services, register: str) -> set[str]:
    with services.views.connect() as db:
        return set(catalogue.recommendations(db, register, last_applied_at(db)))


def test_a_plain_sheet_of_seventy_rows_becomes_a_register(ada: Member, services: Services, empty: Flask) -> None:
    path = walk_to(ada, follow_up_workbook(), "preview", XLSX, title="Audit follow-up", id="audit")
    page = ada.get(path)
    assert "Of 70 recommendations" in page.text
    assert 'value="import">Import 70 recommendations' in page.html
    assert services.log.last()[1] == 0, "nothing is stored before the last step"
    done = answer(ada, path, "import")
    assert done.location.endswith("/rest/"), done.text
    assert "70 recommendations are in the register" in ada.get(done.location).text
    assert len(_recommendations(services, "audit")) == 70
    assert empty.test_client().get("/audit/").status_code == 404, "it is not open"


def test_the_page_before_the_import_counts_as_the_public_page_after_it(ada: Member, services: Services) -> None:
    path = walk_to(ada, follow_up_workbook(), "preview", title="Audit", id="audit")
    headline = re.search(r'<p class="headline">(.*?)</p>', ada.get(path).html, re.S)
    assert headline
    assert answer(ada, path, "import").status_code == 302
    keeper = {"kept_by": "Office", "contact": "a@example.org", "report_errors": "a@example.org", "licence": "CC-BY-4.0"}
    form = shown_form(ada, "/staff/audit/facts/settings/audit/")
    assert ada.post("/staff/audit/facts/settings/audit/", **form | keeper | {"why": "First."}).status_code == 302
    assert ada.confirm("/staff/audit/open/").status_code == 302
    public = re.search(r'<h1 class="headline">(.*?)</h1>', ada.get("/audit/").html, re.S)
    assert public
    counted = re.sub(r'<span class="upto">.*?</span>', "", public.group(1), flags=re.S)
    assert " ".join(counted.split()) == " ".join(headline.group(1).split())


def test_the_setup_says_what_the_register_lacks_before_it_opens_and_leads_there(ada: Member) -> None:
    path = walk_to(ada, follow_up_workbook(), "preview", title="Audit", id="audit")
    assert answer(ada, path, "import").status_code == 302
    page = ada.get("/staff/audit/setup/")
    assert "Enter who keeps this register in its settings before you open it." in page.text
    assert 'href="/staff/audit/facts/settings/audit/#f-kept_by"' in page.html
    assert "Continue to the opening" not in page.text
    refused = ada.post("/staff/audit/open/")
    assert refused.status_code == 400
    assert 'href="/staff/audit/facts/settings/audit/#f-kept_by"' in refused.text
    form = shown_form(ada, "/staff/audit/facts/settings/audit/")
    keeper = {"kept_by": "Office", "licence": "CC-BY-4.0"}
    done = ada.post("/staff/audit/facts/settings/audit/", **form | keeper)
    assert done.location == "/staff/audit/setup/#h-open"
    assert "Continue to the opening" in ada.get("/staff/audit/setup/").text


def test_responses_without_a_day_and_a_source_are_asked_about_once(ada: Member, services: Services) -> None:
    sheet = "No.;Recommendation;Theme;Responsible ministry;Position\n"
    sheet += "".join(f"{n};End the practice {n};Rights;Ministry of Justice;Accepted\n" for n in range(1, 6))
    path = walk_to(ada, sheet.encode(), "preview", name="upr.csv", title="UPR", id="upr")
    page = ada.get(path)
    assert page.text.count("5 rows wait for this answer.") == 2, "the day and the source"
    asked = answer(ada, path, "check", response_on="15 March 2024", source="https://www.example.org/addendum")
    assert asked.status_code == 302
    assert "wait for this answer" not in ada.get(path).text
    assert answer(ada, path, "import").status_code == 302
    responses = export_register(services, "upr").responses
    assert [(row.fact.position.value, row.fact.given_on) for row in responses] == [("accepts", "2024-03-15")] * 5


def shown_form(who: Member, path: str) -> dict[str, str]:
    from tests.support.staff_forms import form_values

    return form_values(who, path)


def test_every_step_can_be_left_and_opened_again(ada: Member) -> None:
    path = walk_to(ada, follow_up_workbook(), "columns")
    left = answer(ada, path, "leave", **{"field-H": "rationale"})
    assert left.location == "/staff/"
    home = ada.get("/staff/")
    assert path in home.html
    assert shown_answers(ada.get(path))["field-H"] == "rationale"
    assert "“Comments”" in ada.get(path).text, "free text warns before it becomes public"


def test_a_finished_step_is_a_link_and_its_answers_survive_going_back(ada: Member) -> None:
    path = walk_to(ada, follow_up_workbook(), "preview")
    values, columns = path.replace("preview", "values"), path.replace("preview", "columns")
    for step in ("file", "sheet", "columns", "values"):
        assert f'href="{path.replace("preview", step)}"' in ada.get(path).html
    assert answer(ada, values, **{"word-status-0": "partly"}).location == path
    assert answer(ada, columns, **{"field-E": "leave_out"}).location == values
    assert shown_answers(ada.get(values))["word-status-0"] == "partly"
    assert "date_order" not in shown_answers(ada.get(values)), "there are no dates to ask about any more"


def test_another_sheet_is_shown_before_anything_else_is_asked(ada: Member) -> None:
    path = walk_to(ada, follow_up_workbook(), "sheet")
    assert answer(ada, path, sheet="Contacts").location == path
    page = ada.get(path)
    assert "Phone" in page.text
    assert ada.client.get(path.replace("/sheet/", "/columns/")).location == path


def test_a_later_step_leads_to_the_first_one_that_is_not_answered(ada: Member) -> None:
    path: str = bring(ada, follow_up_workbook()).location
    for step in ("sheet", "columns", "values", "preview"):
        assert ada.client.get(path.replace("file", step)).location == path


def test_what_must_be_chosen_is_asked_at_its_place_and_all_typed_is_kept(ada: Member) -> None:
    path = walk_to(ada, follow_up_workbook(), "columns")
    refused = answer(ada, path, **{"field-A": "locator", "on-G": "someday"})
    assert refused.status_code == 400
    assert 'id="e-field-H"' in refused.text
    assert 'id="e-on-G"' in refused.text
    assert 'value="someday"' in refused.text
    assert '<option value="locator" selected' in refused.text


def test_a_form_for_another_file_or_another_tab_is_refused(ada: Member) -> None:
    path = walk_to(ada, follow_up_workbook(), "columns")
    old = shown_answers(ada.get(path)) | {"action": "next", "field-H": "note"}
    assert answer(ada, path, "leave", **{"field-A": "locator"}).status_code == 302
    twice = ada.post(path, **old)
    assert twice.status_code == 400
    assert "changed in another window" in twice.text
    assert shown_answers(ada.get(path))["field-A"] == "locator", "the later answer stays"
    another = path.replace("columns", "another")
    assert ada.post(another, file=(io.BytesIO(_csv("1;A;B;C;;;")), "other.csv")).status_code == 302
    walked = path.replace("columns", "file")
    gone = ada.post(walked, **old)
    assert gone.status_code == 400
    assert "has another file now" in gone.text


def test_no_one_else_sees_an_import(ada: Member, empty: Flask, services: Services) -> None:
    path = walk_to(ada, follow_up_workbook(), "columns")
    eve = add_member(empty, services, "eve", StaffRole.ADMINISTRATOR)
    assert eve.client.get(path).status_code == 404
    assert eve.post(path, action="next").status_code == 404
    assert path not in eve.get("/staff/").html


def test_only_who_may_set_up_registers_brings_a_sheet(empty: Flask, services: Services) -> None:
    ben = add_member(empty, services, "ben", StaffRole.EDITOR)
    assert ben.client.get(BEGIN_PATH).status_code == 403
    assert bring(ben, follow_up_workbook()).status_code == 403


def test_a_lost_right_closes_an_import(ada: Member, empty: Flask, services: Services) -> None:
    eve = add_member(empty, services, "eve", StaffRole.ADMINISTRATOR)
    path = walk_to(eve, follow_up_workbook(), "columns")
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "eve@example.org"), ALL_REGISTERS, StaffRole.EDITOR)
    assert eve.client.get(path).status_code == 403


def test_rows_with_problems_wait_and_are_finished_later(ada: Member, services: Services) -> None:
    rows = [f"{n};Write rule {n};Ministry;Rules;2025-0{n}-01;Done;https://a.example/{n}" for n in range(1, 9)]
    content = _csv(*rows, "9;Write rule 9;Ministry;Rules;end of FY;Done;https://a.example/9")
    path = walk_to(ada, content, "preview", "plan.csv", title="Rules", id="rules")
    page = ada.get(path)
    assert "end of FY" in page.text
    assert 'name="cell-E10"' in page.html
    report = re.search(r'href="(/staff/problems/[^"]+)"', page.html)
    assert report
    assert "end of FY" in ada.client.get(report.group(1)).text
    nothing = answer(ada, path, "import", what="all")
    assert nothing.status_code == 400
    assert services.log.last()[1] == 0
    rest = answer(ada, path, "import", what="valid").location
    assert "1 row to finish" in ada.get(rest).text
    assert len(_recommendations(services, "rules")) == 8
    assert rest in ada.get("/staff/").html, "Home says that there are rows to finish"
    assert answer(ada, path, "check", **{"cell-E10": "2026-03-31"}).location == path
    assert "2026-03-31" not in ada.get(path).html
    done = answer(ada, path, "import")
    assert done.status_code == 302, done.text
    assert len(_recommendations(services, "rules")) == 9
    assert rest not in ada.get("/staff/").html


def test_an_import_with_unsaved_answers_saves_them_and_shows_the_page_again(ada: Member, services: Services) -> None:
    path = walk_to(ada, follow_up_workbook(), "preview", title="Audit", id="audit")
    changed = answer(ada, path, "import", kind="continuing")
    assert changed.status_code == 400
    assert "look at it again before you import" in changed.text
    assert services.log.last()[1] == 0
    assert answer(ada, path, "import").status_code == 302


def test_enter_never_imports(ada: Member) -> None:
    path = walk_to(ada, follow_up_workbook(), "preview")
    form = next(e for e in ada.get(path).root.iter("form") if "stepform" in (e.get("class") or ""))
    first = next(e for e in form.iter("button"))
    assert first.get("value") == "check"


def test_a_text_file_says_how_it_is_written(ada: Member) -> None:
    text = "No.;Recommandation;Autorité\n1;Publier les marchés publics;Direction générale\n2;Réviser;Trésor\n"
    page = ada.get(bring(ada, text.encode("cp1252"), "suivi.csv").location)
    assert "Western European (Windows-1252)" in page.text
    assert "semicolon" in page.text


def test_another_separator_reads_the_file_again(ada: Member) -> None:
    text = "No.;Recommendation, in full;Asked of\n1;Publish, then train;Ministry\n2;Revise, then print;Treasury\n"
    path: str = bring(ada, text.encode(), "plan.csv").location
    assert shown_answers(ada.get(path))["separator"] == ";"
    assert answer(ada, path, separator=",").location == path
    assert shown_answers(ada.get(path))["separator"] == ","
    assert "2 columns" in ada.get(path).text


def test_names_that_look_alike_are_joined_or_told_apart(ada: Member, services: Services) -> None:
    path = walk_to(ada, follow_up_workbook(), "values")
    assert shown_answers(ada.get(path))["pair-bodies-0"] == "same"
    number = int(path.split("/")[3])
    for reply, ids in (("different", 2), ("part", 2), ("same", 1)):
        assert answer(ada, path, **{"pair-bodies-0": reply}).status_code == 302
        with services.accounts.work() as db:
            kept = drafts.find_import(db, "person-ada", number, services.clock())
            assert kept
            bodies = drafts.mapping_of(kept).bodies
        pair = {bodies["Directorate of Procurement"].id, bodies["Dir. of Procurement"].id}
        assert len(pair) == ids
        parent = bodies["Dir. of Procurement"].parent
        assert parent == (bodies["Directorate of Procurement"].id if reply == "part" else "")


def test_what_is_no_sheet_is_refused_in_a_sentence(ada: Member) -> None:
    for content, name in (
        (b"", ""),
        (b"%PDF-1.7 x", "a.pdf"),
        (b"\x89PNG\r\n\x1a\n", "a.png"),
        (b"PK\x03\x04", "a.xlsx"),
    ):
        refused = bring(ada, content, name)
        assert refused.status_code == 400, name
        assert 'role="alert"' in refused.text


def test_pasted_cells_are_read_too(ada: Member) -> None:
    pasted = "No.\tRecommendation\tAsked of\n1\tPublish\tMinistry\n2\tTrain\tMinistry"
    path: str = ada.post(BEGIN_PATH, pasted=pasted).location
    assert "The cells that you pasted have 3 rows and 3 columns." in ada.get(path).text
    refused = ada.post(BEGIN_PATH, pasted="   ")
    assert refused.status_code == 400


def test_a_new_register_needs_a_title_and_a_free_id(ada: Member) -> None:
    path: str = bring(ada, follow_up_workbook()).location
    for fields, field in (
        ({"title": ""}, "title"),
        ({"id": "Not an id"}, "id"),
        ({"time_zone": "Mars"}, "time_zone"),
        ({"languages": "xx-yy-zz"}, "languages"),
    ):
        refused = answer(ada, path, **fields)
        assert refused.status_code == 400, fields
        assert f'id="e-{field}"' in refused.text, fields
    assert answer(ada, path, title="개방 정부 계획", id="").status_code == 302


def test_the_next_file_shows_every_difference_before_it_is_stored(ada: Member, services: Services) -> None:
    rows = [f"{n};Write rule {n};Ministry;Rules;2025-0{n}-01;Done;https://a.example/{n}" for n in range(1, 8)]
    assert answer(ada, walk_to(ada, _csv(*rows), "preview", "a.csv", title="Rules", id="rules"), "import").location
    rows[0] = rows[0].replace("Write rule 1", "Write and publish rule 1")
    begun = bring(ada, _csv(*rows[:-1], "9;Keep a log;Treasury;Rules;2026-01-01;Done;"), "b.csv", register="rules")
    path: str = begun.location
    for _step in ("file", "sheet", "columns", "values"):
        path = answer(ada, path).location
    page = ada.get(path)
    assert "What changed since the last file" in page.text
    assert "1 recommendation is not in the file any more" in page.text
    assert "Write and publish rule 1" in page.text
    stored = answer(ada, path, "import")
    assert stored.status_code == 302, stored.text
    assert len(_recommendations(services, "rules")) == 8
    with services.views.connect() as db:
        first = catalogue.recommendations(db, "rules", last_applied_at(db))["1"]
    assert first.facts.title == "Write and publish rule 1"
