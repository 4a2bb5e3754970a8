"""Who may talk to whom, computed by np-guard's network-config-analyzer from the render alone.

The analyser knows Kubernetes' rules and nothing of ours. What it finds for each overlay is compared whole
with the edges of the spec: no pair more, no pair fewer.
"""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml as pyyaml

from asky_gitops.findings.connections import connections as connection_map
from asky_gitops.model.stack import Egress, Stack
from asky_gitops.model.workload import Metrics
from tests.conftest import ROOT
from tests.stacks import asky, eks, ingress, job, minikube, monitoring, service, with_overlays
from tests.tree.conftest import Rendered, build, kustomize

__all__ = ["build", "kustomize"]
ANALYSER = ROOT / ".tools" / "analyser" / "bin" / "nca"
Manifest = dict[str, Any]

OUTSIDE = {
    "ingress-nginx/controller": {"app.kubernetes.io/name": "ingress-nginx"},
    "traefik/controller": {"app.kubernetes.io/name": "traefik"},
    "cnpg-system/operator": {"app.kubernetes.io/name": "cloudnative-pg"},
    "monitoring/prometheus": {"app.kubernetes.io/name": "prometheus"},
    "elsewhere/stranger": {"app.kubernetes.io/name": "auth", "app.kubernetes.io/part-of": "asky"},
}
"""Pods of other namespaces; the stranger has the labels of one of ours."""
DNS = ("kube-system/kube-dns-livesim", "169.254.20.10")
"""The cluster's DNS, which the analyser adds by itself, and NodeLocal DNSCache."""


def pod(name: str, namespace: str, labels: dict[str, str]) -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": labels},
        "spec": {"containers": [{"name": "x", "image": "x"}]},
    }


def pods_of(rendered: Rendered) -> list[Manifest]:
    """Return one pod for each workload of the render, CloudNativePG's and CronJobs' too."""
    made = []
    for one in rendered:
        spec = one.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if "spec" in (template := spec.get("template") or {}):
            labels = template["metadata"]["labels"]
            made.append(pod(labels["app.kubernetes.io/name"], "asky", labels))
        if one["kind"] == "Cluster":
            labels = {"cnpg.io/cluster": one["metadata"]["name"], "cnpg.io/podRole": "instance"}
            made.append(pod("postgres", "asky", labels))
    return made


def connections(rendered: Rendered, folder: Path) -> set[str]:
    """Return every connection that begins or ends in the stack, names excepted: `a => b : ports`."""
    outside = [pod(name, space, labels) for at, labels in OUTSIDE.items() for space, name in [at.split("/")]]
    spaces = {"asky", *(one["metadata"]["namespace"] for one in outside)}
    namespaces = [
        {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": space, "labels": {"kubernetes.io/metadata.name": space}},
        }
        for space in sorted(spaces)
    ]
    policies = [one for one in rendered if one["kind"] == "NetworkPolicy"]
    folder.mkdir(parents=True)
    (folder / "pods.yaml").write_text(pyyaml.safe_dump_all([*namespaces, *pods_of(rendered), *outside]))
    (folder / "policies.yaml").write_text(pyyaml.safe_dump_all(policies))
    if not ANALYSER.exists():
        pytest.fail(f"{ANALYSER} is missing: run make tools")
    result = folder / "connections.txt"
    command = [
        *(str(ANALYSER), "--connectivity", str(folder / "policies.yaml"), "--return_0"),
        *("--pod_list", str(folder / "pods.yaml"), "--ns_list", str(folder / "pods.yaml")),
        *("--output_format", "txt_no_fw_rules", "--file_out", str(result)),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and result.exists(), done.stderr
    return {
        line.replace("[Pod]", "").replace("asky/", "").replace("protocols:TCP,dst_ports:", "")
        for line in result.read_text().splitlines()
        if " => " in line and "asky/" in line and not any(f"=> {name}" in line for name in DNS)
    }


def full() -> Stack:
    """Return a stack with a job, metrics, a way out and a second public service."""
    stack = asky(monitoring=monitoring(namespace="monitoring"))
    report = job("@daily", calls=("requests",), egress=(Egress("203.0.113.0/24", 587),))
    auth = replace(stack.services["auth"], jobs={"report": report}, egress=(Egress("198.51.100.0/24", 443),))
    pyxis = replace(stack.services["pyxis"], metrics=Metrics(9090, "/metrics"))
    requests = replace(stack.services["requests"], metrics=Metrics(8002, "/metrics"))
    services = {**stack.services, "auth": auth, "pyxis": pyxis, "requests": requests}
    stack = replace(stack, services=services)
    behind = replace(eks(stack, ingress=ingress("traefik")), name="behind")
    return with_overlays(stack, minikube(stack), eks(stack), behind)


CLIENTS = ("auth", "auth-report", "migrations", "pyxis", "requests")
SERVICES = {
    "gateway => auth : {8003}",
    "gateway => pyxis : {8001}",
    "gateway => requests : {8002}",
    "requests => pyxis : {8001}",
    "auth-report => requests : {8002}",
    "auth => 198.51.100.0-198.51.100.255 : {443}",
    "auth-report => 203.0.113.0-203.0.113.255 : {587}",
    "monitoring/prometheus => pyxis : {9090}",
    "monitoring/prometheus => requests : {8002}",
    *(f"{name} => postgres : {{5432}}" for name in CLIENTS),
}
"""The edges of `calls`, `egress`, `metrics` and `database`: they are the same everywhere."""


@pytest.fixture
def found(build: Callable[[Stack, str], Rendered], tmp_path: Path) -> Callable[[Stack, str], set[str]]:
    def call(stack: Stack, overlay: str) -> set[str]:
        return connections(build(stack, f"overlays/{overlay}"), tmp_path / "analysed")

    return call


def between_pods(found: set[str]) -> set[str]:
    """Leave out the addresses that operators reach, which the next test is about."""
    return {line for line in found if not line.startswith(("postgres => ", "secrets => "))}


def test_on_minikube_the_pairs_that_may_talk_are_the_edges_of_the_spec(
    found: Callable[[Stack, str], set[str]],
) -> None:
    assert between_pods(found(full(), "minikube")) == {
        *SERVICES,
        "postgres-roles => postgres : {5432}",
        "ingress-nginx/controller => gateway : {8000}",
    }


def test_on_eks_the_pairs_that_may_talk_are_the_edges_of_the_spec(
    found: Callable[[Stack, str], set[str]],
) -> None:
    assert between_pods(found(full(), "eks")) == {
        *SERVICES,
        "10.0.0.0-10.0.15.255 => gateway : {8000}",
        "cnpg-system/operator => postgres : {5432,8000}",
    }


def test_behind_a_controller_that_runs_as_pods_no_address_gets_in(
    found: Callable[[Stack, str], set[str]],
) -> None:
    assert between_pods(found(full(), "behind")) == {
        *SERVICES,
        "traefik/controller => gateway : {8000}",
        "cnpg-system/operator => postgres : {5432,8000}",
    }


@pytest.mark.parametrize("overlay", ["minikube", "eks", "behind"])
def test_the_map_draws_the_pairs_that_may_talk(
    build: Callable[[Stack, str], Rendered], tmp_path: Path, overlay: str
) -> None:
    rendered = build(full(), f"overlays/{overlay}")
    drawn = connection_map(rendered)
    # Pods here are called after their label, which the seeds share with the migrations.
    called = {"asky-db": "postgres", "seeds": "migrations"}
    names = {node.id: called.get(node.label, node.label) for node in drawn.nodes}
    inside = {name for id, name in names.items() if " asky/" in id}
    lines = (line.split(" : ")[0] for line in connections(rendered, tmp_path / "analysed"))
    assert {
        f"{names[edge.source]} => {names[edge.target]}"
        for edge in drawn.edges
        if edge.kind == "allowed" and names[edge.target] in inside
    } == {line for line in lines if set(line.split(" => ")) <= inside}


def test_of_twenty_services_that_call_each_other_in_a_ring_each_reaches_the_next_alone(
    found: Callable[[Stack, str], set[str]],
) -> None:
    names = [f"s{number}" for number in range(20)]
    services = {
        name: service(name, 8000 + number, calls=(names[(number + 1) % 20],))
        for number, name in enumerate(names)
    }
    stack = asky(services=services, database=None, sql={})
    stack = with_overlays(stack, minikube(stack, seeds=False))
    assert found(stack, "minikube") == {
        f"{name} => {names[(number + 1) % 20]} : {{{8000 + (number + 1) % 20}}}"
        for number, name in enumerate(names)
    }


def test_one_service_that_calls_nobody_reaches_nobody(found: Callable[[Stack, str], set[str]]) -> None:
    stack = asky(services={"web": service("web", 8080)}, database=None, sql={})
    assert found(with_overlays(stack, minikube(stack, seeds=False)), "minikube") == set()
