"""The map of one render: services, databases, who may connect to whom, and what the internet reaches."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from asky_gitops.findings.network import Network, Pods, listed, mapped, namespace_of, pods, selects, value
from asky_gitops.model.connections import Connections, Edge, Node, NodeKind

Object = Mapping[str, Any]
INTERNET = Node("internet", "internet", "internet")
ANYONE = Node("anyone", "anyone", "any pod of the cluster")
INTERNAL = (
    "service.beta.kubernetes.io/aws-load-balancer-scheme",
    "alb.ingress.kubernetes.io/scheme",
)
"""Annotations that say `internal` of what is not for the internet."""
ROUTES = ("HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute")
DNS = 53


def connections(items: Iterable[Object]) -> Connections:
    """Return the map: arrows between workloads are what NetworkPolicies of both sides allow together.

    A workload that no policy protects gets one arrow from any pod. The verdict is the rules', not this.
    """
    found = list(items)
    workloads = {one.id: one for one in pods(found)}
    nodes = {INTERNET, ANYONE, *(_node(one) for one in workloads.values())}
    edges = set(_allowed(Network(found), list(workloads.values())))
    for entry, target, label in _entries(found, list(workloads.values())):
        nodes.add(entry)
        edges.add(Edge(INTERNET.id, entry.id, "public", label))
        edges.add(Edge(entry.id, target.id, "public"))
    for edge in edges:
        if edge.target not in workloads and edge.kind == "allowed":
            nodes.add(Node(edge.target, "outside", edge.target))
    used = {name for edge in edges for name in (edge.source, edge.target)}
    kept = (node for node in nodes if node.id in used or node.id in workloads)
    return Connections(tuple(sorted(kept)), tuple(sorted(edges)))


def _node(one: Pods) -> Node:
    kind: NodeKind = "database" if one.database else "job" if one.kind in ("Job", "CronJob") else "service"
    return Node(one.id, kind, one.name)


def _allowed(network: Network, workloads: list[Pods]) -> Iterator[Edge]:
    for target in workloads:
        if target.ports and network.rules(target, "ingress") is None:
            yield Edge(ANYONE.id, target.id, "open", _ports(target.ports))
            continue
        for source in workloads:
            if source.id != target.id and (ports := network.ports(source, target)):
                yield Edge(source.id, target.id, "allowed", _ports(ports))
    for source in workloads:
        for rule in network.rules(source, "egress") or ():
            numbers = [value(port, "port") for port in listed(rule, "ports")]
            for peer in listed(rule, "to"):
                if (cidr := value(peer, "ipBlock", "cidr")) and numbers != [DNS] and set(numbers) != {DNS}:
                    yield Edge(source.id, str(cidr), "allowed", ", ".join(map(str, numbers)))


def _ports(ports: Iterable[tuple[str, int, str]]) -> str:
    return ", ".join(dict.fromkeys(str(number) for _, number, _ in ports))


def _entries(items: list[Object], workloads: list[Pods]) -> Iterator[tuple[Node, Pods, str]]:
    """Find what lets the internet in, the workload it leads to, and the hosts or ports it does for."""
    services = {
        (namespace_of(item), str(value(item, "metadata", "name"))): item
        for item in items
        if item.get("kind") == "Service"
    }
    for item in items:
        kind, name, namespace = (
            str(item.get("kind")),
            str(value(item, "metadata", "name")),
            namespace_of(item),
        )
        if _is_internal(item):
            continue
        entry = Node(
            f"{kind} {namespace}/{name}" if namespace else f"{kind} {name}", "entry", f"{kind} {name}"
        )
        if kind == "Service" and value(item, "spec", "type") in ("LoadBalancer", "NodePort"):
            label = ", ".join(str(value(port, "port")) for port in listed(item, "spec", "ports"))
            yield from ((entry, one, label) for one in _behind(item, workloads))
        elif kind == "Ingress" or kind in ROUTES:
            for backend in dict.fromkeys(_backends(item)):
                service = services.get((namespace, backend), {})
                yield from ((entry, one, _hosts(item)) for one in _behind(service, workloads))


def _is_internal(item: Object) -> bool:
    annotations = mapped(item, "metadata", "annotations")
    return any(annotations.get(name) == "internal" for name in INTERNAL)


def _behind(service: Object, workloads: list[Pods]) -> list[Pods]:
    selector = mapped(service, "spec", "selector")
    if not selector:
        return []
    same = namespace_of(service)
    return [
        one for one in workloads if one.namespace == same and selects({"matchLabels": selector}, one.labels)
    ]


def _backends(item: Object) -> Iterator[str]:
    """Return the names of the Services an Ingress or a route of the Gateway API leads to."""
    for rule in listed(item, "spec", "rules"):
        for path in listed(rule, "http", "paths"):
            yield str(value(path, "backend", "service", "name"))
        for reference in listed(rule, "backendRefs"):
            yield str(value(reference, "name"))
    if (default := value(item, "spec", "defaultBackend", "service", "name")) is not None:
        yield str(default)


def _hosts(item: Object) -> str:
    rules = [value(rule, "host") for rule in listed(item, "spec", "rules")]
    hosts = [*(host for host in rules if host), *listed(item, "spec", "hostnames")]
    return ", ".join(dict.fromkeys(map(str, hosts)))


def with_arrows(maps: Mapping[str, Connections]) -> dict[str, Connections]:
    """Return the maps that show something: those with arrows; where none has one, those with a workload."""
    arrows = {name: one for name, one in maps.items() if one.edges}
    return arrows or {name: one for name, one in maps.items() if one.nodes}
