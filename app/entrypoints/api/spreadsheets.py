"""The steps from an office's own spreadsheet to a register, for programs: guess a mapping, import by it, replay it."""

import msgspec

from app.adapters.spreadsheets.cells import Workbook
from app.adapters.spreadsheets.reading import read_file
from app.entrypoints.api.uploads import UploadedFile, sheet_operation
from app.entrypoints.api.writing import ApiCaller
from app.entrypoints.http.errors import RequestProblem
from app.entrypoints.http.services import services
from app.presentation.answers import spreadsheet_models as models
from app.services.bundles.exporting import export_bundle
from app.services.bundles.problems import BundleRefused
from app.services.bundles.rows import Bundle
from app.services.container import Services
from app.services.mapping.guesses import Guess, with_safe_answers
from app.services.mapping.guessing import guess_mapping
from app.services.mapping.importing import SheetOptions, preview_sheet
from app.services.mapping.json_files import read_json_mapping
from app.services.mapping.repeating import import_once
from app.services.mapping.results import ImportAnswer, import_answer, refused_answer
from app.services.mapping.saved import LastFile, find_last_file
from app.services.mapping.templates import read_mark
from app.services.mapping.toml_files import read_mapping, write_mapping
from app.services.mapping.types import SheetMapping
from domain.errors import NotFound, Refused, refusal
from projections.catalogue import queries as catalogue

SPREADSHEETS = "/registers/{register}/spreadsheets"
MAX_ROWS = 5_000
"""Of a sheet: a web process answers nothing else while it reads one."""


@sheet_operation(f"{SPREADSHEETS}/guess", form=models.GuessForm, answers=models.GuessShape)
def guess_spreadsheet(
    caller: ApiCaller, register: str, form: models.GuessForm, file: UploadedFile
) -> tuple[models.GuessShape, int]:
    """Guess how a spreadsheet becomes a register. Uses its names and saved mapping if there are any; stores nothing."""
    workbook = _read(file)
    last = _last_file(services(), register)
    guess = guess_mapping(
        workbook, stored=_stored(services(), register), saved=last.mapping if last else None, sheet=form.sheet
    )
    return _shown(guess), 200


@sheet_operation(SPREADSHEETS, form=models.ImportForm, answers=ImportAnswer, stores=True)
def import_spreadsheet(
    caller: ApiCaller, register: str, form: models.ImportForm, file: UploadedFile
) -> tuple[ImportAnswer, int]:
    """Import a spreadsheet by its mapping, or say what an import would do."""
    mapping = _read_mapping(form.mapping) if form.mapping.strip() else None
    if not form.create:
        _require_register(services(), register)
    workbook = _read(file, mapping or SheetMapping())
    mapping = mapping or _template_mapping(services(), register, workbook)
    options = SheetOptions(
        register=register, create=form.create, update=form.update, valid_rows=form.valid_rows, why=form.why
    )
    try:
        if form.dry_run:
            answer = import_answer(preview_sheet(services(), caller.person, workbook, mapping, options).result)
        else:
            previewed = form.expected_plan or None
            answer = import_once(services(), caller.person, workbook, mapping, options, caller.key, previewed)
    except BundleRefused as refused:
        return refused_answer(refused.problems), 422
    return answer, _status(answer, form)


@sheet_operation(f"{SPREADSHEETS}/mapping", answers=models.SavedMappingShape)
def read_saved_mapping(caller: ApiCaller, register: str) -> tuple[models.SavedMappingShape, int]:
    """The mapping of the last spreadsheet of a register, to be used for the next one."""
    last = _last_file(services(), register)
    if last is None:
        raise NotFound(refusal("No spreadsheet was imported into “{register}”.", register=register))
    mapping = msgspec.to_builtins(last.mapping)
    return models.SavedMappingShape(register, last.file_name, last.digest, last.at, mapping), 200


def _status(answer: ImportAnswer, form: models.ImportForm) -> int:
    """201 if something was stored, 422 if not and there are problems."""
    stores = answer.stored or answer.changed
    if answer.problems and not (stores and form.valid_rows):
        return 422
    return 201 if stores and not form.dry_run else 200


def _read(file: UploadedFile, mapping: SheetMapping | None = None) -> Workbook:
    known = mapping or SheetMapping()
    workbook = read_file(file.name, file.content, encoding=known.encoding, separator=known.separator)
    rows = max(len(sheet.rows) for sheet in workbook.sheets)
    if rows > MAX_ROWS:
        raise RequestProblem(
            413,
            f"A sheet of the file has {rows:,} rows. The API reads at most {MAX_ROWS:,}. Import it in the browser, or "
            "with “uptake import” on the command line.",
        )
    return workbook


def _read_mapping(text: str) -> SheetMapping:
    return read_json_mapping(text) if text.lstrip().startswith("{") else read_mapping(text)


def _template_mapping(services: Services, register: str, workbook: Workbook) -> SheetMapping:
    """The mapping that a template of Uptake brings along."""
    if read_mark(workbook) is None:
        raise Refused(refusal("Send the mapping of the file as the field “mapping”: TOML or JSON, as it was guessed."))
    return guess_mapping(workbook, stored=_stored(services, register)).mapping


def _require_register(services: Services, register: str) -> None:
    with services.views.connect() as db:
        if catalogue.register(db, register) is None:
            raise NotFound(
                refusal("There is no register “{register}”. Begin it with “create”: true.", register=register)
            )


def _stored(services: Services, register: str) -> Bundle | None:
    """What the register holds; None if there is none yet."""
    services.catch_up()
    with services.views.connect() as db:
        return export_bundle(db, register)


def _last_file(services: Services, register: str) -> LastFile | None:
    with services.accounts.work() as db:
        return find_last_file(db, register)


def _shown(guess: Guess) -> models.GuessShape:
    alike = [pair for pairs in guess.near_names.values() for pair in pairs]
    return models.GuessShape(
        mapping=msgspec.to_builtins(with_safe_answers(guess)),
        toml=write_mapping(guess),
        recommendations=guess.items,
        unknown=[str(sentence) for sentence in guess.unknown],
        assumed=[str(sentence) for sentence in guess.assumed],
        alike=[models.AlikeShape(pair.first, pair.second, pair.answer) for pair in alike],
    )
