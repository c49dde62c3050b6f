"""Writes all problems as a table, keeps the table of a person, and finds it again."""

import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.presentation.i18n.translation import _
from app.services.accounts.models import User
from app.services.bundles.causes import cause_of, cure_of, group_problems, value_of
from app.services.bundles.problems import BundleProblem
from app.services.problem_reports.models import ProblemReport
from app.services.tables.csv_files import DataTable, write_spreadsheet_csv

REPORT_TTL = timedelta(days=1)


def problem_table(problems: Iterable[BundleProblem]) -> DataTable:
    """A row for each problem, in the order of the groups, with a header in the page's language."""
    header = (_("File"), _("Row"), _("Column"), _("Value"), _("Problem"), _("What to do"))
    rows = (
        (p.file, str(p.line or ""), p.column, value_of(p), cause_of(p.reason), cure_of(p.reason))
        for group in group_problems(problems)
        for p in group.problems
    )
    return DataTable("problems", header, tuple(rows))


def keep_report(db: Session, person: str, problems: Sequence[BundleProblem], now: datetime) -> str:
    """Keep all problems as the report of a person instead of an earlier one; returns the name of the report.

    Deletes the reports of all people that are too old.
    """
    at, content = now.replace(tzinfo=None), write_spreadsheet_csv(problem_table(problems))
    name = sha256(content).hexdigest()[:16]
    user_id = db.scalars(select(User.id).where(User.person == person)).one()
    is_mine = ProblemReport.user_id == user_id
    db.execute(delete(ProblemReport).where(is_mine | (ProblemReport.at < at - REPORT_TTL)))
    db.add(ProblemReport(user_id=user_id, name=name, content=zlib.compress(content), at=at))
    return name


def find_report(db: Session, person: str, name: str, now: datetime) -> bytes | None:
    """The report of a person as CSV; None if it was replaced or is too old."""
    mine = select(ProblemReport).join(User, User.id == ProblemReport.user_id).where(User.person == person)
    since = now.replace(tzinfo=None) - REPORT_TTL
    found = db.scalars(mine.where(ProblemReport.name == name, ProblemReport.at >= since)).one_or_none()
    return zlib.decompress(found.content) if found else None
