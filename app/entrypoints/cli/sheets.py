"""Imports a spreadsheet of an office by its mapping, for the command `uptake import`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from msgspec import Struct

from app.adapters.spreadsheets.cells import Workbook
from app.adapters.spreadsheets.limits import MAX_FILE_BYTES
from app.adapters.spreadsheets.reading import read_file
from app.entrypoints.cli.common import open_services, print_json, show_progress
from app.entrypoints.cli.problems import report_problems
from app.entrypoints.cli.rights import actor_of
from app.services.bundles.found_tables import WORKBOOKS
from app.services.bundles.importing import find_register
from app.services.mapping.edition import ChangeKind, FieldChange, NextEdition
from app.services.mapping.guessing import guess_mapping
from app.services.mapping.importing import SheetOptions, import_sheet, preview_sheet
from app.services.mapping.results import SheetResult, sheet_answer
from app.services.mapping.templates import TemplateMark, read_mark
from app.services.mapping.toml_files import read_mapping
from app.services.mapping.types import IN_FILE, SheetMapping
from domain.errors import Refused
from domain.times import shown

Command = Callable[..., None]


class SheetWish(Struct, frozen=True):
    """What the options of `uptake import` say about a spreadsheet with a mapping."""

    map: Path | None
    create: bool
    valid_rows: bool

    def named(self) -> list[str]:
        """The options that only belong to a spreadsheet with a mapping."""
        given = {"--create": self.create, "--valid-rows": self.valid_rows}
        return [name for name, value in given.items() if value]


class SheetChange(Struct, frozen=True):
    """How what is stored may change."""

    by: str
    update: bool
    why: str
    dry_run: bool
    problems: Path | None = None
    """The file for all problems."""
    expected_plan: str | None = None
    """The plan of the dry run that the import follows."""


def sheet_options(command: Command) -> Command:
    """Add the options for a spreadsheet of one's own to a command, as one argument `wish`."""

    def with_wish(map_file: Path | None, create: bool, valid_rows: bool, **others: Any) -> None:
        command(wish=SheetWish(map_file, create, valid_rows), **others)

    with_wish.__doc__ = command.__doc__
    with_wish.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]
    for option in reversed(_OPTIONS):
        with_wish = option(with_wish)
    return with_wish


_OPTIONS = (
    click.option(
        "--map",
        "map_file",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="Read PATH as a spreadsheet of your own, by the mapping that “uptake map” wrote.",
    ),
    click.option("--create", is_flag=True, help="Begin the register if there is none; with --map."),
    click.option("--valid-rows", is_flag=True, help="Store the rows without problems, leave out the rest; with --map."),
)


def refuse_wrong_options(
    wish: SheetWish, register: str, others: dict[str, object], template: TemplateMark | None
) -> None:
    """Raise `UsageError` for options that do not go together. `others` has those of bundles, by name."""
    if wish.map is None and template is None:
        if named := wish.named():
            raise click.UsageError(
                f"{' and '.join(named)} belong{'s' if len(named) == 1 else ''} to a spreadsheet with a mapping. Add "
                "--map, or leave it out."
            )
        return
    if not register and not (template and template.register):
        raise click.UsageError("Say which register the spreadsheet belongs to, with --register.")
    if named := [name for name, value in others.items() if value]:
        raise click.UsageError(
            f"{' and '.join(named)} cannot be used with a spreadsheet. Its mapping says it, or do it afterwards."
        )


def find_template(path: Path) -> TemplateMark | None:
    """Return what a file says of itself if it is a template of Uptake."""
    if path.suffix.lower() not in WORKBOOKS or not path.is_file():
        return None
    try:
        return read_mark(_read(path))
    except Refused:
        return None  # the import says why it cannot be read


def import_by_map(path: Path, register: str, wish: SheetWish, change: SheetChange, *, as_json: bool) -> None:
    """Import a spreadsheet, or say what an import would do; exit code 1 if anything is wrong with it.

    A template needs no mapping.
    """
    mapping = read_mapping(wish.map.read_text(encoding="utf-8")) if wish.map else None
    with show_progress("Reading the file …"):
        workbook = _read(path, mapping)
    options = SheetOptions(
        register=register,
        create=wish.create,
        update=change.update,
        valid_rows=wish.valid_rows,
        why=change.why,
    )
    with open_services() as services, show_progress("Checking the rows …"):
        actor = actor_of(services, change.by)
        edition = None
        if mapping is None:
            mapping = guess_mapping(workbook, stored=find_register(services, register)).mapping
        if change.dry_run:
            preview = preview_sheet(services, actor, workbook, mapping, options)
            result, edition = preview.result, preview.edition if preview.last_file or change.update else None
        else:
            result = import_sheet(services, actor, workbook, mapping, options, previewed=change.expected_plan)
    if as_json:
        print_json(sheet_answer(result))
    else:
        _print(result, dry_run=change.dry_run)
        problems = [p for group in result.problems for p in group.problems]
        report_problems(problems, change.problems, of_one_file=True)
        if edition:
            _print_edition(edition)
        if change.dry_run:
            print_plan(result.plan)
    if result.problems:
        raise SystemExit(1)


def print_plan(digest: str) -> None:
    """How to store exactly what a dry run showed."""
    click.echo(f"To store exactly this: --expected-plan {digest}")


def _read(path: Path, mapping: SheetMapping | None = None) -> Workbook:
    with path.open("rb") as stream:
        content = stream.read(MAX_FILE_BYTES + 1)
    known = mapping or SheetMapping()
    return read_file(path.name, content, encoding=known.encoding, separator=known.separator)


def _print_edition(edition: NextEdition) -> None:
    """Every difference of the file to what is stored, with what it said last time."""
    for item in edition.new:
        click.echo(f"New, row {item.row}: “{item.title}”")
    for row in edition.rows:
        names = [name for name, holds in (("reworded", row.is_reworded), ("renumbered", row.is_renumbered)) if holds]
        click.echo(f"{', '.join(names).capitalize() or 'Changed'}, row {row.row} ({row.recommendation}): “{row.title}”")
        for change in row.changes:
            click.echo(f"  {_change_in_words(change)}")
    for gone in edition.gone:
        click.echo(f"Gone, stays as it is ({gone.recommendation}): “{gone.title}”")


def _change_in_words(change: FieldChange) -> str:
    here, file = f"“{shown(change.here)}”", f"“{shown(change.file)}”"
    name = change.heading or change.column
    said = {
        ChangeKind.CHANGED: f"{name}: {here} → {file}",
        ChangeKind.EMPTIED: f"{name}: empty in the file; {here} is kept",
        ChangeKind.HERE: f"{name}: changed here to {here}, kept; the file still says {file}",
        ChangeKind.BOTH: f"{name}: changed here to {here} and in the file to {file}",
        ChangeKind.NOT_STORED: f"{name}: {file}; nothing to store",
    }[change.kind]
    is_chosen = change.kind in (ChangeKind.EMPTIED, ChangeKind.HERE, ChangeKind.BOTH) and change.counts == IN_FILE
    return f"{said}; the file counts" if is_chosen else said


def _print(result: SheetResult, *, dry_run: bool) -> None:
    counts = f"{result.stored} new, {result.changed} changed, {result.unchanged} unchanged, {result.left_out} left out"
    click.echo(f"Would store: {counts}." if dry_run else f"Recommendations: {counts}.")
    if result.proposals:
        click.echo(f"Statuses that wait for a second person: {result.proposals}.")
    for group in result.legacy:
        click.echo(f"Marked as an earlier record: {group}")
