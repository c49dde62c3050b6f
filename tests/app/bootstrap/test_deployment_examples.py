"""The examples for more than one machine: each names settings, commands and metrics that exist."""

import json
import re
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from msgspec.structs import replace
from werkzeug.test import Client

from app.adapters.settings import SETTING_NAMES, read_settings
from app.bootstrap.flask_app import create_app
from app.bootstrap.metrics import CountingMiddleware
from app.entrypoints.cli.main import load_commands
from app.entrypoints.http.front_cache import FrontCache
from app.services.container import Services
from benchmarks.cluster.nodes import SOCKETS, WATCHDOG, configuration
from tests.support.repository import ROOT

FOLDER = ROOT / "docs" / "deploy"
DATABASE, KUBERNETES, MONITORING = FOLDER / "postgresql", FOLDER / "kubernetes", FOLDER / "monitoring"
SETTINGS = {f"UPTAKE_{name.upper()}" for name in SETTING_NAMES}
OF_A_WORKER_THAT_RAN = {f"uptake_{name}_seconds" for name in ("worker", "checkpoint", "backup", "trial_restore")}
"""Metrics that are there once it happened; tests/app/bootstrap/test_metrics.py makes it happen."""


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


def kubernetes() -> list[dict[str, Any]]:
    loaded = yaml.safe_load((KUBERNETES / "uptake.yaml").read_text(encoding="utf-8"))
    assert loaded["kind"] == "List"
    items: list[dict[str, Any]] = loaded["items"]
    return items


def containers() -> list[dict[str, Any]]:
    return [c for item in kubernetes() if "template" in item.get("spec", {}) for c in _pod(item)["containers"]]


def _pod(item: dict[str, Any]) -> dict[str, Any]:
    pod: dict[str, Any] = item["spec"]["template"]["spec"]
    return pod


def test_kubernetes_runs_commands_with_settings_that_exist() -> None:
    assert sorted(" ".join(c["args"]) for c in containers()) == ["init", "serve", "worker"]
    commands = {command.name for command in load_commands()}
    for container in containers():
        assert container["args"][0] in commands
        assert {variable["name"] for variable in container["env"]} <= SETTINGS
    (shared,) = (item["data"] for item in kubernetes() if item["kind"] == "ConfigMap")
    assert shared.keys() <= SETTINGS
    assert read_settings(shared, KUBERNETES).proxies == 1


def test_kubernetes_knows_every_field() -> None:
    for item in kubernetes():
        kubernetes_validate.validate(item, kubernetes_validate.latest_version(), strict=True)


def test_pods_use_the_folders_the_port_and_the_account_of_the_container() -> None:
    steps = dict(
        line.split(" ", 1) for line in (FOLDER / "Containerfile").read_text("utf-8").splitlines() if " " in line
    )
    environment = dict(word.split("=", 1) for word in steps["ENV"].split())
    for item in kubernetes():
        if "template" in item.get("spec", {}):
            pod = _pod(item)
            assert f"--uid {pod['securityContext']['runAsUser']} " in (FOLDER / "Containerfile").read_text("utf-8")
            volumes = {volume["name"] for volume in pod["volumes"]}
            for container in pod["containers"]:
                assert {mount["name"] for mount in container["volumeMounts"]} == volumes
                assert environment["UPTAKE_DATA_DIR"] in {mount["mountPath"] for mount in container["volumeMounts"]}
    (web,) = (c for c in containers() if c["args"] == ["serve"])
    assert str(web["ports"][0]["containerPort"]) == environment["UPTAKE_PORT"]
    assert web["readinessProbe"]["httpGet"]["path"] == "/healthz", "cached pages are served while the database is away"


def test_kubernetes_takes_the_address_of_the_database_that_the_operator_makes() -> None:
    cluster = yaml.safe_load((KUBERNETES / "postgresql.yaml").read_text(encoding="utf-8"))
    secret = f"{cluster['metadata']['name']}-app"
    for container in containers():
        (variable,) = container["env"]
        assert variable["valueFrom"]["secretKeyRef"] == {"name": secret, "key": "uri"}
    made = cluster["spec"]["bootstrap"]["initdb"]
    assert (made["encoding"], made["localeCollate"], made["localeCType"]) == ("UTF8", "C.UTF-8", "C.UTF-8")
    assert cluster["spec"]["postgresql"]["synchronous"]["dataDurability"] == "required"
    assert {item["metadata"].get("namespace", item["metadata"]["name"]) for item in kubernetes()} == {"uptake"}


def expressions() -> list[str]:
    """All that is asked of Prometheus."""
    rules = yaml.safe_load((MONITORING / "alerts.yaml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    panels = json.loads((MONITORING / "dashboard.json").read_text(encoding="utf-8"))["panels"]
    return [rule["expr"] for rule in rules] + [target["expr"] for panel in panels for target in panel["targets"]]


def test_every_metric_and_label_of_alerts_and_dashboard_is_there(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(services.settings, metrics_token="t", backup_dir=services.settings.data_dir.parent / "backups")
    monkeypatch.setattr(services, "settings", settings)
    front = Client(CountingMiddleware(FrontCache(create_app(services), services.public_state)))
    front.get("/")
    text = front.get("/metrics", headers={"Authorization": "Bearer t"}).get_data(as_text=True)
    exists = {*re.findall(r"^# TYPE (\S+)", text, re.MULTILINE), *re.findall(r"^(uptake_\w+)", text, re.MULTILINE)}
    named = {name for expression in expressions() for name in re.findall(r"uptake_\w+", expression)}
    documented = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    for name in named:
        assert f"`{re.sub('_bucket$', '', name)}`" in documented
    assert named - exists - OF_A_WORKER_THAT_RAN == set()
    labels = {label for expression in expressions() for label in re.findall(r"(\w+)=\"", expression)}
    assert labels <= {"job", *re.findall(r"[{,](\w+)=\"", text)}


def test_each_alert_says_what_is_wrong_and_panels_do_not_overlap() -> None:
    rules = yaml.safe_load((MONITORING / "alerts.yaml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    assert all(rule["annotations"]["summary"].endswith(".") for rule in rules)
    assert {rule["labels"]["severity"] for rule in rules} == {"page", "ticket"}
    panels = json.loads((MONITORING / "dashboard.json").read_text(encoding="utf-8"))["panels"]
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels]
    assert len(set(places)) == len({panel["id"] for panel in panels}) == len(panels)
