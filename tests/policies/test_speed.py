import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
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


def evaluations(given: dict[str, Any], file: Path) -> int:
    """Judge with opa and return how many expressions it evaluated: the same number on every machine."""
    file.write_text(json.dumps(given), "utf-8")
    command = [program("opa"), "eval", "--profile", "--profile-limit", "0", "--format", "json"]
    command += ["-d", str(POLICIES), "-i", str(file), "data.main.report.rules"]
    done = subprocess.run(command, capture_output=True, check=True)
    said = json.loads(done.stdout)
    assert said["result"][0]["expressions"][0]["value"] == RULES
    return sum(one["num_eval"] for one in said["profile"])


@pytest.mark.parametrize(("name", "space"), [("app%d", "asky"), ("app", "space%d")])
def test_ten_times_the_objects_take_about_ten_times_the_steps(tmp_path: Path, name: str, space: str) -> None:
    """`make bench` measures the time that takes."""
    file = tmp_path / "input.json"
    small, large = (evaluations(stack(services, name, space), file) for services in (10, 100))
    assert large < 11 * small, f"60 objects {small:,} steps, 600 objects {large:,} steps"


def listing(words: int) -> dict[str, Any]:
    """Return a target of one object with a long list."""
    addresses = [f"10.{i // 250}.{i % 250}.0/24" for i in range(words)]
    item = {
        "apiVersion": "example.org/v1",
        "kind": "Blocklist",
        "metadata": {"name": "all", "namespace": "asky"},
        "spec": {"addresses": addresses},
    }
    source = {"file": "all.yaml", "document": 0, "kind": "manifest", "object": item, "text": None}
    return {"overlay": "long", "items": [item], "sources": [source], "config": {}}


def test_ten_times_the_words_of_a_list_take_about_ten_times_the_steps(tmp_path: Path) -> None:
    small, large = (evaluations(listing(words), tmp_path / "input.json") for words in (300, 3000))
    assert large < 11 * small, f"300 words {small:,} steps, 3000 words {large:,} steps"
