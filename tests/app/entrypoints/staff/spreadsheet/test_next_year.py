"""Next year's file in the browser: everything is shown before anything is stored, and nothing is silent."""

import re

from app.services.bundles.importing import export_register
from app.services.container import Services
from domain import commands as c
from domain.values import Theme
from tests.support.spreadsheet_steps import answer, bring, shown_answers
from tests.support.staff_client import Member

HEADINGS = "No.;Recommendation;Asked of;Theme;Page\n"
ROWS = [
    "1;Publish the budget every year;Ministry of Finance;Money;p. 1",
    "2;Open a register of lobbyists;Parliament;Money;p. 2",
    "3;Appoint a commissioner for information;Parliament;Courts;p. 3",
    "4;Free the archives of the police;Ministry of Justice;Courts;p. 4",
]
NEXT_ROWS = [
    "1;Publish the whole budget every year;Ministry of Finance;Money;p. 1",
    "3;Open a register of lobbyists;Parliament;Money;p. 2",
    "2;Appoint a commissioner for information;Parliament;Courts;p. 33",
    "5;Plant ten thousand trees along the rivers;Parliament;Courts;p. 5",
]


def walk(ada: Member, rows: list[str], **begin: str) -> str:
    """Take the guesses up to the preview."""
    content = (HEADINGS + "\n".join(rows)).encode()
    path: str = bring(ada, content, "plan.csv", **begin).location
    while "preview" not in path:
        fields = shown_answers(ada.get(path)) | {"action": "next"}
        fields |= {n: t for n, t in {"title": "A plan", "id": "plan"}.items() if n in fields and not begin}
        sent = ada.post(path, **fields)
        assert sent.status_code == 302, sent.text
        path = sent.location
    return path


def opened_plan(ada: Member, services: Services) -> None:
    done = answer(ada, walk(ada, ROWS), "import")
    assert done.status_code == 302, done.text
    services.clock.go_on(minutes=5)  # type: ignore[attr-defined]
    services.execute(c.OpenRegister("plan", origin="x", without_keeper=True), by="ada")


def test_next_years_file_is_shown_and_then_amended_with_one_reason(ada: Member, services: Services) -> None:
    opened_plan(ada, services)
    path = walk(ada, NEXT_ROWS, register="plan")
    page = ada.get(path)
    assert "The answers of 1 March 2026 are used again." in page.text
    for heading in ("Reworded", "Renumbered", "Changed", "1 recommendation is not in the file any more"):
        assert heading in page.text
    assert re.search(r"<ins>\s*whole\s*</ins>", page.html)
    refused = answer(ada, path, "import")
    assert refused.status_code == 400
    assert "Enter why it changes." in refused.text
    done = answer(ada, path, "import", why="The plan of 2027.")
    assert done.status_code == 302, done.text
    titles = {row.fact.number: row.fact.title for row in export_register(services, "plan").recommendations}
    assert titles["1"] == "Publish the whole budget every year"
    assert (titles["3"], titles["4"]) == ("Open a register of lobbyists", "Free the archives of the police")
    assert len(titles) == 5


def test_a_register_that_changed_after_the_preview_is_not_amended_blindly(ada: Member, services: Services) -> None:
    opened_plan(ada, services)
    path = walk(ada, NEXT_ROWS, register="plan")
    shown = shown_answers(ada.get(path)) | {"action": "import", "why": "The plan of 2027."}
    theme = next(row.fact for row in export_register(services, "plan").themes)
    services.execute(c.AmendTheme("plan", fact=Theme(id=theme.id, title="Coins"), why="Named so."), by="ada")
    position = services.log.last()
    refused = ada.post(path, **shown)
    assert refused.status_code == 400
    assert "The register or the file changed after the preview, so nothing was stored." in refused.text
    assert ada.post(path, **shown | {"plan": ""}).status_code == 400
    assert services.log.last() == position
    assert answer(ada, path, "import", why="The plan of 2027.").status_code == 302


def test_a_change_names_the_part_it_is_about_and_only_new_rows_are_asked_for_more(
    ada: Member, services: Services
) -> None:
    headings = "No.;Recommendation;Asked of;Theme;Status 2024"
    rows = ["1;Publish the budget;Ministry of Finance;Money;In progress", ";Publish the plan;;;In progress"]
    rows += [";Publish the accounts;;;In progress", "2;Appoint a commissioner;Parliament;Courts;In progress"]

    def bring_rows(headings: str, rows: list[str], **begin: str) -> str:
        path: str = bring(ada, "\n".join([headings, *rows]).encode(), "plan.csv", **begin).location
        while "preview" not in path:
            fields = shown_answers(ada.get(path)) | {"action": "next"}
            fields |= {n: t for n, t in {"title": "A plan", "id": "plan"}.items() if n in fields and not begin}
            path = ada.post(path, **fields).location
        return path

    first = bring_rows(headings, rows)
    assert "Review by a second person: 3 statuses" in ada.get(first).text
    assert answer(ada, first, "import").status_code == 302
    services.clock.go_on(minutes=5)  # type: ignore[attr-defined]
    services.execute(c.OpenRegister("plan", origin="x", without_keeper=True), by="ada")
    ends = ("In progress", "Completed", "In progress", "In progress")
    later = [f"{row};{end}" for row, end in zip(rows, ends, strict=True)]
    later.append("3;Plant ten thousand trees;Parliament;Courts;;")
    page = ada.get(bring_rows(f"{headings};Status 2025", later, register="plan"))
    assert "Publish the plan: Status (2025)" in page.text
    assert "Kind: 1 row" in page.text
    assert "before the register opens" not in page.text


def test_what_both_changed_is_chosen_on_the_page(ada: Member, services: Services) -> None:
    opened_plan(ada, services)
    facts = export_register(services, "plan").recommendations[0].fact
    changed = type(facts)(**{n: getattr(facts, n) for n in facts.__struct_fields__} | {"title": "Publish all budgets"})
    amend = c.AmendRecommendation("plan", recommendation=facts.id, fact=changed, why="Clearer.")
    services.execute(amend, by="ben")
    services.execute(c.NameTheme("plan", theme=Theme(id="water", title="Water")), by="ben")
    path = walk(ada, NEXT_ROWS, register="plan")
    page = ada.get(path)
    name = "use-2-recommendations.title"
    assert "Changed in the file and here" in page.text
    assert f'name="{name}"' in page.html
    assert answer(ada, path, "check", **{name: "here"}).status_code == 302
    assert shown_answers(ada.get(path))[name] == "here"
    assert answer(ada, path, "import", why="The plan of 2027.").status_code == 302
    titles = {row.fact.number: row.fact.title for row in export_register(services, "plan").recommendations}
    assert titles["1"] == "Publish all budgets"


def test_a_row_that_is_not_clear_is_asked_about(ada: Member, services: Services) -> None:
    opened_plan(ada, services)
    path = walk(ada, [*ROWS[:3], "4;Build a bridge over the northern river;Parliament;Courts;p. 9"], register="plan")
    page = ada.get(path)
    assert "Which recommendation is it?" in page.text
    assert 'name="is-5"' in page.html
    assert answer(ada, path, "check", **{"is-5": "+"}).status_code == 302
    assert "Which recommendation is it?" not in ada.get(path).text
    assert answer(ada, path, "import").status_code == 302
    assert len(export_register(services, "plan").recommendations) == 5


def test_a_file_of_another_register_is_not_stored(ada: Member, services: Services) -> None:
    opened_plan(ada, services)
    rows = [f"{n};Vaccinate {n * 7919} dogs in quarter {n * 31};Office;Dogs;p. {n}" for n in range(101, 161)]
    path = walk(ada, rows, register="plan")
    before = services.log.last()
    assert "Almost no row of the file is in this register." in ada.get(path).text
    answer(ada, path, "import")
    assert services.log.last() == before
    assert answer(ada, path, "check", unmatched="new").status_code == 302
    assert answer(ada, path, "import").status_code == 302
    assert len(export_register(services, "plan").recommendations) == 64
