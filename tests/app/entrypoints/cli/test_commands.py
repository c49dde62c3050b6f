"""The command line as a person uses it: what it prints, how it refuses, and its exit codes."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from app.adapters.jobs_db.job_locks import record_heartbeat
from app.adapters.jobs_db.tables import open_jobs
from app.adapters.settings import Settings, read_settings
from app.bootstrap.command_line import main
from app.entrypoints.cli.main import load_commands
from tests.support.bundles import change, write_small_bundle
from tests.support.seen_versions import decide

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `uptake` in an empty folder with its own store."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(tmp_path / "store"))
    monkeypatch.setenv("COLUMNS", "100")
    return lambda *arguments: CliRunner().invoke(main, list(arguments))


@pytest.fixture
def loaded(run: Run, tmp_path: Path) -> Run:
    write_small_bundle(tmp_path / "small")
    assert run("init").exit_code == 0
    result = run("import", "small", "--open", "--approve-cards", "cem")
    assert (result.exit_code, result.stdout) == (0, "Stored 34 events of the register “small”.\n")
    return run


ALL = click.Group(commands=load_commands())


def commands(group: click.Group = ALL, prefix: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for name, command in group.commands.items():
        found.append((*prefix, name))
        if isinstance(command, click.Group):
            found += commands(command, (*prefix, name))
    return found


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_explains_itself(run: Run, command: tuple[str, ...]) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    explained = result.stdout.split("\n\n")[1]  # after the usage, which may take two lines
    assert len(explained.strip()) > 20


def test_every_command_of_the_record_is_there() -> None:
    names = {" ".join(c) for c in commands()}
    wanted = "up init serve worker import export open scorecard compare assess publish decline withdraw doctor"
    assert names >= {*wanted.split(), "projections status", "projections rebuild", "projections check"}


def test_without_a_store_it_says_what_to_do(run: Run) -> None:
    result = run("scorecard", "small")
    assert result.exit_code == 1
    assert "Create one with “uptake init”." in result.stderr


def test_wrong_usage_exits_with_2(run: Run) -> None:
    assert run("scorecard").exit_code == 2
    assert run("nonsense").exit_code == 2
    assert run("assess", "r", "x", "--status", "done").exit_code == 2


def test_a_wrong_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("UPTAKE_PORT", "many")
    (tmp_path / "uptake.toml").write_text("colour = 'blue'\n")
    result = run("doctor")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        f"{tmp_path / 'uptake.toml'}: there is no setting “colour”.",
        "The setting port is “many”: it must be a whole number from 1.",
    ]


def test_a_scorecard_is_a_table_people_read(loaded: Run) -> None:
    result = loaded("scorecard", "small", "--as-of", "2024-12-01")
    assert result.exit_code == 0
    for words in ("A small register", "As of 2024-12-01", "◉ In effect", "– Appointed", "Done at some time: 1; still"):
        assert words in result.stdout


def test_a_scorecard_is_data_when_asked(loaded: Run) -> None:
    card = json.loads(loaded("scorecard", "small", "--as-of", "2024-12-01", "--json").stdout)
    assert card["totals"]["in_effect"] == 1
    assert [r["id"] for r in card["recommendations"]] == ["law", "post", "talks"]
    assert card["recommendations"][1]["elements"][0] == {
        "id": "appointed",
        "title": "Appointed",
        "kind": "one_off",
        "core": True,
        "status": "implemented",
        "since": "2023-10-13",
        "motion": None,
        "confidence": "high",
        "freshness": "stale",
        "assessment": "post-appointed-1",
        "legacy": False,
        "due": None,
        "addressees": [
            {"body": body, "role": "lead", "from_on": None, "to_on": None} for body in ("ministry", "senate")
        ],
    }


def test_a_scale_gives_its_word_beside_ours(loaded: Run) -> None:
    card = json.loads(loaded("scorecard", "small", "--as-of", "2024-12-01", "--scale", "gao", "--json").stdout)
    assert {r["id"]: r["scale_status"] for r in card["recommendations"]} == {
        "law": "Open",
        "post": "Closed-implemented",
        "talks": "Open",
    }


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--as-of", "2024-02-30"), "There is no day “2024-02-30” in the calendar."),
        (("--as-of", "2024-02"), "“2024-02” is not a full date. Write it as 2024-05-20."),
        (("--as-of", "2999-01-01"), "2999-01-01 is in the future. The latest day you can ask about is "),
        (("--known-at", "2999-01-01"), "2999-01-01 is in the future. Enter today or an earlier date."),
        (("--known-at", "soon"), "“soon” is not a date such as 2024-05-20, and not a date and time."),
    ],
)
def test_times_that_cannot_be_asked_about(loaded: Run, arguments: tuple[str, ...], sentence: str) -> None:
    result = loaded("scorecard", "small", *arguments)
    assert result.exit_code == 1
    assert result.stderr.startswith(sentence)
    assert result.stdout == ""


def test_a_comparison_tells_what_changed(loaded: Run) -> None:
    result = loaded("compare", "small", "--from", "2023-09-14", "--to", "2025-06-01")
    assert "Reversed (1)" in result.stdout
    data = json.loads(loaded("compare", "small", "--from", "2023-09-14", "--to", "2025-06-01", "--json").stdout)
    assert data["counts"] == {
        "up": 1,
        "down": 0,
        "reversed": 1,
        "level": 0,
        "unchanged": 1,
        "added": 0,
        "removed": 0,
    }


def test_a_status_change_from_proposal_to_correction(loaded: Run) -> None:
    proposed = loaded(
        *("assess", "small", "law", "--status", "partly", "--effective-on", "2025-12", "--reason", "world_changed"),
        *("--rationale", "Half of it passed.", "--evidence", "oath", "--by", "ana"),
    )
    assert proposed.stdout.startswith("Proposed law-2025-12.")
    assert "partly" not in loaded("scorecard", "small", "--json").stdout.split('"recommendations"')[1]
    assert decide(loaded, "publish", "small", "law-2025-12", "--by", "ben").stdout == "Published law-2025-12.\n"
    assert '"partly"' in loaded("scorecard", "small", "--json").stdout.split('"recommendations"')[1]
    alone = decide(loaded, "withdraw", "small", "law-2025-12", "--why", "Misread.", "--by", "ana")
    assert (alone.exit_code, alone.stderr) == (
        1,
        "Someone other than its proposer must withdraw it (rule 9).\n",
    )
    assert decide(loaded, "withdraw", "small", "law-2025-12", "--why", "Misread.", "--by", "ben").exit_code == 0


def test_a_rationale_in_other_languages(loaded: Run, tmp_path: Path) -> None:
    command = (
        *("assess", "small", "law", "--status", "partly", "--effective-on", "2025-12", "--reason", "world_changed"),
        *("--rationale", "Half of it passed.", "--evidence", "oath", "--by", "ana"),
    )
    assert loaded(*command, "--rationale-in", "fr", "La moitié a passé.").exit_code == 1
    assert loaded(*command, "--rationale-ko", "절반이 통과되었다.").exit_code == 0
    assert decide(loaded, "publish", "small", "law-2025-12", "--by", "ben").exit_code == 0
    loaded("export", "small", "out")
    assert "절반이 통과되었다." in (tmp_path / "out" / "assessments.csv").read_text()


def test_a_declined_proposal(loaded: Run) -> None:
    loaded(
        *("assess", "small", "law", "--status", "in_progress", "--effective-on", "2025", "--reason", "world_changed"),
        *("--rationale", "A hearing.", "--evidence", "story", "--by", "ana"),
    )
    assert decide(loaded, "decline", "small", "law-2025", "--why", "Too early.", "--by", "ben").exit_code == 0
    assert decide(loaded, "publish", "small", "law-2025", "--by", "ben").stderr == "“law-2025” was declined.\n"
    assert decide(loaded, "publish", "small", "nothing", "--by", "ben").stderr == (
        "There is no assessment “nothing” in “small”.\n"
    )


def test_every_rule_that_a_proposal_breaks_is_said(loaded: Run) -> None:
    result = loaded(
        *("assess", "small", "law", "--status", "reversed", "--effective-on", "2020", "--reason", "world_changed"),
        *("--rationale", "x", "--by", "ana"),
    )
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 5


def test_a_dry_run_prints_verdicts_and_fails_for_a_bad_bundle(run: Run, tmp_path: Path) -> None:
    folder = write_small_bundle(tmp_path / "small")
    run("init")
    good = run("import", "small", "--dry-run", "--json")
    assert good.exit_code == 0
    assert {v["verdict"] for v in json.loads(good.stdout)["verdicts"]} == {"new", "draft"}
    change(folder, "assessments.csv", "law-1,law,,no_action", "law-1,law,,implemented")
    bad = run("import", "small", "--dry-run")
    assert bad.exit_code == 1
    assert "refused" in bad.stdout
    assert "law-1" in bad.stdout
    assert "Nothing" not in run("import", "small").stdout


def test_export_import_export_gives_the_same_bytes(
    loaded: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert loaded("export", "small", "one.zip").exit_code == 0
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(tmp_path / "other"))
    loaded("init")
    assert loaded("import", "one.zip").exit_code == 0
    assert loaded("export", "small", "two.zip").exit_code == 0
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_projections_can_be_looked_at_rebuilt_and_checked(loaded: Run, tmp_path: Path) -> None:
    status = json.loads(loaded("projections", "status", "--json").stdout)
    assert (status["behind"], status["events_applied"]) == (0, 35)
    assert [p["projection"] for p in status["projections"]] == [
        "catalogue",
        "scorecards",
        "addressees",
        "timeline",
        "changes",
        "search",
        "worklist",
        "overview",
        "reviews",
        "responses",
        "lineage",
        "sources",
        "transparency",
        "public_states",
    ]
    assert loaded("projections", "check").stdout == "All rows match the log of 35 events.\n"
    assert loaded("projections", "rebuild").stdout.startswith("Rebuilt from 35 events as views-")
    import sqlite3

    (file,) = (tmp_path / "store" / "views").glob("*.sqlite")
    db = sqlite3.connect(file)
    db.execute("DELETE FROM changes WHERE position = (SELECT max(position) FROM changes)")
    db.commit()
    db.close()
    broken = loaded("projections", "check")
    assert broken.exit_code == 1
    assert broken.stderr.splitlines() == [
        "changes: table changes lacks 1 rows that the log gives, and has 0 that it does not.",
        "Run “uptake projections rebuild” to build the tables again.",
    ]


def test_doctor_says_what_it_finds(loaded: Run, tmp_path: Path) -> None:
    never_ran = loaded("doctor")
    assert (never_ran.exit_code, "WRONG No worker has run yet" in never_ran.stdout) == (1, True), never_ran.stdout
    jobs = open_jobs(Settings(data_dir=tmp_path / "store"))
    record_heartbeat(jobs, "worker", datetime.now(UTC))
    jobs.dispose()
    assert loaded("doctor").exit_code == 0
    assert "The log's file is sound." in loaded("doctor").stdout
    (tmp_path / "store" / "log.sqlite").write_bytes(b"not a database at all" * 1000)
    broken = loaded("doctor")
    assert broken.exit_code == 1
    assert "WRONG" in broken.stdout


def test_a_store_that_is_broken_is_a_sentence(loaded: Run, tmp_path: Path) -> None:
    (tmp_path / "store" / "log.sqlite").write_bytes(b"not a database at all" * 1000)
    result = loaded("scorecard", "small")
    assert result.exit_code == 1
    assert result.stderr.startswith("The store cannot be used: ")
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_the_log_is_checked_signed_and_exported(run: Run, tmp_path: Path) -> None:
    run("init")
    assert "the log is empty" in run("log", "checkpoint").stderr.lower()
    run("import", str(write_small_bundle(tmp_path / "small")), "--open")
    note = run("log", "checkpoint")
    assert re.search("— 127.0.0.1/[0-9a-f]{16} ", note.stdout)
    (tmp_path / "kept.txt").write_text(note.stdout)
    checked = run("log", "verify", "--checkpoint", str(tmp_path / "kept.txt"))
    assert checked.exit_code == 0
    assert "events are unchanged; 1 checkpoints confirm it." in checked.stdout
    assert "There is no checkpoint in" in run("log", "verify", "--checkpoint", str(tmp_path / "none.txt")).stderr
    lines = run("log", "export").stdout.splitlines()
    assert all('"leaf":' in line for line in lines)
    assert len(lines) > 20
    shown = run("key", "show").stdout
    assert "SHA256:" in shown
    assert "127.0.0.1+" in run("key", "rotate").stdout
    assert len(run("key", "rotate", "--use", "packages").stdout.splitlines()) == 2
    assert len(run("key", "show").stdout.splitlines()) == 5
    (current, *_) = json.loads(run("key", "show", "--json").stdout)["keys"]
    since = ("--since", "2026-02-01T00:00:00Z")
    assert "It still signs." in run("key", "compromised", current["fingerprint"], *since).stdout
    assert "There is no key SHA256:x here" in run("key", "compromised", "SHA256:x", *since).stderr
    assert run("log", "verify", "--json").exit_code == 0


def test_an_account_is_held_to_its_role_and_another_id_is_not(run: Run, tmp_path: Path) -> None:
    run("init")
    run("import", str(write_small_bundle(tmp_path / "small")), "--approve-cards", "cem", "--open")
    for name, role in (("rita", "reader"), ("ana", "analyst"), ("ben", "editor")):
        added = run("user", "add", f"{name}@example.org", "--person", name)
        assert "/staff/welcome/" in added.stdout
        assert run("user", "role", name, "small", role).exit_code == 0
    said = (
        "--status",
        "in_progress",
        "--effective-on",
        "2025-03",
        "--reason",
        "world_changed",
        "--rationale",
        "It moved.",
    )
    refused = run("assess", "small", "law", *said, "--evidence", "story", "--by", "rita")
    assert refused.exit_code == 1
    assert "you need the role analyst" in refused.stderr
    assert run("assess", "small", "law", *said, "--evidence", "story", "--by", "ana").exit_code == 0
    assert "you need the role editor" in decide(run, "publish", "small", "law-2025-03", "--by", "ana").stderr
    assert decide(run, "publish", "small", "law-2025-03", "--by", "ben").exit_code == 0
    run("user", "disable", "ben")
    assert "is locked" in decide(run, "withdraw", "small", "law-2025-03", "--why", "x", "--by", "ben").stderr
    assert (
        decide(run, "withdraw", "small", "law-2025-03", "--why", "It was wrong.", "--by", "somebody-else").exit_code
        == 0
    )
    listed = run("user", "list").stdout
    assert "ana@example.org  ana  analyst of small" in listed
    assert "(disabled)" in listed
    token = run("user", "token", "ana", "script", "--scope", "propose").stdout
    assert token.startswith("uptake_")
    assert "is revoked" in run("user", "token", "ana", "script", "--revoke").stdout
    assert "There is no account “nobody”." in run("user", "disable", "nobody").stderr
    assert run("user", "remove", "ana@example.org").stdout == "The account of ana@example.org is removed.\n"
    assert "There is no account “ana”." in run("user", "remove", "ana").stderr
    assert "There is nothing stored about “ana” to erase." in run("user", "erase", "ana").stderr
    assert "and the name with it" in run("user", "remove", "ben", "--erase").stdout


def test_the_public_address_follows_host_and_port_until_it_is_set(tmp_path: Path) -> None:
    assert read_settings({}, tmp_path).base_url == "http://127.0.0.1:8000"
    assert read_settings({"UPTAKE_PORT": "8123"}, tmp_path).base_url == "http://127.0.0.1:8123"
    given = {"UPTAKE_PORT": "8123", "UPTAKE_BASE_URL": "https://tracker.example.org/"}
    assert read_settings(given, tmp_path).base_url == "https://tracker.example.org"
