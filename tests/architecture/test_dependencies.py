"""What Uptake is made of: the bill of materials, the licences, and the known weaknesses of what is locked."""

import json
import os
import re
import runpy
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest

from tests.support.repository import ROOT

PROGRAM = ROOT / ".ci" / "dependencies.py"


@pytest.fixture(scope="module")
def program() -> dict[str, Any]:
    return runpy.run_path(str(PROGRAM), run_name="dependencies")


def test_the_bill_of_materials_is_what_an_installation_needs(program: dict[str, Any]) -> None:
    text = program["sbom"]()
    assert text == program["sbom"](), "the same lock gives the same bytes"
    bom = json.loads(text)
    assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.6")
    parts = {part["name"]: part for part in bom["components"]}
    assert {"flask", "sqlalchemy", "psycopg-binary", "authlib", "cryptography"} <= parts.keys()
    assert {"pytest", "ruff", "pip-audit", "uptake"}.isdisjoint(parts)
    locked = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    assert {name: part["version"] for name, part in parts.items()} == {name: locked[name] for name in parts}
    assert all(part["hashes"] and part["licenses"] and part["purl"] for part in parts.values())
    refs = {part["bom-ref"] for part in parts.values()} | {bom["metadata"]["component"]["bom-ref"]}
    assert {one["ref"] for one in bom["dependencies"]} == refs


@pytest.mark.parametrize(
    ("metadata", "allowed"),
    [
        ("License-Expression: MIT", True),
        ("License-Expression: GPL-3.0-only OR (Apache-2.0 AND MIT)", True),
        ("License-Expression: MIT AND AGPL-3.0-only", False),
        ("Classifier: License :: OSI Approved :: BSD License", True),
        ("Classifier: License :: Other/Proprietary License", False),
        ("License: MIT", True),
        ("Summary: says nothing", False),
    ],
)
def test_a_licence_that_is_not_allowed_is_refused_in_a_sentence(
    program: dict[str, Any], tmp_path: Path, metadata: str, allowed: bool
) -> None:
    folder = tmp_path / "strange-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.4\nName: strange\nVersion: 1.0\n{metadata}\n")
    problems = list(program["licence_problems"](distributions(path=[str(tmp_path)])))
    assert len(problems) == (not allowed)
    if problems:
        assert problems[0].startswith("strange is under “")
        assert "Use another library, or add it to REASONS" in problems[0]


@contextmanager
def advisories(weak: str, status: int = 200) -> Iterator[str]:
    """A service that knows a weakness of one distribution; yields its address."""

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            package = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["package"]
            known = {
                "id": "OSV-2026-1",
                "summary": "A weakness.",
                "details": "It can be abused.",
                "affected": [
                    {
                        "package": package,
                        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99"}]}],
                    }
                ],
            }
            answer = json.dumps({"vulns": [known]} if package["name"] == weak else {}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_words: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1/query"
    finally:
        server.shutdown()
        server.server_close()


def ask(service: str) -> subprocess.CompletedProcess[str]:
    surroundings = os.environ | {"UPTAKE_ADVISORY_SERVICE": service}
    return subprocess.run(
        [sys.executable, str(PROGRAM), "advisories"], env=surroundings, capture_output=True, text=True, timeout=120
    )


def test_known_weaknesses_of_what_is_locked_are_named_with_their_cure() -> None:
    with advisories("flask") as service:
        found = ask(service)
    assert found.returncode == 1, found.stderr
    assert re.fullmatch(r"flask [\d.]+ has the known weakness OSV-2026-1\. Lock 99\.\n", found.stderr)
    with advisories("nothing") as service:
        found = ask(service)
    assert (found.returncode, found.stderr) == (0, "")
    assert "No known weakness in 1" in found.stdout


def test_without_an_answer_it_says_that_nothing_was_checked() -> None:
    with advisories("flask", status=503) as service:
        broken = ask(service)
    for found in (broken, ask(service)):  # the second time nothing listens
        assert (found.returncode, found.stdout) == (3, "")
        assert found.stderr.startswith(f"Known weaknesses: not checked, no answer from {service} (")
        assert found.stderr.endswith("Run it again online.\n")
        assert "Traceback" not in found.stderr
