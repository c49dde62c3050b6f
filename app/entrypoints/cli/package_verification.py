"""The command that verifies a package: its files, who signed it, when it existed, and that the log names it."""

from pathlib import Path

import click

from app.services.snapshots import timestamps
from app.services.snapshots.bagit import MANIFEST
from app.services.snapshots.extension import check_extends
from app.services.snapshots.log_proof import ProofVerdict, judge_proof, read_proof
from app.services.snapshots.standalone_verifier import UNKNOWN_SIGNER
from app.services.snapshots.verify import VerifiedPackage, apply_key_list, read_key
from app.services.snapshots.verify import verify as verify_package
from app.services.transparency.key_list import KeyList, read_key_list
from app.services.transparency.policy import read_policy
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
def verify(
    file: Path,
    later: Path | None,
    key: Path | None,
    keys: Path | None,
    timestamp: Path | None,
    tsa_cert: Path | None,
    proof: Path | None,
    policy: Path | None,
) -> None:
    """Verify a package. Needs no store and no network.

    Ends with 0 if it is genuine, with 3 if it is intact but not signed with the --key, or if its --proof is not one by
    your --keys and --policy, and with 1 if it was changed.
    With --keys, a key of the list will do that was valid when the package was made; with --key too, a successor of it.
    With a LATER package, verifies both, and that the log in the later one extends that in the first: 1 if it does not.
    """
    if later:
        if timestamp or proof:
            raise click.UsageError("--timestamp and --proof are about one package: verify each package by itself too.")
        _verify_both(file, later, key, read_key_list(keys) if keys else None)
        return
    if tsa_cert and not timestamp:
        raise click.UsageError("--tsa-cert needs --timestamp: name the time-stamp too.")
    if policy and not proof:
        raise click.UsageError("--policy needs --proof: name the proof too.")
    package, listing = verify_package(file, key), read_key_list(keys) if keys else None
    stamp_sentence, stamped_at = _read_stamp(timestamp, package, tsa_cert)
    logged = _judge_proof(proof, file, package, listing, policy) if proof else ProofVerdict("")
    existed_by = min(filter(None, (stamped_at, logged.existed_by)), default="")
    package, distrust = _apply_keys(package, key, listing, existed_by)
    _print_verdict(package, distrust, is_key_named=key is not None, is_genuine=not logged.is_distrusted)
    for sentence in filter(None, (stamp_sentence, logged.sentence)):
        click.echo(sentence)
    if not package.is_genuine or logged.is_distrusted:
        raise SystemExit(UNKNOWN_SIGNER)


def _verify_both(file: Path, later: Path, key: Path | None, listing: KeyList | None) -> None:
    packages = [_apply_keys(verify_package(each, key), key, listing) for each in (file, later)]
    for package, distrust in packages:
        _print_verdict(package, distrust, is_key_named=key is not None, is_genuine=True)
    (earlier, _), (extended, _) = packages
    check_extends(earlier, extended)
    click.echo(
        f"EXTENDED: the {len(extended.lines)} events in {extended.metadata.name} begin with the {len(earlier.lines)} "
        f"in {earlier.metadata.name}, unchanged."
    )
    if not all(package.is_genuine for package, _ in packages):
        raise SystemExit(UNKNOWN_SIGNER)


def _apply_keys(
    package: VerifiedPackage, key: Path | None, listing: KeyList | None, existed_by: str = ""
) -> tuple[VerifiedPackage, str]:
    """The package as a list of keys judges it, with the reason if it is not genuine; without a list, as it is."""
    if listing is None:
        return package, ""
    return apply_key_list(package, listing, read_key(key) if key else None, existed_by)


def _print_verdict(package: VerifiedPackage, distrust: str, *, is_key_named: bool, is_genuine: bool) -> None:
    metadata, signer = package.metadata, package.signer
    verdict = "GENUINE"
    if not is_genuine:
        verdict = "INTACT, NOT PROVEN BY THE LOG"
    if not package.is_genuine:
        verdict = "INTACT, SIGNER UNKNOWN"
    click.echo(f"{verdict}: all {len(package.files)} files of {metadata.name} are unchanged since they were signed.")
    click.echo(
        f"As of {metadata.as_of}, as known at {metadata.known_at}, "
        f"from {metadata.log_position} events with root {package.root}."
    )
    if package.is_genuine:
        click.echo(f"Signed by {signer.name} with the key that was named, {signer.fingerprint}.")
    elif distrust:
        click.echo(f"Signed as {signer.name} with {signer.fingerprint}. {distrust}")
    elif is_key_named:
        click.echo(f"Signed as {signer.name} with {signer.fingerprint}, which is not the key that was named.")
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
