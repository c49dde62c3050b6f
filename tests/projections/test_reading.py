"""A reader sees one moment, and asks for the same thing once."""

from datetime import datetime

from sqlalchemy import Connection, Engine, event

from app.services.container import Services
from domain import commands as c
from domain.values import Body, RegisterSettings, Theme
from projections.catalogue import queries as catalogue
from projections.engine.batches import END_OF_TIME
from projections.scorecards.queries import number_of


def _statements(engine: Engine) -> list[str]:
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    return statements


def _names(db: Connection, at: datetime) -> tuple[list[str], list[str], int]:
    return list(catalogue.themes(db, "one", at)), list(catalogue.bodies(db, "one", at)), number_of(db, "one")


def test_a_reader_reads_once_and_the_next_one_anew(services: Services) -> None:
    services.execute(c.EstablishRegister("one", settings=RegisterSettings(id="one", title="One")), by="ana")
    services.execute(c.NameTheme("one", theme=Theme(id="law", title="Law")), by="ana")
    with services.views.connect() as db:
        statements = _statements(db.engine)
        first = _names(db, END_OF_TIME)
        catalogue.bodies(db, "one", END_OF_TIME).clear()
        catalogue.publications(db, "one", END_OF_TIME)
        read = len(statements)
        services.execute(c.NameBody("one", body=Body(id="state", name="State")), by="ana")
        del statements[read:]
        assert _names(db, END_OF_TIME) == first
        assert not [s for s in statements[read:] if s.startswith("SELECT")]
    with services.views.connect() as db:
        assert _names(db, END_OF_TIME)[1] == ["state"]
