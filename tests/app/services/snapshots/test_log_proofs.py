"""The proof beside a package: the log contains the entry that names it, and witnesses saw that log."""

from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.adapters.jobs_db.tables import open_jobs
from app.bootstrap.command_line import main
from app.bootstrap.flask_app import create_app
from app.services.container import Services
from app.services.snapshots.freeze import freeze_review
from app.services.snapshots.log_proof import package_proof
from app.services.transparency import checkpoints
from app.services.transparency.cosignatures import cosign
from app.services.transparency.signed_notes import (
    COSIGNATURE,
    Verifier,
    parse_note,
    parse_verifier,
    sign_checkpoint,
    signer_of,
)
from app.services.transparency.signing_keys import checkpoint_key, key_list, rotate_signing_key
from app.services.transparency.tlog_proof import HEADER, parse_proof
from domain.errors import NotFound, Refused

WITNESSES = {name: Ed25519PrivateKey.from_private_bytes(name.encode().ljust(32)) for name in ("a", "b", "c")}
Verdict = Callable[..., tuple[int, str]]


@pytest.fixture
def verdict(small: Services, tmp_path: Path) -> Verdict:
    """Freezes a review and verifies it with a proof, which is the log's own unless another one is given."""
    file = freeze_review(small, "small", "ten", by="ana").file
    (tmp_path / "keys").write_bytes(msgspec.json.encode(key_list(small.settings)))

    def verify(*options: str, proof: str = "", policy: str = "", keys: bool = True) -> tuple[int, str]:
        (tmp_path / "proof").write_text(proof or package_proof(small, "small", "ten", "2024-02-17"))
        (tmp_path / "policy").write_text(policy)
        named = ["--keys", str(tmp_path / "keys")] if keys else []
        named += ["--policy", str(tmp_path / "policy")] if policy else []
        run = CliRunner().invoke(
            main, ["snapshot", "verify", str(file), "--proof", str(tmp_path / "proof"), *named, *options]
        )
        return run.exit_code, run.output

    return verify


def test_the_log_proves_a_package(small: Services, verdict: Verdict) -> None:
    code, output = verdict()
    log = checkpoint_key(small.settings)
    assert code == 0, output
    assert f"The log proves it: it is entry {small.views.position().count} of" in output
    assert f"of the log {log.name}." in output
    code, output = verdict(keys=False)
    assert code == 3
    assert "this proves nothing until you name a key of the log (--keys or --policy)" in output
    answer = create_app(small).test_client().get("/small/reviews/ten/2024-02-17/package.zip.tlog-proof")
    assert answer.text == package_proof(small, "small", "ten", "2024-02-17")
    assert "small_ten_2024-02-17.zip.tlog-proof" in answer.headers["Content-Disposition"]


def test_the_file_has_the_form_of_the_specification(small: Services, verdict: Verdict) -> None:
    text = package_proof(small, "small", "ten", "2024-02-17")
    head, note = text.split("\n\n", 1)
    first, extra, index, *path = head.split("\n")
    assert first == HEADER
    assert b'"topic":"review.frozen"' in b64decode(extra.removeprefix("extra "), validate=True)
    assert index == f"index {small.views.position().count - 1}"
    assert {len(b64decode(line, validate=True)) for line in path} == {32}
    assert note in (note for note in checkpoints.stored_notes(open_jobs(small.settings)))
    assert parse_proof(text).text == text


def test_a_proof_of_something_else_is_refused(small: Services, verdict: Verdict) -> None:
    text = package_proof(small, "small", "ten", "2024-02-17")
    proof, log = parse_proof(text), checkpoint_key(small.settings)
    wrong = {
        "needs the lines that c2sp.org/tlog-proof describes": [
            *("nothing", text.replace("@v1", "@v2"), text.replace("index ", "index 0"), text.replace("extra", "other")),
            text.replace("\n\n", "\nAAAA\n\n", 1),
        ],
        "its path does not lead from the entry": [
            msgspec.structs.replace(proof, index=proof.index - 1).text,
            msgspec.structs.replace(proof, entry=proof.entry.replace(b"ten", b"nine")).text,
            msgspec.structs.replace(proof, path=(bytes(32), *proof.path[1:])).text,
        ],
    }
    for sentence, texts in wrong.items():
        for number, changed in enumerate(texts):
            code, output = verdict(proof=changed)
            assert (code, sentence in output) == (1, True), (sentence, number, output)
    stranger = sign_checkpoint(parse_note(proof.note)[0], log.name, Ed25519PrivateKey.generate())
    code, output = verdict(proof=msgspec.structs.replace(proof, note=stranger).text)
    assert code == 3
    assert "INTACT, NOT PROVEN BY THE LOG" in output
    assert "No key that is known here signed this checkpoint." in output


def test_a_proof_of_another_package_is_refused(small: Services, verdict: Verdict, tmp_path: Path) -> None:
    (tmp_path / "one").write_text(package_proof(small, "small", "ten", "2024-02-17"))
    frozen = freeze_review(small, "small", "yearly", by="ana")
    run = CliRunner().invoke(main, ["snapshot", "verify", str(frozen.file), "--proof", str(tmp_path / "one")])
    assert run.exit_code == 1
    assert "its entry does not name this package" in run.output


def test_no_proof_before_a_checkpoint_covers_the_entry(small: Services, verdict: Verdict) -> None:
    jobs = open_jobs(small.settings)
    with jobs.begin() as db:
        db.execute(checkpoints.checkpoints.delete())
    with pytest.raises(NotFound, match="No checkpoint covers this review yet"):
        package_proof(small, "small", "ten", "2024-02-17")
    checkpoints.make_checkpoint(small, jobs)
    jobs.dispose()
    assert verdict()[0] == 0
    rotate_signing_key(small.settings)
    assert verdict()[0] == 0, "what a key signed before it was replaced stays proved"


def test_a_quorum_of_witnesses_is_asked_for(small: Services, verdict: Verdict) -> None:
    log = checkpoint_key(small.settings)
    proof = parse_proof(package_proof(small, "small", "ten", "2024-02-17"))
    checkpoint = parse_note(proof.note)[0]
    keys = {n: Verifier(f"{n}.example", k.public_key().public_bytes_raw(), COSIGNATURE) for n, k in WITNESSES.items()}
    listed = "\n".join([f"log {log.verifier.text}", *(f"witness {name} {key.text}" for name, key in keys.items())])

    def cosigned(*names: str, text: str = checkpoint.text) -> str:
        lines = [cosign(text, keys[n].name, WITNESSES[n], 1_700_000_000 + i) for i, n in enumerate(names)]
        return msgspec.structs.replace(proof, note=proof.note + "".join(lines)).text

    two = f"{listed}\n# comment\n\t group G 2\ta b c \n\nquorum G\n"
    code, output = verdict(proof=cosigned("a", "c"), policy=two, keys=False)
    assert code == 3, "the log is proved, and the signer is not named"
    assert ", cosigned by a, c." in output
    code, output = verdict(proof=cosigned("a", "c"), policy=two)
    assert code == 0, output
    code, output = verdict(proof=cosigned("b"), policy=two)
    assert code == 3
    assert "cosigned by b, but the policy asks for more cosignatures" in output
    assert verdict(proof=cosigned("b", "b"), policy=two)[0] == 3, "one witness counts once"
    nested = f"{listed}\ngroup X any a b\ngroup Y all X c\nquorum Y\n"
    assert verdict(proof=cosigned("b", "c"), policy=nested)[0] == 0
    assert verdict(proof=cosigned("a", "b"), policy=nested)[0] == 3
    assert verdict(policy=f"{listed}\nquorum none")[0] == 0
    code, output = verdict(proof=cosigned("a", "b", text=checkpoint.text.replace("\n", "0\n", 1)), policy=two)
    assert code == 3
    assert "The cosignature of “a.example” under the checkpoint is not valid." in output


def test_every_wrong_line_of_a_policy_is_named(small: Services, verdict: Verdict) -> None:
    log = checkpoint_key(small.settings).verifier
    key = Verifier("a", bytes(32), COSIGNATURE).text
    wrong = {
        f"log {log.text}\nlog {log.text}": "line 2: this log is already in the file",
        f"log {key}": "line 1: There is no Ed25519 key in it",
        f"witness A {log.text}": "line 1: There is no Ed25519 key in it",
        f"witness A {key}\nwitness B {key}": "line 2: this witness is already in the file, under another name",
        f"witness A {key}\ngroup A any A": "line 2: the name “A” is already in use",
        f"witness none {key}": "the name “none” is already in use",
        f"witness A {key}\ngroup G 2 A": "“2” is not any, all, or a number from 1 to 1",
        f"witness A {key}\ngroup G 01 A": "“01” is not any, all",
        f"witness A {key}\ngroup G any A A": "“A” is already a member of a group",
        f"witness A {key}\ngroup G any A\ngroup H any A": "line 3: “A” is already a member of a group",
        "quorum A": "line 1: write “quorum NAME” with a witness or group of a line before",
        "group G any none": "“none” is not a witness or group",
        "group G": "write “group NAME any|all|NUMBER MEMBER…”",
        "witness A": "write “witness NAME KEY”",
        "quorum none\nquorum none": "there are 2 lines “quorum NAME”",
        "# nothing": "there are 0 lines “quorum NAME”",
        "peer A": "“peer” is not log, witness, group or quorum",
        "quorum none\r": "a control character is in it",
    }
    for policy, sentence in wrong.items():
        code, output = verdict(policy=policy)
        assert (code, sentence in output) == (1, True), (policy, output)
    code, output = verdict(policy="peer A\nquorum A")
    assert "line 1: " in output
    assert "line 2: " in output


def test_the_examples_of_the_specification_hold() -> None:
    """The note of C2SP signed-note verifies with its key, and no other text does."""
    key = parse_verifier("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    signature = "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
    note = f"This is an example message.\n\n— example.com/foo {signature}\n"
    assert signer_of(note, [key]) == ("This is an example message.\n", key)
    with pytest.raises(Refused, match="is not valid"):
        signer_of(note.replace("an example", "no example"), [key])
