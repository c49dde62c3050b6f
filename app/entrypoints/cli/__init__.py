"""The command line: `uptake`."""

from app.entrypoints.cli.main import main

__all__ = ["main"]
