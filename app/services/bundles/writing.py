"""Writes a bundle: the same register always gives the same bytes."""

import io
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import IO

import msgspec

from app.services.bundles.datapackage import describe
from app.services.bundles.drained_file import DrainedFile
from app.services.bundles.logo_settings import LOGO, logo_values
from app.services.bundles.rows import AnyBundle, Bundle
from app.services.bundles.scale_settings import write_scale
from app.services.bundles.sheet_types import Sheet
from app.services.bundles.unpacking import MAX_MEMBER_BYTES, MAX_TOTAL_BYTES
from app.services.bundles.used_columns import UsedColumns, row_values
from domain.errors import Refused
from domain.times import written
from domain.values import DEFAULT_LANGUAGES, TranslatedFact

_QUOTED = re.compile(r'[",\r\n]')


def bundle_files(bundle: Bundle) -> dict[str, bytes]:
    """Return the files of a bundle by name, in the order in which they are written."""
    return {name: b"".join(pieces) for name, pieces in stream_files(bundle)}


def stream_files(bundle: AnyBundle) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Yield the same files in pieces. Read each to its end before the next; rows are read twice, not held."""
    yield "register.json", [_json(register_values(bundle) | logo_values(bundle.logo))]
    used = UsedColumns(bundle)
    for sheet in used.each_sheet():
        yield sheet.file, _csv(sheet, bundle.batches(sheet.name))
    yield "datapackage.json", [_json(describe(bundle, used))]
    if bundle.logo.png:
        yield LOGO, [bundle.logo.png]


def table_cells(bundle: AnyBundle, sheet: Sheet) -> Iterator[list[tuple[str, ...]]]:
    """Yield the cells of the rows of a sheet in batches, for the columns of the sheet."""
    return ([tuple(_cells(sheet, row)) for row in batch] for batch in bundle.batches(sheet.name))


def write_bundle(bundle: Bundle, dest: Path) -> None:
    """Write to a folder, or to a zip if the name ends in `.zip`. Raises `Refused`; then no partial file remains."""
    files = bundle_files(bundle)
    is_zip = dest.suffix.lower() == ".zip"
    sizes = [len(content) for content in files.values()]
    if is_zip and (max(sizes) > MAX_MEMBER_BYTES or sum(sizes) > MAX_TOTAL_BYTES):
        raise Refused(f"The register is too large to be read back from a zip; name a folder instead of {dest}.")
    try:
        if dest.is_symlink() or (dest.exists() and (not dest.is_dir() or any(dest.iterdir()))):
            raise Refused(f"{dest} already exists. Name a new place.")
        dest.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".uptake-", dir=dest.parent))
        try:
            content_path = folder / "made"
            if is_zip:
                content_path.write_bytes(zip_files(files))
            else:
                content_path.mkdir()
                for name, content in files.items():
                    (content_path / name).write_bytes(content)
            if dest.exists():
                dest.rmdir()
            content_path.replace(dest)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as e:
        raise Refused(f"{dest} cannot be written: {e.strerror or e}.") from None


def zip_files(files: dict[str, bytes]) -> bytes:
    """Return a zip whose bytes depend on its files only: stored, in order, with one fixed time."""
    buffer = io.BytesIO()
    write_zip(files.items(), buffer)
    return buffer.getvalue()


def write_zip(files: Iterable[tuple[str, bytes]], dest: IO[bytes]) -> None:
    """Write such a zip to a file."""
    with zipfile.ZipFile(dest, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            archive.writestr(_member(name), content)


def stream_zip(files: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """Yield such a zip in pieces. A file waits on disk until its length is known, which comes before it."""
    with DrainedFile() as dest, zipfile.ZipFile(dest, "w", zipfile.ZIP_STORED) as archive:
        for name, pieces in files:
            with archive.open(_member(name), "w") as member:
                for piece in pieces:
                    member.write(piece)
            yield from dest.drain()
        archive.close()
        yield from dest.drain()


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info


def register_values(bundle: AnyBundle) -> dict[str, object]:
    """Return the settings of a bundle as plain values, as `register.json` has them."""
    settings = _with_translations(bundle.settings)
    if bundle.settings.languages == DEFAULT_LANGUAGES:
        del settings["languages"]
    if bundle.settings.scales:
        settings["scales"] = [write_scale(scale) for scale in bundle.settings.scales]
    settings["reviews"] = [_with_translations(review) for review in bundle.reviews]
    if bundle.opened_at:
        settings["opened_at"] = written(bundle.opened_at)
    return settings


def _with_translations(fact: TranslatedFact) -> dict[str, object]:
    """Return the filled fields of a fact as plain values; translations follow their originals."""
    values = {
        name: value for name, value in msgspec.to_builtins(fact).items() if value not in ("", None, False, (), {})
    }
    values.pop("translations", None)
    plain: dict[str, object] = {}
    for name, value in values.items():
        plain[name] = value
        if name in fact.TRANSLATED:
            plain |= {f"{name}_{language}": t[name] for language, t in fact.translations.items() if name in t}
    return plain


def _json(data: object) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def _csv(sheet: Sheet, batches: Iterable[Sequence[msgspec.Struct]]) -> Iterator[bytes]:
    yield (",".join(c.name for c in sheet.columns) + "\n").encode()
    for batch in batches:
        yield "".join(",".join(map(_quote, _cells(sheet, row))) + "\n" for row in batch).encode()


def _cells(sheet: Sheet, row: msgspec.Struct) -> list[str]:
    values = row_values(row)
    return [_cell(values.get(c.name, "") if c.original else values[c.name], c.kind) for c in sheet.columns]


def _quote(cell: str) -> str:
    """Quote a cell. The csv module leaves a lone carriage return unquoted in some Python versions."""
    return '"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell


def _cell(value: object, kind: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return "yes" if value else ("no" if kind == "yes_no" else "")
    if isinstance(value, tuple):
        return ";".join(value)
    if isinstance(value, datetime):
        return written(value)
    return str(value)
