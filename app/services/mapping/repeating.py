"""Imports a sheet for a program, which may send it twice because it did not get the answer."""

from hashlib import sha256

import msgspec
from msgspec.structs import replace

from app.adapters.spreadsheets.cells import Workbook
from app.services.accounts.actors import Actor
from app.services.container import Services
from app.services.mapping.importing import SheetOptions, import_sheet, preview_sheet
from app.services.mapping.results import FirstNumbers, ImportAnswer, ImportKey, import_answer
from app.services.mapping.types import SheetMapping
from domain.errors import KeyReused


def import_once(
    services: Services,
    actor: Actor,
    workbook: Workbook,
    mapping: SheetMapping,
    options: SheetOptions,
    key: str,
    previewed: str | None = None,
) -> ImportAnswer:
    """Import a sheet once per key. The same again stores nothing and returns the numbers of the first time.

    Raises `Refused` if the sheet cannot be read so, `KeyReused` if the key was used for something else, and `Conflict`
    if another person changed the register meanwhile.
    """
    digest = sha256(msgspec.json.encode((workbook.digest, mapping, options))).hexdigest()
    once = ImportKey(f"command/{key}", digest)
    if (claimed := services.tracker.claim(once.name)) is None:
        return import_answer(import_sheet(services, actor, workbook, mapping, options, key=once, previewed=previewed))
    first = _first_numbers(claimed)
    if first is None or first.digest != digest:
        raise KeyReused
    answer = import_answer(preview_sheet(services, actor, workbook, mapping, options).result)
    numbers = {name: getattr(first, name) for name in ("stored", "changed", "unchanged", "left_out")}
    return replace(answer, **numbers, plan="")


def _first_numbers(claimed: str) -> FirstNumbers | None:
    """What was kept of an import; None if the key was used for another command."""
    try:
        return msgspec.json.decode(claimed, type=FirstNumbers)
    except msgspec.DecodeError:
        return None
