"""Commands that import, export and open registers."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

import click
from msgspec.structs import replace
from rich.console import Console
from rich.table import Table

from app.entrypoints.cli.common import as_json, open_services, print_json, show_progress
from app.entrypoints.cli.opening import ask_for_keeper, complete_settings, keeper_options, open_to_public
from app.entrypoints.cli.problems import cause_data, problems_option, report_problems
from app.entrypoints.cli.rights import actor_of
from app.entrypoints.cli.sheets import (
    SheetChange,
    SheetWish,
    find_template,
    import_by_map,
    print_plan,
    refuse_wrong_options,
    sheet_options,
)
from app.services.accounts.actors import authorize
from app.services.bundles.causes import group_problems
from app.services.bundles.importing import ImportOptions, ImportResult, export_register, find_register, import_bundle
from app.services.bundles.problems import BundleRefused
from app.services.bundles.reading import read_bundle
from app.services.bundles.rows import Bundle
from app.services.bundles.writing import write_bundle
from app.services.container import Services
from app.services.discarding import discard_register
from app.services.tables.bundle_tables import bundle_tables
from app.services.tables.streamed_workbook import stream_workbook
from domain.commands import ApproveCriteria, EstablishRegister
from domain.errors import Refused
from domain.times import written
from projections.catalogue import queries as catalogue

MAX_VERDICTS = 200
"""How many rows a dry run prints."""


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--register", default="", metavar="ID", help="The register of the rows, for a file without its settings.")
@click.option("--dry-run", is_flag=True, help="Print the verdict for each row and store nothing.")
@click.option(
    "--expected-plan",
    metavar="DIGEST",
    help="Store only what the dry run with this plan showed; refused if the register or the file changed since.",
)
@click.option("--allow-legacy", is_flag=True, help="Store rows that break rules 1 to 8, with a public mark.")
@click.option(
    "--approve-cards", metavar="BY", default="", help="Approve draft success criteria in the name of this person."
)
@click.option("--update", is_flag=True, help="Amend rows that are stored with other content.")
@click.option("--why", metavar="TEXT", default="", help="The public reason for all that is amended.")
@click.option("--open", "open_it", is_flag=True, help="Open the register to the public afterwards.")
@keeper_options
@sheet_options
@problems_option
@click.option("--by", default="import", metavar="PERSON", help="Who imports (an id).", show_default=True)
@as_json
def import_(
    path: Path,
    register: str,
    wish: SheetWish,
    dry_run: bool,
    expected_plan: str | None,
    allow_legacy: bool,
    approve_cards: str,
    update: bool,
    why: str,
    open_it: bool,
    kept_by: str,
    licence: str,
    problems_file: Path | None,
    by: str,
    as_json: bool,
) -> None:
    """Import a register from a folder, a zip, an .xlsx or a .csv that Uptake wrote: completely or not at all.

    With --map, PATH is a spreadsheet of your own, and the mapping says how its rows become a register. A template that
    Uptake wrote needs no mapping.
    """
    others = {"--allow-legacy": allow_legacy, "--approve-cards": approve_cards, "--open": open_it}
    template = None if wish.map else find_template(path)
    refuse_wrong_options(wish, register, {**others, "--kept-by": kept_by, "--licence": licence}, template)
    if wish.map or template:
        register = register or (template.register if template else "")
        change = SheetChange(by, update, why, dry_run, problems_file, expected_plan)
        import_by_map(path, register, wish, change, as_json=as_json)
        return
    options = ImportOptions(
        by=by,
        dry_run=dry_run,
        allow_legacy=allow_legacy,
        approve_cards=approve_cards,
        update=update,
        why=why,
        previewed=expected_plan,
    )
    with open_services() as services, _problems_by_cause(problems_file):
        actor = actor_of(services, by)

        def may_import(ident: str) -> None:
            authorize(actor, EstablishRegister, ident)
            authorize(actor_of(services, approve_cards), ApproveCriteria, ident)

        with show_progress("Reading the bundle …"):
            bundle = read_bundle(path, register=register, find_stored=partial(find_register, services))
        settings = complete_settings(bundle.settings, kept_by, licence)
        opens = open_it and not dry_run and not _is_open(services, settings.id)
        if opens:
            settings = ask_for_keeper(settings)
        with show_progress("Checking the bundle …"):
            outcome = import_bundle(services, replace(bundle, settings=settings), options, may_import)
        refused = [v for v in outcome.verdicts if v.verdict == "refused"] or outcome.problems
        if opens:
            open_to_public(services, actor, outcome.register)
    if as_json:
        print_json(_data(outcome))
    else:
        _print_outcome(outcome, dry_run=dry_run)
    if refused:
        report_problems(outcome.problems, problems_file)
        raise SystemExit(1)


@contextmanager
def _problems_by_cause(file: Path | None) -> Iterator[None]:
    """Print each cause once where a bundle is refused, and exit with code 1."""
    try:
        yield
    except BundleRefused as refused:
        report_problems(refused.problems, file)
        raise SystemExit(1) from None


def _data(outcome: ImportResult) -> dict[str, object]:
    return {
        "register": outcome.register,
        "stored": outcome.stored,
        "verdicts": outcome.verdicts,
        "legacy": outcome.legacy,
        "problems": [str(problem) for problem in outcome.problems],
        "causes": [cause_data(group) for group in group_problems(outcome.problems)],
        "notes": outcome.notes,
        "plan": outcome.plan,
    }


@click.command()
@click.argument("register")
@click.argument("dest", type=click.Path(path_type=Path))
def export(register: str, dest: Path) -> None:
    """Write a register as a bundle: a folder, a zip if DEST ends with .zip, or a workbook if it ends with .xlsx."""
    with open_services() as services, show_progress("Writing the bundle …"):
        bundle = export_register(services, register)
        if dest.suffix.lower() == ".xlsx":
            _write_workbook(bundle, dest, services.clock())
        else:
            write_bundle(bundle, dest)
    click.echo(f"Wrote {dest}.")


def _write_workbook(bundle: Bundle, dest: Path, at: datetime) -> None:
    cover = [("Register", bundle.settings.title), ("Summary", bundle.settings.summary), ("As known at", written(at))]
    try:
        with dest.open("xb") as file:
            file.writelines(stream_workbook(cover, bundle_tables(bundle), at))
    except FileExistsError:
        raise Refused(f"{dest} already exists. Name a new place.") from None
    except OSError as e:
        raise Refused(f"{dest} cannot be written: {e.strerror or e}.") from None


@click.command("open")
@click.argument("register")
@keeper_options
@click.option("--by", default="operator", metavar="PERSON", help="Who opens it (an id).", show_default=True)
def open_(register: str, kept_by: str, licence: str, by: str) -> None:
    """Make a register public. From then on the store sets the time of every event."""
    with open_services() as services:
        open_to_public(services, actor_of(services, by), register, kept_by, licence)
    click.echo(f"The register “{register}” is open.")


def _is_open(services: Services, register: str) -> bool:
    services.catch_up()
    with services.views.connect() as db:
        entry = catalogue.register(db, register)
    return entry is not None and entry.is_open


def _print_outcome(outcome: ImportResult, *, dry_run: bool) -> None:
    if dry_run:
        _print_verdicts(outcome)
        print_plan(outcome.plan)
    elif outcome.stored:
        events = "1 event" if outcome.stored == 1 else f"{outcome.stored} events"
        click.echo(f"Stored {events} of the register “{outcome.register}”.")
    else:
        click.echo(f"Nothing to do: all of “{outcome.register}” is already stored.")
    for note in outcome.notes:
        click.echo(f"Note: {note}")
    for assessment in outcome.legacy:
        click.echo(f"Marked as legacy: {assessment}")


def _print_verdicts(outcome: ImportResult) -> None:
    table = Table("file", "line", "id", "verdict", "why", title=f"Dry run of “{outcome.register}”: nothing was stored")
    for v in outcome.verdicts[:MAX_VERDICTS]:
        reasons = () if v.verdict == "refused" else v.reasons  # each cause is printed once, below
        table.add_row(v.file, str(v.line), v.id, v.verdict, "\n".join(reasons))
    Console().print(table)
    if len(outcome.verdicts) > MAX_VERDICTS:
        click.echo(f"And {len(outcome.verdicts) - MAX_VERDICTS} more rows; --json prints all.")
    counts = Counter(v.verdict for v in outcome.verdicts)
    click.echo(", ".join(f"{verdict}: {number}" for verdict, number in counts.items()))


@click.command()
@click.argument("register")
@click.option("--by", default="operator", metavar="PERSON", help="Who discards it (an id).", show_default=True)
@click.confirmation_option(prompt="It disappears with everything in it. Discard it?")
def discard(register: str, by: str) -> None:
    """Discard a register that was never opened. Its id can be used again."""
    with open_services() as services:
        discard_register(services, actor_of(services, by), register)
    click.echo(f"The register “{register}” is discarded.")


COMMANDS = (import_, export, open_, discard)
