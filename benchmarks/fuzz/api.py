"""Every operation of the API with a token of an administrator, as schemathesis thinks them up, against a real server."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.services.accounts import api_tokens, people
from app.services.accounts.permissions import ALL_REGISTERS, PERMISSIONS, StaffRole
from app.services.bundles.importing import ImportOptions, import_bundle
from domain.commands import OpenRegister
from tests.support.bundles import write_small_bundle
from tests.support.processes import served

EXCLUDED_CHECKS = "positive_data_acceptance,missing_required_header"
"""A day in the future is a date, and is refused all the same. 428 is the right answer without “If-Match” (RFC 6585)."""


def fuzz_api(folder: Path, seed: int, examples: int) -> int:
    """Run the phases examples, coverage and fuzzing to their end; returns 0 if no response breaks the description."""
    settings = Settings(data_dir=folder / "data")
    with closing(build_services(settings, create=True)) as services:
        import_bundle(services, write_small_bundle(folder / "small"), ImportOptions())
        services.execute(OpenRegister("small", origin="http://127.0.0.1"), by="ana")
        with services.accounts.work() as db:
            user = people.add_user(db, "ada@example.org")
            people.give_role(db, user, ALL_REGISTERS, StaffRole.ADMINISTRATOR)
            token = api_tokens.create_token(db, user, "fuzz", list(PERMISSIONS), 1, services.clock())
    with served("serve", settings.data_dir, folder / "log.txt") as address:
        command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{address}/api/openapi.json"]
        options = ["--phases", "examples,coverage,fuzzing", "--max-examples", str(examples), "--seed", str(seed)]
        options += ["--exclude-checks", EXCLUDED_CHECKS, "--continue-on-failure", "--no-color"]
        return subprocess.run([*command, "-H", f"Authorization: Bearer {token}", *options], cwd=folder).returncode
