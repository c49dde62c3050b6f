"""The command that shows a scorecard."""

import click

from app.entrypoints.cli.common import as_json, open_services, print_json
from app.entrypoints.cli.tables import print_scorecard
from app.presentation.answers.as_of import resolve
from app.presentation.answers.serializers import serialize_scorecard
from domain.errors import NotFound
from domain.methodology.versions import VERSIONS, methodology_of
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at

SCALES = tuple(dict.fromkeys(s.code for version in VERSIONS.values() for s in version.scales))


@click.command()
@click.argument("register")
@click.option("--as-of", metavar="DAY", help="The day in the world; today by default.")
@click.option("--known-at", metavar="DAY|INSTANT", help="As known at this instant, or at the end of this day (UTC).")
@click.option("--scale", type=click.Choice(SCALES), help="Show the words of another scale too.")
@as_json
def scorecard(register: str, as_of: str | None, known_at: str | None, scale: str | None, as_json: bool) -> None:
    """Show a register's scorecard on any day, as known at any instant."""
    with open_services() as services:
        services.catch_up()
        with services.views.connect() as db:
            entry = catalogue.register(db, register)
            if entry is None:
                raise NotFound(f"There is no register “{register}”.")
            times = resolve(entry, last_applied_at(db), services.clock(), as_of, known_at, ("--as-of", "--known-at"))
            chosen = methodology_of(entry.settings.methodology).scale(scale)
            answer = serialize_scorecard(db, entry, times, chosen)
            themes = catalogue.themes(db, register, times.known_at)
    if as_json:
        print_json(answer)
    else:
        print_scorecard(entry.as_known(times.known_at).settings, answer, themes, times, chosen)


COMMANDS = (scorecard,)
