"""The account database in SQLite and in PostgreSQL: migrations and the same behaviour."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text

from app.services.accounts import api_tokens, assignments, login_attempts, login_sessions, one_time_links, people
from app.services.accounts.actors import OPERATOR
from app.services.accounts.database import MIGRATIONS, newest_migration, open_database
from app.services.accounts.models import User
from app.services.accounts.permissions import StaffRole
from app.services.container import Services
from domain.errors import NotFound, Refused


def test_only_older_tables_are_migrated(either: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    assert newest_migration() == ScriptDirectory(str(MIGRATIONS)).get_current_head()
    calls: list[str] = []
    monkeypatch.setattr(command, "upgrade", lambda _config, to: calls.append(to))
    either.accounts.upgrade()
    assert calls == []
    with either.accounts.engine.begin() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '0023'"))
    either.accounts.upgrade()
    assert calls == ["head"]


def test_an_account_is_made_invited_and_given_a_role(either: Services) -> None:
    now = either.clock()
    with either.accounts.work() as db:
        user = people.add_user(db, "Ana@Example.org", "Ana", person="ana")
        people.give_role(db, user, "small", StaffRole.ANALYST)
        secret = one_time_links.create_link(db, user, now, by=OPERATOR)
        token = api_tokens.create_token(db, user, "script", ["propose"], 30, now)
        seat = login_sessions.start_session(db, user, "A browser", now)
    with either.accounts.work() as db:
        result = people.find_user(db, "ana@example.org")
        assert people.person_of(result).may("propose", "small")
        assert not people.person_of(result).may("publish", "small")
        assert login_sessions.is_valid(db, seat, result, now)
        login_sessions.end_sessions(db, result, now)
        assert not login_sessions.is_valid(db, seat, result, now)
        current = api_tokens.find_holder(db, token, now)
        assert current
        assert (current[0].id, current[1]) == ("ana", frozenset({"propose"}))
        link = one_time_links.find_link(db, secret, now)
        one_time_links.use_link(db, link, now)
    with pytest.raises(NotFound), either.accounts.work() as db:
        one_time_links.find_link(db, secret, now)
    with (
        pytest.raises(Refused, match="There is already an account for “ana@example.org”."),
        either.accounts.work() as db,
    ):
        people.add_user(db, "ana@example.org")
    with either.accounts.work() as db:
        people.remove_user(db, people.find_user(db, "ana"), erase=False)
        assert db.query(User).count() == 0


def test_an_assignment_is_given_on_and_goes_with_the_account(either: Services) -> None:
    with either.accounts.work() as db:
        for name in ("ana", "ben"):
            people.give_role(db, people.add_user(db, f"{name}@example.org", person=name), "small", StaffRole.ANALYST)
        assert assignments.colleagues(db, "small") == [("ana", "ana"), ("ben", "ben")]
        for name in ("ana", "ben"):
            assignments.assign(db, "small", ["law", "post"], name, by="ana", now=either.clock())
    with either.accounts.work() as db, either.views.connect() as views:
        assignments.unassign(db, "small", ["post"])
        assert [(a.recommendation, a.person) for a in assignments.open_assignments(db, views, "small")] == [
            ("law", "ben")
        ]
        people.remove_user(db, people.find_user(db, "ben"), erase=True)
    with either.accounts.work() as db, either.views.connect() as views:
        assert assignments.open_assignments(db, views, "small") == []


def test_failed_tries_count_together(either: Services) -> None:
    now, counted = either.clock(), login_attempts.attempt_keys(account="a@example.org", address="127.0.0.1")
    for _ in range(10):
        with either.accounts.work() as db:
            assert not login_attempts.is_blocked(db, counted, now)
            login_attempts.record_failure(db, counted, now)
    with either.accounts.work() as db:
        assert login_attempts.is_blocked(db, counted, now)
        login_attempts.clear_failures(db, counted)
        assert not login_attempts.is_blocked(db, counted, now)


def test_several_processes_may_make_the_tables_at_once(either: Services) -> None:
    def upgrade(_n: int) -> None:
        database = open_database(either.settings)
        database.upgrade()
        database.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upgrade, range(4)))
    with either.accounts.work() as db:
        assert not one_time_links.has_people(db)
