"""The keys of an installation: from settings or files, and the same on each of its machines."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from app.adapters.settings import Settings, read_settings
from app.bootstrap.command_line import main
from app.bootstrap.container import build_services
from app.services.accounts.web_secrets import load_web_secrets
from app.services.installation_keys import accept_keys, require_same_keys
from app.services.operations.backups.backup import write_backup
from app.services.operations.backups.restore import restore_backup
from app.services.operations.doctor import examine
from app.services.transparency.key_files import read_key_file
from app.services.transparency.signing_keys import (
    checkpoint_key,
    key_list,
    mark_compromised,
    rotate_signing_key,
    signing_key,
)
from domain.errors import Refused
from tests.support.postgres import fresh_database

AT = datetime(2026, 3, 1, tzinfo=UTC)
ALL_KEYS = ("web.json", "signing.pem", "checkpoints.pem")


def _install(folder: Path, url: str, **settings: Any) -> Settings:
    """A machine of an installation, as `uptake init` makes it."""
    of_machine = replace(Settings(data_dir=folder, database_url=url, trial=True), **settings)
    build_services(of_machine, create=True).close()
    return of_machine


@pytest.fixture
def first(tmp_path: Path) -> Settings:
    return _install(tmp_path / "first", fresh_database())


def _other_machine(first: Settings, tmp_path: Path) -> Settings:
    """A machine with keys of its own, over the same database."""
    alone = _install(tmp_path / "alone", "")
    load_web_secrets(alone)
    return replace(alone, database_url=first.database_url)


def test_a_machine_without_keys_makes_none_of_its_own(first: Settings, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"Copy keys/ from a machine that runs, or name the files in UPTAKE_PACKAGES_KEY"):
        _install(tmp_path / "second", first.database_url)
    (tmp_path / "second" / "keys").mkdir(parents=True, exist_ok=True)
    for name in ALL_KEYS[1:]:
        shutil.copy(first.data_dir / "keys" / name, tmp_path / "second" / "keys" / name)
    with pytest.raises(Refused, match=r"web.json is missing.*Copy the file from a machine that runs"):
        _install(tmp_path / "second", first.database_url)
    assert not (tmp_path / "second" / "keys" / "web.json").exists()
    shutil.copy(first.data_dir / "keys" / "web.json", tmp_path / "second" / "keys")
    second = _install(tmp_path / "second", first.database_url)
    assert key_list(second) == key_list(first)


def test_a_machine_with_other_keys_is_refused_and_says_which(first: Settings, tmp_path: Path) -> None:
    other = _other_machine(first, tmp_path)
    with pytest.raises(Refused) as refused:
        build_services(other, create=True)
    sentences = [str(r) for r in refused.value.refusals]
    assert [s.partition(" than")[0] for s in sentences] == [
        f"This machine has another key for {use}" for use in ("web", "packages", "checkpoints")
    ]
    for sentence, name in zip(sentences, ALL_KEYS, strict=True):
        assert f"copy keys/{name} to it" in sentence
        assert "uptake key accept" in sentence
    assert signing_key(first).verifier.fingerprint in sentences[1]
    assert load_web_secrets(first).session not in sentences[0]
    with pytest.raises(Refused, match="another key for checkpoints"):
        checkpoint_key(other)
    assert any("another key for web" in f.sentence for f in examine(other, build_services) if not f.ok)
    require_same_keys(first)


@pytest.mark.parametrize("command", ["serve", "worker", "init"])
def test_no_process_starts_with_another_key(
    first: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    other = _other_machine(first, tmp_path)
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(other.data_dir))
    monkeypatch.setenv("UPTAKE_DATABASE_URL", first.database_url)
    monkeypatch.setenv("UPTAKE_PORT", "8161")
    run = CliRunner().invoke(main, [command])
    assert run.exit_code == 1
    assert "This machine has another key for packages than the installation" in run.output


@pytest.mark.parametrize("command", ["init", "serve", "up", "worker"])
def test_no_process_starts_with_settings_that_contain_no_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    _install(tmp_path / "store", "")
    (tmp_path / "empty").touch()
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(tmp_path / ("new" if command == "init" else "store")))
    monkeypatch.setenv("UPTAKE_PORT", "8161")
    wrong = {
        "UPTAKE_WEB_KEY": "The setting web_key does not contain the web keys. Set it to all lines of web.json.",
        "UPTAKE_WEB_KEY_FILE": f"{tmp_path}/no is missing, which web_key_file names. Put it there, or correct the setting.",
        "UPTAKE_PACKAGES_KEY": "The setting packages_key does not contain the signing key. Set it to all lines of signing.pem.",
        "UPTAKE_CHECKPOINTS_KEY_FILE": f"{tmp_path}/empty, which checkpoints_key_file names, does not contain the signing "
        "key. Put the right file there, or correct the setting.",
    }
    for names in (("UPTAKE_WEB_KEY",), ("UPTAKE_WEB_KEY_FILE", "UPTAKE_PACKAGES_KEY", "UPTAKE_CHECKPOINTS_KEY_FILE")):
        values = (str(tmp_path / ("empty" if "CHECK" in n else "no")) if "FILE" in n else "garbage" for n in names)
        run = CliRunner().invoke(main, [command], env=dict(zip(names, values, strict=True)))
        assert run.exit_code == 1
        assert run.output.splitlines()[-len(names) :] == [wrong[name] for name in names]
    assert not (tmp_path / "new" / "log.sqlite").exists()


@pytest.mark.parametrize("as_files", [True, False])
def test_keys_come_from_settings(first: Settings, tmp_path: Path, *, as_files: bool) -> None:
    keys = first.data_dir / "keys"
    environment = {"UPTAKE_DATA_DIR": str(tmp_path / "second"), "UPTAKE_DATABASE_URL": first.database_url}
    for use, name in zip(("WEB", "PACKAGES", "CHECKPOINTS"), ALL_KEYS, strict=True):
        if as_files:
            environment[f"UPTAKE_{use}_KEY_FILE"] = str(keys / name)
        else:
            environment[f"UPTAKE_{use}_KEY"] = (keys / name).read_text()
    second = read_settings(environment, tmp_path)
    build_services(second, create=True).close()
    assert load_web_secrets(second) == load_web_secrets(first)
    assert signing_key(second).verifier == signing_key(first).verifier
    assert checkpoint_key(second).verifier == checkpoint_key(first).verifier
    assert key_list(second) == key_list(first)
    assert not (tmp_path / "second" / "keys").exists()


def test_key_settings_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read_settings({"UPTAKE_WEB_KEY": "{}", "UPTAKE_WEB_KEY_FILE": "web.json", "UPTAKE_PACKAGES_KEY": "x"}, tmp_path)
    assert [str(r) for r in refused.value.refusals] == [
        "Set web_key or web_key_file, not both.",
        "Set the key for packages and the key for checkpoints, or neither. They may be the same.",
    ]
    settings = Settings(packages_key="nonsense", checkpoints_key_file=tmp_path / "no.pem", web_key="[]")
    with pytest.raises(
        Refused, match="The setting packages_key does not contain the signing key. Set it to all lines of s"
    ):
        signing_key(settings)
    with pytest.raises(Refused, match=r"no.pem is missing, which checkpoints_key_file names. Put it there, or correct"):
        checkpoint_key(settings)
    with pytest.raises(
        Refused, match="The setting web_key does not contain the web keys. Set it to all lines of web.json"
    ):
        load_web_secrets(settings)


def test_a_replaced_key_is_that_of_all_machines(first: Settings, tmp_path: Path) -> None:
    second_keys = tmp_path / "second" / "keys"
    shutil.copytree(first.data_dir / "keys", second_keys)
    second = _install(tmp_path / "second", first.database_url)
    old = signing_key(first).verifier
    rotate_signing_key(first, AT)
    require_same_keys(first)
    assert signing_key(first).verifier != old
    with pytest.raises(Refused, match="another key for packages"):
        signing_key(second)
    with pytest.raises(Refused, match="another key for checkpoints"):
        require_same_keys(second)
    assert key_list(second) == key_list(first), "the old keys are listed on both, with what the new ones come after"
    assert [k.use for k in key_list(first).keys if k.succession] == ["packages", "checkpoints"]
    for name in ALL_KEYS:
        shutil.copy(first.data_dir / "keys" / name, second_keys / name)
    require_same_keys(second)
    mark_compromised(second, old.fingerprint, AT)
    assert [k.verifier for k in key_list(first).keys if k.compromised_since] == [old]


def test_keys_in_settings_are_replaced_in_another_folder(
    first: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, out = first.data_dir / "keys", tmp_path / "new"
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(first.data_dir))
    monkeypatch.setenv("UPTAKE_DATABASE_URL", first.database_url)
    monkeypatch.setenv("UPTAKE_PACKAGES_KEY", (keys / "signing.pem").read_text())
    monkeypatch.setenv("UPTAKE_CHECKPOINTS_KEY", (keys / "checkpoints.pem").read_text())
    run = CliRunner().invoke(main, ["key", "rotate"])
    assert run.exit_code == 1
    assert "Uptake cannot replace the key for packages: The setting packages_key is not a file" in run.output
    run = CliRunner().invoke(main, ["key", "rotate", "--out", str(out)])
    assert run.exit_code == 0, run.output
    assert f"Set what is in {out} on every machine now." in run.output
    with pytest.raises(Refused, match="another key for packages"):
        require_same_keys(read_settings())
    monkeypatch.setenv("UPTAKE_PACKAGES_KEY", (out / "signing.pem").read_text())
    monkeypatch.setenv("UPTAKE_CHECKPOINTS_KEY", (out / "checkpoints.pem").read_text())
    require_same_keys(read_settings())
    assert signing_key(read_settings()).verifier == key_list(first).keys[0].verifier


@pytest.mark.parametrize("by_settings", [False, True])
def test_one_machine_signs_nothing_with_a_key_that_was_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, by_settings: bool
) -> None:
    folder = tmp_path / "alone"
    keys, out, run = folder / "keys", tmp_path / "new", CliRunner().invoke
    _install(folder, "")
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(folder))
    if by_settings:
        keys = shutil.copytree(keys, tmp_path / "secrets")
        monkeypatch.setenv("UPTAKE_PACKAGES_KEY_FILE", str(keys / "signing.pem"))
        monkeypatch.setenv("UPTAKE_CHECKPOINTS_KEY_FILE", str(keys / "checkpoints.pem"))
    old = [signing_key(read_settings()).verifier, checkpoint_key(read_settings()).verifier]
    rotated = run(main, ["key", "rotate", "--out", str(out)])
    assert rotated.exit_code == 0, rotated.output
    new = [read_key_file(out / name).verifier for name in ALL_KEYS[1:]]
    for use, verifier in zip(("packages", "checkpoints"), new, strict=True):
        assert f"The new key for {use} is {verifier.text}, {verifier.fingerprint}." in rotated.output
    assert [k.verifier for k in key_list(read_settings()).keys] == [*new, *old]
    assert [bool(k.until) for k in key_list(read_settings()).keys] == [False, False, True, True]
    for sign in (signing_key, checkpoint_key):
        with pytest.raises(Refused, match=r"was replaced: .* names SHA256:.* Put the new key in its place, or name"):
            sign(read_settings())
    assert any("The key for packages was replaced" in f.sentence for f in examine(read_settings(), build_services))
    for name in ALL_KEYS[1:]:
        shutil.copy(out / name, keys / name)
    assert [signing_key(read_settings()).verifier, checkpoint_key(read_settings()).verifier] == new
    assert run(main, ["key", "rotate", "--use", "packages", "--out", str(tmp_path / "newer")]).exit_code == 0
    accepted = run(main, ["key", "accept"])
    assert accepted.output == f"The key for packages is now {new[0].fingerprint}.\n", "the newer one is not wanted"
    assert signing_key(read_settings()).verifier == new[0]
    assert [k.verifier for k in key_list(read_settings()).keys if k.is_current] == new


@pytest.mark.parametrize("shared", [False, True])
def test_no_key_in_a_folder_is_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, shared: bool) -> None:
    settings = _install(tmp_path / "alone", fresh_database() if shared else "")
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("UPTAKE_DATABASE_URL", settings.database_url)
    monkeypatch.chdir(tmp_path)

    def rotate(*options: str) -> Result:
        return CliRunner().invoke(main, ["key", "rotate", *options])

    listed, keys = key_list(settings), settings.data_dir / "keys"
    before = {file: file.read_bytes() for file in keys.iterdir()}
    for folder in (keys, "alone/keys"):
        refused = rotate("--out", str(folder))
        assert refused.exit_code == 1
        assert " is there already, and no key is overwritten. Name another folder." in refused.output
    (tmp_path / "file").touch()
    assert "file/in cannot be written: Not a directory. Name another folder." in rotate("--out", "file/in").output
    empty = rotate("--out", "")
    assert empty.exit_code == 2
    assert "Name a folder, which may be a new one." in empty.output
    assert {file: file.read_bytes() for file in keys.iterdir()} == before
    assert not (tmp_path / "signing.pem").exists()
    assert key_list(settings) == listed
    assert rotate("--out", "new").exit_code == 0
    for name in ALL_KEYS[1:]:
        shutil.copy(tmp_path / "new" / name, keys / name)
    first = {name: (tmp_path / "new" / name).read_bytes() for name in ALL_KEYS[1:]}
    again = rotate("--out", "new", "--use", "checkpoints")
    assert again.exit_code == 1
    assert "signing.pem is there already" in again.output
    assert {name: (tmp_path / "new" / name).read_bytes() for name in ALL_KEYS[1:]} == first
    require_same_keys(settings)


def test_the_only_key_still_signs_checkpoints_when_one_for_packages_takes_its_place(tmp_path: Path) -> None:
    alone, out = _install(tmp_path / "alone", ""), tmp_path / "new"
    for name in ("checkpoints.pem", "public.json"):
        (alone.data_dir / "keys" / name).unlink()
    only = signing_key(alone).verifier
    rotate_signing_key(alone, AT, ["packages"], out=out)
    for file in out.iterdir():
        shutil.copy(file, alone.data_dir / "keys")
    assert signing_key(alone).verifier != only
    assert checkpoint_key(alone).verifier == only


def test_a_key_changed_on_purpose_is_accepted(first: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other, old = _other_machine(first, tmp_path), signing_key(first).verifier
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(other.data_dir))
    monkeypatch.setenv("UPTAKE_DATABASE_URL", other.database_url)
    run = CliRunner().invoke(main, ["key", "accept"])
    assert run.exit_code == 0, run.output
    assert "The web key is now SHA256:" in run.output
    require_same_keys(other)
    assert "has the keys of the installation already" in CliRunner().invoke(main, ["key", "accept"]).output
    with pytest.raises(Refused, match="another key for web"):
        require_same_keys(first)
    listed = {k.verifier: k for k in key_list(other).keys if k.use == "packages"}
    assert listed[old].until
    assert listed[signing_key(other).verifier].is_current
    assert accept_keys(first, AT), "and back"
    require_same_keys(first)
    assert signing_key(first).verifier == old


def test_a_web_key_that_is_lost_is_replaced_as_the_sentences_say(
    first: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(first.data_dir))
    monkeypatch.setenv("UPTAKE_DATABASE_URL", first.database_url)
    file, old = first.data_dir / "keys" / "web.json", load_web_secrets(first)
    make = ["key", "accept", "--new-web-key"]
    file.write_text("garbage")
    cure = r"Put the right file back. A machine that runs has it. If it is lost, .* remove the file and run “uptake key"
    with pytest.raises(Refused, match=cure):
        require_same_keys(first)
    assert f"{file} is there. Remove it first" in CliRunner().invoke(main, make).output
    file.unlink()
    with pytest.raises(Refused, match=r"is missing, .* If it is lost, .* run “uptake key accept --new-web-key”"):
        require_same_keys(first)
    assert "web.json is missing" in CliRunner().invoke(main, make[:-1]).output, "none is made without being asked for"
    made = CliRunner().invoke(main, make)
    assert made.exit_code == 0, made.output
    assert "Everyone has to sign in again" in made.output
    require_same_keys(first)
    assert load_web_secrets(first) != old
    by_setting = CliRunner().invoke(main, make, env={"UPTAKE_WEB_KEY_FILE": str(file)})
    assert "The web key comes from the setting web_key. Unset it first" in by_setting.output


def test_a_restored_backup_brings_the_public_keys(first: Settings, tmp_path: Path) -> None:
    rotate_signing_key(first, AT)
    services = build_services(first)
    write_backup(services, tmp_path / "backup")
    services.close()
    for name, url in (("postgres", fresh_database()), ("sqlite", "")):
        back = Settings(data_dir=tmp_path / name, database_url=url)
        restore_backup(back, tmp_path / "backup")
        require_same_keys(back)
        assert key_list(back) == key_list(first)


def test_one_machine_needs_no_settings(tmp_path: Path) -> None:
    alone = _install(tmp_path / "alone", "")
    require_same_keys(alone)
    load_web_secrets(alone)
    assert {f.name for f in (alone.data_dir / "keys").iterdir()} == {*ALL_KEYS, "public.json"}
