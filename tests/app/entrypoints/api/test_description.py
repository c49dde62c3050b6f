"""The API keeps what its own description promises, for any request that a machine can think of."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import uuid4

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CheckFunction
from schemathesis.specs.openapi.checks import positive_data_acceptance

from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.bootstrap.flask_app import create_app
from app.entrypoints.api.description import describe
from app.services.accounts import api_tokens, people
from app.services.accounts.permissions import ALL_REGISTERS, PERMISSIONS, StaffRole
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from domain import commands as c
from tests.support.bundles import write_small_bundle
from tests.support.clock import Clock


@pytest.fixture(scope="module")
def open_services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder: Path = tmp_path_factory.mktemp("api")
    services = build_services(Settings(data_dir=folder / "store"), create=True, clock=Clock())
    import_bundle(services, write_small_bundle(folder / "small"), ImportOptions())
    services.execute(c.OpenRegister("small", origin="x"), by="ana")
    yield services
    services.close()


@pytest.fixture(scope="module")
def described(open_services: Services) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_wsgi("/api/openapi.json", create_app(open_services))


EXCLUDED_CHECKS: list[CheckFunction] = [positive_data_acceptance]
"""A day in the future is a date, and is refused all the same: no schema can say so."""


OPEN_PATHS = [p for p, methods in describe()["paths"].items() if "get" in methods and "security" not in methods["get"]]
"""What is read without a token."""


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as-described", "not"])
@pytest.mark.parametrize("path", OPEN_PATHS)
def test_the_api_keeps_its_description(described: schemathesis.BaseSchema, path: str, mode: GenerationMode) -> None:
    operation = described[path]["GET"]
    if mode is GenerationMode.NEGATIVE and not operation.definition.raw["parameters"]:
        return  # an operation without parameters has no invalid request

    @given(operation.as_strategy(generation_mode=mode))
    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    def holds(case: schemathesis.Case) -> None:
        if "register" in case.path_parameters and mode is GenerationMode.POSITIVE:
            case.path_parameters["register"] = "small"
        case.call_and_validate(excluded_checks=EXCLUDED_CHECKS)

    holds()


def _current_tag(client: FlaskClient, path: str, parts: Mapping[str, object], token: str) -> str:
    """The ETag of what an operation decides on, as it is now."""
    read = "/api/v1/registers/small/recommendations/law/assessments"
    address = path.format(**parts).rpartition("/")[0]
    if path.endswith(("/publish", "/decline")):
        read = f"{address}/proposal" if "{response}" in path else read.replace("assessments", "proposals")
    elif path.endswith(("/amendments", "/merge")) and "{recommendation}" not in path:
        read = address
    answer = client.get(read, headers={"Authorization": f"Bearer {token}"})
    return str(answer.headers.get("ETag", '"none"'))


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as-described", "not"])
@pytest.mark.parametrize("path", [path for path, methods in describe()["paths"].items() if "post" in methods])
def test_any_body_is_executed_or_refused_with_a_problem(
    open_services: Services, described: schemathesis.BaseSchema, path: str, mode: GenerationMode
) -> None:
    with open_services.accounts.work() as db:
        user = people.add_user(db, f"{abs(hash((path, mode.value)))}@example.org")
        people.give_role(db, user, ALL_REGISTERS, StaffRole.ADMINISTRATOR)
        token = api_tokens.create_token(db, user, "fuzz", list(PERMISSIONS), 1, open_services.clock())
    client = create_app(open_services).test_client()

    @given(described[path]["POST"].as_strategy(generation_mode=mode))
    @settings(max_examples=30, suppress_health_check=list(HealthCheck))
    def holds(case: schemathesis.Case) -> None:
        case.path_parameters |= {"register": "small"}
        names = {"recommendation": "law", "assessment": "law-2", "theme": "laws", "publication": "report"}
        names |= {"body": "senate", "evidence": "story"}
        case.path_parameters |= {k: v for k, v in names.items() if k in case.path_parameters}
        tag = _current_tag(client, path, case.path_parameters, token)
        case.headers = {"Authorization": f"Bearer {token}", "If-Match": tag, "Idempotency-Key": uuid4().hex}
        answer = case.call()
        assert answer.status_code in (200, 201, 400, 404, 405, 409, 413, 415, 422), answer.text
        if answer.status_code == 422:
            assert answer.json()["problems"]
        elif answer.status_code >= 400:
            assert answer.json()["detail"]

    holds()
