"""Prometheus loads the rules of docs/deploy/monitoring, and each alert fires when it should and not before."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.repository import ROOT

RULES = ROOT / "docs" / "deploy" / "monitoring" / "alerts.yaml"
PROMTOOL = shutil.which("promtool") or ""
pytestmark = pytest.mark.skipif(not PROMTOOL, reason="needs promtool")
HOURS = 4

CASES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "UptakeDown": ({'up{job="uptake",instance="a"}': "0"}, {'up{job="uptake",instance="a"}': "1"}),
    "UptakeErrors": (
        {'uptake_answers_total{endpoint="public.index",status="5xx"}': "0+6"},
        {'uptake_answers_total{endpoint="public.index",status="5xx"}': "0+1"},
    ),
    "UptakeWorkerAway": ({'uptake_worker_seconds{instance="a"}': "61"}, {'uptake_worker_seconds{instance="a"}': "10"}),
    "UptakePagesBehind": (
        {'uptake_events_behind{instance="a"}': "11", 'uptake_events_behind{instance="b"}': "0"},
        {'uptake_events_behind{instance="a"}': "10"},
    ),
    "UptakeClockWrong": (
        {'uptake_clock_skew_seconds{instance="a"}': "-3", 'uptake_clock_skew_seconds{instance="b"}': "0"},
        {'uptake_clock_skew_seconds{instance="a"}': "-1"},
    ),
    "UptakeBackupNeedsAttention": ({"uptake_backups_need_attention": "1"}, {"uptake_backups_need_attention": "0"}),
    "UptakeBackupOld": (
        {'uptake_backup_seconds{instance="a"}': "172801", 'uptake_backup_seconds{instance="b"}': "180000"},
        {'uptake_backup_seconds{instance="a"}': "172801", 'uptake_backup_seconds{instance="b"}': "60"},
    ),
    "UptakeTrialRestoreOld": (
        {"uptake_trial_restore_seconds": "259201"},
        {"uptake_trial_restore_seconds": "259200"},
    ),
    "UptakeSlow": (
        {
            'uptake_making_seconds_bucket{face="public",le="1"}': "0+98",
            'uptake_making_seconds_bucket{face="public",le="2.5"}': "0+100",
            'uptake_making_seconds_bucket{face="public",le="+Inf"}': "0+100",
        },
        {
            'uptake_making_seconds_bucket{face="public",le="1"}': "0+100",
            'uptake_making_seconds_bucket{face="public",le="+Inf"}': "0+100",
        },
    ),
}
"""By alert, series for which it fires and series for which it does not."""


def rules() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"][0]["rules"]
    return loaded


def fired(alert: str, series: dict[str, str], tmp_path: Path) -> str:
    """What fires after some hours, as promtool says it when nothing is expected; empty if nothing does."""
    test = {
        "interval": "1m",
        "input_series": [{"series": name, "values": f"{value}x{HOURS * 60}"} for name, value in series.items()],
        "alert_rule_test": [{"eval_time": f"{HOURS}h", "alertname": alert, "exp_alerts": []}],
    }
    file = tmp_path / "test.yaml"
    file.write_text(json.dumps({"rule_files": [str(RULES)], "tests": [test]}), encoding="utf-8")
    done = subprocess.run([PROMTOOL, "test", "rules", str(file)], capture_output=True, text=True, timeout=120)
    return "" if done.returncode == 0 else (done.stdout + done.stderr).partition("got:")[2]


def test_every_alert_has_a_case() -> None:
    assert CASES.keys() == {rule["alert"] for rule in rules()}


@pytest.mark.parametrize("alert", CASES)
def test_an_alert_fires_when_it_should_and_not_before(alert: str, tmp_path: Path) -> None:
    wrong, right = CASES[alert]
    said = fired(alert, wrong, tmp_path)
    assert f'alertname="{alert}"' in said
    assert "summary=" in said
    assert "no value" not in said
    assert fired(alert, right, tmp_path) == ""
