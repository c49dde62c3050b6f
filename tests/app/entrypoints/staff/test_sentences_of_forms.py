"""Every form of staff is sent with wrong values: no sentence holds a code, an id or the number of a rule."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import pytest

from app.services.accounts import people
from app.services.accounts.permissions import ALL_REGISTERS, StaffRole
from app.services.container import Services
from domain.codes import (
    Cause,
    Kind,
    Position,
    Reason,
    RelationKind,
    SourceClass,
    Status,
)
from tests.support.private_content import fill_with_private_content
from tests.support.staff_client import Member, Members, send_proposal
from tests.support.staff_pages import STAFF_PAGES

CODES = {code.value for kind in (Status, Cause, Kind, Position, Reason, RelationKind, SourceClass) for code in kind}
CODES = {code for code in CODES if "_" in code}
"""Codes that are no English words."""
IDS = re.compile(r"\b(?:law-\d[\d-]*|law-due-[\d-]+|law-senate-[\d-]+|person-(?:ana|ben|ada|rita)|cycle-1)\b")
RULE = re.compile(r"\b[Rr]ule \d")
NOT_SENT = ("/staff/sign-out", "/staff/account/sessions/", "/staff/account/leave/", "/staff/account/password")
COLUMNS_ARE_TYPED = {"staff.add", "staff.paste_relations", "staff.paste_responses", "staff.upload", "staff.sheet"}
"""Pages for rows of a file, whose columns have names and take codes."""
WRONG = {"hidden": "", "email": "no address", "url": "no address", "number": "-1"}


@pytest.fixture
def ada(services: Services, member: Members) -> Member:
    """An administrator of everything, in an office in the midst of its work."""
    fill_with_private_content(services, member)
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "ada@example.org"), ALL_REGISTERS, StaffRole.ADMINISTRATOR)
    return member("ada")


def test_no_sentence_holds_a_code_an_id_or_a_rule(ada: Member) -> None:
    wrong: list[tuple[str, str]] = []
    read = 0
    for endpoint, path in STAFF_PAGES.items():
        if endpoint.startswith("security.") or endpoint in COLUMNS_ARE_TYPED:
            continue
        page = ada.client.get(path)
        if page.status_code != 200:
            continue
        for action, fields in _forms(ada.get(path).root, path):
            answer = ada.client.post(action, data=fields | {"csrf_token": ada.token()})
            if answer.status_code == 302 or not answer.mimetype.endswith("html"):
                continue
            for sentence in _sentences(answer.text):
                read += 1
                if IDS.search(sentence) or RULE.search(sentence) or CODES & set(re.findall(r"[a-z_]+", sentence)):
                    wrong.append((action, sentence))
    assert read > 60
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.NOT_ASSESSED])
def test_what_the_rules_say_of_a_proposal_is_said_in_labels(member: Members, status: Status) -> None:
    ana = member("ana")
    for reason, cause, day in (
        (Reason.REVIEWED_NO_CHANGE, "repealed", "2020"),
        (Reason.FIRST_ASSESSMENT, "", "2030-01-01"),
        (Reason.WORLD_CHANGED, "", "2025"),
    ):
        choice = {"status": status.value, "reason": reason.value, "cause": cause, "effective_on": day}
        for evidence in ([], ["story"], ["gone", "nowhere"]):
            answer = send_proposal(ana, action="beside", confidence="high", evidence=evidence, **choice)
            for text in re.findall(r"<li>(.*?)</li>", answer.text, re.S):
                sentence = " ".join(re.sub("<[^>]*>", " ", text).split())
                assert not CODES & set(re.findall(r"[a-z_]+", sentence)), sentence
                assert not RULE.search(sentence), sentence
                assert "2030-01-01" not in sentence


def _forms(root: Element, page: str) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Each form with each of its buttons: nothing is chosen, and every text is wrong."""
    for form in root.iter("form"):
        action = (form.get("action") or page).partition("#")[0] or page
        if form.get("method") != "post" or action.startswith(NOT_SENT):
            continue
        fields: dict[str, list[str]] = {}
        buttons: list[dict[str, list[str]]] = []
        for e in form.iter():
            name, kind = e.get("name") or "", e.get("type") or "text"
            if e.tag == "button" and kind in ("submit", "text"):
                buttons.append({name: [e.get("value") or ""]} if name else {})
            elif name and e.tag == "textarea":
                fields[name] = [""]
            elif name and e.tag == "select":
                fields[name] = ["wrong"]
            elif name and e.tag == "input" and kind not in ("checkbox", "radio", "file", "submit"):
                fields.setdefault(name, []).append(
                    e.get("value") or "" if kind == "hidden" else WRONG.get(kind, "wrong")
                )
        fields.pop("csrf_token", None)
        for button in buttons or [{}]:
            yield action, fields | button


def _sentences(html: str) -> Iterator[str]:
    """The errors next to fields and in the summary, and what the page of an error says."""
    for place in re.findall(
        r'class="err"[^>]*>(.*?)</p>|<div class="summary".*?</div>|class="lede"[^>]*>(.*?)</p>', html, re.S
    ):
        yield from filter(None, (" ".join(re.sub("<[^>]*>", " ", text).split()) for text in place))
    for summary in re.findall(r'<div class="summary"(.*?)</div>', html, re.S):
        yield from (
            " ".join(re.sub("<[^>]*>", " ", text).split()) for text in re.findall(r"<li>(.*?)</li>", summary, re.S)
        )
