"""An editor relates a recommendation to another one in the browser."""

from collections.abc import Callable

from flask import Flask

from app.services.container import Services
from domain import commands as c
from domain.values import RegisterSettings
from tests.support.staff_client import Member, send_form

PATH = "/staff/small/recommendations/law/relations/"


RENEWS = {"withdrawn_relation": "renews", "withdrawn_to": "talks"}


def test_a_relation_is_stated_and_withdrawn(member: Callable[[str], Member], staff_app: Flask) -> None:
    ben = member("ben")
    assert PATH in ben.get("/staff/small/recommendations/law/").links()
    assert "It is not related to another recommendation yet." in ben.get(PATH).text
    added = ben.confirm(PATH, relation="renews", to="talks", on="2024", note="The same wish.")
    assert added.location == "/staff/small/recommendations/law/"
    assert "The same wish." in ben.get(PATH).text
    public = staff_app.test_client()
    assert "The same wish." in public.get("/small/recommendations/talks/").text
    silent = send_form(ben, f"{PATH}withdraw/", page=PATH, relation_to="renews talks", **{"reason renews talks": ""})
    assert silent.status_code == 400
    assert "Enter why it is withdrawn. The reason is public." in silent.text
    done = send_form(
        ben,
        f"{PATH}withdraw/",
        page=PATH,
        confirms=True,
        relation_to="renews talks",
        **{"reason renews talks": "A mistake."},
    )
    assert done.status_code == 302
    assert "The same wish." not in public.get("/small/recommendations/talks/").text


def test_a_refusal_keeps_what_was_typed(member: Callable[[str], Member]) -> None:
    ben = member("ben")
    page = ben.post(PATH, relation="renews", to="cycle-1:visits", on="", note="Typed")
    assert page.status_code == 400
    assert "There is no register “cycle-1” here." in page.text
    assert "cycle-1:visits" in page.text and "Typed" in page.text
    assert "Choose how it is related." in ben.post(PATH, relation="", to="talks").text


def test_a_register_being_prepared_is_not_named_to_others(member: Callable[[str], Member], services: Services) -> None:
    services.execute(c.EstablishRegister("hidden", settings=RegisterSettings(id="hidden", title="Hidden")), by="zoe")
    page = member("ben").post(PATH, relation="renews", to="hidden:secret")
    assert page.status_code == 400
    assert "There is no register “hidden” here." in page.text


def test_an_analyst_cannot(member: Callable[[str], Member]) -> None:
    assert member("ana").post(PATH, relation="renews", to="talks").status_code == 403


def test_many_relations_are_pasted_at_once_or_none(member: Callable[[str], Member], staff_app: Flask) -> None:
    ben, path = member("ben"), "/staff/small/relations/"
    assert path in ben.get(PATH).links()
    header = "from\trelation\tto\tnote\n"
    page = ben.post(
        path, pasted=f"{header}law\trenews\ttalks\tTyped\npost\trenews\tcycle-1:visits\t\ntalks\trenews\tlaw\t\n"
    )
    assert page.status_code == 400 and "Typed" in page.text
    assert "There is no register “cycle-1” here" in page.text
    assert '<p class="where" dir="auto">row 3</p>' in page.text
    assert "“Renew the law” already continues “Hold talks”" in page.text
    assert 'dir="auto">row 4</p>' in page.text
    assert "relation: “begets” is not one of" in ben.post(path, pasted=f"{header}law\tbegets\ttalks\t\n").text
    assert "to: the cell is empty" in ben.post(path, pasted=f"{header}law\trenews\t\t\n").text
    assert "It is not related to another recommendation yet." in ben.get(PATH).text
    done = ben.confirm(path, pasted=f"{header}law\trenews\ttalks\tPasted.\npost\trepeats\tlaw\t\n")
    assert done.status_code == 302
    public = staff_app.test_client()
    assert "Pasted." in public.get("/small/recommendations/talks/").text
    assert "h-editions" in public.get("/small/recommendations/post/").text
    assert member("ana").post(path, pasted=header).status_code == 403
