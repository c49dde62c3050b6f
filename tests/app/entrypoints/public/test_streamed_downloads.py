"""Downloads read their rows in batches, each with a connection of its own, and are of one moment."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from app.bootstrap.flask_app import create_app
from app.entrypoints.public import compare, downloads
from app.services.bundles import table_reader
from app.services.bundles.columns import SHEETS
from app.services.container import Services
from app.services.tables import scorecard
from domain import commands as c
from domain.codes import Direction, Kind, RelationKind
from domain.values import (
    Body,
    DeadlineFacts,
    DevelopmentFacts,
    Element,
    Publication,
    Relation,
    Theme,
)

BATCHED = (table_reader, scorecard, compare)
TABLES = ("scorecard", *(sheet.name for sheet in SHEETS))
FILES = ("download/bundle.zip", *(f"download/{name}.csv" for name in TABLES), "compare/compare.csv")


@pytest.fixture
def client(small: Services) -> FlaskClient:
    deadline = DeadlineFacts(id="due-1", due_on="2025-01-01", stated_on="2024-01-01", stated_by="ministry")
    relation = Relation(relation=RelationKind.REPEATS, to="talks")
    small.execute(c.StateDeadline("small", recommendation="law", deadline=deadline), by="dia")
    small.execute(c.StateRelation("small", recommendation="law", relation=relation), by="dia")
    small.clock.go_on(days=1)  # type: ignore[attr-defined]
    return create_app(small).test_client()


@pytest.fixture
def _a_row_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in BATCHED:
        monkeypatch.setattr(module, "ROWS_PER_BATCH", 1)


def change(services: Services) -> None:
    """Something new, something other or something withdrawn in most tables."""
    law = {"register": "small", "recommendation": "law"}
    development = DevelopmentFacts(
        id="news", date="2024-01-01", summary="News.", recommendations=("law",), direction=Direction.NEUTRAL
    )
    later = DeadlineFacts(id="due-2", due_on="2026-01-01", stated_on="2024-06-01", stated_by="ministry")
    for command in (
        c.NameTheme("small", theme=Theme(id="new", title="New")),
        c.NameBody("small", body=Body(id="new", name="New")),
        c.AddPublication(
            "small",
            publication=Publication(id="new", title="New", publisher="A press", published_on="2024", language="en"),
        ),
        c.AmendTheme("small", fact=Theme(id="laws", title="Statutes"), why="A better word."),
        c.AddElement(
            "small",
            recommendation="post",
            element=Element(id="new", title="New", kind=Kind.ONE_OFF, core=True, done_when="Done."),
        ),
        c.WithdrawAssessment(**law, assessment="law-2", reason="An error."),
        c.RecordDevelopment("small", development=development),
        c.StateDeadline(**law, deadline=later),
        c.WithdrawRecommendation("small", recommendation="talks", reason="An error."),
    ):
        services.execute(command, by="dia")


@pytest.mark.parametrize("file", FILES)
def test_a_row_at_a_time_gives_the_same_bytes(client: FlaskClient, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = client.get(f"/small/{file}").data
    for module in BATCHED:
        monkeypatch.setattr(module, "ROWS_PER_BATCH", 1)
    pieces = list(client.get(f"/small/{file}", buffered=False).response)
    assert b"".join(pieces) == whole
    lines = whole.count(b"\n")
    assert len(pieces) >= (lines if file.endswith(".csv") else 1)


@pytest.mark.usefixtures("_a_row_at_a_time")
def test_what_is_recorded_meanwhile_is_in_none_of_the_files_under_way(small: Services, client: FlaskClient) -> None:
    """And a file under way holds no connection, so that no one waits for its reader."""
    before = {file: client.get(f"/small/{file}").data for file in FILES}
    started: dict[str, tuple[bytes, Iterator[bytes]]] = {}
    for file in FILES:
        pieces = iter(client.get(f"/small/{file}", buffered=False).response)
        started[file] = next(pieces), pieces
    engine = small.views.store.engine(small.views.current(), writing=False)
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    change(small)
    assert {file: first + b"".join(rest) for file, (first, rest) in started.items()} == before
    after = {file: client.get(f"/small/{file}").data for file in FILES}
    unchanged = {file for file in FILES if after[file] == before[file]}
    assert not unchanged & {"download/bundle.zip", "download/scorecard.csv", "download/withdrawals.csv"}


def test_a_reader_who_has_the_file_gets_304_until_the_record_moves(small: Services, client: FlaskClient) -> None:
    path = "/small/download/bundle.zip"
    tag = client.head(path).headers["ETag"]
    assert client.get(path).headers["ETag"] == tag
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    change(small)
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_a_workbook_that_no_program_could_open_is_refused(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "MAX_ROWS", 3)
    answer = client.get("/small/download/register.xlsx")
    assert answer.status_code == 400
    assert "Download the bundle or the CSV files instead." in answer.text
