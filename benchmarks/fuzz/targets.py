"""What is fuzzed: functions that take damaged input and either read it or raise `Refused`."""

import io
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

import xlsxwriter
from msgspec import Struct

from app.adapters.settings import Settings
from app.adapters.spreadsheets.reading import read_file
from app.bootstrap.container import build_services
from app.bootstrap.flask_app import create_app
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.bundles.typed_dates import date_readings, is_ambiguous, parse_day_of_form, parse_typed_date
from app.services.mapping.guessing import guess_mapping
from app.services.mapping.toml_files import write_mapping
from app.services.snapshots.verify import verify
from benchmarks.fuzz.mutations import damage, damage_text, damage_zip
from domain.commands import OpenRegister
from domain.errors import Refused
from tests.support.bundles import FILES, write_small_bundle
from tests.support.repository import ROOT

Damage = Callable[..., bytes]


class Target(Struct, frozen=True):
    """Samples to damage, how, and what to do with the result. `run` returns if it could be read."""

    samples: tuple[bytes, ...]
    damage: Damage
    run: Callable[[bytes], object]


class NoSentence(Exception):
    """A response that is an error of the server, or a refusal without a sentence."""


DATES = (
    *("2024-05-20", "20 May 2024", "5/6/2024", "May 2024", "2024", "Q3 2025", "20.05.24", "45000", "20240520"),
    *("2024년 5월 20일", "20 mai 2024", "early 2025", "29 Feb", "３１／１２／２０２４", "31. Dezember 2024"),
)
ADDRESSES = (
    *("/small/search/?q=envoy", "/api/v1/registers/small/search?q=envoy%20post", "/small/search/?q=%EC%A7%81%EC%9C%84"),
    *("/small/?as_of=2024-02-17&known_at=2026-01-01", "/small/compare/?from=2023-09-14&to=2026-02-26"),
    *("/api/v1/registers/small/scorecard?as_of=2024-02-17&scale=csc2&sort=due&limit=2", "/ko/small/?theme=laws"),
    *("/api/v1/registers/small/compare?from=recommended&to=2026-02-26", "/small/recommendations/?status=reversed"),
    *("/api/v1/registers/small/events?after=0&limit=100", "/small/post/", "/small/changes/?kind=world&page=2"),
    *("/api/v1/registers/small/recommendations/post/history", "/small/calendar/?from=2024", "/oembed?url=x"),
    *("/api/v1/proofs/inclusion?position=3&size=9", "/api/v1/registers/small/changes?cursor=abc&body=senate"),
)


def _zipped(folder: Path) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        for file in sorted(folder.iterdir()):
            archive.writestr(file.name, file.read_bytes())
    return result.getvalue()


def _workbook() -> bytes:
    """A tracker as offices keep them: a title above, dates, merged cells and a list of notes."""
    result = io.BytesIO()
    with xlsxwriter.Workbook(result, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Tracker")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.merge_range(0, 0, 0, 4, "Recommendations of the inquiry")
        sheet.write_row(2, 0, ["No.", "Recommendation", "Lead", "Status", "Date"])
        for row in range(12):
            sheet.write_row(
                3 + row, 0, [f"1.{row}", f"Do thing {row}", "Ministry; Senate", ("Accepted", "Done")[row % 2]]
            )
            sheet.write_datetime(3 + row, 4, date(2024, 1, 1 + row), day)
        book.add_worksheet("Notes").write_row(0, 0, ["=1+1", "x"])
    return result.getvalue()


CSV = "No.;Recommendation;Lead;Status;Date\r\n" + "".join(
    f"{n};Do thing {n};Ministry, Senate;{('Accepted', 'Partially accepted')[n % 2]};{n + 1}.5.2024\r\n"
    for n in range(9)
)


def make_targets(folder: Path) -> dict[str, Target]:
    """All targets. They share a store in the folder, which no target changes."""
    services = build_services(Settings(data_dir=folder / "store"), create=True)
    bundle = write_small_bundle(folder / "bundle")
    import_bundle(services, bundle, ImportOptions())
    services.execute(OpenRegister("small", origin="http://127.0.0.1"), by="ana")
    client = create_app(services).test_client()
    file = Path(tempfile.mkstemp(dir=folder)[1])

    def read_bundle(content: bytes) -> None:
        file.write_bytes(content)
        zipped = file.rename(file.with_suffix(".zip"))
        try:
            import_bundle(services, zipped, ImportOptions(dry_run=True, update=True, why="A test."))
        finally:
            zipped.rename(file)

    def read_package(content: bytes) -> None:
        file.write_bytes(content)
        verify(file)

    def read_sheet(name: str) -> Callable[[bytes], object]:
        return lambda content: write_mapping(guess_mapping(read_file(name, content), sheet=""))

    def read_dates(content: bytes) -> None:
        text = content.decode()
        date_readings(text), is_ambiguous(text)
        for parse in (parse_typed_date, lambda t, o: parse_day_of_form(t, date(2026, 3, 1), o)):
            for order in ("dmy", "mdy", "ymd"):
                with suppress(Refused):
                    parse(text, order)
        parse_typed_date(text)

    def open_address(content: bytes) -> None:
        path, mark, query = content.partition(b"?")
        address = quote(unquote_to_bytes(path), safe="/") + mark.decode() + quote(query, safe="=&%+")
        answer = client.get("/" + address.lstrip("/"), headers={"Host": "127.0.0.1"})
        if answer.status_code >= 500 or b"Traceback" in answer.data:
            raise NoSentence(f"{answer.status_code} {answer.text[:300]}")
        if answer.status_code >= 400:
            if address.startswith("/api/") and not (answer.json or {}).get("detail"):
                raise NoSentence(f"{answer.status_code} without a sentence: {answer.text[:300]}")
            raise Refused("The address was refused.")

    packages = tuple(p.read_bytes() for p in sorted((ROOT / "tests" / "packages").glob("*/*.zip")))
    return {
        "bundle": Target((_zipped(bundle),), damage_zip, read_bundle),
        "workbook": Target((_workbook(),), damage_zip, read_sheet("a.xlsx")),
        "csv": Target((CSV.encode(), FILES["recommendations.csv"].encode()), damage, read_sheet("a.csv")),
        "package": Target(packages, damage_zip, read_package),
        "date": Target(tuple(map(str.encode, DATES)), damage_text, read_dates),
        "address": Target(tuple(map(str.encode, ADDRESSES)), damage_text, open_address),
    }
