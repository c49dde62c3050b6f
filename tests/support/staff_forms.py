"""The forms that propose many statuses at once: the bulk review and the sheet."""

import io
import re
from typing import Any

from openpyxl import Workbook, load_workbook

from tests.support.staff_client import Member

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
