from typing import Any

import pytest

from asky_gitops.findings.connections import connections
from asky_gitops.findings.network import Network, pods, selects
from asky_gitops.model.connections import Edge


def pod(name: str, port: int = 80, namespace: str = "asky", **labels: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": {"app": name, **labels}},
        "spec": {"containers": [{"name": "c", "ports": [{"name": "main", "containerPort": port}]}]},
    }


def policy(selects: str, namespace: str = "asky", **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "p", "namespace": namespace},
        "spec": {"podSelector": {"matchLabels": {"app": selects}} if selects else {}, **spec},
    }


def namespace(name: str, **labels: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def peer(app: str) -> dict[str, Any]:
    return {"podSelector": {"matchLabels": {"app": app}}}


def allowed(*items: dict[str, Any]) -> set[tuple[str, str]]:
    """Return who may connect to whom, by the policies alone."""
    found = pods(items)
    network = Network(items)
    return {
        (one.name, other.name)
        for one in found
        for other in found
        if one is not other and network.ports(one, other)
    }


A, B = pod("a"), pod("b")
BOTH = {("a", "b"), ("b", "a")}
CASES: dict[str, tuple[list[dict[str, Any]], set[tuple[str, str]]]] = {
    "no policy": ([], BOTH),
    "a policy elsewhere": ([policy("", "other", policyTypes=["Ingress"])], BOTH),
    "deny all": ([policy("", policyTypes=["Ingress", "Egress"])], set()),
    "deny ingress of b": ([policy("b")], {("b", "a")}),
    "deny egress of b": ([policy("b", policyTypes=["Egress"])], {("a", "b")}),
    "b lets a in": ([policy("b", ingress=[{"from": [peer("a")]}])], BOTH),
    "b lets c in": ([policy("b", ingress=[{"from": [peer("c")]}])], {("b", "a")}),
    "b lets everybody in": ([policy("b", ingress=[{}])], BOTH),
    "b lets a in, a may not go out": (
        [policy("b", ingress=[{"from": [peer("a")]}]), policy("a", policyTypes=["Egress"])],
        {("b", "a")},
    ),
    "two policies add up": (
        [policy("b", ingress=[]), policy("b", ingress=[{"from": [peer("a")]}])],
        BOTH,
    ),
    "by a port that is there": ([policy("b", ingress=[{"ports": [{"port": 80}]}])], BOTH),
    "by its name": ([policy("b", ingress=[{"ports": [{"port": "main"}]}])], BOTH),
    "by a range": ([policy("b", ingress=[{"ports": [{"port": 70, "endPort": 90}]}])], BOTH),
    "by another port": ([policy("b", ingress=[{"ports": [{"port": 81}]}])], {("b", "a")}),
    "by another protocol": (
        [policy("b", ingress=[{"ports": [{"port": 80, "protocol": "UDP"}]}])],
        {("b", "a")},
    ),
    "by address": ([policy("b", ingress=[{"from": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}])], {("b", "a")}),
    "by namespace": (
        [
            namespace("asky", team="x"),
            policy("b", ingress=[{"from": [{"namespaceSelector": {"matchLabels": {"team": "x"}}}]}]),
        ],
        BOTH,
    ),
    "by another namespace": (
        [
            namespace("asky", team="y"),
            policy("b", ingress=[{"from": [{"namespaceSelector": {"matchLabels": {"team": "x"}}}]}]),
        ],
        {("b", "a")},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_policies_are_evaluated_as_the_api_defines_them(case: str) -> None:
    items, expected = CASES[case]
    assert allowed(A, B, *items) == expected


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ({}, True),
        ({"matchLabels": {"app": "a"}}, True),
        ({"matchLabels": {"app": "b"}}, False),
        ({"matchExpressions": [{"key": "app", "operator": "In", "values": ["a", "b"]}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["a"]}]}, False),
        ({"matchExpressions": [{"key": "tier", "operator": "NotIn", "values": ["a"]}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "Exists"}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}, False),
    ],
)
def test_a_selector_takes_what_the_api_says(selector: dict[str, Any], expected: bool) -> None:
    assert selects(selector, {"app": "a"}) is expected


SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "a", "namespace": "asky"},
    "spec": {"type": "LoadBalancer", "selector": {"app": "a"}, "ports": [{"port": 443}]},
}


def test_what_the_internet_reaches_and_what_nobody_guards_is_on_the_map() -> None:
    drawn = connections([A, pod("db", 5432), policy("db", ingress=[{"from": [peer("a")]}]), SERVICE])
    assert drawn.edges == (
        Edge("Pod asky/a", "Pod asky/db", "allowed", "5432"),
        Edge("Service asky/a", "Pod asky/a", "public"),
        Edge("anyone", "Pod asky/a", "open", "80"),
        Edge("internet", "Service asky/a", "public", "443"),
    )
    assert {node.id: node.kind for node in drawn.nodes} == {
        "Pod asky/a": "service",
        "Pod asky/db": "database",
        "Service asky/a": "entry",
        "anyone": "anyone",
        "internet": "internet",
    }


def test_an_internal_load_balancer_is_no_way_from_the_internet() -> None:
    annotated = {**SERVICE, "metadata": {**SERVICE["metadata"], "annotations": {  # type: ignore[dict-item]
        "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal"}}}  # fmt: skip
    assert [edge.source for edge in connections([A, annotated]).edges] == ["anyone"]


@pytest.mark.parametrize(
    "odd", [{}, {"kind": "Pod", "spec": 1}, {"kind": "NetworkPolicy", "metadata": [], "spec": []}]
)
def test_odd_objects_are_passed_over(odd: dict[str, Any]) -> None:
    assert connections([odd, A]).edges == (Edge("anyone", "Pod asky/a", "open", "80"),)
