"""A short run of the harness of `benchmarks/fuzz`, and every input that once failed."""

import re
from contextlib import closing
from pathlib import Path

import pytest

from app.bootstrap.flask_app import create_app
from app.entrypoints.api.description import describe
from benchmarks.fuzz.api import IDS, seeded_services, shares
from benchmarks.fuzz.fuzzing import KEPT, Fuzzing, problem_of
from benchmarks.fuzz.targets import NoSentence, Target, make_targets
from domain.errors import Refused

SECONDS = 25


@pytest.fixture(scope="module")
def targets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Target]:
    return make_targets(tmp_path_factory.mktemp("fuzz"))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_damaged_inputs_are_read_or_refused_in_a_sentence(targets: dict[str, Target]) -> None:
    fuzzing = Fuzzing(1, targets)
    fuzzing.run(SECONDS)
    assert list(fuzzing.problems) == []
    assert fuzzing.tried.keys() == targets.keys()


@pytest.mark.parametrize("file", sorted(KEPT.glob("*/*")), ids=lambda file: f"{file.parent.name}-{file.name}")
def test_an_input_that_once_failed(targets: dict[str, Target], file: Path) -> None:
    assert problem_of(targets[file.parent.name], file.read_bytes()) == ""


def test_the_harness_notices_tracebacks_and_missing_sentences() -> None:
    def target(error: Exception) -> Target:
        def fail(_content: bytes) -> None:
            raise error

        return Target((b"x",), lambda _chance, sample: sample, fail)

    assert problem_of(target(Refused("Save the file again.")), b"") == ""
    assert problem_of(target(ValueError("x")), b"").startswith("ValueError: x at")
    assert problem_of(target(NoSentence("500")), b"").startswith("NoSentence")
    assert problem_of(target(Refused("no")), b"") == "no sentence: 'no'"
    fuzzing = Fuzzing(1, {"a": target(ValueError("x"))})
    fuzzing.run(5, inputs=3)
    assert len(fuzzing.problems) == 1


def test_a_run_over_the_api_says_how_many_answers_met_something() -> None:
    answers = ["200 GET /a", "404 GET /a", "412 POST /b", "404 GET /c", "404 GET /c"]
    assert list(shares(answers)) == [
        *("5 answers, 40% of them not 404", "  200: 1", "  404: 3", "  412: 1", "never met anything: GET /c"),
    ]


def test_every_name_in_an_address_of_the_api_has_ids_that_are_there(tmp_path: Path) -> None:
    addresses = {path for path in describe()["paths"] if "{" in path}  # type: ignore[attr-defined]
    assert {name for path in addresses for name in re.findall(r"{(\w+)}", path)} == IDS.keys()
    with closing(seeded_services(tmp_path)) as services:
        client = create_app(services).test_client()
        for name, where in (
            *((name, f"{name}s") for name in ("theme", "publication", "recommendation")),
            *(("body", "bodies"), ("evidence", "evidence")),
        ):
            found = [client.get(f"/api/v1/registers/small/{where}/{ident}").status_code for ident in IDS[name]]
            assert found == [200] * len(found), name
