"""Commands about the keys that sign checkpoints and packages."""

from pathlib import Path

import click

from app.entrypoints.cli.common import as_json, open_services, print_json
from app.entrypoints.cli.group import CommandGroup
from app.services.accounts.web_secrets import make_web_secrets
from app.services.installation_keys import accept_keys
from app.services.transparency import signing_keys
from app.services.transparency.key_list import USES, ListedKey, Use
from domain.times import instant


@click.group(cls=CommandGroup)
def key() -> None:
    """The keys that sign checkpoints and packages."""


@key.command()
@as_json
def show(as_json: bool) -> None:
    """Show the public keys with their fingerprints, the current ones first. --json prints the published list."""
    with open_services() as services:
        keys = signing_keys.key_list(services.settings)
    if as_json:
        print_json(keys)
        return
    for listed in keys.keys:
        click.echo(f"{listed.vkey}  {listed.fingerprint}  {_describe(listed)}")


def _folder(_context: click.Context, _option: click.Parameter, name: str | None) -> Path | None:
    if name == "":
        raise click.BadParameter("Name a folder, which may be a new one.")
    return Path(name) if name else None


@key.command()
@click.option("--use", type=click.Choice(USES), help="Replace only the key for this; both by default.")
@click.option(
    "--out",
    type=click.Path(file_okay=False),
    callback=_folder,
    help="Write the new keys to this folder only, which has no keys yet.",
)
def rotate(use: Use | None, out: Path | None) -> None:
    """Create new signing keys. What the old keys signed can still be verified, and they introduce the new ones."""
    uses: tuple[Use, ...] = (use,) if use else USES
    with open_services() as services:
        signing_keys.rotate_signing_key(services.settings, services.clock(), uses, out=out)
        keys = signing_keys.key_list(services.settings).keys
    for each in uses:
        new = next(k for k in keys if k.use == each)
        click.echo(f"The new key for {each} is {new.vkey}, {new.fingerprint}.")
    if out:
        click.echo(
            f"Set what is in {out} on every machine now. Name the files in its settings, or copy them to its keys/. "
            "A machine with the old key signs nothing."
        )
    click.echo("Give it to those who check your checkpoints and packages, and to your witnesses.")


@key.command()
@click.option("--new-web-key", is_flag=True, help="Make a web key, if no machine and no backup has it any more.")
def accept(new_web_key: bool) -> None:
    """Take the keys of this machine as those of the installation, after one was replaced by hand.

    With several machines, each must then have the same. “uptake key rotate” is better where the old key is still there.
    """
    with open_services() as services:
        if new_web_key:
            make_web_secrets(services.settings)
        changed = accept_keys(services.settings, services.clock())
    for sentence in changed or ["This machine has the keys of the installation already."]:
        click.echo(sentence)


@key.command()
@click.argument("fingerprint")
@click.option("--since", required=True, metavar="INSTANT", help="Since when others may have had the key.")
def compromised(fingerprint: str, since: str) -> None:
    """Publish that others may have a key: what it signed after that instant is not genuine any more."""
    with open_services() as services:
        still_signs = signing_keys.mark_compromised(services.settings, fingerprint, instant(since))
    click.echo("The list at /.well-known/uptake-keys.json now names the key as compromised.")
    if still_signs:
        click.echo("It still signs. Replace it now with “uptake key rotate”.")


def _describe(listed: ListedKey) -> str:
    validity = [listed.valid_from and f"from {listed.valid_from}", listed.until and f"until {listed.until}"]
    if listed.compromised_since:
        validity.append(f"compromised since {listed.compromised_since}")
    return " ".join([listed.use, *filter(None, validity)])


COMMANDS = (key,)
