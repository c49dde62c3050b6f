"""Commands that remove texts permanently, and that keep them removed after a backup was restored."""

import sys
from pathlib import Path

import click

from app.entrypoints.cli.common import by_person, counted, open_services, show_progress
from app.entrypoints.cli.group import CommandGroup
from app.entrypoints.cli.rights import actor_of
from app.services.accounts.actors import authorize
from app.services.removals.after_restore import remove_again
from app.services.removals.evidence_texts import remove_evidence_text
from app.services.removals.overwriting import overwrite_files
from app.services.removals.removal_list import read_named_list, removals_of
from app.services.sources import sources_by_id
from domain.codes import RemovalReason
from domain.commands import RemoveEvidenceText
from domain.errors import NotFound, Refused
from domain.evidence.aggregate import Evidence
from domain.ids import evidence_id


@click.group(cls=CommandGroup)
def removals() -> None:
    """Texts that are removed permanently, for a person’s safety or because they may not be kept."""


@removals.command()
@click.argument("register")
@click.argument("evidence")
@click.option("--reason", type=click.Choice([r.value for r in RemovalReason]), required=True, help="It is public.")
@click.option("--expected-version", type=click.IntRange(min=1), metavar="NUMBER", help="Of the source; for scripts.")
@by_person
def text(register: str, evidence: str, reason: str, expected_version: int | None, by: str) -> None:
    """Remove all texts of a source permanently, with its copies and notes. A terminal shows it and asks."""
    with open_services() as services:
        actor = actor_of(services, by)
        authorize(actor, RemoveEvidenceText, register)
        source = services.tracker.find(Evidence, evidence_id(register, evidence))
        if source is None:
            raise NotFound(f"There is no evidence “{evidence}” in “{register}”.")
        if expected_version is None:
            with services.views.connect() as db:
                title = sources_by_id(services, db, register, [evidence])[evidence].title
            if not sys.stdin.isatty():
                option = f"--expected-version {source.version}"
                raise Refused(f"You cannot undo this. If it is this source, add {option}: “{title}”")
            click.echo(f"“{title}”")
            click.confirm("Remove its texts, copies and notes permanently? You cannot undo this.", abort=True)
        command = RemoveEvidenceText(
            register,
            evidence=evidence,
            reason=RemovalReason(reason),
            expected_version=expected_version or source.version,
        )
        result = remove_evidence_text(services, actor, command)
    click.echo(f"The texts of {evidence} are removed permanently.")
    forms = counted(result.forms, "draft, form or uploaded file", "drafts, forms and uploaded files")
    click.echo(f"Deleted because they held them: {forms}.")
    _report(result.not_overwritten)


@removals.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
def again(file: Path | None) -> None:
    """Remove again what a list of removals names, after a backup was restored that is older than some of them.

    FILE is the list that the installation kept next to its checkpoints; by default the one that is there now.
    """
    with open_services() as services, show_progress("Removing …"):
        done = remove_again(services, read_named_list(file) if file else removals_of(services.settings))
        problems = overwrite_files(services) if done.texts + done.others else ()
    for sentence in done.sentences:
        click.echo(sentence)
    for sentence in done.problems:
        click.echo(sentence, err=True)
    _report(problems)
    if done.problems:
        raise SystemExit(1)


@removals.command()
def overwrite() -> None:
    """Overwrite what is left of removed texts in the free space of the files of this installation."""
    with open_services() as services, show_progress("Writing the files again …"):
        problems = overwrite_files(services)
    _report(problems)
    click.echo("The files hold nothing that was removed.")


def _report(problems: tuple[str, ...]) -> None:
    """Exits with 1 if some files still hold old bytes."""
    for problem in problems:
        click.echo(f"Old bytes may be left in {problem}.", err=True)
    if problems:
        click.echo("When that is done, or less is going on, run “uptake removals overwrite”.", err=True)
        raise SystemExit(1)


COMMANDS = (removals,)
