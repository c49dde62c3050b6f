"""Commands about the log: verify, export, and sign checkpoints."""

from pathlib import Path
from typing import IO

import click
import msgspec

from app.adapters.jobs_db.clock_readings import ClockDrift, keep_reading, read_clock
from app.adapters.settings import read_settings
from app.entrypoints.cli.common import as_json, open_services, print_json, show_progress
from app.entrypoints.cli.group import CommandGroup
from app.services.transparency import checkpoints, log_length
from app.services.transparency.log_verification import verify as verify_log
from app.services.transparency.signed_notes import parse_note
from domain.errors import Refused
from domain.event_log import MAX_STEP_SECONDS
from domain.events import read_event
from domain.times import compact
from projections.transparency.merkle import leaf_hash

BATCH = 5_000


@click.group(cls=CommandGroup)
def log() -> None:
    """Verify and export the log, and sign checkpoints."""


@log.command()
@click.option("--checkpoint", "file", type=click.Path(path_type=Path), help="A checkpoint that you saved elsewhere.")
@click.option(
    "--policy",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The witnesses that must have cosigned the newest checkpoint (C2SP tlog-policy).",
)
@as_json
def verify(file: Path | None, policy: Path | None, as_json: bool) -> None:
    """Recompute everything and report the first event that has changed."""
    extra = _read_checkpoints(file) if file else []
    with open_services() as services, show_progress("Recomputing the tree …"):
        report = verify_log(services, extra, policy or services.settings.witness_policy)
    if as_json:
        print_json(report)
    else:
        for sentence in report.losses:
            click.echo(sentence)
        for sentence in report.problems:
            click.echo(sentence, err=True)
        if not report.problems:
            click.echo(f"All {report.events:,} events are unchanged; {report.checkpoints:,} checkpoints confirm it.")
            click.echo(f"Root: {report.root}")
    if report.problems:
        raise SystemExit(1)


def _read_checkpoints(file: Path) -> list[str]:
    """The notes in a file that a person saved. Raises `Refused` if there is none, or if it holds something else."""
    try:
        notes = checkpoints.archived_notes(file)
        for note in notes:
            parse_note(note)
    except OSError as e:
        raise Refused(f"{file} cannot be read: {e.strerror or e}.") from None
    except Refused as refused:
        raise Refused(f"{file}: {refused} Name a file with a checkpoint that you saved.") from None
    if not notes:
        raise Refused(f"There is no checkpoint in {file}. Name a file with one that you saved.")
    return notes


@log.command()
@click.argument("dest", type=click.File("wb"), default="-")
def export(dest: IO[bytes]) -> None:
    """Write the log as JSON lines: public events as stored; for others only the leaf hash."""
    with open_services() as services:
        row, position = 0, 0
        while rows := services.log.rows_after(row, BATCH):
            for ident, _stamp, state in rows:
                row, position = ident, position + 1
                line = {"position": position, "leaf": leaf_hash(state).hex()}
                raw = msgspec.Raw(state) if read_event(state).PUBLIC else None
                dest.write(msgspec.json.encode(line | ({"event": raw} if raw else {})) + b"\n")


@log.command()
def checkpoint() -> None:
    """Sign the log and print the newest checkpoint."""
    with open_services() as services:
        checkpoints.make_checkpoint(services, services.jobs)
        note = checkpoints.newest_note(services.jobs)
    if note is None:
        raise Refused("The log is empty, so there is nothing to sign yet.")
    click.echo(note, nl=False)


@log.command("correct-stamps")
@click.option("--reason", required=True, help="Why the stamps are wrong; public.")
def correct_stamps(reason: str) -> None:
    """Let events that a wrong clock stamped in the future count as recorded now, then rebuild the tables."""
    with open_services() as services, show_progress("Correcting the stamps …"):
        count = services.tracker.correct_stamps(reason, by="operator", at=services.clock())
        services.views.rebuild()
    click.echo(f"{count:,} stamps are corrected by an event of the log. Stored bytes did not change.")


@log.command("accept-loss")
@click.option("--reason", required=True, help="How entries of the log were lost; public.")
def accept_loss(reason: str) -> None:
    """Let the log go on after its end was lost, such as by restoring an older backup, under another origin."""
    with open_services() as services, show_progress("Rebuilding the tables …"):
        loss = log_length.accept_loss(services, reason)
    click.echo(f"An event of the log says that entries {loss.kept + 1:,} to {loss.signed:,} were lost.")
    click.echo(f"Checkpoints are now of {loss.continues_as}. Say so to witnesses and to those who keep checkpoints.")


@log.command("accept-clock")
def accept_clock() -> None:
    """Confirm that the clock of this machine is right, after it was set or the machine was off for long."""
    settings = read_settings()
    if settings.database_url:
        raise Refused("PostgreSQL stamps the events, so there is nothing to confirm here.")
    reading = read_clock()
    if abs(ClockDrift(settings).seconds()) <= MAX_STEP_SECONDS:
        click.echo(f"There is nothing to accept: it is {compact(reading.at)}, and the clock was not set by an hour.")
        return
    keep_reading(settings, reading)
    click.echo(f"The clock is accepted: it is {compact(reading.at)}.")


COMMANDS = (log,)
