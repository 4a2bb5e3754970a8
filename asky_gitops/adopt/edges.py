"""Who is reached from where: Services, Ingresses, policies and autoscalers, put on their services."""

from collections.abc import Iterable, Iterator
from typing import Any

from asky_gitops.adopt.database import fronts
from asky_gitops.adopt.found import Found, slug
from asky_gitops.adopt.overlay import CERTIFICATE, TAKEN
from asky_gitops.adopt.pods import main, ports
from asky_gitops.adopt.scene import Scene, annotations, finds, is_own, matches
from asky_gitops.adopt.service import PORT

KINDS = ("Service", "Ingress", "NetworkPolicy", "HorizontalPodAutoscaler")
"""What `adopt` speaks about, taken or not."""
RESERVED = (
    "base",
    "custom",
    "generated",
    "migrations",
    "network",
    "platform",
    "postgres",
    "secrets",
    "seeds",
)
OURS = ("argocd.argoproj.io/", "asky-gitops.dev/")
COSMETIC = ("kubernetes.io/ingress.class", "cert-manager.io/", "meta.helm.sh/", *OURS)


def services_of(workload: Found, every: Iterable[Found]) -> list[str]:
    """Return the Kubernetes Services that select a workload's pods."""
    return [
        one.name for one in every if one.kind == "Service" and finds(one.spec.get("selector") or {}, workload)
    ]


def names(workloads: list[Found], services: list[Found]) -> dict[int, str]:
    """Return each workload's name in the spec: its Service's, by which others call it, else its own."""
    made: dict[int, str] = {}
    for one in workloads:
        called = services_of(one, services)
        name = slug(called[0] if len(called) == 1 else one.name)
        name = f"{name}-app" if name in RESERVED else name
        while name in made.values():
            name = f"{name}-2"
        made[id(one)] = name
    return made


def port_of(workload: Found) -> int:
    """Return the port a workload's service listens on."""
    found = ports(main(workload.spec, workload.name))
    return found[0][1] if found else PORT


def adopt(scene: Scene) -> None:
    """Put every Service, Ingress, policy and autoscaler on the service it is about."""
    for one in scene.every:
        match one.kind:
            case "Service":
                kube_service(one, scene)
            case "Ingress":
                ingress(one, scene)
            case "HorizontalPodAutoscaler":
                autoscaler(one, scene)
            case "NetworkPolicy":
                policy(one, scene)


def kube_service(one: Found, scene: Scene) -> None:
    """Judge one Service: its port is the container's now, and the world comes through the Ingress."""
    log = scene.log
    behind = [each for each in scene.workloads if finds(one.spec.get("selector") or {}, each)]
    if not behind:
        if fronts(one, scene.every):
            log.add("taken", one, "the database is `postgres` in every overlay")
        elif one.spec.get("type") == "ExternalName":
            log.add("left over", one, f"use {one.spec.get('externalName')} itself, and name it under egress")
        else:
            log.add("left over", one, "selects no pod of these")
        return
    name = scene.named[id(behind[0])]
    service = scene.services[name]
    every_port = [port for _, port in ports(main(behind[0].spec, behind[0].name))]
    labels = [label for label, _ in ports(main(behind[0].spec, behind[0].name))]
    for each in one.spec.get("ports") or []:
        target = each.get("targetPort", each["port"])
        if target not in every_port and target not in labels and every_port:
            log.add("changed", one, f"aimed at {target}: {name} listens on {service['port']}")
        elif each["port"] != service["port"] and each["port"] not in every_port:
            log.add("changed", one, f"port {each['port']} is {service['port']} now, as the container's own")
    if one.spec.get("type") in ("LoadBalancer", "NodePort"):
        service.setdefault("public", {"host": f"{name}.local"})
        log.add("changed", one, f"{one.spec['type']} becomes the Ingress at {service['public']['host']}")
    else:
        log.add("taken", one, f"services.{name}")


def routes(one: Found) -> Iterator[tuple[str, str, str, str]]:
    """Yield (host, path, path type, Kubernetes Service) of an Ingress, of old API versions too."""
    for rule in one.spec.get("rules") or []:
        for path in (rule.get("http") or {}).get("paths") or []:
            backend = path.get("backend") or {}
            target = (backend.get("service") or {}).get("name") or backend.get("serviceName") or ""
            yield rule.get("host", ""), path.get("path") or "/", path.get("pathType", "Prefix"), target


def ingress(one: Found, scene: Scene) -> None:
    """Put the routes of an Ingress on their services."""
    log, taken = scene.log, []
    for host, path, kind, target in routes(one):
        name = scene.around.names.get(target)
        if name is None:
            log.add("left over", one, f"{host}{path} leads to {target or 'nothing'}, which is not here")
            continue
        taken.append(name)
        public = scene.services[name].get("public")
        if public is None or public["host"] == f"{name}.local":
            public = scene.services[name]["public"] = {"host": host or f"{name}.local", "paths": []}
        if host and host != public["host"]:
            aliases = public.setdefault("aliases", [])
            aliases += [] if host in aliases else [host]
        public["paths"] += [] if path in public["paths"] else [path]
        if kind == "Exact":
            log.add("changed", one, f"{path} is a prefix now, not exact")
    for key in () if is_own(one) else annotations(one):
        if not key.startswith((*COSMETIC, *TAKEN)):
            log.add("left over", one, f"annotation {key}: the platform's controller has its own")
    if taken and not one.spec.get("tls"):
        speaks_tls(one, taken, scene)
    if taken:
        log.add("taken", one, f"public of {', '.join(dict.fromkeys(taken))}")


def speaks_tls(one: Found, taken: list[str], scene: Scene) -> None:
    """Say that what had no TLS has it now; our own Ingress without it was meant so."""
    if is_own(one):
        for name in taken:
            scene.services[name]["public"]["tls"] = False
    elif CERTIFICATE not in annotations(one):
        words = "speaks TLS with the controller's certificate; public.tls: false turns it off"
        scene.log.add("changed", one, words)


def autoscaler(one: Found, scene: Scene) -> None:
    """Put an autoscaler on its service."""
    target = (one.spec.get("scaleTargetRef") or {}).get("name")
    found = next((scene.named[id(each)] for each in scene.workloads if each.name == target), None)
    if found is None:
        scene.log.add("left over", one, f"scales {target}, which is not here")
        return
    said = [
        ((metric.get("resource") or {}).get("target") or {}).get("averageUtilization")
        for metric in one.spec.get("metrics") or []
        if (metric.get("resource") or {}).get("name") == "cpu"
    ]
    cpu = next((each for each in [*said, one.spec.get("targetCPUUtilizationPercentage")] if each), None)
    service = scene.services[found]
    service.pop("replicas", None)
    low, high = one.spec.get("minReplicas", 1), one.spec["maxReplicas"]
    service["autoscale"] = {"min": low, "max": high, **({"cpu": cpu} if cpu else {})}
    scene.log.add("taken", one, f"services.{found}.autoscale")


def policy(one: Found, scene: Scene) -> None:
    """Read who may call whom out of a NetworkPolicy, and where to outside; ours replace the policy itself."""
    subjects = scene.chosen(one.spec.get("podSelector"))
    for name in subjects if len(subjects) == 1 else []:
        for rule in one.spec.get("ingress") or []:
            for peer in rule.get("from") or []:
                for each in scene.workloads:
                    caller = scene.named[id(each)]
                    if caller != name and matches(peer.get("podSelector"), each):
                        called = scene.services[caller]
                        called["calls"] = sorted({*called.get("calls", []), name})
        if out := egress(one):
            scene.services[name].setdefault("egress", []).extend(out)
    scene.log.add("changed", one, "the network is closed and opened by calls, public and egress")


def egress(one: Found) -> list[dict[str, Any]]:
    """Return where a policy lets its pods connect outside the cluster; the whole internet only in our own."""
    made = []
    for rule in one.spec.get("egress") or []:
        blocks = [peer["ipBlock"]["cidr"] for peer in rule.get("to") or [] if peer.get("ipBlock")]
        for cidr in blocks:
            for port in rule.get("ports") or []:
                if isinstance(port.get("port"), int) and (is_own(one) or not cidr.endswith("/0")):
                    made.append({"cidr": cidr, "port": port["port"]})
    return made
