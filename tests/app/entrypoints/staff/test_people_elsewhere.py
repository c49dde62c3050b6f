"""The id of a person leads an administrator of another register neither to the name nor to the address."""

from typing import Any

import pytest
from flask import Flask

from app.services.accounts import people
from app.services.accounts.permissions import StaffRole
from app.services.container import Services
from tests.support.crawl import VALUES
from tests.support.staff_client import Members
from tests.support.staff_pages import STAFF_PAGES

ID, ADDRESS, NAME = "person-zoe", "zoe.hidden@example.net", "Zoe Unseen"
PERSON_FIELDS = {
    "staff.assign": {"person": ID, "action": "assign", "pick": ["law/", "post/"]},
    "staff.assign_one": {"person": ID},
    "staff.opinions": {"persons": [ID], "item": "law/"},
    "staff.comments": {"text": f"@{ID} have a look", "assessment": ""},
}
"""Forms with a field that names a person."""


@pytest.fixture
def _zoe(small: Services) -> None:
    with small.accounts.work() as db:
        user = people.add_user(db, ADDRESS, NAME, person=ID)
        people.give_role(db, user, "other", StaffRole.ADMINISTRATOR)


@pytest.mark.usefixtures("_zoe")
@pytest.mark.filterwarnings("ignore:Passing SelectField choices")
def test_no_page_or_form_of_staff_says_who_it_is(staff_app: Flask, member: Members) -> None:
    ada, asked = member("ada"), 0

    def check(answer: Any, what: str) -> None:
        text = answer.get_data(as_text=True)
        assert ADDRESS not in text, what
        assert NAME not in text, what

    adapter = staff_app.url_map.bind("localhost")
    values = {name: texts[0] for name, texts in VALUES.items()} | {"person": ID, "assessment": "law-2"}
    for rule in staff_app.url_map.iter_rules():
        if "person" in rule.arguments:
            address = adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
            for confirmed in ("", "yes"):
                fields = {"role": "reader", "seen": "none", "action": "link", f"role.{ID}": "reader"}
                check(ada.post(address, **fields, confirmed=confirmed), address)
                asked += 1
            check(ada.client.get(address), address)
    for endpoint, fields in PERSON_FIELDS.items():
        address = STAFF_PAGES.get(endpoint) or next(
            adapter.build(r.endpoint, {name: values[name] for name in r.arguments})
            for r in staff_app.url_map.iter_rules()
            if r.endpoint == endpoint
        )
        check(ada.post(address, **fields), endpoint)
        asked += 1
    for page in ("", "history/?person=" + ID, "people/?q=zoe", "people/", "opinions/", "assign/"):
        check(ada.client.get(f"/staff/small/{page}"), page)
    check(ada.client.get("/staff/small/history.csv?person=" + ID), "history.csv")
    assert asked >= 10
