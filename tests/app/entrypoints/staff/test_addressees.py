"""Staff say who was asked on which days, and merge bodies."""

import pytest

from app.entrypoints.staff.setup.addressees import read_lines
from app.services.container import Services
from domain.codes import AddresseeRole
from domain.errors import Refused
from domain.values import Addressee
from projections.addressees.queries import asked
from projections.catalogue import queries as catalogue
from projections.engine.batches import END_OF_TIME
from tests.support.staff_client import Members, form_version


def test_pasted_rows_are_read() -> None:
    assert read_lines("court\n\nstate\tjoint\t2024\ncouncil; ; ; 2023-12-31; rules\n") == (
        Addressee(body="court"),
        Addressee(body="state", role=AddresseeRole.JOINT, from_on="2024"),
        Addressee(body="council", to_on="2023-12-31", element="rules"),
    )


def test_each_wrong_line_is_named() -> None:
    with pytest.raises(Refused) as refused:
        read_lines("court; boss\nstate\n; lead\n")
    assert [str(r) for r in refused.value.refusals] == [
        f"row {n}: write a body; lead or joint; the first day; the last day; an element." for n in (1, 3)
    ]


PAGE = "/staff/small/recommendations/law/addressees/"
ROWS = "senate; lead; ; 2023-12-31\nministry; lead; 2024"


def test_an_administrator_says_who_was_asked_when(small: Services, member: Members) -> None:
    ada = member("ada")
    assert PAGE in ada.get("/staff/small/recommendations/law/").links()
    assert "senate; lead" in ada.get(PAGE).text
    refused = ada.post(PAGE, addressees=ROWS, why="", version=form_version(ada, PAGE))
    assert refused.status_code == 400
    assert "Enter why you changed it." in refused.text
    assert "ministry; lead; 2024" in refused.text
    seen = form_version(ada, PAGE)
    assert ada.post(PAGE, addressees=ROWS, why="An act moved it.", version=seen).status_code == 302
    late = ada.post(PAGE, addressees="senate", why="Another act.", version=seen)
    assert late.status_code == 400
    assert "Another person changed this recommendation after you opened it." in late.text
    assert "Another act." in late.text
    with small.views.connect() as db:
        assert asked(db, "small", END_OF_TIME, ["law"])["law"].rows == [
            Addressee(body="senate", to_on="2023-12-31"),
            Addressee(body="ministry", from_on="2024"),
        ]


def test_an_administrator_merges_bodies(small: Services, member: Members) -> None:
    ada, page = member("ada"), "/staff/small/bodies/merge/"
    assert page in ada.get("/staff/small/facts/bodies/").links()
    fields = {"body": "senate", "into": "ministry", "on": "2024-05", "why": "An act joined them."}
    refused = ada.post(page, **fields | {"into": "senate"})
    assert refused.status_code == 400
    assert "A body cannot be merged into itself." in refused.text
    assert ada.post(page, **fields).status_code == 302
    with small.views.connect() as db:
        assert catalogue.body_tree(db, "small", END_OF_TIME).current("senate") == "ministry"


def test_only_administrators_do(small: Services, member: Members) -> None:
    for name in ("rita", "ben"):
        assert member(name).post(PAGE, addressees=ROWS, why="So.").status_code == 403
        assert member(name).post("/staff/small/bodies/merge/", body="senate", into="state").status_code == 403
