"""The command that verifies a package: its files, who signed it, when it existed, and that the log names it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from app.entrypoints.cli.common import as_json, print_json, show_progress
from app.services.snapshots import timestamps
from app.services.snapshots.bagit import MANIFEST
from app.services.snapshots.extension import check_extends
from app.services.snapshots.log_proof import ProofVerdict, judge_proof, read_proof
from app.services.snapshots.package_reader import read_package
from app.services.snapshots.recomputation import verify_data
from app.services.snapshots.standalone_verifier import CHANGED, UNKNOWN_SIGNER
from app.services.snapshots.verify import VerifiedPackage, apply_key_list, read_key, verify_files
from app.services.transparency.key_list import KeyList, read_key_list
from app.services.transparency.policy import read_policy
from domain.errors import Refused
from domain.times import written

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.argument("later", type=FILE, required=False)
@click.option("--key", type=FILE, help="The key that must have signed it, as its publisher shows it elsewhere.")
@click.option("--keys", type=FILE, help="The publisher's list of keys, from /.well-known/uptake-keys.json.")
@click.option("--timestamp", type=FILE, help="The time-stamp of this package, from its review's page (.tsr).")
@click.option("--tsa-cert", type=FILE, help="The root certificate of the authority that must have stamped it (PEM).")
@click.option("--proof", type=FILE, help="The proof that the log contains it, from its review's page (.tlog-proof).")
@click.option("--policy", type=FILE, help="The logs and witnesses that you trust for the proof (C2SP tlog-policy).")
@click.option("--form-only", is_flag=True, help="Do not compare its data with its events; as other verifiers do.")
@as_json
def verify(
    file: Path,
    later: Path | None,
    key: Path | None,
    keys: Path | None,
    timestamp: Path | None,
    tsa_cert: Path | None,
    proof: Path | None,
    policy: Path | None,
    form_only: bool,
    as_json: bool,
) -> None:
    """Verify a package. Needs no store and no network.

    Ends with 0 if it is genuine, with 3 if it is intact but not signed with the --key, or if its --proof is not one by
    your --keys and --policy, and with 1 if it was changed, or if its data does not follow from the events inside it.
    With --keys, a key of the list will do that was valid when the package was made; with --key too, a successor of it.
    With a LATER package, verifies both, and that the log in the later one extends that in the first: 1 if it does not.
    """
    if later:
        if timestamp or proof:
            raise click.UsageError("--timestamp and --proof are about one package: verify each package by itself too.")
        listing = read_key_list(keys) if keys else None
        _verify_both(file, later, key, listing, form_only=form_only, as_json=as_json)
        return
    if tsa_cert and not timestamp:
        raise click.UsageError("--tsa-cert needs --timestamp: name the time-stamp too.")
    if policy and not proof:
        raise click.UsageError("--policy needs --proof: name the proof too.")
    public, listing = read_key(key) if key else None, read_key_list(keys) if keys else None
    package = _verify_package(file, public, form_only=form_only, as_json=as_json)
    stamp_sentence, stamped_at = _read_stamp(timestamp, package, tsa_cert)
    logged = _judge_proof(proof, file, package, listing, policy) if proof else ProofVerdict("")
    package, distrust = _judge_signer(package, listing, public, (stamped_at, logged.existed_by))
    if as_json:
        _print_json([(package, distrust)], logged.sentence if logged.is_distrusted else "")
    else:
        _print_verdict(package, distrust, form_only=form_only, is_genuine=not logged.is_distrusted)
        for sentence in filter(None, (stamp_sentence, logged.sentence)):
            click.echo(sentence)
    if not package.is_genuine or logged.is_distrusted:
        raise SystemExit(UNKNOWN_SIGNER)


def _verify_both(
    file: Path, later: Path, key: Path | None, listing: KeyList | None, *, form_only: bool, as_json: bool
) -> None:
    public = read_key(key) if key else None
    packages = [
        _judge_signer(_verify_package(each, public, form_only=form_only, as_json=as_json), listing, public)
        for each in (file, later)
    ]
    (earlier, _), (extended, _) = packages
    with refusals_as_json(as_json):
        check_extends(earlier, extended)
    if as_json:
        _print_json(packages)
    else:
        for package, distrust in packages:
            _print_verdict(package, distrust, form_only=form_only, is_genuine=True)
        click.echo(
            f"EXTENDED: the {len(extended.lines)} events in {extended.metadata.name} begin with the "
            f"{len(earlier.lines)} in {earlier.metadata.name}, unchanged."
        )
    if not all(package.is_genuine for package, _ in packages):
        raise SystemExit(UNKNOWN_SIGNER)


def _verify_package(file: Path, public: bytes | None, *, form_only: bool, as_json: bool) -> VerifiedPackage:
    with refusals_as_json(as_json), show_progress("Verifying the package …"):
        package = verify_files(*read_package(file), public)
        if not form_only:
            verify_data(package)
    return package


@contextmanager
def refusals_as_json(enabled: bool) -> Iterator[None]:
    """With --json, print what is wrong with a package as data."""
    try:
        yield
    except Refused as e:
        if not enabled:
            raise
        print_json({"verdict": "changed", "problems": list(e.refusals)})
        raise SystemExit(CHANGED) from None


def _judge_signer(
    package: VerifiedPackage, listing: KeyList | None, public: bytes | None, existed_by: Iterable[str] = ()
) -> tuple[VerifiedPackage, str]:
    """The package, and why its signer is not the publisher that was named."""
    if listing:
        return apply_key_list(package, listing, public, min(filter(None, existed_by), default=""))
    return package, "This is not the key that was named." if public and not package.is_genuine else ""


def _print_json(packages: Sequence[tuple[VerifiedPackage, str]], distrust_of_proof: str = "") -> None:
    problems = [reason for reason in (*(distrust for _, distrust in packages), distrust_of_proof) if reason]
    is_genuine = all(package.is_genuine for package, _ in packages) and not distrust_of_proof
    print_json({"verdict": "genuine" if is_genuine else "unknown_signer", "problems": problems})


def _print_verdict(package: VerifiedPackage, distrust: str, *, form_only: bool, is_genuine: bool) -> None:
    metadata, signer = package.metadata, package.signer
    verdict = "GENUINE"
    if not is_genuine:
        verdict = "INTACT, NOT PROVEN BY THE LOG"
    if not package.is_genuine:
        verdict = "INTACT, SIGNER UNKNOWN"
    click.echo(f"{verdict}: all {len(package.files)} files of {metadata.name} are unchanged since they were signed.")
    if form_only:
        click.echo("Its data was not compared with the events inside it (--form-only).")
    else:
        click.echo("Its data, such as the scorecard, follows from the events inside it.")
    click.echo(
        f"As of {metadata.as_of}, as known at {metadata.known_at}, "
        f"from {metadata.log_position} events with root {package.root}."
    )
    if package.is_genuine:
        click.echo(f"Signed by {signer.name} with the key that was named, {signer.fingerprint}.")
    elif distrust:
        click.echo(f"Signed as {signer.name} with {signer.fingerprint}. {distrust}")
    else:
        click.echo(f"Signed as {signer.name} with {signer.fingerprint}; this proves no identity until you")
        click.echo("compare the key with one that its publisher shows elsewhere (--key).")


def _read_stamp(timestamp: Path | None, package: VerifiedPackage, root: Path | None) -> tuple[str, str]:
    """What a time-stamp says, and its instant if it is proved."""
    if timestamp is None:
        return "", ""
    stamp = timestamps.read_file(timestamp, package.files[MANIFEST], root)
    if root:
        sentence = f"Time-stamped by {stamp.authority} at {written(stamp.at)}, under the certificate you named."
        return sentence, written(stamp.at)
    sentence = f"Its time-stamp names {stamp.authority} and {written(stamp.at)}; this proves nothing until you"
    return f"{sentence}\nname the authority's root certificate (--tsa-cert).", ""


def _judge_proof(
    proof: Path, file: Path, package: VerifiedPackage, listing: KeyList | None, policy: Path | None
) -> ProofVerdict:
    logs = listing.verifiers("checkpoints") if listing else None
    return judge_proof(read_proof(proof, file, package), logs, read_policy(policy) if policy else None)
