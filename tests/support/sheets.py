"""Sheets of cells as they are read from a file, and the plain sheets of offices that tests bring."""

from collections.abc import Iterable, Sequence

from app.adapters.spreadsheets.cells import CellRow, CellSheet, MergedCells, Workbook

Rows = Iterable[Sequence[str]]


def sheet_of(name: str, rows: Rows, *, is_hidden: bool = False, merged: tuple[MergedCells, ...] = ()) -> CellSheet:
    """A sheet whose rows are numbered from 1; blank ones are left out."""
    cells = tuple(CellRow(n, tuple(row)) for n, row in enumerate(rows, 1) if any(text.strip() for text in row))
    width = max((len(row.cells) for row in cells), default=0)
    return CellSheet(name, cells, width, is_hidden=is_hidden, merged=merged)


def book_of(*sheets: CellSheet, name: str = "tracker.xlsx") -> Workbook:
    return Workbook(name, "xlsx", "0" * 64, sheets)


def book(*rows: Sequence[str], name: str = "tracker.xlsx") -> Workbook:
    """A workbook with one sheet."""
    return book_of(sheet_of("Sheet1", rows), name=name)


def plain_tracker() -> Workbook:
    """What an office has: a title over the header, names instead of ids, US dates, labels, a hidden sheet of notes."""
    rows = [
        ["Our 2023 report: who did what"],
        [],
        ["No.", "Recommendation", "Responsible body", "Theme", "Status", "Comment", "Last updated", "Link"],
    ]
    for n in range(1, 13):
        rows.append(
            [
                f"R{n}.{n}",
                f"The ministry is asked to publish the yearly list number {n} and to report on it",
                "Ministry of Justice; Office of the Ombudsman" if n % 2 else "Minstry of Justice",
                "Courts & Prisons",
                ["Complete", "In Progress", "Not Started"][n % 3],
                "Published in March.\nSee the gazette.",
                "03/14/2024",
                "www.example.org/gazette" if n % 2 else "https://example.org/a\nhttps://example.org/b",
            ]
        )
    return book_of(sheet_of("Tracker", rows), sheet_of("Internal", [["a", "b"], ["c", "d"]], is_hidden=True))


def audit_follow_up() -> Workbook:
    """The sheet of an audit office: title rows, headings between items, a column for each year, bodies in two spellings."""
    rows = [
        ["Office of the Auditor, Westmark"],
        ["Follow-up of recommendations, state of 30 September 2026"],
        [],
        [
            *("No.", "Audit report", "Recommendation", "Directorate", "Priority", "Due"),
            *("Status 2024", "Status 2025", "Status 2026", "Comments", "Link"),
        ],
        ["PROCUREMENT"],
        [
            *(
                "12.1",
                "Report 3/2023",
                "Publish every contract above 50,000 within 30 days",
                "Dir. of Procurement",
                "high",
            ),
            *("31/03/2025", "Started", "Completed", "Completed", "Circular 14 issued, see intranet"),
            "https://westmark.example/circular-14",
        ],
        [
            *(
                "12.2",
                "Report 3/2023",
                "Keep a register of exceptions from open tenders",
                "Directorate of Procurement",
                "",
            ),
            *("30/06/2025", "Not started", "In progress", "?", "", ""),
        ],
        ["ROADS AND BRIDGES"],
        [
            *("12.3", "Report 1/2024", "Train all contract managers once a year", "Roads Authority", "high"),
            *("03/04/2024", "Not started", "Partially", "In progress", "see the mail of 3 May", ""),
        ],
        [
            *("7(a)", "Report 1/2024", "Inspect every bridge once in two years", "Road Authority", "high"),
            *("end of FY", "Not started", "Partially", "In progress", "", "https://council.example/2025/05/12"),
        ],
    ]
    contacts = [["Name", "Mail"], ["Ana", "ana@westmark.example"]]
    sheets = (sheet_of("Follow-up", rows), sheet_of("Contacts", contacts))
    return book_of(*sheets, name="Audit follow-up 2019–2026.xlsx")
