"""Problems of a file on the command line: each cause once, all of them as CSV, and causes as data."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from app.services.bundles.causes import ProblemGroup, group_problems
from app.services.bundles.problems import BundleProblem
from app.services.problem_reports.reports import problem_table
from app.services.tables.csv_files import write_spreadsheet_csv
from domain.errors import Refused

MAX_CAUSES = 40
"""How many causes are printed; a file with more of them is another kind of file."""


def problems_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that names a file for all problems."""
    return click.option(
        "--problems",
        "problems_file",
        type=click.Path(path_type=Path),
        help="Write every problem to a CSV file: file, row, column, value, problem, what to do.",
    )(command)


def report_problems(problems: Sequence[BundleProblem], file: Path | None, *, of_one_file: bool = False) -> None:
    """Print each cause once on stderr, and write all problems to a file. Raises `Refused` if it cannot be written."""
    groups = group_problems(problems)
    for group in groups[:MAX_CAUSES]:
        click.echo(str(group) if of_one_file else _line(group), err=True)
    if len(groups) > MAX_CAUSES:
        click.echo(f"And {len(groups) - MAX_CAUSES} more causes.", err=True)
    if file:
        try:
            file.write_bytes(write_spreadsheet_csv(problem_table(problems)))
        except OSError as e:
            raise Refused(f"{file} cannot be written: {e.strerror or e}.") from None
    elif len(problems) > len(groups):
        click.echo("Add --problems FILE to write every problem to a CSV file.", err=True)


def cause_data(group: ProblemGroup) -> dict[str, object]:
    """A cause as data for programs."""
    return {
        "file": group.file,
        "column": group.column,
        "cause": group.cause,
        "cure": group.cure,
        "count": group.count,
        "rows": list(group.rows),
        "values": list(group.values),
    }


def _line(group: ProblemGroup) -> str:
    if group.count == 1:
        return str(group.problems[0])
    return f"{group.file}, {group}" if group.file else str(group)
