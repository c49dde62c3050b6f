"""Every route against a register of ten times the size: the steps of the database and the bytes of the answer.

Times would differ from run to run; steps do not. A list shows as many rows as a page has, so that what does not grow may
still be a few times as much where the smaller register fills no page.
"""

import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from msgspec import Struct

from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.bootstrap.flask_app import create_app
from app.entrypoints.public import calendar, compare, sitemap
from app.services.bundles import drained_file, table_reader
from app.services.tables import scorecard
from benchmarks.growth.addresses import COMPARED
from benchmarks.growth.plans import Statement, scans
from benchmarks.growth.register import REGISTER, fill
from benchmarks.growth.walk import Cost, counting, walk
from tests.support.clock import Clock

pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices")  # raised by the sign-in library
SMALL, LARGE = 100, 1_000
MOST = 4.0
"""How many times as much a route may take that does not grow."""
FREE_STEPS, FREE_BYTES = 4_000, 10_000
"""What a route may take at any rate."""
FILE = "a file of the whole register"
COUNT = "counts in indexes, some 10 to 40 steps for each recommendation or source"
SORTED = "counts and sorts in indexes, some 100 to 500 steps for each recommendation, and reads a page of rows"
DRAWN = "reads the status histories of up to 2,000 recommendations"
FILLED = "reads past the changes of other themes until its page is full, and has no full page in a small register"
LIST = "reads the addressees or the corrections of a register, and shows a page of them"
GROWS = {
    **dict.fromkeys(
        (
            "public.compare_csv",
            "public.download_bundle",
            "public.download_csv",
            "public.download_csv_for_people",
            "public.download_workbook",
            "public.due_calendar",
            "public.printed_list",
            "staff.download_criteria",
            "staff.download_sheet",
            "staff.register_template",
        ),
        FILE,
    ),
    **dict.fromkeys(
        (
            "public.body_feed",
            "public.calendar",
            "public.picture_of_comparison",
            "public.picture_of_review",
            "public.reviews",
            "public.series",
            "public.themes",
            "staff.bulk_criteria",
            "staff.bulk_facts",
            "staff.desk",
            "staff.download_facts",
            "staff.due",
            "staff.home",
            "staff.proposal",
            "staff.propose",
            "staff.set_up",
            "staff.stocktaking",
            "staff.translations",
            "staff.withdraw",
        ),
        COUNT,
    ),
    **dict.fromkeys(
        (
            "api.compare",
            "api.scorecard",
            "public.bodies",
            "public.compare",
            "public.comparison_chart",
            "public.review_series",
            "public.scorecard",
            "public.theme",
        ),
        SORTED,
    ),
    "public.over_time_chart": DRAWN,
    **dict.fromkeys(("public.changes", "public.theme_feed"), FILLED),
    **dict.fromkeys(
        (
            "api.body_scorecard",
            "api.errata",
            "public.body",
            "public.picture_of_body",
            "public.review",
        ),
        LIST,
    ),
}
"""The endpoints that grow, with what makes them; at most in step with the register."""
ROWS_HELD = 20
"""How many rows of a download are read at once in the test of its memory."""
MOST_HELD_BYTES = (LARGE - SMALL) * 1_000
"""What a download of the large register may hold more than one of the small: where rows lie, and their order."""
DOWNLOADS = (
    "download/bundle.zip",
    *(f"download/{table}.csv" for table in ("scorecard", "recommendations", "assessments", "evidence", "cards")),
    f"compare/compare.csv?{COMPARED}",
    "due.ics",
)
IN_STEP = LARGE / SMALL * 1.6
"""The most that a route which grows may take: more would be faster than the register."""
STREAMED = ("history.csv", "history.jsonl")
"""What is not walked: the history, which is read and sent a part at a time, and takes a third of the time of all."""
ACCOUNTS = "a row or a few for each person who signs in"
SMALL_TABLES = {
    "account_messages": ACCOUNTS,
    "former_names": ACCOUNTS,
    "links": ACCOUNTS,
    "memberships": ACCOUNTS,
    "people": ACCOUNTS,
    "roles_users": ACCOUNTS,
    "webauthn": ACCOUNTS,
    "checkpoints": "a row for each signed checkpoint",
    "facts_of_registers": "the facts about registers themselves",
    "position": "one row",
    "scorecard_registers": "a row for each register",
}
"""What is read from its first row to its last, with the reason why it stays small."""


class Walked(Struct):
    """By path: the endpoint, and what it cost in the small and in the large register; and where these are."""

    endpoints: dict[str, str]
    small: dict[str, Cost]
    large: dict[str, Cost]
    statements: set[Statement]
    folders: list[Path]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    result = Walked({}, {}, {}, set(), [])
    with counting() as counter, patch.object(sitemap, "MAX_PAGES", SMALL // 2):
        for size, costs in ((SMALL, result.small), (LARGE, result.large)):
            folder = tmp_path_factory.mktemp("growth")
            result.folders.append(folder)
            clock = Clock()
            settings = Settings(data_dir=folder, publish_hold_seconds=0, trial=True)
            services = build_services(settings, create=True, clock=clock)
            fill(services, size, lambda clock=clock: clock.go_on(days=1))
            for address, cost in walk(services, counter, without=STREAMED):
                result.endpoints[address.path] = address.endpoint
                costs[address.path] = cost
                result.statements.update(counter.statements)
            services.close()
        yield result


def grown(walked: Walked, of: Callable[[Cost], int], free: int, most: float) -> set[str]:
    """The paths that take more than so many times as much."""
    pairs = ((path, of(walked.small[path]), of(cost)) for path, cost in walked.large.items())
    return {path for path, small, large in pairs if large > max(free, small) * most}


def too_much(walked: Walked, most: float) -> dict[str, set[str]]:
    """By endpoint, the paths whose steps or bytes grow."""
    paths = grown(walked, lambda c: c.steps, FREE_STEPS, most) | grown(walked, lambda c: c.size, FREE_BYTES, most)
    found: dict[str, set[str]] = {}
    for path in paths:
        found.setdefault(walked.endpoints[path], set()).add(path)
    return found


def test_every_address_is_answered(walked: Walked) -> None:
    """With what is there, or with what is wrong."""
    assert {path: cost.status for path, cost in walked.large.items() if cost.status >= 500} == {}


def test_nothing_else_grows_with_the_register(walked: Walked) -> None:
    assert {e: paths for e, paths in too_much(walked, MOST).items() if e not in GROWS} == {}


def test_what_is_said_to_grow_still_does(walked: Walked) -> None:
    """With some distance to the limit: how many steps a route takes depends on random ids a little."""
    assert set(GROWS) - set(too_much(walked, MOST / 2)) == set()


def test_nothing_grows_faster_than_the_register(walked: Walked) -> None:
    assert too_much(walked, IN_STEP) == {}


def test_no_statement_reads_a_table_that_grows(walked: Walked) -> None:
    found = {scan.table: scan.statement for scan in scans(walked.statements)}
    assert {table: statement for table, statement in found.items() if table not in SMALL_TABLES} == {}
    assert set(SMALL_TABLES) - set(found) == set()


def peak_of(folder: Path, path: str) -> tuple[int, int]:
    """The most memory that a download takes while it is read, in bytes, and its size."""
    services = build_services(Settings(data_dir=folder, publish_hold_seconds=0, trial=True))
    client = create_app(services).test_client()
    client.get(path).close()
    tracemalloc.start()
    size = sum(map(len, client.get(path, buffered=False).response))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    services.close()
    return peak, size


@pytest.mark.parametrize("file", DOWNLOADS)
def test_what_a_download_holds_does_not_grow(walked: Walked, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (table_reader, scorecard, compare):
        monkeypatch.setattr(module, "ROWS_PER_BATCH", ROWS_HELD)
    monkeypatch.setattr(calendar, "DAYS_PER_BATCH", ROWS_HELD)
    monkeypatch.setattr(drained_file, "MAX_BYTES_IN_MEMORY", ROWS_HELD)
    (small, small_size), (large, large_size) = (peak_of(folder, f"/{REGISTER}/{file}") for folder in walked.folders)
    assert large_size > 4 * small_size
    assert large - small < MOST_HELD_BYTES
