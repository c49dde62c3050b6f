"""Every operation of the API with a token of an administrator, as schemathesis thinks them up, against a real server."""

import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.services.accounts import api_tokens, people
from app.services.accounts.permissions import ALL_REGISTERS, PERMISSIONS, StaffRole
from app.services.container import Services
from app.services.snapshots.freeze import freeze_review
from domain import commands as c
from domain.codes import Position, Reason, Status
from domain.values import Assessment, ResponseFacts
from tests.packages.make import record_every_kind_of_fact
from tests.support.clock import Clock
from tests.support.processes import served
from tests.support.repository import ROOT
from tests.support.small_register import open_small_register

EXCLUDED_CHECKS = "positive_data_acceptance,missing_required_header"
"""A day in the future is a date, and is refused all the same. 428 is the right answer without “If-Match” (RFC 6585)."""


IDS = {
    "register": ("small",),
    "recommendation": ("post", "law", "talks"),
    "assessment": ("post-kept-2", "law-1", "law-3", "proposal-0", "proposal-1", "proposal-2", "proposal-3"),
    "deadline": ("due", "moved"),
    "response": ("said", "denied", "pending-0", "pending-1", "pending-2"),
    "body": ("state", "ministry", "senate", "bureau"),
    "theme": ("offices", "laws"),
    "publication": ("report", "article"),
    "evidence": ("oath", "story", "search", "leak"),
    "review": ("ten",),
    "as_of": ("2024-02-17",),
}
"""What is there, by its name in an address: of `tests.support.bundles`, and what is added to it here."""
BELONGS = {"deadline": {"recommendation": "law"}}
PROPOSALS, RESPONSES = 4, 3
"""How many wait for a decision: each can be published or declined once."""


def fuzz_api(folder: Path, seed: int, examples: int) -> int:
    """Run the phases examples, coverage and fuzzing to their end; returns 0 if no response breaks the description."""
    answers = folder / "answers.txt"
    with closing(seeded_services(folder)) as seeded:
        settings = seeded.settings
    with closing(build_services(settings)) as services, services.accounts.work() as db:
        user = people.add_user(db, "ada@example.org")
        people.give_role(db, user, ALL_REGISTERS, StaffRole.ADMINISTRATOR)
        token = api_tokens.create_token(db, user, "fuzz", list(PERMISSIONS), 1, services.clock())
    with served("serve", settings.data_dir, folder / "log.txt") as address:
        command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{address}/api/openapi.json"]
        options = ["--phases", "examples,coverage,fuzzing", "--max-examples", str(examples), "--seed", str(seed)]
        options += ["--exclude-checks", EXCLUDED_CHECKS, "--continue-on-failure", "--no-color"]
        hooks = {"SCHEMATHESIS_HOOKS": "benchmarks.fuzz.hooks", "PYTHONPATH": str(ROOT)}
        environment = (
            os.environ
            | hooks
            | {"FUZZ_ANSWERS": str(answers), "FUZZ_SEED": str(seed), "FUZZ_SITE": address, "FUZZ_TOKEN": token}
        )
        headers = ["-H", f"Authorization: Bearer {token}"]
        code = subprocess.run([*command, *headers, *options], cwd=folder, env=environment).returncode
    for line in shares(answers.read_text("utf-8").splitlines()):
        print(line)
    return code


def seeded_services(folder: Path) -> Services:
    """The small register with every kind of fact, proposals and a frozen review."""
    services = build_services(Settings(data_dir=folder / "data", trial=True), create=True, clock=Clock())
    record_every_kind_of_fact(open_small_register(services, folder / "small"))
    _propose(services)
    freeze_review(services, "small", "ten", by="ana")
    return services


def _propose(services: Services) -> None:
    for number in range(PROPOSALS):
        facts = Assessment(
            id=f"proposal-{number}",
            status=Status.IN_PROGRESS,
            reason=Reason.WORLD_CHANGED,
            effective_on=f"2025-0{number + 1}",
            rationale="It is under way.",
            evidence=("story",),
        )
        services.execute(c.ProposeAssessment("small", recommendation="law", assessment=facts), by="ana")
    for number in range(RESPONSES):
        said = ResponseFacts(
            id=f"pending-{number}",
            body="senate",
            position=Position.ACCEPTS,
            given_on=f"2024-0{number + 1}-01",
            summary="It will.",
            evidence=("story",),
        )
        services.execute(c.ProposeResponse("small", recommendation="law", facts=said), by="ana")


def shares(answers: Iterable[str]) -> Iterator[str]:
    """How many answers met something that is there, and the operations that never did. A line is `404 GET /path`."""
    statuses = defaultdict[str, Counter[str]](Counter)
    for line in answers:
        status, operation = line.split(" ", 1)
        statuses[operation][status] += 1
    total = sum(counts.total() for counts in statuses.values())
    met = total - sum(counts["404"] for counts in statuses.values())
    yield f"{total:,} answers, {met / max(total, 1):.0%} of them not 404"
    for code, count in sorted(sum(statuses.values(), Counter[str]()).items()):
        yield f"  {code}: {count:,}"
    yield from (f"never met anything: {name}" for name, counts in statuses.items() if set(counts) == {"404"})
