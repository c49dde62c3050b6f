"""Sheets as offices keep them: title lines, headings between the rows, years side by side, links, and names in two spellings."""

import io

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

XLSX = "audit follow-up.xlsx"
HEADER = (
    "No.",
    "Audit report",
    "Recommendation",
    "Directorate",
    "Due",
    "Status 2024",
    "Status 2025",
    "Comments",
    "Link",
)
THEMES = ("PROCUREMENT", "ROADS AND BRIDGES", "SCHOOLS", "WATER", "STAFF", "IT", "GRANTS")
BODIES = ("Directorate of Procurement", "Roads Authority", "Directorate of Education", "Water Board", "Treasury")
STATUSES = ("Completed", "In progress", "Not started", "Partially")
HOSTS = ("westmark.example", "council-minutes.example", "westmark-courier.example")


def follow_up_rows(number: int = 70) -> list[tuple[str, ...]]:
    """The rows of an invented audit office below its header: recommendations under themes, US dates, two spellings."""
    rows: list[tuple[str, ...]] = []
    per_theme = -(-number // len(THEMES))
    for n in range(number):
        if n % per_theme == 0:
            rows.append((THEMES[n // per_theme], *[""] * (len(HEADER) - 1)))
        body = "Dir. of Procurement" if n == 1 else BODIES[n % len(BODIES)]
        rows.append((
            f"{n // 10 + 1}.{n % 10 + 1}",
            f"Report {n // 35 + 1}/2023",
            f"Write and publish rule {n + 1} of the handbook for the {BODIES[n % len(BODIES)].lower()}",
            body,
            f"{n % 12 + 1:02}/{n % 28 + 1:02}/2025",
            STATUSES[n % 4],
            STATUSES[(n + 1) % 4],
            "Circular issued, see intranet" if n % 3 == 0 else "",
            f"https://{HOSTS[n % 3]}/circular-{n + 1}",
        ))  # fmt: skip
    return rows


def follow_up_workbook(number: int = 70) -> bytes:
    """The same as an Excel file with two title rows, a header in row 4 and a second sheet."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Follow-up"
    sheet.append(("Office of the Auditor, Westmark",))
    sheet.append(("Follow-up of recommendations, state of 30 September 2025",))
    sheet.append(())
    for row in (HEADER, *follow_up_rows(number)):
        sheet.append(row)
    contacts = book.create_sheet("Contacts")
    contacts.append(("Name", "Phone"))
    contacts.append(("A. Clerk", "1"))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
