"""The network's floor: nothing goes in or out of a pod unless a policy says so, names excepted."""

from collections.abc import Mapping, Sequence
from ipaddress import ip_network
from typing import Any

from asky_gitops.components.metadata import Wave, metadata, selector
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Egress, Stack

METADATA_SERVICE = "169.254.169.254/32"
"""The cloud's instance metadata: whoever reaches it can become the node."""
NODE_LOCAL_DNS = "169.254.20.10/32"
"""Address of NodeLocal DNSCache (kubernetes.io, "Using NodeLocal DNSCache in Kubernetes Clusters")."""

Peer = dict[str, Any]


def pods(stack: Stack, name: str) -> Peer:
    """Return the peer that selects one component's pods in the stack's namespace."""
    return {"podSelector": {"matchLabels": selector(stack, name)}}


def cidr(block: str) -> Peer:
    """Return the peer for addresses outside the stack, without the cloud's metadata service."""
    network = ip_network(block, strict=False)
    peer: Peer = {"cidr": block}
    if network.version == 4 and ip_network(METADATA_SERVICE).subnet_of(network):  # type: ignore[arg-type]
        peer["except"] = [METADATA_SERVICE]
    return {"ipBlock": peer}


def tcp(*ports: int) -> list[dict[str, Any]]:
    """Return the ports of a rule."""
    return [{"port": port, "protocol": "TCP"} for port in ports]


def policy(
    stack: Stack,
    name: str,
    component: str,
    pod_selector: Mapping[str, Any],
    *,
    of: str | None = None,
    ingress: Sequence[Mapping[str, Any]] | None = None,
    egress: Sequence[Mapping[str, Any]] | None = None,
) -> Manifest:
    """Return a NetworkPolicy; a direction that is None is left to other policies, an empty one is closed.

    A closed one is said with an empty list: Argo CD takes back only what differs from a field that git has.
    """
    sides = [("Ingress", "ingress", ingress), ("Egress", "egress", egress)]
    spec: dict[str, Any] = {"podSelector": dict(pod_selector)}
    spec["policyTypes"] = [kind for kind, _, rules in sides if rules is not None]
    spec.update({key: list(rules) for _, key, rules in sides if rules is not None})
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata(stack, name, component, Wave.GROUND, of=of),
        "spec": spec,
    }


def ways_out(stack: Stack, calls: Sequence[str], outside: Sequence[Egress]) -> list[dict[str, Any]]:
    """Return the rules to the services that are called and to the destinations outside the stack."""
    return [
        *(
            {"to": [pods(stack, name)], "ports": tcp(stack.services[name].port)}
            for name in sorted(set(calls))
        ),
        *({"to": [cidr(way.cidr)], "ports": tcp(way.port)} for way in outside),
    ]


def base(stack: Stack) -> list[Manifest]:
    """Return the default deny in both directions and the way to the cluster's DNS."""
    dns = [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]
    cluster_dns = {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
        "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
    }
    ways = [{"to": [cluster_dns, cidr(NODE_LOCAL_DNS)], "ports": dns}]
    return [
        policy(stack, "allow-dns", "network", {}, of="network", egress=ways),
        policy(stack, "default-deny", "network", {}, of="network", ingress=[], egress=[]),
    ]
