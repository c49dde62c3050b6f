"""The command that writes a template: a workbook to fill in."""

from pathlib import Path

import click

from app.entrypoints.cli.common import open_services, show_progress
from app.presentation.i18n.languages import LANGUAGES, SOURCE
from app.presentation.i18n.translation import set_language
from app.services.mapping.register_template import build_template
from domain.errors import Refused


@click.command()
@click.argument("register", default="")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Where to write the workbook (.xlsx)."
)
@click.option(
    "--language", type=click.Choice(LANGUAGES), default=SOURCE, help="The language of its words.", show_default=True
)
def template(register: str, out: Path, language: str) -> None:
    """Write a workbook to fill in: empty, or with a row for each recommendation of REGISTER.

    It has lists to choose from, notes on each column and a filled example. Import it with “uptake import FILE”.
    """
    with open_services() as services, show_progress("Writing the template …"):
        set_language(language)
        content = build_template(services, register)
        set_language(SOURCE)
    try:
        with out.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise Refused(f"{out} already exists. Name a new place.") from None
    except OSError as e:
        raise Refused(f"{out} cannot be written: {e.strerror or e}.") from None
    click.echo(f"Wrote {out}.")


COMMANDS = (template,)
