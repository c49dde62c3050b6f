"""No key press and no single click makes anything public or final: every form of staff is walked, with every button."""

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from msgspec import Struct
from sqlalchemy import select

from app.services.accounts import people
from app.services.accounts.permissions import ALL_REGISTERS, StaffRole
from app.services.container import Services
from app.services.locker.models import EvidenceNote, StoredFile
from domain.events import read_event
from projections.catalogue.queries import registers
from tests.support.private_content import fill_with_private_content
from tests.support.staff_client import Member, Members
from tests.support.staff_pages import PAGES_OF_LINKS, STAFF_PAGES

TEXT_LIKE = ("text", "email", "url", "number", "search", "date", "datetime-local")
VALUES = {
    "date": "2026-12-31",
    "datetime-local": "2026-12-31T09:00",
    "number": "3",
    "url": "https://example.org/new",
    "email": "new@example.org",
}
BY_NAME = {
    "due_on": "2026-12-31", "stated_on": "2024-01-01", "on": "2024-01-01", "stated_by": "ministry", "to": "talks",
    "as_of": "2027-09-14", "every_years": "", "anniversary_of": "", "years": "", "freeze_at": "2027-09-15T09:00:00Z",
    "publish_at": "2026-12-31T09:00", "evidence": "story",
}  # fmt: skip
"""Values that pass, so that a form is refused for nothing else."""


PAGES_THAT_ASK = {"staff.remove_fact", "staff.discard_register", "staff.leave", "staff.remove"}
"""A link leads to them; they say what happens, and their button does it."""
ENDS_THE_SESSION = ("/staff/sign-out", "/staff/account/sessions/", "/staff/account/leave/", "/staff/account/password")


class Button(Struct, frozen=True):
    """A way to send a form: where, with what. `is_first` if the Enter key sends the same."""

    page: str
    action: str
    label: str
    fields: dict[str, list[str]]
    is_first: bool
    has_text: bool


def _buttons(root: Element, page: str) -> Iterator[Button]:
    for form in root.iter("form"):
        if form.get("method") == "post":
            yield from _buttons_of(form, page)


def _buttons_of(form: Element, page: str) -> Iterator[Button]:
    fields: dict[str, list[str]] = {}
    has_text = False
    buttons = []
    for e in form.iter():
        name, kind = e.get("name") or "", e.get("type") or "text"
        if e.tag == "button" and kind in ("submit", "text"):
            buttons.append(e)
        elif e.tag == "textarea" and name:
            fields.setdefault(name, []).append("".join(e.itertext()) or BY_NAME.get(name, "A typed text."))
        elif e.tag == "select" and name:
            options = [o.get("value") or "" for o in e.iter("option")]
            fields.setdefault(name, []).append(next((o for o in options if o), ""))
        elif e.tag == "input" and name and (kind in TEXT_LIKE or kind == "hidden"):
            has_text = has_text or kind in TEXT_LIKE
            usual = BY_NAME.get(name, VALUES.get(kind, "Typed")) if kind in TEXT_LIKE else ""
            fields.setdefault(name, []).append(e.get("value") or usual)
        elif e.tag == "input" and name and _is_chosen(e, fields):
            fields.setdefault(name, []).append(e.get("value") or "on")
    fields.pop("csrf_token", None)
    for number, button in enumerate(buttons):
        own = {str(button.get("name")): [str(button.get("value") or "")]} if button.get("name") else {}
        action = button.get("formaction") or form.get("action") or page
        label = " ".join("".join(button.itertext()).split())
        yield Button(page, action.partition("#")[0] or page, label, fields | own, number == 0, has_text)


def _is_chosen(box: Element, fields: dict[str, list[str]]) -> bool:
    """Every box is ticked; of several radio buttons the one that is chosen, else the first."""
    if box.get("disabled") is not None:
        return False
    is_radio = box.get("type") == "radio" and (box.get("checked") is not None or box.get("name") not in fields)
    return box.get("type") == "checkbox" or is_radio


@pytest.fixture
def ada(services: Services, member: Members) -> Member:
    """An administrator of everything, in an office in the midst of its work."""
    fill_with_private_content(services, member)
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "ada@example.org"), ALL_REGISTERS, StaffRole.ADMINISTRATOR)
    return member("ada")


def _public_events(services: Services, after: int) -> list[str]:
    """The public events of open registers after a position of the log."""
    with services.views.connect() as db:
        opened = {entry.id for entry in registers(db) if entry.is_open}
    events: list[Any] = [read_event(data) for _id, _stamp, data in services.log.rows_after(after, 1000)]
    return [type(e).__name__ for e in events if type(e).PUBLIC and getattr(e, "register", "") in opened]


def _public_files(services: Services) -> Any:
    """What of the evidence locker is public, and how much of it there is."""
    with services.accounts.work() as db:
        rows = [row for kind in (StoredFile, EvidenceNote) for row in db.scalars(select(kind))]
        return sorted(row.id for row in rows if row.is_public), len(rows)


def test_no_button_of_any_form_acts_in_public_without_being_asked(services: Services, ada: Member) -> None:
    wrong, walked = [], 0
    for endpoint, path in STAFF_PAGES.items():
        if endpoint.startswith("security.") or endpoint in PAGES_THAT_ASK | PAGES_OF_LINKS:
            continue
        page = ada.client.get(path)
        if page.status_code != 200:
            continue
        for button in _buttons(ada.get(path).root, path):
            if button.action.startswith(ENDS_THE_SESSION):
                continue
            before, files = services.log.last()[0], _public_files(services)
            ada.client.post(button.action, data=button.fields | {"csrf_token": ada.token()})
            walked += 1
            public = _public_events(services, before)
            now = _public_files(services)
            public += ["copy or note"] * (now[0] != files[0] or now[1] < files[1])
            if public:
                wrong.append((button.page, button.label, "Enter" if button.is_first else "click", public))
    assert walked > 80
    assert not wrong, "\n".join(map(str, wrong))
