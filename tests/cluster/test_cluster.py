"""A short run of `benchmarks/cluster`: one kill, one partition and, with an etcd that is right, one pause of the primary."""

import os
import random
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from benchmarks.cluster import needs
from benchmarks.cluster.campaign import FAULTS, main, names_in_order, run
from benchmarks.cluster.nodes import DEPLOY

EACH_ONCE = ("kill", "partition", "pause and resume")
SLOW_MACHINE_SECONDS = 90
"""The promise is 30 s; the tests of other files share the machine."""


@pytest.mark.skipif(not os.environ.get("UPTAKE_TEST_CLUSTER"), reason="takes minutes; set UPTAKE_TEST_CLUSTER=1")
def test_no_fault_of_the_primary_loses_or_doubles_what_was_acknowledged() -> None:
    try:
        needs.check()
    except needs.NotPossibleHere as e:
        pytest.skip(str(e))
    folder = Path(tempfile.mkdtemp(prefix="uptake-cluster-"))  # PostgreSQL's account cannot enter pytest's folders
    faults = EACH_ONCE[:2] if needs.why_a_pause_may_lose() else EACH_ONCE
    report = run(1, folder, len(faults), 600, faults, SLOW_MACHINE_SECONDS)
    assert report.problems == [], f"the output of all processes is in {folder}"
    shutil.rmtree(folder)
    assert dict(report.done) == dict.fromkeys(faults, 1)


@pytest.mark.parametrize(
    ("version", "is_right"), [("3.4.23", False), ("3.5.9", False), ("3.5.13", True), ("3.6.1", True)]
)
def test_an_etcd_that_gives_the_lead_back_is_known(version: str, is_right: bool) -> None:
    numbers = needs.parse_etcd_version(f"etcd Version: {version}\nGit SHA: Not provided\n")
    assert (numbers >= needs.RIGHT_ETCD) is is_right


def test_a_machine_without_the_parts_gets_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(needs, "PROGRAMS", {"no-such-program": "no-such-package"})
    assert main(["--faults", "1"]) == 3
    said = capsys.readouterr().out
    assert said == (
        "The cluster was not tried: there is no program no-such-program; Debian has it in the package no-such-package.\n"
    )


def test_the_same_seed_puts_the_same_faults() -> None:
    def first(seed: int) -> list[str]:
        names = names_in_order(random.Random(seed), ())
        return [next(names) for _ in range(12)]

    assert first(4) == first(4) != first(5)
    assert {*first(4)[: len(FAULTS)]} == {*FAULTS}


def test_haproxy_accepts_the_example() -> None:
    program = needs.program("haproxy")
    if not shutil.which(program):
        pytest.skip("there is no haproxy on this machine")
    nodes = {f"NODE_{n}": f"10.0.0.1{n}" for n in (1, 2, 3)}
    command = [program, "-c", "-f", str(DEPLOY / "haproxy.cfg")]
    assert subprocess.run(command, env=nodes, capture_output=True).returncode == 0
