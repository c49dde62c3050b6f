"""Commands about snapshots: take, list, verify, strict, rebuild."""

import io
import shutil
import sys
from datetime import UTC
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from app.entrypoints.cli.common import as_json, by_person, open_services, print_json, show_progress
from app.entrypoints.cli.group import CommandGroup
from app.entrypoints.cli.package_verification import FILE, refusals_as_json, verify
from app.entrypoints.cli.rights import actor_of
from app.presentation.narrative.strict_reading import strict_sentence
from app.services.accounts.actors import authorize
from app.services.removals.packages import withdraw_package
from app.services.snapshots import package_store
from app.services.snapshots.builder import builder_text, installed_builder
from app.services.snapshots.freeze import freeze_review_for
from app.services.snapshots.log_proof import ENDING, package_proof
from app.services.snapshots.rebuild import RebuildResult, RebuildVerdict, rebuild_verified
from app.services.snapshots.recomputation import open_package
from app.services.snapshots.review_schedule import find_snapshot, review_occurrences
from app.services.snapshots.standalone_verifier import CHANGED
from app.services.snapshots.verify import verify as verify_package
from domain.codes import RemovalReason
from domain.commands import FreezeReview, WithdrawPackage
from domain.errors import NotFound, Refused
from domain.ids import review_id
from domain.review.aggregate import Review
from domain.times import full_day, instant, written
from projections.catalogue import queries as catalogue

if TYPE_CHECKING:
    from app.adapters.objects.s3 import RemoteObject

OTHER_BUILDER = 3
"""The exit code of a rebuild whose data is the same, and whose renderings another builder made."""
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group(cls=CommandGroup)
def snapshot() -> None:
    """Freeze reviews as packages that anyone can verify."""


@snapshot.command()
@click.argument("register")
@click.option("--review", required=True, metavar="ID", help="Which review; “uptake snapshot list” shows them.")
@click.option("--as-of", metavar="DAY", help="Which day of a recurring review; the latest by default.")
@click.option("--known-at", metavar="INSTANT", help="What was known by then; the end of the review's day by default.")
@click.option("--out", required=True, type=FOLDER, help="The folder for the package.")
@click.option("--by", default="command-line", show_default=True, metavar="PERSON", help="Who freezes it (an id).")
def take(register: str, review: str, as_of: str | None, known_at: str | None, out: Path, by: str) -> None:
    """Freeze a review, permanently, and write its package and the proof that the log contains it."""
    if as_of:
        full_day(as_of)
    instant_known = instant(known_at) if known_at else None
    with open_services() as services:
        name = f"{register}_{review}_{as_of or '…'}.zip"
        if out.exists() and as_of and (out / name).exists():
            raise Refused(f"{out / name} already exists. Name another folder.")
        actor = actor_of(services, by)
        authorize(actor, FreezeReview, register)
        package_store.ensure_writable(out)
        with show_progress("Making the package …"):
            frozen = freeze_review_for(services, actor, register, review, as_of=as_of, known_at=instant_known)
        file = out / f"{frozen.name}.zip"
        if file.exists():
            raise Refused(f"The review is frozen and its package saved, but {file} already exists and was not changed.")
        try:
            package_store.write_whole(file, lambda dest: _copy(frozen.file, dest))
        except OSError as e:
            why = f"but {file} cannot be written: {e.strerror or e}."
            raise Refused(f"The review is frozen and its package saved, as {frozen.file}, {why}") from None
        proof = file.with_name(file.name + ENDING)
        text = package_proof(services, register, review, frozen.name.rsplit("_", 1)[1]).encode()
        package_store.write_whole(proof, lambda dest: shutil.copyfileobj(io.BytesIO(text), dest))
    click.echo(f"Wrote {file}. SHA-256 of its manifest: {frozen.manifest}")
    click.echo(f"Wrote {proof}, which proves that the log contains it.")


@snapshot.command(name="list")
@click.argument("register")
@as_json
def list_all(register: str, as_json: bool) -> None:
    """List the reviews of a register that are frozen or due."""
    with open_services() as services:
        services.catch_up()
        with services.views.connect() as db:
            if catalogue.register(db, register) is None:
                raise NotFound(f"There is no register “{register}”.")
            planned = review_occurrences(db, register, services.clock().astimezone(UTC).date())
    if as_json:
        print_json(
            [
                {"review": p.schedule.id, "as_of": p.as_of, "freeze_at": written(p.freeze_at)}
                | {"snapshot": p.preparation.snapshot, "timestamp": p.preparation.timestamp}
                for p in planned
            ]
        )
        return
    for p in planned:
        frozen = p.preparation.snapshot
        if frozen:
            state = f"frozen, as known at {written(frozen.known_at)}; manifest {frozen.manifest}"
        elif p.is_automatic:
            state = f"frozen at {written(p.freeze_at)} by the worker"
        else:
            state = "not frozen; its day is before the register was opened, so freeze it by hand"
        if stamp := p.preparation.timestamp:
            state += f"; time-stamped by {stamp.authority} at {written(stamp.at)}"
        click.echo(f"{p.schedule.id}  {p.as_of}  {state}")


@snapshot.command()
@click.argument("file", type=FILE)
@click.option("--out", required=True, type=FOLDER, help="The folder for the rebuilt package.")
@as_json
def rebuild(file: Path, out: Path, as_json: bool) -> None:
    """Rebuild a package from the events inside it and compare the bytes, of data and of renderings apart.

    Ends with 0 if all bytes are the same, with 3 if the data is the same and another builder made the renderings, and
    with 1 if the package was changed, or if its data does not follow from the events inside it.
    """
    with refusals_as_json(as_json):
        package = verify_package(file)
    with show_progress("Rebuilding the package …"):
        rebuilt = rebuild_verified(package, out)
    if as_json:
        print_json(_rebuild_as_json(rebuilt))
    else:
        _print_rebuilt(rebuilt)
    if rebuilt.verdict is not RebuildVerdict.SAME:
        raise SystemExit(CHANGED if rebuilt.verdict is RebuildVerdict.CHANGED else OTHER_BUILDER)


@snapshot.command()
@click.argument("register")
@click.argument("review")
@click.argument("as_of", metavar="DAY")
@click.option("--reason", type=click.Choice([r.value for r in RemovalReason]), required=True, help="It is public.")
@click.option("--expected-version", type=click.IntRange(min=1), metavar="NUMBER", help="Of the review; for scripts.")
@by_person
def withdraw(register: str, review: str, as_of: str, reason: str, expected_version: int | None, by: str) -> None:
    """Delete the package of a frozen review here, permanently. A terminal asks. The record of the review stays."""
    with open_services() as services:
        actor = actor_of(services, by)
        authorize(actor, WithdrawPackage, register)
        services.catch_up()
        with services.views.connect() as db:
            _occurrence, frozen = find_snapshot(db, register, review, as_of)
        stored = services.tracker.find(Review, review_id(register, review))
        assert stored is not None
        if expected_version is None:
            if not sys.stdin.isatty():
                option = f"--expected-version {stored.version}"
                raise Refused(f"You cannot undo this. If it is the package {frozen.package[:12]}, add {option}.")
            click.confirm(
                f"Withdraw the package {frozen.package[:12]} of {review}, {as_of}? You cannot undo this.", abort=True
            )
        command = WithdrawPackage(
            register,
            review=review,
            as_of=as_of,
            reason=RemovalReason(reason),
            expected_version=expected_version or stored.version,
        )
        withdraw_package(services, actor, command)
    click.echo(f"The package of “{review}”, {as_of}, is withdrawn, and {frozen.package}.zip is deleted.")
    click.echo("Backups that were made before still hold it: delete them, or keep them where no one reads them.")


@snapshot.command()
@click.argument("file", type=FILE)
@as_json
def strict(file: Path, as_json: bool) -> None:
    """Read a package without the evidence that is later than its day. Needs no store and no network.

    A source counts if it existed by the day of the review: by its own date or, without one, by the day on which it was
    read or added. An assessment counts if the sources that are left support its status.
    """
    with refusals_as_json(as_json):
        package = verify_package(file)
        with show_progress("Reading the package …"), open_package(package) as source:
            reading = source.strict_reading
    if as_json:
        print_json(reading)
        return
    click.echo(f"{package.metadata.name}, signed as {package.signer.name} with {package.signer.fingerprint}.")
    click.echo(strict_sentence(reading))
    for row in reading.rows:
        item = f"{row.id} {row.element}".strip()
        before, after = (
            f"{status} ({confidence})" if confidence else str(status)
            for status, confidence in ((row.status, row.confidence), (row.strict_status, row.strict_confidence))
        )
        left_out = f"; without {', '.join(row.left_out)}" if row.left_out else ""
        click.echo(f"{item}: {before} → {after}{left_out}")


def _rebuild_as_json(rebuilt: RebuildResult) -> dict[str, object]:
    return {
        "verdict": rebuilt.verdict.value,
        "problems": [rebuilt.problem] if rebuilt.problem else [],
        "data": rebuilt.data,
        "renderings": rebuilt.renderings,
        "made_with": rebuilt.verified.metadata.made_with,
        "installed": installed_builder(),
        "file": str(rebuilt.file),
    }


def _print_rebuilt(rebuilt: RebuildResult) -> None:
    if rebuilt.problem:
        click.echo(rebuilt.problem, err=True)
    elif rebuilt.renderings:
        click.echo("The data is the same, byte for byte: it follows from the events.")
        click.echo(
            f"{len(rebuilt.renderings)} renderings differ, since another builder made them; "
            f"the first is “data/{rebuilt.renderings[0]}”."
        )
        made_with = rebuilt.verified.metadata.made_with
        click.echo(f"Made with: {builder_text(made_with)}{'' if 'source' in made_with else ', source unknown'}.")
        click.echo(f"Installed here: {builder_text(installed_builder())}.")
        click.echo("To compare the renderings too, rebuild the package with the builder that made it.")
    else:
        click.echo(f"The rebuilt package has the same {rebuilt.file.stat().st_size:,} bytes: {rebuilt.file}")


def _copy(file: "Path | RemoteObject", dest: IO[bytes]) -> None:
    with file.open("rb") as opened:
        shutil.copyfileobj(opened, dest)


snapshot.add_command(verify)
COMMANDS = (snapshot,)
