"""What watches the stack: Prometheus' monitors become metrics of their services, node-exporter a setting."""

import re
from collections.abc import Mapping
from typing import Any

from asky_gitops.adopt.database import fronts
from asky_gitops.adopt.found import Found
from asky_gitops.adopt.pods import containers, main, ports
from asky_gitops.adopt.scene import Scene, finds, is_own, space_of

EXPORTER = re.compile(r"(^|/)node-exporter(:|@|$)")
EXPORTERS = (9100, 9127, 9187)
"""Ports of node-exporter and of CloudNativePG's own exporters."""
PATH = "/metrics"
NAMES = ("app", "name")
TOOLS = ("app.kubernetes.io/", "helm.sh/")
"""Labels of a monitor that say what it is, not who looks for it."""


def is_exporter(one: Found) -> bool:
    """Tell what watches the nodes: the platform's second root has it, no service does."""
    images = (str(each.get("image", "")) for each in containers(one.spec))
    return one.kind == "DaemonSet" and any(map(EXPORTER.search, images))


def adopt(scene: Scene) -> set[int]:
    """Put each monitor's port and path on the services it is for; return the `id`s of those that were.

    Our own policy tells of metrics that nothing watches yet.
    """
    done = set()
    for one in scene.of_kind("NetworkPolicy"):
        for name in scene.chosen(one.spec.get("podSelector")) if is_own(one, "metrics") else []:
            port = one.spec["ingress"][0]["ports"][0]["port"]
            scene.services[name].setdefault("metrics", {"port": port})
    for one in scene.of_kind("ServiceMonitor", "PodMonitor"):
        wanted = (one.spec.get("selector") or {}).get("matchLabels") or {}
        endpoints = one.spec.get("endpoints") or one.spec.get("podMetricsEndpoints") or [{}]
        endpoint: dict[str, Any] = endpoints[0]
        found = watched(one, wanted, endpoint, scene)
        for name, port in found:
            metrics = scene.services[name].setdefault("metrics", {"port": port})
            metrics |= {"path": str(endpoint["path"])} if endpoint.get("path", PATH) != PATH else {}
        if found:
            names = ", ".join(name for name, _ in found)
            scene.log.add("taken", one, f"metrics of {names}; overlays: monitoring.serviceMonitors")
        elif is_own(one) or any(str(key).startswith("cnpg.io/") for key in wanted):
            scene.log.add("taken", one, "overlays: monitoring.serviceMonitors, the database's own")
        else:
            continue
        done.add(id(one))
    return done


def watched(
    one: Found, wanted: Mapping[str, Any], endpoint: Mapping[str, Any], scene: Scene
) -> list[tuple[str, int]]:
    """Return (service, port) of what a monitor watches."""
    label = endpoint.get("port") or endpoint.get("targetPort")
    if one.kind == "PodMonitor":
        behind = [(each, label) for each in scene.workloads if finds(wanted, each)]
    else:
        behind = [
            (each, target(service, label))
            for service in scene.of_kind("Service")
            if wanted and wanted.items() <= (service.manifest["metadata"].get("labels") or {}).items()
            for each in scene.workloads
            if finds(service.spec.get("selector") or {}, each) and not fronts(service, scene.every)
        ]
    found = {}
    for each, port in behind:
        known = ports(main(each.spec, each.name))
        number = next((number for name, number in known if port in (name, number)), None)
        if number is not None:
            found[scene.named[id(each)]] = number
    return list(found.items())


def target(service: Found, label: Any) -> Any:
    """Return the port of the pods that a port of their Service leads to."""
    for each in service.spec.get("ports") or []:
        if label in (each.get("name"), each["port"]):
            return each.get("targetPort", each["port"])
    return label


def settings(scene: Scene, monitors: set[int]) -> dict[str, Any]:
    """Return what Prometheus looks for in this overlay, and where it runs."""
    found = [one for one in scene.every if id(one) in monitors]
    own = [each["metrics"]["port"] for each in scene.services.values() if "metrics" in each]
    usual = f"{scene.spec['metadata']['name']}-monitoring"
    made: dict[str, Any] = {"serviceMonitors": True} if found else {}
    for _, peer in scene.ways_in(*own, *EXPORTERS):
        space = space_of(peer)
        if space and space != usual:
            made["namespace"] = space
    labels = {
        str(key): str(value)
        for one in found
        if one.kind == "ServiceMonitor"
        for key, value in (one.manifest["metadata"].get("labels") or {}).items()
        if key not in NAMES and not str(key).startswith(TOOLS)
    }
    return {**made, **({"labels": labels} if labels else {})}
