"""The command that compares two days."""

import click

from app.entrypoints.cli.common import as_json, open_services, print_json
from app.entrypoints.cli.tables import print_comparison
from app.presentation.answers.compared_times import resolve_compared
from app.presentation.answers.comparisons import serialize_comparison
from domain.errors import NotFound
from projections.catalogue import queries as catalogue

OPTIONS = ("--from", "--known-from", "--to", "--known-to")


@click.command()
@click.argument("register")
@click.option("--from", "from_", metavar="DAY|recommended", required=True, help="The first day, or that of each.")
@click.option("--to", metavar="DAY", required=True, help="The second day.")
@click.option("--known-from", metavar="DAY|INSTANT", help="As known at this time about the first day; now by default.")
@click.option("--known-to", metavar="DAY|INSTANT", help="As known at this time about the second day; now by default.")
@as_json
def compare(register: str, from_: str, to: str, known_from: str | None, known_to: str | None, as_json: bool) -> None:
    """Show what changed between two days: in the world, and in our knowledge."""
    with open_services() as services:
        services.catch_up()
        with services.views.connect() as db:
            entry = catalogue.register(db, register)
            if entry is None:
                raise NotFound(f"There is no register “{register}”.")
            query = {"from": from_, "to": to, "known_from": known_from, "known_to": known_to}
            times = resolve_compared(db, entry, services.clock(), query, OPTIONS)
            answer = serialize_comparison(db, register, times)
            known_at = times.end.known_at
            titles = {r: e.facts.title for r, e in catalogue.recommendations(db, register, known_at).items()}
    if as_json:
        print_json(answer)
    else:
        print_comparison(entry.as_known(known_at).settings, answer, titles)


COMMANDS = (compare,)
