"""Collects all translatable texts and updates the catalogues.

Run `python -m app.entrypoints.cli.message_catalogue`.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.presentation.i18n.languages import CATALOGUES, locale_of
from app.services.tables.dictionary import OWN_MEANINGS, SCORECARD_MEANINGS, SHARED_MEANINGS
from domain.methodology.versions import VERSIONS

ROOT = Path(__file__).parents[3]
PYTHON = {"_": None, "gettext": None, "ngettext": (1, 2), "refusal": None, "LazyText": None}
SOURCES = (
    ("app", "**.py", "python"),
    ("domain", "**.py", "python"),
    ("templates", "**.html", "jinja2.ext.babel_extract"),
    ("templates", "mail/**.txt", "jinja2.ext.babel_extract"),
)
HEADER = "# Texts of Uptake in another language. Labels want the reading of a native editor."
EXCLUDED = (
    *("app/entrypoints/cli/", "app/adapters/event_store/"),
    *(f"app/services/snapshots/{name}.py" for name in ("package_reader", "rebuild", "verify")),
)
"""Files whose texts are English only, or where `_` is an unused variable."""


def collect_messages() -> Catalog:
    """Collect all texts, each with the files that contain it."""
    catalogue = Catalog()
    for folder, pattern, method in SOURCES:
        messages = extract_from_dir(str(ROOT / folder), method_map=[(pattern, method)], keywords=PYTHON)
        for name, _line, text, _comments, _context in messages:
            file = f"{folder}/{Path(name).as_posix()}"
            if not file.startswith(EXCLUDED) and text:
                catalogue.add(text, locations=[(file, 0)])
    for file, text in _cures():
        catalogue.add(text, locations=[(file, 0)])
    for text in _data():
        catalogue.add(text, locations=[("domain/methodology/uptake_2026_1.py", 0)])
    return catalogue


def _cures() -> Iterator[tuple[str, str]]:
    """The cures of refusals, each with its file."""
    for path in sorted(path for folder in ("app", "domain") for path in (ROOT / folder).rglob("*.py")):
        file, source = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        if "cure=" in source and not file.startswith(EXCLUDED):
            keywords = (k for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) for k in node.keywords)
            yield from (
                (file, text)
                for k in keywords
                if k.arg == "cure" and isinstance(k.value, ast.Constant) and (text := str(k.value.value))
            )


def _data() -> Iterator[str]:
    """Texts of the methodology and of the dictionary of columns, which are data."""
    for version in VERSIONS.values():
        yield from (status.meaning for status in version.statuses)
        yield from (rule.sentence for rule in version.rules)
    for meanings in (SCORECARD_MEANINGS, SHARED_MEANINGS, OWN_MEANINGS):
        yield from meanings.values()


def read_catalogue(language: str) -> Catalog:
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=locale_of(language))


def untranslated(language: str) -> list[str]:
    """The texts without a translation, or with a fuzzy one."""
    translations = read_catalogue(language)
    return [_id(m) for m in collect_messages() if m.id and not _is_translated(translations.get(m.id))]


def superfluous(language: str) -> list[str]:
    """Translations of texts that no longer exist."""
    needed = collect_messages()
    return [_id(m) for m in read_catalogue(language) if m.id and needed.get(m.id) is None]


def _id(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple) else str(message.id)


def _is_translated(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(strings)


def update(language: str) -> None:
    """Add new texts without a translation, remove obsolete ones, keep the others."""
    old, new = read_catalogue(language), collect_messages()
    catalogue = Catalog(locale_of(language), project="Uptake", header_comment=HEADER, creation_date=old.creation_date)
    for message in new:
        if message.id:
            earlier = old.get(message.id)
            catalogue.add(message.id, earlier.string if earlier else None)
    with (CATALOGUES / f"{language}.po").open("wb") as file:
        write_po(file, catalogue, sort_output=True, width=100)


if __name__ == "__main__":
    for catalogue in CATALOGUES.glob("*.po"):
        update(catalogue.stem)
