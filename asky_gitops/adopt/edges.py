"""Who is reached from where: Services, Ingresses, policies, autoscalers and jobs, put on their services."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from asky_gitops.adopt.database import is_server, selects
from asky_gitops.adopt.found import Found, Log, slug
from asky_gitops.adopt.pods import (
    Surroundings,
    containers,
    environment,
    main,
    ports,
    resources,
    template,
)
from asky_gitops.adopt.service import PORT, PROVIDED, pointed
from asky_gitops.adopt.values import withheld

KINDS = ("Service", "Ingress", "NetworkPolicy", "HorizontalPodAutoscaler")
"""What `adopt` speaks about, taken or not; CronJobs are for `jobs`."""
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
PROGRAM = ("command", "args")
OF_CRON = (
    ("concurrency", "concurrencyPolicy"),
    ("timeZone", "timeZone"),
    ("startingDeadline", "startingDeadlineSeconds"),
)
OF_RUN = (("retries", "backoffLimit"), ("deadline", "activeDeadlineSeconds"))
OURS = ("argocd.argoproj.io/", "asky-gitops.dev/")
COSMETIC = ("kubernetes.io/ingress.class", "cert-manager.io/", "meta.helm.sh/", *OURS)


def services_of(workload: Found, every: Iterable[Found]) -> list[str]:
    """Return the Kubernetes Services that select a workload's pods."""
    return [one.name for one in every if one.kind == "Service" and selects(one, workload)]


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


def adopt(
    every: list[Found], named: Mapping[int, str], around: Surroundings, spec: dict[str, Any], log: Log
) -> None:
    """Put every Service, Ingress, policy and autoscaler on the service it is about."""
    workloads = [one for one in every if id(one) in named]
    for one in every:
        match one.kind:
            case "Service":
                kube_service(one, [each for each in workloads if selects(one, each)], every, named, spec, log)
            case "Ingress":
                ingress(one, around, spec, log)
            case "HorizontalPodAutoscaler":
                autoscaler(one, workloads, named, spec, log)
            case "NetworkPolicy":
                policy(one, workloads, named, spec, log)


def kube_service(
    one: Found,
    behind: list[Found],
    every: list[Found],
    named: Mapping[int, str],
    spec: dict[str, Any],
    log: Log,
) -> None:
    """Judge one Service: its port is the container's now, and the world comes through the Ingress."""
    if not behind:
        if any(is_server(each) and selects(one, each) for each in every):
            log.add("taken", one, "the database is `postgres` in every overlay")
        elif one.spec.get("type") == "ExternalName":
            log.add("left over", one, f"use {one.spec.get('externalName')} itself, and name it under egress")
        else:
            log.add("left over", one, "selects no pod of these")
        return
    name = named[id(behind[0])]
    service = spec["services"][name]
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


def ingress(one: Found, around: Surroundings, spec: dict[str, Any], log: Log) -> None:
    """Put the routes of an Ingress on their services."""
    taken = []
    for host, path, kind, target in routes(one):
        name = around.names.get(target)
        if name is None:
            log.add("left over", one, f"{host}{path} leads to {target or 'nothing'}, which is not here")
            continue
        taken.append(name)
        public = spec["services"][name].get("public")
        if public is None or public["host"] == f"{name}.local":
            public = spec["services"][name]["public"] = {"host": host or f"{name}.local", "paths": []}
        if host and host != public["host"]:
            aliases = public.setdefault("aliases", [])
            aliases += [] if host in aliases else [host]
        public["paths"] += [] if path in public["paths"] else [path]
        if kind == "Exact":
            log.add("changed", one, f"{path} is a prefix now, not exact")
    notes = one.manifest["metadata"].get("annotations") or {}
    for key in notes:
        if not str(key).startswith(COSMETIC):
            log.add("left over", one, f"annotation {key}: the platform's controller has its own")
    if taken and not one.spec.get("tls"):
        log.add(
            "changed",
            one,
            "speaks TLS with the controller's certificate; public.tls: false turns it off",
        )
    if taken:
        log.add("taken", one, f"public of {', '.join(dict.fromkeys(taken))}")


def autoscaler(
    one: Found, workloads: list[Found], named: Mapping[int, str], spec: dict[str, Any], log: Log
) -> None:
    """Put an autoscaler on its service."""
    target = (one.spec.get("scaleTargetRef") or {}).get("name")
    found = next((named[id(each)] for each in workloads if each.name == target), None)
    if found is None:
        log.add("left over", one, f"scales {target}, which is not here")
        return
    said = [
        (metric.get("resource") or {}).get("target", {}).get("averageUtilization")
        for metric in one.spec.get("metrics") or []
        if (metric.get("resource") or {}).get("name") == "cpu"
    ]
    cpu = next((each for each in [*said, one.spec.get("targetCPUUtilizationPercentage")] if each), None)
    service = spec["services"][found]
    service.pop("replicas", None)
    low, high = one.spec.get("minReplicas", 1), one.spec["maxReplicas"]
    service["autoscale"] = {"min": low, "max": high, **({"cpu": cpu} if cpu else {})}
    log.add("taken", one, f"services.{found}.autoscale")


def policy(
    one: Found, workloads: list[Found], named: Mapping[int, str], spec: dict[str, Any], log: Log
) -> None:
    """Read who may call whom out of a NetworkPolicy, and where to outside; ours replace the policy itself."""
    subjects = [named[id(each)] for each in workloads if matches(one.spec.get("podSelector"), each)]
    for name in subjects if len(subjects) == 1 else []:
        for rule in one.spec.get("ingress") or []:
            for peer in rule.get("from") or []:
                for each in workloads:
                    selector = peer.get("podSelector")
                    if selector and named[id(each)] != name and matches(selector, each):
                        called = spec["services"][named[id(each)]]
                        called["calls"] = sorted({*called.get("calls", []), name})
        for rule in one.spec.get("egress") or []:
            blocks = [peer["ipBlock"]["cidr"] for peer in rule.get("to") or [] if "ipBlock" in peer]
            for cidr in blocks:
                for port in rule.get("ports") or []:
                    if isinstance(port.get("port"), int) and not cidr.endswith("/0"):
                        spec["services"][name].setdefault("egress", []).append(
                            {"cidr": cidr, "port": port["port"]}
                        )
    log.add("changed", one, "the network is closed and opened by calls, public and egress")


def matches(selector: Mapping[str, Any] | None, workload: Found) -> bool:
    """Tell whether a selector with labels finds the pods of a workload."""
    labels = (template(workload.spec).get("metadata") or {}).get("labels") or {}
    wanted = (selector or {}).get("matchLabels") or {}
    return bool(wanted) and wanted.items() <= labels.items()


def jobs(every: list[Found], services: dict[str, Any], around: Surroundings, log: Log) -> set[int]:
    """Put each CronJob that runs a service's image on that service; return those that were."""
    done = set()
    for one in every:
        if one.kind != "CronJob":
            continue
        run = (one.spec.get("jobTemplate") or {}).get("spec") or {}
        container = containers(run)[0]
        owner = next((name for name, each in services.items() if each["image"] == container["image"]), None)
        if owner is None or len(containers(run)) != 1:
            continue
        name = re.sub(f"^{re.escape(owner)}-", "", slug(one.name))[:30].rstrip("-")
        known = {*services[owner].get("env", {}), *PROVIDED}
        env = {
            each.name: pointed(each.value, owner, around, {})
            for each in environment(container, around.sources)
            if each.value is not None and not each.inline and each.name not in known
        }
        made = {"schedule": one.spec["schedule"]}
        for key in PROGRAM:
            if container.get(key):
                made[key] = [withheld(str(part)) for part in container[key]]
        made |= {ours: one.spec[theirs] for ours, theirs in OF_CRON if one.spec.get(theirs) is not None}
        made |= {ours: run[theirs] for ours, theirs in OF_RUN if theirs in run}
        made |= {"env": env} if env else {}
        made |= {"resources": said} if (said := resources(container)) else {}
        services[owner].setdefault("jobs", {})[name] = made
        log.add("taken", one, f"services.{owner}.jobs.{name}: with the service's environment and login")
        done.add(id(one))
    return done
