"""Forms of staff, filled in and sent."""

import html
import io
import re
from typing import Any

from flask import Flask
from openpyxl import Workbook, load_workbook

from app.services.accounts import one_time_links, people
from app.services.accounts.actors import OPERATOR
from app.services.accounts.permissions import ALL_REGISTERS, StaffRole
from app.services.container import Services
from tests.support.staff_client import PASSWORD, Member

BULK_REVIEW_PATH = "/staff/small/unchanged/"
SHEET_PATH = "/staff/small/sheet/"


def bulk_review_versions(member: Member, *picks: str) -> dict[str, str]:
    """The hidden fields that say which version of each recommendation the form shows."""
    page = member.post(BULK_REVIEW_PATH, pick=list(picks)).text
    return dict(re.findall(r'name="(version-[^"]+)" value="(\d+)"', page))


def download_sheet(member: Member) -> Workbook:
    return load_workbook(io.BytesIO(member.client.get(f"{SHEET_PATH}assessments.xlsx").data))


def fill_sheet(book: Workbook, rows: dict[tuple[str, str], dict[str, Any]]) -> bytes:
    """Write values into the rows of (recommendation, element); return the saved workbook."""
    sheet = book["assessments"]
    header = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        for column, value in rows.get((row[0].value, row[1].value or ""), {}).items():
            row[header.index(column)].value = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def upload_sheet(member: Member, content: bytes, action: str = "propose", name: str = "sheet.xlsx") -> Any:
    return member.post(SHEET_PATH, action=action, file=(io.BytesIO(content), name))


def form_values(member: Member, path: str) -> dict[str, str]:
    """The values in the form of a page."""
    root = member.get(path).root
    main = next(e for e in root.iter("main"))
    result = {e.get("name", ""): e.get("value", "") for e in main.iter("input") if e.get("name")}
    result |= {e.get("name", ""): "".join(e.itertext()) for e in main.iter("textarea")}
    for e in main.iter("select"):
        result[e.get("name", "")] = next((o.get("value", "") for o in e.iter("option") if o.get("selected") == ""), "")
    return {n: v for n, v in result.items() if n not in ("csrf_token", "checked", "draft")}


def change_form(member: Member, where: str, **fields: str) -> Any:
    """Send the form of a page with some fields changed, and confirm it where that is asked."""
    return member.post(where, **form_values(member, where) | fields, confirmed="yes")


def add_member(app: Flask, services: Services, name: str, role: StaffRole | None = None) -> Member:
    """A person who has accepted an invitation and signed in."""
    with services.accounts.work() as db:
        user = people.add_user(db, f"{name}@example.org", name, person=f"person-{name}")
        if role:
            people.give_role(db, user, ALL_REGISTERS, role)
        secret = one_time_links.create_link(db, user, services.clock(), by=OPERATOR)
    who = Member(app, name)
    assert who.post(f"/staff/welcome/{secret}/", name=name, password=PASSWORD, again=PASSWORD).status_code == 302
    assert who.sign_in().status_code == 302
    return who


def propose_with_sources(who: Member, path: str, source: str = "", **fields: str) -> Any:
    """Send a proposal that rests on two new sources."""
    evidence = []
    for kind in ("official", "news"):
        page = who.post(
            path,
            action="add_source",
            effective_on="2024",
            src_title=f"{source} {kind}",
            src_publisher=kind,
            src_class=kind,
            src_summary="It says so.",
        )
        evidence += re.findall(r'value="([a-z0-9-]+)" checked', page.text)
    version = re.search(r'name="version" value="(\d+)"', who.client.get(path).text)
    assert version
    fields = {"rationale": "It was so."} | fields
    return who.post(path, action="send", version=version.group(1), evidence=evidence, **fields)


def decide_proposal(who: Member, path: str, action: str) -> Any:
    """Decide on the version that the page shows."""
    version = re.search(r'name="version" value="(\d+)"', who.client.get(path).text)
    assert version
    return who.post(path, action=action, version=version.group(1))


def text_in_field(answer: Any, name: str) -> str:
    """The text that a large field of an answered page holds."""
    field = re.search(rf'<textarea id="f-{re.escape(name)}"[^>]*>(.*?)</textarea>', answer.text, re.DOTALL)
    assert field, answer.text
    return html.unescape(field[1])


def role_fields(person: str, role: str, seen: str) -> dict[str, str]:
    """The fields of a change of a role on the page of people, which showed `seen`."""
    return {f"role.{person}": role, f"was.role.{person}": seen}
