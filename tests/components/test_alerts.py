"""Prometheus takes the alerts, by its own reader, and each asks for metrics that somebody publishes."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml as pyyaml

from asky_gitops.adapters import yaml
from asky_gitops.components import database_monitoring
from asky_gitops.model.database import Backup
from tests.conftest import ROOT
from tests.stacks import asky, database
from tools.bundle.crds import download

Tool = Callable[[str], Path]
OF_THE_KUBELET = {"kubelet_volume_stats_available_bytes", "kubelet_volume_stats_capacity_bytes"}
"""kubernetes, pkg/kubelet/metrics/metrics.go."""
SCHEDULES = ["0 0 2 * * *", "0 0 2 * * 0", "0 0 2 1 * *", "0 0 2 1 1 *", "@hourly", "@weekly", "@yearly"]


def rules(schedule: str | None) -> dict[str, Any]:
    """Return what a PrometheusRule hands to Prometheus."""
    backup = Backup("s3://acme-asky", schedule, "30d", None) if schedule else None
    spec: dict[str, Any] = database_monitoring.alerts(asky(), database(backup=backup))["spec"]
    return spec


def asked_for(spec: dict[str, Any], tool: Tool) -> dict[str, list[str]]:
    """Return the metrics of each alert, as Prometheus reads them."""
    done = subprocess.run(
        [tool("promrules")], input=yaml.dump([spec]), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def published() -> set[str]:
    """Return the metrics of an instance and of the Barman plugin, as the pinned sources name them."""
    folders = {name.rpartition("@")[0]: path for name, path in download(ROOT / "tools" / "schemas").items()}
    operator = folders["github.com/cloudnative-pg/cloudnative-pg"]
    plugin = folders["github.com/cloudnative-pg/plugin-barman-cloud"] / "internal" / "cnpgi"
    monitoring = pyyaml.safe_load((operator / "config/manager/default-monitoring.yaml").read_text("utf-8"))
    collector = operator / "pkg/management/postgres/webserver/metricserver/pg_collector.go"
    constants = (plugin / "metadata/constants.go").read_text("utf-8")
    (name,) = re.findall(r'^const PluginName = "(.+)"$', constants, re.MULTILINE)
    own = re.findall(r'buildFqName\("(\w+)"\)', (plugin / "instance/metrics.go").read_text("utf-8"))
    return {
        *(
            f"cnpg_{query}_{column}"
            for query, said in pyyaml.safe_load(monitoring["data"]["queries"]).items()
            for each in said["metrics"]
            for column in each
        ),
        *(f"cnpg_collector_{found}" for found in re.findall(r'Name: +"(\w+)"', collector.read_text("utf-8"))),
        *(f"{re.sub('[.-]', '_', name)}_{found}" for found in own),
    }


def test_every_metric_that_an_alert_asks_for_is_published(tool: Tool) -> None:
    metrics = asked_for(rules("0 0 2 * * *"), tool)
    assert {one for asked in metrics.values() for one in asked} - published() == OF_THE_KUBELET
    assert sorted(metrics) == [
        "DatabaseBackupFailed",
        "DatabaseBackupOld",
        "DatabaseConnectionsRunOut",
        "DatabaseDiskFills",
        "DatabaseDown",
        "DatabaseReplicationLag",
        "DatabaseWalNotArchived",
    ]


@pytest.mark.parametrize("schedule", [None, *SCHEDULES])
def test_prometheus_takes_the_alerts_whatever_the_schedule(tool: Tool, schedule: str | None) -> None:
    spec = rules(schedule)
    assert list(asked_for(spec, tool)) == sorted(one["alert"] for one in spec["groups"][0]["rules"])


@pytest.mark.parametrize(
    ("key", "value"),
    [("expr", "sum(up"), ("for", "5 minutes"), ("annotations", {"summary": "{{ $value | humanise }}"})],
)
def test_what_prometheus_would_refuse_is_noticed(tool: Tool, key: str, value: Any) -> None:
    spec = rules(None)
    spec["groups"][0]["rules"][0][key] = value
    done = subprocess.run(
        [tool("promrules")], input=yaml.dump([spec]), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
