"""Evaluates NetworkPolicies over rendered pods, as the API defines it and CNIs enforce it.

https://kubernetes.io/docs/concepts/services-networking/network-policies/: a pod that no policy selects for a
direction is open in that direction; of several that select it, each adds what it allows.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Object = Mapping[str, Any]
CONTROLLERS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod")
NAME = "kubernetes.io/metadata.name"


@dataclass(frozen=True)
class Pods:
    """The pods of one workload: what selects them, and the ports they listen on by name."""

    kind: str
    namespace: str
    name: str
    labels: Mapping[str, str]
    ports: tuple[tuple[str, int, str], ...]
    """Name (or empty), number and protocol."""
    database: bool = False

    @property
    def id(self) -> str:
        """Return `Kind namespace/name`."""
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"


def value(item: Any, *path: str) -> Any:
    """Return what stands at a path of keys, None where there is nothing or something of another type."""
    for step in path:
        item = item.get(step) if isinstance(item, Mapping) else None
    return item


def listed(item: Any, *path: str) -> list[Any]:
    """Return the list at a path; anything else is an empty one."""
    found = value(item, *path)
    return found if isinstance(found, list) else []


def mapped(item: Any, *path: str) -> dict[str, Any]:
    """Return the mapping at a path; anything else is an empty one."""
    found = value(item, *path)
    return found if isinstance(found, dict) else {}


def namespace_of(item: Object) -> str:
    """Return an object's namespace, empty where it says none."""
    return str(value(item, "metadata", "namespace") or "")


def pods(items: Iterable[Object]) -> list[Pods]:
    """Return the pods that the objects make; those of CloudNativePG as its operator labels them."""
    return [one for item in items for one in _of(item)]


def _of(item: Object) -> Iterator[Pods]:
    kind, name, namespace = str(item.get("kind")), str(value(item, "metadata", "name")), namespace_of(item)
    if str(item.get("apiVersion", "")).startswith("postgresql.cnpg.io/"):
        if kind == "Cluster":
            labels = {
                "cnpg.io/cluster": name,
                "cnpg.io/podRole": "instance",
                "cnpg.io/instanceRole": "primary",
            }
            yield Pods(kind, namespace, name, labels, (("postgresql", 5432, "TCP"),), database=True)
        elif kind == "Pooler":
            cluster = str(value(item, "spec", "cluster", "name"))
            labels = {"cnpg.io/poolerName": name, "cnpg.io/cluster": cluster, "cnpg.io/podRole": "pooler"}
            yield Pods(kind, namespace, name, labels, (("pgbouncer", 5432, "TCP"),))
        return
    if kind not in CONTROLLERS:
        return
    template = item if kind == "Pod" else value(item, "spec", "template")
    if kind == "CronJob":
        template = value(item, "spec", "jobTemplate", "spec", "template")
    containers = [*listed(template, "spec", "containers"), *listed(template, "spec", "initContainers")]
    ports = tuple(
        (str(port.get("name") or ""), port["containerPort"], str(port.get("protocol") or "TCP"))
        for container in containers
        for port in listed(container, "ports")
        if isinstance(port, dict) and isinstance(port.get("containerPort"), int)
    )
    labels = {str(key): str(one) for key, one in mapped(template, "metadata", "labels").items()}
    database = any(number in (5432, 3306, 27017, 6379) for _, number, _ in ports)
    yield Pods(kind, namespace, name, labels, ports, database)


def selects(selector: Any, labels: Mapping[str, str]) -> bool:
    """Tell whether a label selector takes these labels; an empty one takes all."""
    said = selector if isinstance(selector, Mapping) else {}
    if any(labels.get(key) != wanted for key, wanted in mapped(said, "matchLabels").items()):
        return False
    return all(_expression(one, labels) for one in listed(said, "matchExpressions"))


def _expression(one: Any, labels: Mapping[str, str]) -> bool:
    key, operator, values = value(one, "key"), value(one, "operator"), listed(one, "values")
    if operator in ("Exists", "DoesNotExist"):
        return bool((key in labels) == (operator == "Exists"))
    return bool((labels.get(str(key)) in values) == (operator == "In"))


class Network:
    """The policies of one render, asked who may connect to whom."""

    def __init__(self, items: Iterable[Object]) -> None:
        found = list(items)
        self._policies = [
            item
            for item in found
            if item.get("kind") == "NetworkPolicy"
            and str(item.get("apiVersion", "")).startswith("networking.k8s.io/")
        ]
        self._namespaces = {
            str(value(item, "metadata", "name")): {
                NAME: str(value(item, "metadata", "name")),
                **mapped(item, "metadata", "labels"),
            }
            for item in found
            if item.get("kind") == "Namespace"
        }

    def rules(self, of: Pods, direction: str) -> list[Any] | None:
        """Return the rules that allow pods an `ingress` or `egress`; None where no policy restricts them."""
        found = [policy for policy in self._policies if self._is_about(policy, of, direction)]
        return [rule for policy in found for rule in listed(policy, "spec", direction)] if found else None

    def _is_about(self, policy: Object, of: Pods, direction: str) -> bool:
        types = listed(policy, "spec", "policyTypes")
        if not types:
            types = ["Ingress", *(["Egress"] if value(policy, "spec", "egress") is not None else [])]
        same = namespace_of(policy) == of.namespace
        return (
            same
            and direction.capitalize() in types
            and selects(value(policy, "spec", "podSelector"), of.labels)
        )

    def ports(self, source: Pods, target: Pods) -> tuple[tuple[str, int, str], ...]:
        """Return the ports of `target` that `source` may connect to."""
        out, into = self.rules(source, "egress"), self.rules(target, "ingress")
        return tuple(
            port
            for port in target.ports
            if (out is None or any(self._allows(rule, "to", source, target, port) for rule in out))
            and (into is None or any(self._allows(rule, "from", target, source, port) for rule in into))
        )

    def _allows(self, rule: Any, side: str, own: Pods, other: Pods, port: tuple[str, int, str]) -> bool:
        peers = listed(rule, side)
        known = not peers or any(self._is_peer(peer, own, other) for peer in peers)
        wanted = listed(rule, "ports")
        return known and (not wanted or any(_is_port(one, port) for one in wanted))

    def _is_peer(self, peer: Any, own: Pods, other: Pods) -> bool:
        if value(peer, "ipBlock") is not None:
            return False
        selector = value(peer, "namespaceSelector")
        if selector is None:
            near = own.namespace == other.namespace
        else:
            near = selects(selector, self._namespaces.get(other.namespace, {NAME: other.namespace}))
        return near and selects(value(peer, "podSelector"), other.labels)


def _is_port(wanted: Any, port: tuple[str, int, str]) -> bool:
    name, number, protocol = port
    if (value(wanted, "protocol") or "TCP") != protocol:
        return False
    said, end = value(wanted, "port"), value(wanted, "endPort")
    if isinstance(said, int) and isinstance(end, int):
        return said <= number <= end
    return said is None or said == number or (said == name and name != "")
