"""Who may talk to whom: every pair of pods judged by the rendered policies alone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from asky_gitops.model.database import External, Restore
from asky_gitops.model.stack import Stack
from tests.stacks import asky, database, full_eks, minikube, with_overlays
from tests.tree.conftest import Rendered

Labels = dict[str, str]
Edge = tuple[str, str, int]

POOLERS = ("asky-db-pooler-ro", "asky-db-pooler-rw")
OUTSIDE: dict[str, tuple[Labels, str]] = {
    "controller": ({"app.kubernetes.io/name": "ingress-nginx"}, "ingress-nginx"),
    "operator": ({"app.kubernetes.io/name": "cloudnative-pg"}, "cnpg-system"),
    "prometheus": ({"app.kubernetes.io/name": "prometheus"}, "asky-monitoring"),
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
    """Judge a label selector as Kubernetes does; In and NotIn are the only operators we write."""
    return selector.get("matchLabels", {}).items() <= labels.items() and all(
        (labels.get(one["key"]) in one["values"]) == {"In": True, "NotIn": False}[one["operator"]]
        for one in selector.get("matchExpressions", [])
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
            for port in (8000, 8001, 8002, 8003, 5432, 9187, 9127, 443):
                opens = home != "asky" or allowed(policies, own, (others, space), "Egress", port)
                takes = space != "asky" or allowed(policies, others, (own, home), "Ingress", port)
                if opens and takes and "asky" in (home, space):
                    yield source, target, port


def pods_of(rendered: Rendered) -> dict[str, tuple[Labels, str]]:
    """Return the pods of the render by name, CloudNativePG's too."""
    pods = {
        template["metadata"]["labels"]["app.kubernetes.io/name"]: (template["metadata"]["labels"], "asky")
        for made in rendered
        if (template := made.get("spec", {}).get("template")) and "metadata" in template
    }
    for made in rendered:
        name = made["metadata"]["name"]
        if made["kind"] == "Cluster":
            pods["postgres" if name == "asky-db" else name] = (
                {"cnpg.io/cluster": name, "cnpg.io/podRole": "instance"},
                "asky",
            )
        if made["kind"] == "Pooler":
            cluster = made["spec"]["cluster"]["name"]
            labels = {"cnpg.io/cluster": cluster, "cnpg.io/podRole": "pooler", "cnpg.io/poolerName": name}
            pods[name] = (labels, "asky")
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


FULL: set[Edge] = {
    *SERVICE_EDGES,
    *((client, pooler, 5432) for client in CLIENTS if client != "migrations" for pooler in POOLERS),
    *((pooler, "postgres", 5432) for pooler in POOLERS),
    ("migrations", "postgres", 5432),
    *(("prometheus", pooler, 9127) for pooler in POOLERS),
    *(("prometheus", instance, 9187) for instance in ("postgres", "asky-db-2")),
    *((instance, instance, port) for instance in ("postgres", "asky-db-2") for port in (5432, 8000)),
    *(("operator", instance, port) for instance in ("postgres", "asky-db-2") for port in (5432, 8000)),
}
"""With everything a Cluster can have, and one that is restored beside it, which nobody uses."""


@pytest.mark.parametrize("overlay", ["minikube", "eks"])
def test_the_rendered_policies_allow_exactly_the_edges_of_the_spec(
    build: Callable[[Stack, str], Rendered], overlay: str
) -> None:
    rendered = build(with_overlays(asky()), f"overlays/{overlay}")
    assert set(edges(rendered, pods_of(rendered))) == EXPECTED[overlay]


def test_pgbouncer_stands_between_the_services_and_the_database_and_a_restored_one_is_nobodys(
    build: Callable[[Stack, str], Rendered],
) -> None:
    stack = asky()
    rendered = build(
        with_overlays(stack, full_eks(stack, restore=Restore(1, None, "beside"))), "overlays/eks"
    )
    found = {edge for edge in edges(rendered, pods_of(rendered)) if edge[2] != 443}
    assert found == FULL


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


def test_an_external_database_is_reached_at_its_networks_by_its_clients_alone(
    build: Callable[[Stack, str], Rendered],
) -> None:
    stack = asky()
    external = External("db.example.org", None, 6432, "verify-full", "admin", ("10.9.0.0/24",))
    overlay = minikube(stack, database=database(external=external))
    found = {
        made["metadata"]["name"]: made["spec"]
        for made in build(with_overlays(stack, overlay), "overlays/minikube")
        if made["kind"] == "NetworkPolicy"
    }
    assert found["postgres-clients"] == {
        "podSelector": {
            "matchLabels": {"app.kubernetes.io/part-of": "asky"},
            "matchExpressions": [
                {
                    "key": "app.kubernetes.io/name",
                    "operator": "In",
                    "values": [*CLIENTS[:2], "postgres-roles", *CLIENTS[2:]],
                }
            ],
        },
        "policyTypes": ["Egress"],
        "egress": [
            {"to": [{"ipBlock": {"cidr": "10.9.0.0/24"}}], "ports": [{"port": 6432, "protocol": "TCP"}]}
        ],
    }
    assert "postgres" not in found
