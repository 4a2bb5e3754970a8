"""Who may talk to whom: every pair of pods judged by the rendered policies alone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from asky_gitops.model.stack import Stack
from tests.stacks import asky, with_overlays
from tests.tree.conftest import Rendered

Labels = dict[str, str]
Edge = tuple[str, str, int]

OUTSIDE: dict[str, tuple[Labels, str]] = {
    "controller": ({"app.kubernetes.io/name": "ingress-nginx"}, "ingress-nginx"),
    "operator": ({"app.kubernetes.io/name": "cloudnative-pg"}, "cnpg-system"),
    "stranger": ({"app.kubernetes.io/name": "auth"}, "elsewhere"),
}
"""Pods of other namespaces; the stranger has the labels of one of ours."""

SERVICE_EDGES = {
    ("gateway", "auth", 8003),
    ("gateway", "pyxis", 8001),
    ("gateway", "requests", 8002),
    ("requests", "pyxis", 8001),
}
CLIENTS = ("auth", "migrations", "pyxis", "requests")


def matches(selector: dict[str, Any], labels: Labels) -> bool:
    """Judge a label selector as Kubernetes does; In is the only operator we write."""
    assert all(one["operator"] == "In" for one in selector.get("matchExpressions", []))
    return selector.get("matchLabels", {}).items() <= labels.items() and all(
        labels.get(one["key"]) in one["values"] for one in selector.get("matchExpressions", [])
    )


def is_peer(peer: dict[str, Any], labels: Labels, namespace: str) -> bool:
    """Say whether a pod is a rule's peer; an address block is none of our pods."""
    if "ipBlock" in peer:
        return False
    if "namespaceSelector" in peer:
        inside = matches(peer["namespaceSelector"], {"kubernetes.io/metadata.name": namespace})
    else:
        inside = namespace == "asky"
    return inside and matches(peer.get("podSelector", {}), labels)


def allowed(policies: Rendered, own: Labels, other: tuple[Labels, str], side: str, port: int) -> bool:
    """Say whether policies let a pod take (Ingress) or open (Egress) a connection."""
    field, peers = ("ingress", "from") if side == "Ingress" else ("egress", "to")
    mine = [
        one["spec"]
        for one in policies
        if side in one["spec"]["policyTypes"] and matches(one["spec"]["podSelector"], own)
    ]
    assert mine, "the default deny selects every pod"
    return any(
        {"port": port, "protocol": "TCP"} in rule.get("ports", [])
        and (peers not in rule or any(is_peer(peer, *other) for peer in rule[peers]))
        for spec in mine
        for rule in spec.get(field, [])
    )


def edges(rendered: Rendered, pods: dict[str, tuple[Labels, str]]) -> Iterator[Edge]:
    """Yield every connection between two pods that both sides' policies allow."""
    policies = [made for made in rendered if made["kind"] == "NetworkPolicy"]
    for source, (own, home) in pods.items():
        for target, (others, space) in pods.items():
            for port in (8000, 8001, 8002, 8003, 5432, 443):
                opens = home != "asky" or allowed(policies, own, (others, space), "Egress", port)
                takes = space != "asky" or allowed(policies, others, (own, home), "Ingress", port)
                if opens and takes and "asky" in (home, space):
                    yield source, target, port


def pods_of(rendered: Rendered) -> dict[str, tuple[Labels, str]]:
    """Return the pods of the render by name, CloudNativePG's too."""
    pods = {
        template["metadata"]["labels"]["app.kubernetes.io/name"]: (template["metadata"]["labels"], "asky")
        for made in rendered
        if (template := made.get("spec", {}).get("template")) and "spec" in template
    }
    if any(made["kind"] == "Cluster" for made in rendered):
        pods["postgres"] = ({"cnpg.io/cluster": "asky-db", "cnpg.io/podRole": "instance"}, "asky")
    return {**pods, **OUTSIDE}


EXPECTED: dict[str, set[Edge]] = {
    "minikube": {
        *SERVICE_EDGES,
        *((client, "postgres", 5432) for client in (*CLIENTS, "postgres-roles")),
        ("controller", "gateway", 8000),
        # The API server cannot be named; this pod alone may open its ports anywhere outside the namespace.
        *(("secrets", outside, 443) for outside in OUTSIDE),
    },
    "eks": {
        *SERVICE_EDGES,
        *((client, "postgres", 5432) for client in CLIENTS),
        ("postgres", "postgres", 5432),
        ("postgres", "postgres", 8000),
        ("operator", "postgres", 5432),
        ("operator", "postgres", 8000),
    },
}


@pytest.mark.parametrize("overlay", ["minikube", "eks"])
def test_the_rendered_policies_allow_exactly_the_edges_of_the_spec(
    build: Callable[[Stack, str], Rendered], overlay: str
) -> None:
    rendered = build(with_overlays(asky()), f"overlays/{overlay}")
    assert set(edges(rendered, pods_of(rendered))) == EXPECTED[overlay]


def test_every_pod_reaches_dns_and_addresses_outside_only_where_the_spec_or_an_operator_needs_it(
    build: Callable[[Stack, str], Rendered],
) -> None:
    blocks = {
        (made["metadata"]["name"], peer["ipBlock"]["cidr"], port["port"])
        for made in build(with_overlays(asky()), "overlays/eks")
        if made["kind"] == "NetworkPolicy"
        for field, peers in (("ingress", "from"), ("egress", "to"))
        for rule in made["spec"].get(field, [])
        for peer in rule.get(peers, [])
        if "ipBlock" in peer
        for port in rule["ports"]
    }
    assert blocks == {
        ("allow-dns", "169.254.20.10/32", 53),
        ("gateway-ingress", "10.0.0.0/20", 8000),
        ("postgres", "0.0.0.0/0", 443),
        ("postgres", "0.0.0.0/0", 6443),
    }
