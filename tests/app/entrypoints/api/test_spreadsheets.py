"""An office's own sheet through the API: guess a mapping, import by it, send the next edition."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask

from app.bootstrap.flask_app import create_app
from app.entrypoints.api import spreadsheets
from app.services.accounts import api_tokens, people
from app.services.accounts.permissions import ALL_REGISTERS, StaffRole
from app.services.container import Services
from domain import commands as c
from domain.values import Theme
from tests.support.office_sheets import XLSX, follow_up_workbook

HEADINGS = ("No.", "Recommendation", "Responsible body", "Status", "As of", "Link")
ROWS = [
    ("1", "Publish the budget every year", "Ministry of Finance", "Completed", "2024-03-01", "https://a.example/1"),
    ("2", "Open a register of lobbyists", "Parliament", "In progress", "2024-03-01", "https://a.example/2"),
    ("3", "Appoint a commissioner for information", "Parliament", "Not started", "2024-03-01", "https://b.example/3"),
    ("4", "Free the archives of the police", "Min. of Finance", "Completed", "2024-03-01", "https://b.example/4"),
]
PLAN = "/api/v1/registers/plan/spreadsheets"
FORM = "multipart/form-data"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
"""How old and encrypted workbooks begin."""


def plan_csv(rows: Sequence[Sequence[str]] = ROWS, headings: Sequence[str] = HEADINGS) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([headings, *rows])
    return text.getvalue().encode()


@pytest.fixture
def app(services: Services) -> Flask:
    return create_app(services)


@pytest.fixture
def make_token(services: Services) -> Callable[..., str]:
    """Makes an account with a role in a register, and a token with scopes; returns the token."""

    def make(name: str, role: StaffRole | None, register: str = ALL_REGISTERS, *scopes: str) -> str:
        with services.accounts.work() as db:
            user = people.add_user(db, f"{name}@example.org", person=f"person-{name}")
            if role:
                people.give_role(db, user, register, role)
            return api_tokens.create_token(db, user, "script", list(scopes or ("settings",)), 30, services.clock())

    return make


@pytest.fixture
def token(make_token: Callable[..., str]) -> str:
    return make_token("ada", StaffRole.ADMINISTRATOR)


Send = Callable[..., Any]


@pytest.fixture
def send(app: Flask, token: str) -> Send:
    """Sends a file with fields; a mapping that is an object goes as JSON. The clock moves on by a second."""
    client: Any = app.test_client()
    count = iter(range(1000))

    def sending(path: str, file: bytes, name: str = "plan.csv", key: str = "", by: str = "", **fields: Any) -> Any:
        texts = {n: json.dumps(v) if isinstance(v, dict | bool) else v for n, v in fields.items()}
        headers = {"Authorization": f"Bearer {by or token}", "Idempotency-Key": key or f"k{next(count)}"}
        answer = client.post(path, data={"file": (io.BytesIO(file), name), **texts}, headers=headers)
        app.extensions["uptake"].clock.go_on(seconds=1)
        return answer

    return sending


@pytest.fixture
def mapping(send: Send) -> dict[str, Any]:
    """The guessed mapping of the plan."""
    answer = send(f"{PLAN}/guess", plan_csv())
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json["mapping"]
    return found


def test_a_guess_says_what_it_found_and_what_a_person_must_check(services: Services, send: Send) -> None:
    before = services.log.last()
    answer = send(f"{PLAN}/guess", plan_csv()).json
    assert answer["recommendations"] == 4
    assert answer["mapping"]["columns"][0] == {"column": "A", "heading": "No.", "field": "number"}
    assert answer["mapping"]["words"]["status"]["Completed"] == "implemented"
    assert answer["alike"] == [{"first": "Ministry of Finance", "second": "Min. of Finance", "answer": "same"}]
    assert any("unclassified" in s or "publication" in s.lower() for s in answer["assumed"]), answer["assumed"]
    assert answer["toml"].startswith("# How a spreadsheet becomes a register")
    assert services.log.last() == before


@pytest.mark.parametrize("form", ["toml", "mapping"])
def test_a_guessed_mapping_stores_every_recommendation(app: Flask, send: Send, form: str) -> None:
    guess = send(f"{PLAN}/guess", follow_up_workbook(), XLSX).json
    dry = send(PLAN, follow_up_workbook(), XLSX, mapping=guess[form], create=True, dry_run=True)
    assert (dry.status_code, dry.json["stored"]) == (200, 70)
    done = send(PLAN, follow_up_workbook(), XLSX, mapping=guess[form], create=True)
    assert done.status_code == 201, done.text
    numbers = {"stored": 70, "changed": 0, "unchanged": 0, "left_out": 0, "problems": []}
    assert done.json == numbers | {"legacy": dry.json["legacy"], "plan": ""}
    assert done.json["legacy"][0].keys() == {"cause", "count", "rows", "column", "cure"}
    again = send(PLAN, follow_up_workbook(), XLSX, mapping=guess[form])
    assert again.status_code == 200
    assert again.json == numbers | {"stored": 0, "unchanged": 70, "legacy": [], "plan": ""}
    assert app.test_client().get("/api/v1/registers/plan/scorecard").status_code == 404
    assert app.test_client().get("/plan/").status_code == 404


def test_an_import_stores_what_the_dry_run_showed(services: Services, send: Send, mapping: Any) -> None:
    assert send(PLAN, plan_csv(), mapping=mapping, create=True).status_code == 201
    row = (ROWS[0][0], f"{ROWS[0][1]} soon", *ROWS[0][2:])
    changed = plan_csv([row, *ROWS[1:]])
    plan = send(PLAN, changed, mapping=mapping, update=True, dry_run=True).json["plan"]
    before = services.log.last()
    refused = send(PLAN, plan_csv(), mapping=mapping, update=True, expected_plan=plan)
    assert (refused.status_code, services.log.last()) == (409, before), refused.text
    assert "changed after the preview" in refused.json["detail"]
    done = send(PLAN, changed, mapping=mapping, update=True, why="A better title.", expected_plan=plan)
    assert (done.status_code, done.json["changed"]) == (201, 1), done.text


def test_problems_are_told_by_cause_and_nothing_is_stored(services: Services, send: Send, mapping: Any) -> None:
    rows = [*ROWS[:2], (*ROWS[2][:3], "Nearly", *ROWS[2][4:]), (*ROWS[3][:4], "32 May", ROWS[3][5])]
    before = services.log.last()
    answer = send(PLAN, plan_csv(rows), mapping=mapping, create=True)
    assert answer.status_code == 422
    assert services.log.last() == before
    numbers = {name: answer.json[name] for name in ("stored", "changed", "unchanged", "left_out")}
    assert numbers == {"stored": 0, "changed": 0, "unchanged": 0, "left_out": 4}
    assert [(p["rows"], p["column"]) for p in answer.json["problems"]] == [([4], "Status"), ([5], "As of")]
    assert answer.json["problems"][0]["cure"] == "Choose it once for each word."
    valid = send(PLAN, plan_csv(rows), mapping=mapping, create=True, valid_rows=True)
    assert (valid.status_code, valid.json["stored"], valid.json["left_out"]) == (201, 2, 2)
    assert valid.json["problems"] == answer.json["problems"]


def test_the_same_key_is_carried_out_once(services: Services, send: Send, mapping: Any) -> None:
    rows = [*ROWS[:3], (*ROWS[3][:3], "Nearly", *ROWS[3][4:])]
    sent = {"mapping": mapping, "create": True, "valid_rows": True, "key": "one"}
    first = send(PLAN, plan_csv(rows), **sent)
    position = services.log.last()
    again = send(PLAN, plan_csv(rows), **sent)
    assert services.log.last() == position
    assert (first.status_code, again.status_code) == (201, 201)
    assert {**again.json, "legacy": first.json["legacy"]} == first.json
    other = send(PLAN, plan_csv(ROWS), **sent)
    assert (other.status_code, other.json["detail"]) == (
        422,
        "This key was used for another command, so nothing was stored. Send this command with a new key.",
    )
    assert send(PLAN, plan_csv(rows), mapping=mapping, key="x" * 201).status_code == 400


def test_the_key_of_another_command_is_refused(services: Services, send: Send, mapping: Any) -> None:
    send(PLAN, plan_csv(), mapping=mapping, create=True)
    theme = Theme(id="trees", title="Trees")
    services.execute(c.NameTheme("plan", theme=theme), by="ada", command_id="api/person-ada/used")
    answer = send(PLAN, plan_csv(), mapping=mapping, create=True, key="used")
    assert answer.status_code == 422


def test_the_next_edition_of_an_open_register_waits_for_a_second_person(
    services: Services, app: Flask, send: Send, mapping: Any
) -> None:
    send(PLAN, plan_csv(), mapping=mapping, create=True)
    services.execute(c.OpenRegister("plan", origin="x", without_keeper=True), by="ada")
    saved: Any = app.test_client().get(f"{PLAN}/mapping", headers={"Authorization": f"Bearer {_token(services)}"})
    assert saved.json["file_name"] == "plan.csv"
    rows = [
        ("1", "Publish the whole budget every year", *ROWS[0][2:]),
        (*ROWS[1][:3], "Completed", "2025-03-01", "https://a.example/5"),
        *ROWS[2:],
        ("5", "Plant ten thousand trees along the rivers", "Parliament", "", "", ""),
    ]
    sent = {"mapping": saved.json["mapping"], "name": "plan 2025.csv"}
    refused = send(PLAN, plan_csv(rows), **sent)
    assert refused.status_code == 422
    assert [p["cause"] for p in refused.json["problems"]][1:] == [
        "“1” is stored with other content: “Publish the budget every year”, not “Publish the whole budget every year”.",
        "Choose what kind of source it is. The register is open.",
    ]
    sent["mapping"]["hosts"] = {"a.example": "official"}
    silent = send(PLAN, plan_csv(rows), update=True, **sent)
    assert (silent.status_code, silent.json["detail"]) == (400, "Enter why you changed it. The reason is public.")
    done = send(PLAN, plan_csv(rows), update=True, why="The second edition of the file.", **sent)
    assert done.status_code == 201, done.text
    numbers = {name: done.json[name] for name in ("stored", "changed", "unchanged", "left_out")}
    assert numbers == {"stored": 1, "changed": 2, "unchanged": 2, "left_out": 0}
    client: Any = app.test_client()
    items = {i["number"]: i for i in client.get("/api/v1/registers/plan/scorecard").json["recommendations"]}
    assert items["1"]["title"] == "Publish the whole budget every year"
    assert items["2"]["status"] == "in_progress"
    assert "The second edition of the file." in client.get("/plan/corrections/").text
    assert send(PLAN, plan_csv(rows), update=True, why="Again.", **sent).json["unchanged"] == 5


def _token(services: Services) -> str:
    with services.accounts.work() as db:
        user = people.find_user(db, "ada@example.org")
        return api_tokens.create_token(db, user, "another", ["settings"], 30, services.clock())


def test_a_guess_uses_the_names_and_the_mapping_of_the_register(send: Send, mapping: Any) -> None:
    mapping["bodies"]["Parliament"] = {"id": "lower-house", "name": "The lower house"}
    mapping["columns"][4]["field"] = "leave_out"
    assert send(
        PLAN, plan_csv(), mapping=mapping | {"choices": mapping["choices"] | {"status_on": "2024"}}, create=True
    )
    guess = send(f"{PLAN}/guess", plan_csv()).json["mapping"]
    assert guess["bodies"]["Parliament"]["id"] == "lower-house"
    assert guess["columns"][4]["field"] == "leave_out"


def test_a_register_without_a_spreadsheet_has_no_mapping(small: Services, app: Flask, token: str) -> None:
    client: Any = app.test_client()
    headers = {"Authorization": f"Bearer {token}"}
    for register in ("small", "nowhere"):
        answer = client.get(f"/api/v1/registers/{register}/spreadsheets/mapping", headers=headers)
        assert (answer.status_code, answer.json["detail"]) == (404, f"No spreadsheet was imported into “{register}”.")


def test_a_saved_mapping_is_never_cached_for_others(services: Services, app: Flask, send: Send, mapping: Any) -> None:
    send(PLAN, plan_csv(), mapping=mapping, create=True)
    client: Any = app.test_client()
    answer = client.get(f"{PLAN}/mapping", headers={"Authorization": f"Bearer {_token(services)}"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert client.get(f"{PLAN}/mapping").status_code == 401


@pytest.mark.parametrize("role", [None, StaffRole.READER, StaffRole.ANALYST, StaffRole.EDITOR])
def test_only_an_administrator_sends_spreadsheets(
    services: Services, app: Flask, send: Send, make_token: Callable[..., str], mapping: Any, role: StaffRole | None
) -> None:
    send(PLAN, plan_csv(), mapping=mapping, create=True)
    secret, before = make_token("eve", role, "plan", "settings", "publish"), services.log.last()
    for register in ("plan", "nowhere"):
        path = f"/api/v1/registers/{register}/spreadsheets"
        answers = [
            send(path, plan_csv(), by=secret, mapping=mapping, create=True),
            send(f"{path}/guess", plan_csv(), by=secret),
            app.test_client().get(f"{path}/mapping", headers={"Authorization": f"Bearer {secret}"}),
        ]
        for answer in answers:
            assert answer.status_code == 403, answer.text
            assert answer.json["detail"] == (
                f"To change and open a register in “{register}”, you need the role administrator. "
                "Ask an administrator for it."
            )
    assert services.log.last() == before


def test_a_token_needs_the_scope_and_comes_before_the_body(
    app: Flask, send: Send, make_token: Callable[..., str]
) -> None:
    narrow = make_token("ben", StaffRole.ADMINISTRATOR, ALL_REGISTERS, "publish")
    assert send(PLAN, plan_csv(), by=narrow).json["detail"].startswith("This token lacks the scope “settings”")
    endless = _Endless()
    answer: Any = app.test_client().post(PLAN, environ_overrides=endless.environ)
    assert (answer.status_code, endless.read_bytes) == (401, 0)


class _Endless(io.RawIOBase):
    """A body that never ends."""

    read_bytes = 0

    @property
    def environ(self) -> dict[str, object]:
        """What a server says of a request in pieces, whose length it does not know."""
        return {"wsgi.input": self, "wsgi.input_terminated": True, "CONTENT_TYPE": f"{FORM}; boundary=x"}

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.read_bytes += len(buffer)
        buffer[:] = b"x" * len(buffer)
        return len(buffer)


def test_an_endless_upload_is_refused_before_it_fills_the_memory(app: Flask, token: str) -> None:
    endless = _Endless()
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}
    answer: Any = app.test_client().post(PLAN, headers=headers, environ_overrides=endless.environ)
    assert answer.status_code == 413
    assert answer.json["detail"].startswith("The file is larger than 32 MB, or")
    assert endless.read_bytes < 42 * 2**20


@pytest.mark.parametrize(("file", "name", "sentence"), [
    (b"\x89PNG\r\n\x1a\n" + bytes(100), "scan.png", "picture"),
    (OLE + "EncryptedPackage".encode("utf-16-le") + bytes(2000), "plan.xlsx", "password"),
    (OLE + bytes(2000), "plan.xlsx", "“plan.xlsx”"),
    (b"", "plan.csv", "“plan.csv”"),
    (b"x" * (32 * 2**20 + 1), "plan.csv", "larger than 32 MB"),
])  # fmt: skip
def test_a_file_that_is_no_table_is_refused_with_a_sentence(
    services: Services, send: Send, mapping: Any, file: bytes, name: str, sentence: str
) -> None:
    before = services.log.last()
    for path in (PLAN, f"{PLAN}/guess"):
        fields = {"mapping": mapping, "create": True} if path == PLAN else {}
        answer = send(path, file, name, **fields)
        assert answer.status_code in (400, 413)
        assert answer.mimetype == "application/problem+json"
        assert sentence in answer.json["detail"]
    assert services.log.last() == before


def test_a_long_file_is_sent_elsewhere(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MAX_ROWS", 4)
    assert send(f"{PLAN}/guess", plan_csv(ROWS[:3])).status_code == 200
    answer = send(f"{PLAN}/guess", plan_csv())
    assert (answer.status_code, answer.json["detail"]) == (
        413,
        "A sheet of the file has 5 rows. The API reads at most 4. Import it in the browser, or with “uptake import” on "
        "the command line.",
    )


def test_every_problem_of_a_mapping_is_named_at_once(send: Send) -> None:
    text = 'version = 2\nlegacy = "yes"\n[[columns]]\ncolumn = "A"\nheading = "No."\nfield = "nmber"\n[words.colour]\n'
    answer = send(PLAN, plan_csv(), mapping=text, create=True)
    assert answer.status_code == 400
    assert [e.partition(":")[0] for e in answer.json["errors"]] == [
        "Line 1, version", "Line 2, legacy", "Line 6, field", "Line 7"
    ]  # fmt: skip
    data = {"version": 2, "legacy": "yes", "columns": [{"column": "A", "heading": "", "field": "nmber"}], "words": []}
    answer = send(PLAN, plan_csv(), mapping=data, create=True)
    assert answer.json["errors"] == [
        "version: this version of Uptake reads version 1 only.",
        "legacy: write true or false.",
        "columns.0.field: “nmber” is not known. Did you mean “number”?",
        "words: write an object.",
    ]


@pytest.mark.parametrize(("mapping", "sentence"), [
    ("[[columns]\n", "Line 1 cannot be read as TOML. Check that texts are in quotes and brackets are closed."),
    ("a = " + "[" * 20_000, "The mapping has too many brackets in one another. Check that all are closed."),
    ('{"version": 1', "The mapping is not valid JSON: Input data was truncated."),
    ('{"a":' * 20_000, "The mapping is not valid JSON: maximum recursion depth exceeded"),
    ("", "Send the mapping of the file as the field “mapping”: TOML or JSON, as it was guessed."),
    ('[[columns]]\ncolumn = "A"\nheading = "Nr"\nfield = "number"\n', "There is no column “Nr” in the file."),
    ('sheet = "Plan"\n', "There is no sheet “Plan” in the file."),
])  # fmt: skip
def test_a_mapping_that_does_not_fit_is_refused_with_a_sentence(send: Send, mapping: str, sentence: str) -> None:
    answer = send(PLAN, follow_up_workbook(7), XLSX, mapping=mapping, create=True)
    assert answer.status_code == 400
    assert answer.json["detail"].startswith(sentence)


def test_a_form_that_does_not_fit_is_refused_with_a_sentence(app: Flask, token: str, send: Send, mapping: Any) -> None:
    assert "unknown field `colour`" in send(PLAN, plan_csv(), colour="red").json["detail"]
    assert "Expected `bool`" in send(PLAN, plan_csv(), create="perhaps").json["detail"]
    assert "NUL character" in send(PLAN, plan_csv(), mapping=mapping, why="a\0b").json["detail"]
    missing = send(PLAN, plan_csv(), mapping=mapping)
    assert (missing.status_code, missing.json["detail"]) == (
        404,
        "There is no register “plan”. Begin it with “create”: true.",
    )
    client: Any = app.test_client()
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}
    assert "as a form" in client.post(PLAN, json={}, headers=headers).json["detail"]
    assert "the field “file”" in client.post(PLAN, data={"why": "x"}, headers=headers, content_type=FORM).json["detail"]
    twice = {"file": [(io.BytesIO(b"a"), "a.csv"), (io.BytesIO(b"a"), "b.csv")]}
    assert "more than once" in client.post(PLAN, data=twice, headers=headers).json["detail"]
    huge = send(PLAN, plan_csv(), mapping="#" * (4 * 2**20 + 1))
    assert huge.status_code == 413
