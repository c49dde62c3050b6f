"""Options for where a process listens."""

import os

import click

host_option = click.option("--host", help="Where to listen; 127.0.0.1 by default.")
port_option = click.option("--port", type=click.IntRange(1, 65535), help="Where to listen; 8000 by default.")


def listen_at(host: str | None, port: int | None) -> None:
    """Pass the address to the processes that this one starts."""
    if host:
        os.environ["UPTAKE_HOST"] = host
    if port:
        os.environ["UPTAKE_PORT"] = str(port)
