"""Every page of staff with content of every kind: a person reads names and labels, never an id or a code.

The ids of the small register get a mark, so that no id is also a word.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from flask import Flask

from app.services.accounts import people
from app.services.accounts.permissions import ALL_REGISTERS, StaffRole
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from domain import codes
from tests.support.bundles import FILES, REGISTER
from tests.support.private_content import PRIVATE_WORD, fill_with_private_content
from tests.support.small_register import import_and_open
from tests.support.staff_client import Member
from tests.support.staff_pages import STAFF_PAGES

MARK, PREPARED = "zq", "prepared"
IDS = "state|ministry|senate|offices|laws|report|article|post|law|talks|appointed|kept|funded|oath|story|leak|visit|ten|yearly"
ID = re.compile(rf"\b(?:{IDS})\b")
ID_COLUMNS = {
    *("id", "parent", "theme", "addressees", "publication", "also_in", "recommendation", "recommendations"),
    *("element", "evidence", "assessment", "replaced_by"),
}
MARKED = re.compile(rf"[\w-]*{MARK}[\w-]*|\bperson-\w+|\b(?:by|ID) (?:import|scheduler|operator)\b")
CALLED_ID = re.compile(r"\bID \S+")
WORD = re.compile(r"[a-z]+(?:_[a-z]+)*")
TYPED_CODES = {role.value for role in codes.AddresseeRole}
"""Codes that a page tells people to type."""
ALL_CODES = {
    code.value
    for kind in vars(codes).values()
    if isinstance(kind, type) and issubclass(kind, StrEnum) and kind is not StrEnum
    for code in kind
} - TYPED_CODES
NOT_READ = {"script", "style", "code", "textarea", "template", "kbd", "svg"}
"""Elements that no one reads as a sentence, or whose text is typed."""
READ_ALOUD = ("aria-label", "placeholder", "title", "alt")
PAGES_OF_A_SESSION = ("security.", "staff.welcome", "staff.stop_mail")


def marked(text: str) -> str:
    return ID.sub(lambda match: match[0] + MARK, text)


def _marked_value(value: Any) -> Any:
    if isinstance(value, list):
        return [_marked_value(one) for one in value]
    is_id = isinstance(value, str) and re.fullmatch(r"[a-z][a-z0-9/-]*", value) and PRIVATE_WORD not in value
    return marked(value) if is_id else value


class MarkedMember(Member):
    """Opens and sends everything with the marked ids."""

    def get(self, path: str, status: int = 200, **query: str) -> Any:
        return super().get(marked(path), status, **query)

    def post(self, path: str, /, **fields: Any) -> Any:
        return super().post(marked(path), **{marked(name): _marked_value(value) for name, value in fields.items()})


@pytest.fixture
def small_bundle(tmp_path: Path) -> Path:
    """The small register, with the mark in its ids."""
    folder = tmp_path / "small"
    folder.mkdir()
    reviews = [review | {"id": review["id"] + MARK} for review in REGISTER["reviews"]]
    (folder / "register.json").write_text(json.dumps(REGISTER | {"reviews": reviews}), "utf-8")
    for name, content in FILES.items():
        head, *rows = csv.reader(io.StringIO(content))
        texts = io.StringIO()
        lines = [[marked(c) if h in ID_COLUMNS else c for h, c in zip(head, row, strict=True)] for row in rows]
        csv.writer(texts).writerows([head, *lines])
        (folder / name).write_text(texts.getvalue(), "utf-8", newline="")
    return folder


@pytest.fixture
def small(services: Services, small_bundle: Path, request: pytest.FixtureRequest) -> Services:
    """Services over the register, opened, or before its opening, when things can be removed."""
    if getattr(request, "param", "") == PREPARED:
        import_bundle(services, small_bundle, ImportOptions(approve_cards="cem"))
        return services
    return import_and_open(services, small_bundle)


@pytest.fixture
def marked_member(staff_app: Flask) -> Callable[[str], Member]:
    def sign_in(name: str) -> Member:
        person = MarkedMember(staff_app, name)
        assert person.sign_in().status_code == 302
        return person

    return sign_in


@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_page_shows_an_id_or_a_code(small: Services, marked_member: Callable[[str], Member], language: str) -> None:
    fill_with_private_content(small, marked_member)
    _make_administrator(small, language)
    assert _faults(marked_member("ada"), language, at_least=60) == []


@pytest.mark.parametrize("small", [PREPARED], indirect=True)
def test_no_page_of_a_register_that_is_prepared_shows_one(
    small: Services, marked_member: Callable[[str], Member]
) -> None:
    _make_administrator(small, "en")
    ada = marked_member("ada")
    for kind, ident in (("themes", "offices"), ("elements", "kept"), ("assessments", "law-1"), ("evidence", "oath")):
        asked = ada.get(f"/staff/small/remove/{kind}/{ident}/", recommendation=marked("post"))
        assert not MARKED.search(asked.text)
    assert _faults(ada, "en", at_least=45) == []


def _make_administrator(services: Services, language: str) -> None:
    with services.accounts.work() as db:
        ada = people.find_user(db, "ada@example.org")
        people.give_role(db, ada, ALL_REGISTERS, StaffRole.ADMINISTRATOR)
        ada.language = language


def _faults(member: Member, language: str, at_least: int) -> list[str]:
    faults, opened = [], 0
    for endpoint, path in STAFF_PAGES.items():
        if endpoint.startswith(PAGES_OF_A_SESSION):
            continue
        answer = member.client.get(marked(path))
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        opened += 1
        for text in _texts(next(member.get(path).root.iter("body"))):
            if wrong := sorted(set(_ids_in(text, language))):
                faults.append(f"{endpoint}: {wrong} in: {text[:200]}")
    assert opened >= at_least
    return faults


def _ids_in(text: str, language: str) -> Iterator[str]:
    """Ids that are not called one, and codes; in English most codes are also words."""
    text = CALLED_ID.sub("", text)
    yield from MARKED.findall(text)
    words = set(WORD.findall(text))
    yield from words & ALL_CODES if language == "ko" else (word for word in words if "_" in word)


def _texts(element: Element) -> Iterator[str]:
    """The pieces of text that a person reads or hears, in the language of the page."""
    if not isinstance(element.tag, str) or element.tag in NOT_READ:
        return
    yield from (text for name in READ_ALOUD if (text := element.get(name)))
    pieces = [element.text, *(child.tail for child in element)]
    yield from (" ".join(piece.split()) for piece in pieces if piece and piece.strip())
    for child in element:
        if child.get("lang") is None:
            yield from _texts(child)
