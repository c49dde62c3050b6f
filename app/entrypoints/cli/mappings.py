"""The command that guesses how a spreadsheet becomes a register."""

import sys
from pathlib import Path

import click

from app.adapters.spreadsheets.limits import MAX_FILE_BYTES
from app.adapters.spreadsheets.reading import read_file
from app.entrypoints.cli.common import show_progress
from app.services.mapping.guesses import Guess
from app.services.mapping.guessing import guess_mapping
from app.services.mapping.toml_files import write_mapping

_STANDARD_OUTPUT = Path("-")


@click.command("map")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--sheet", metavar="NAME", default="", help="The sheet to read, if it is not the largest.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    default=Path("mapping.toml"),
    help="Where to write the mapping; - prints it.",
    show_default=True,
)
@click.option("--overwrite", is_flag=True, help="Replace the mapping file if it exists.")
def map_(file: Path, sheet: str, out: Path, overwrite: bool) -> None:
    """Guess how a spreadsheet becomes a register, and write it down.

    FILE is an .xlsx, .ods, .csv or .tsv. The mapping says what each column, word, name and link means, with comments.
    Correct it, then import the file with “uptake import FILE --map”.
    """
    if out != _STANDARD_OUTPUT and out.exists() and not overwrite:
        raise click.ClickException(f"{out} exists. Choose another file with --out, or replace it with --overwrite.")
    with show_progress("Reading the file …"):
        with file.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
        guess = guess_mapping(read_file(file.name, content), sheet=sheet)
    text = write_mapping(guess)
    if out == _STANDARD_OUTPUT:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
        click.echo(f"Wrote {out}: {_count(guess.items, 'recommendation')} in {_count(len(guess.columns), 'column')}.")
    _print_questions(guess)


def _print_questions(guess: Guess) -> None:
    """What to check, on standard error, so that a printed mapping stays a mapping."""
    for heading, sentences in (("Could not be guessed:", guess.unknown), ("Was assumed:", guess.assumed)):
        if sentences:
            print(heading, file=sys.stderr)
            for sentence in sentences:
                print(f"  {sentence}", file=sys.stderr)
    alike = [pair for pairs in guess.near_names.values() for pair in pairs]
    if alike:
        print("Names that look alike:", file=sys.stderr)
        for pair in alike:
            print(f"  “{pair.first}”, “{pair.second}”: {pair.answer}", file=sys.stderr)


def _count(number: int, thing: str) -> str:
    return f"1 {thing}" if number == 1 else f"{number} {thing}s"


COMMANDS = (map_,)
