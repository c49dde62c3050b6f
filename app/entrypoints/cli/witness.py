"""Commands to run a witness, which cosigns checkpoints of others (https://c2sp.org/tlog-witness). Needs no store."""

import logging.config
import signal
import threading
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.adapters.logs import LOG_FORMATS, logging_config
from app.adapters.witness_store import WitnessStore
from app.entrypoints.cli.common import as_json, print_json
from app.entrypoints.cli.group import CommandGroup
from app.entrypoints.cli.witness_server import WitnessServer
from app.services.transparency.key_files import SigningKey, read_key_file, write_key_file
from app.services.transparency.signed_notes import COSIGNATURE, Verifier, parse_verifier
from domain.errors import Refused

state_option = click.option(
    "--state",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder with the key and the state of the witness. Do not restore it from a backup.",
)


@click.group(cls=CommandGroup)
def witness() -> None:
    """Run a witness, which cosigns the checkpoints of logs that it knows."""


@witness.command()
@state_option
@click.option("--name", required=True, help="The name of the witness, such as witness.example.org/w1.")
def init(state: Path, name: str) -> None:
    """Make the key and the state of a new witness, and print its public key."""
    if not name or not name.isascii() or not name.isprintable() or set(name) & set(" +"):
        raise Refused("Use a name in ASCII without spaces and “+”, such as witness.example.org/w1.")
    if _key_file(state).exists():
        raise Refused(f"There is a witness in {state} already.")
    write_key_file(_key_file(state), SigningKey(name, Ed25519PrivateKey.generate()))
    WitnessStore(state / "witness.sqlite")
    click.echo(_vkey(read_key_file(_key_file(state))))


@witness.command("add-log")
@state_option
@click.argument("vkey")
def add_log(state: Path, vkey: str) -> None:
    """Cosign a log: VKEY is its verifier key, from /.well-known/uptake-keys.json or “uptake key show”."""
    store, verifier = _open(state), parse_verifier(vkey)
    new = store.add_log(verifier.name, verifier.text)
    click.echo(f"The witness {'now knows' if new else 'already knew'} this key of {verifier.name}.")


@witness.command()
@state_option
@as_json
def show(state: Path, as_json: bool) -> None:
    """Show the public key of the witness, and what it saw of each log."""
    store, key = _open(state), read_key_file(_key_file(state))
    logs = store.logs()
    if as_json:
        print_json({"vkey": _vkey(key), "logs": logs})
        return
    click.echo(_vkey(key))
    for log in logs:
        refused = f"; refused {log.conflicts} that contradict it" if log.conflicts else ""
        click.echo(f"{log.origin}: {len(log.vkeys)} keys, {log.size:,} entries seen{refused}")


@witness.command()
@state_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen, behind a proxy with TLS.")
@click.option("--port", default=8100, show_default=True, type=click.IntRange(1, 65535), help="Where to listen.")
def serve(state: Path, host: str, port: int) -> None:
    """Serve the witness. Ctrl-C stops it."""
    store, key = _open(state), read_key_file(_key_file(state))
    logging.config.dictConfig(logging_config(LOG_FORMATS[0]))
    try:
        server = WitnessServer((host, port), store, key)
    except OSError as e:
        raise Refused(f"The witness cannot listen at {host} port {port}: {e.strerror or e}.") from None
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    click.echo(f"The witness {key.name} listens at http://{host}:{port}/ (Ctrl-C stops it).")
    with server:
        server.serve_forever()


def _open(state: Path) -> WitnessStore:
    """Raises `Refused` if there is no witness in the folder."""
    if not _key_file(state).is_file() or not (state / "witness.sqlite").is_file():
        raise Refused(f"There is no witness in {state}. Make one with “uptake witness init”.")
    return WitnessStore(state / "witness.sqlite")


def _key_file(state: Path) -> Path:
    return state / "witness.pem"


def _vkey(key: SigningKey) -> str:
    return Verifier(key.name, key.private.public_key().public_bytes_raw(), COSIGNATURE).text


COMMANDS = (witness,)
