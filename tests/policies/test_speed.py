import json
import os
import subprocess
from pathlib import Path
from typing import Any

import yaml

from tests.policies.conftest import POLICIES, RULES, program

SERVICE = """
- apiVersion: apps/v1
  kind: Deployment
  metadata: {name: NAME, namespace: SPACE}
  spec:
    template:
      metadata: {labels: {app: NAME, app.kubernetes.io/part-of: asky}}
      spec:
        containers:
          - name: app
            image: ghcr.io/acme/app:1
            ports: [{name: http, containerPort: 8000}]
            env:
              - {name: DATABASE_URL, value: "postgresql://$(U):$(P)@postgres:5432/asky"}
              - {name: LOG, value: info}
            resources: {limits: {cpu: "1", memory: 1Gi}}
- apiVersion: v1
  kind: Service
  metadata: {name: NAME, namespace: SPACE}
  spec:
    selector: {app: NAME, app.kubernetes.io/part-of: asky}
    ports: [{port: 80, targetPort: http}]
- apiVersion: networking.k8s.io/v1
  kind: Ingress
  metadata: {name: NAME, namespace: SPACE}
  spec: {rules: [{http: {paths: [{backend: {service: {name: NAME, port: {number: 80}}}}]}}]}
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: NAME, namespace: SPACE}
  data: {app.conf: "log: info\\nport: 8000\\npassword_file: /run/secrets/db\\n"}
- apiVersion: postgresql.cnpg.io/v1
  kind: Cluster
  metadata: {name: NAME, namespace: SPACE}
  spec: {resources: {limits: {cpu: "1", memory: 1Gi}}}
- apiVersion: networking.k8s.io/v1
  kind: NetworkPolicy
  metadata: {name: NAME, namespace: SPACE}
  spec:
    podSelector: {matchLabels: {cnpg.io/cluster: NAME}}
    ingress:
      - from: [{podSelector: {matchLabels: {app: NAME}}}, {ipBlock: {cidr: 203.0.113.0/24}}]
        ports: [{port: 5432}]
"""


def stack(services: int, name: str, space: str) -> dict[str, Any]:
    """Return a target of six objects a service; `%d` in name or namespace is the service's number."""
    one = json.dumps(yaml.safe_load(SERVICE))
    items = [
        item
        for i in range(services)
        for item in json.loads(
            one.replace("NAME", name.replace("%d", str(i))).replace("SPACE", space.replace("%d", str(i)))
        )
    ]
    sources = [
        {"file": f"{i}.yaml", "document": 0, "kind": "manifest", "object": item, "text": None}
        for i, item in enumerate(items)
    ]
    return {"overlay": "big", "items": items, "sources": sources, "config": {}}


def processor_seconds(given: dict[str, Any], file: Path) -> float:
    """Judge with opa and return the processor time that took; the machine's load does not count."""
    file.write_text(json.dumps(given), "utf-8")
    command = [
        program("opa"),
        "eval",
        "--fail",
        "-d",
        str(POLICIES),
        "-i",
        str(file),
        f"data.main.report.rules == {RULES}",
    ]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, "GOMAXPROCS": "1"})
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0
    return usage.ru_utime


def test_ten_times_the_objects_take_about_ten_times_the_time(tmp_path: Path) -> None:
    for name, space in (("app%d", "asky"), ("app", "space%d")):
        start, small, large = (
            min(processor_seconds(given, tmp_path / "input.json") for _ in range(times))
            for given, times in (({}, 3), (stack(100, name, space), 3), (stack(1000, name, space), 2))
        )
        small, large = small - start, large - start
        assert large / small < 13, f"600 objects {small:.2f} s, 6,000 objects {large:.2f} s"
