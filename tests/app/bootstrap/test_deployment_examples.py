"""The examples for more than one machine: each names settings, commands and metrics that exist."""

from pathlib import Path
from typing import Any

import yaml

from benchmarks.cluster.nodes import SOCKETS, WATCHDOG, configuration
from tests.support.repository import ROOT

FOLDER = ROOT / "docs" / "deploy"
DATABASE = FOLDER / "postgresql"


def settings_of(path: Path) -> dict[str, str]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def patroni() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DATABASE / "patroni.yml").read_text(encoding="utf-8"))
    return loaded


def test_no_commit_is_acknowledged_alone_and_a_hanging_leader_resets_itself() -> None:
    shared = patroni()["bootstrap"]["dcs"]
    assert (shared["synchronous_mode"], shared["synchronous_mode_strict"]) == (True, True)
    assert shared["postgresql"]["parameters"]["synchronous_commit"] == "on"
    assert patroni()["watchdog"]["mode"] == "required"
    assert shared["loop_wait"] + 2 * shared["retry_timeout"] <= shared["ttl"] <= 20, "Patroni refuses less than 20"


def test_what_a_node_needs_is_in_one_of_its_two_files() -> None:
    node = settings_of(DATABASE / "node.env")
    for user in ("SUPERUSER", "REPLICATION", "REWIND"):
        assert user.lower() in patroni()["postgresql"]["authentication"]
        assert f"PATRONI_{user}_PASSWORD" in node
    assert node["ETCD_NAME"] == node["PATRONI_NAME"]
    assert node["ETCD_PRE_VOTE"] == "true"
    assert int(node["ETCD_ELECTION_TIMEOUT"]) >= 10 * int(node["ETCD_HEARTBEAT_INTERVAL"])
    members = [member.partition("=http://")[2] for member in node["ETCD_INITIAL_CLUSTER"].split(",")]
    assert [m.replace("2380", "2379") for m in members] == node["PATRONI_ETCD3_HOSTS"].split(",")


def test_the_benchmark_changes_only_folders_and_the_watchdog(tmp_path: Path) -> None:
    tried = configuration(tmp_path)
    again = tried.replace(str(tmp_path), SOCKETS).replace('mode: "off"', WATCHDOG)
    assert again == (DATABASE / "patroni.yml").read_text(encoding="utf-8")


def test_haproxy_asks_patroni_at_the_port_where_it_listens() -> None:
    text = (DATABASE / "haproxy.cfg").read_text(encoding="utf-8")
    port = patroni()["restapi"]["listen"].rpartition(":")[2]
    assert f"check port {port}" in text
    assert [f'server node-{n} "${{NODE_{n}}}:5432"' in text for n in (1, 2, 3)] == [True] * 3
