"""The decorator of API operations about spreadsheets. Each needs a token; a file comes in a form."""

from collections.abc import Callable
from functools import wraps
from typing import IO, TypeVar

import msgspec
from flask import Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from app.adapters.spreadsheets.limits import MAX_FILE_BYTES
from app.entrypoints.api.operations import api, flask_rule, json_response
from app.entrypoints.api.tokens import require_token_holder
from app.entrypoints.api.writing import ApiCaller, read_idempotency_key
from app.entrypoints.http.errors import RequestProblem
from app.entrypoints.http.query_params import read_api_parameters
from app.entrypoints.http.services import services
from app.services.accounts.permissions import COMMAND_PERMISSIONS
from domain.commands import EstablishRegister
from domain.errors import Refused, refusal

PERMISSION = COMMAND_PERMISSIONS[EstablishRegister]
MAX_FIELD_BYTES = 4 * 2**20
"""Of a mapping or another field."""
MAX_PARTS = 20
FILE = "file"

FormT = TypeVar("FormT", bound=msgspec.Struct)
SheetFunction = TypeVar("SheetFunction", bound=Callable[..., tuple[msgspec.Struct, int]])
"""Returns the answer and its status."""


class SheetOperation(msgspec.Struct, frozen=True):
    """An operation about spreadsheets as the OpenAPI description shows it."""

    path: str
    method: str
    name: str
    summary: str
    form: type[msgspec.Struct] | None
    """The fields beside the file; None if it takes neither."""
    answers: type[msgspec.Struct]
    stores: bool
    """Whether it is carried out once per idempotency key, and may find problems in rows."""


SHEET_OPERATIONS: list[SheetOperation] = []


class UploadedFile(msgspec.Struct, frozen=True):
    """A file as it was sent."""

    name: str
    content: bytes


def sheet_operation(
    path: str, *, answers: type[msgspec.Struct], form: type[msgspec.Struct] | None = None, stores: bool = False
) -> Callable[[SheetFunction], SheetFunction]:
    """Make a function an operation of `/api/v1<path>`: `POST` with a form, or `GET` without.

    The function gets the caller, with a key if it `stores`, and the register; with a form also its fields as `form` and
    the file as `file`. The token is checked before any of the body is read.
    """
    method = "POST" if form else "GET"

    def decorate(function: SheetFunction) -> SheetFunction:
        summary = (function.__doc__ or function.__name__).strip().splitlines()[0]
        name = function.__name__
        SHEET_OPERATIONS.append(SheetOperation(f"/api/v1{path}", method, name, summary, form, answers, stores))

        @wraps(function)
        def view(register: str) -> Response:
            read_api_parameters()
            person = require_token_holder(services(), PERMISSION, register)
            caller = ApiCaller(person, read_idempotency_key(person) if stores else "")
            sent = _read_form(form) if form else {}
            answer, status = function(caller, register=register, **sent)
            response = json_response(answer)
            response.headers["Cache-Control"] = "no-store"
            if response.status_code == 200:  # not 304
                response.status_code = status
            return response

        api.add_url_rule(flask_rule(f"/v1{path}"), name, view, methods=[method])
        return function

    return decorate


def _read_form(kind: type[FormT]) -> dict[str, FormT | UploadedFile]:
    """The fields and the file of a form. Raises `Refused` with what is missing, unknown or too large."""
    if request.mimetype != "multipart/form-data":
        raise Refused(refusal("Send the file as a form (multipart/form-data), such as “-F file=@tracker.xlsx”."))
    request.max_content_length = MAX_FILE_BYTES + 2 * MAX_FIELD_BYTES
    request.max_form_memory_size, request.max_form_parts = MAX_FIELD_BYTES, MAX_PARTS
    try:
        files, fields = request.files, request.form
    except RequestEntityTooLarge:
        raise _too_large() from None
    if twice := [n for n in (*files, *fields) if len(files.getlist(n)) + len(fields.getlist(n)) > 1]:
        raise Refused(refusal("The field “{name}” is there more than once.", name=twice[0][:40]))
    if FILE not in files or not files[FILE].filename:
        raise Refused(refusal("Send the file with its name as the field “file”, such as “-F file=@tracker.xlsx”."))
    texts = dict(fields) | {name: _text(name, sent.stream) for name, sent in files.items() if name != FILE}
    if unreadable := [name for name, text in texts.items() if "\0" in text]:
        raise Refused(refusal("The field “{name}” has an invisible NUL character. Remove it.", name=unreadable[0][:40]))
    file = UploadedFile(files[FILE].filename or "", _content(files[FILE].stream))
    try:
        return {"form": msgspec.convert(texts, type=kind, strict=False), "file": file}
    except msgspec.ValidationError as e:
        raise Refused(refusal("The form is invalid: {why}.", why=str(e))) from None


def _content(stream: IO[bytes]) -> bytes:
    content = stream.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise _too_large()
    return content


def _text(name: str, stream: IO[bytes]) -> str:
    """The text of a field that was sent as a file."""
    content = stream.read(MAX_FIELD_BYTES + 1)
    if len(content) > MAX_FIELD_BYTES:
        raise _too_large()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(refusal("The field “{name}” is not in UTF-8. Save it as UTF-8.", name=name[:40])) from None


def _too_large() -> RequestProblem:
    return RequestProblem(
        413,
        f"The file is larger than {MAX_FILE_BYTES // 2**20} MB, or a field is larger than {MAX_FIELD_BYTES // 2**20} "
        "MB. Save the sheet with the recommendations as a file of its own.",
    )
