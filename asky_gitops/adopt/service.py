"""One workload becomes one service of the spec, with a patch for what the spec cannot say of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from asky_gitops.adopt import custom
from asky_gitops.adopt.found import Found, Log
from asky_gitops.adopt.pods import (
    ENV_NAME,
    Surroundings,
    Variable,
    environment,
    main,
    ports,
    probes,
    resources,
    shutdown,
    template,
    url_of,
)
from asky_gitops.adopt.values import withheld
from asky_gitops.model.manifest import Manifest

PROVIDED = ("DATABASE_URL", "DB_USER", "DB_PASSWORD", "PGSSLMODE", "PGSSLROOTCERT")
"""Variables that every service with a database has from us."""
READONLY = "DATABASE_URL_READONLY"
OUR_SCHEME = "postgresql+asyncpg"
CA_FOLDER = "/etc/database-ca"
"""Where our own pods find the database's certificate."""
PORT = 8080
"""Of what listens on none: the spec needs one."""
HOST = re.compile(
    r"(?<![\w.-])([a-z][a-z0-9-]*)((?:\.[a-z0-9-]+(?:\.svc(?:\.cluster\.local)?)?)?)(:\d+)?(?![\w.@-])"
)
CONTAINERS = ("containers", "initContainers", "volumes")
OURS = ("serviceAccountName", "serviceAccount", "automountServiceAccountToken", "securityContext")
SAID = ("imagePullSecrets", "terminationGracePeriodSeconds", "topologySpreadConstraints", "affinity")
CUSTOMARY = ("restartPolicy", "dnsPolicy", "schedulerName", "enableServiceLinks", "hostname")
SPEC_KEYS = frozenset((*CONTAINERS, *OURS, *SAID, *CUSTOMARY))
"""Fields of a pod that the spec says or that have our own value."""
FORBIDDEN = ("hostNetwork", "hostPID", "hostIPC")


@dataclass(slots=True)
class Adopted:
    """A service for the spec, and its patch."""

    name: str
    data: dict[str, Any]
    patch: Manifest | None = None


def adopt(one: Found, name: str, around: Surroundings, log: Log) -> Adopted:
    """Return the service that a workload becomes; everything that changes is noted."""
    container = main(one.spec, one.name)
    found = ports(container)
    data: dict[str, Any] = {"image": str(container["image"]), "port": found[0][1] if found else PORT}
    inner: dict[str, Any] = {}
    if one.kind != "Deployment":
        log.add("changed", one, "becomes a Deployment")
    if name != one.name:
        log.add("changed", one, f"is called {name}")
    if "replicas" in one.spec:
        data["replicas"] = one.spec["replicas"] or 1
    for key in ("command", "args"):
        if container.get(key):
            data[key] = [withheld(str(part)) for part in container[key]]
    if said := resources(container):
        data["resources"] = said
    if stops := shutdown(one.spec, container):
        data["shutdown"] = stops
    health(one, container, bool(found), data, inner, log)
    extra_ports(one, found[1:], data, inner, log)
    variables(one, name, container, around, data, inner, log)
    pod = pod_parts(one, container, name, data, inner, around, log)
    if inner or pod:
        return Adopted(name, data, custom.patch(name, container=inner, pod=pod))
    return Adopted(name, data)


def health(
    one: Found,
    container: Mapping[str, Any],
    listens: bool,
    data: dict[str, Any],
    inner: dict[str, Any],
    log: Log,
) -> None:
    """Take the probes over; what has none is asked for a connection."""
    if said := probes(container):
        data["probes"] = said
    elif listens:
        inner |= custom.connection_probes()
        log.add("changed", one, "has no probe with a path: a connection is asked for, by a patch in custom/")
    else:
        inner |= custom.no_probes()
        log.add(
            "changed", one, f"listens on no port: {PORT} stands in the spec, a patch takes the probes away"
        )


def extra_ports(
    one: Found, found: list[tuple[str, int]], data: dict[str, Any], inner: dict[str, Any], log: Log
) -> None:
    """Take a metrics port into the spec, further ones into the patch."""
    notes = template(one.spec).get("metadata", {}).get("annotations") or {}
    rest = []
    for label, port in found:
        if "metrics" not in data and ("metric" in label or str(notes.get("prometheus.io/port")) == str(port)):
            data["metrics"] = {"port": port}
        else:
            rest.append({"containerPort": port, "name": (label or f"port-{port}")[:15], "protocol": "TCP"})
    if rest:
        inner["ports"] = rest
        log.add(
            "changed",
            one,
            f"further ports {', '.join(str(each['containerPort']) for each in rest)} by a patch",
        )


def variables(
    one: Found,
    name: str,
    container: Mapping[str, Any],
    around: Surroundings,
    data: dict[str, Any],
    inner: dict[str, Any],
    log: Log,
) -> None:
    """Share the environment out: the database's login, secrets, plain values, what only a patch can say."""
    every = list(environment(container, around.sources))
    scheme = uses_database(every, around)
    if scheme is not None:
        reads = any(each.name == READONLY for each in every)
        data["database"] = {"readonlyURL": True} if reads else True
    calls: dict[str, None] = {}
    patched: list[dict[str, Any]] = []
    for each in every:
        value = of_database(each, around) if scheme is not None else None
        if scheme is not None and each.name in (*PROVIDED, READONLY):
            if each.name == "DATABASE_URL" and scheme not in ("", OUR_SCHEME):
                patched.append({"name": each.name, "value": url(scheme, around)})
        elif value is not None:
            data.setdefault("env", {})[each.name] = value
        elif each.field is not None:
            patched.append({"name": each.name, "valueFrom": each.field})
        elif not ENV_NAME.fullmatch(each.name):
            patched.append({"name": each.name, "value": each.value or ""})
        elif each.secret or each.inline:
            data.setdefault("secrets", {})[each.name] = {"remote": name, "property": each.name}
            place = (
                f"Secret {each.secret[0]}, key {each.secret[1]}"
                if each.secret
                else f"{one.where}, {one.title}"
            )
            log.secrets.append((name, each.name, place))
        else:
            data.setdefault("env", {})[each.name] = pointed(each.value or "", name, around, calls)
    if patched:
        inner["env"] = patched
    text = " ".join(map(str, [*data.get("command", []), *data.get("args", [])]))
    pointed(text, name, around, calls)
    if calls:
        data["calls"] = sorted(calls)


def uses_database(every: list[Variable], around: Surroundings) -> str | None:
    """Return the scheme of a service's URL of the database, empty without a URL; None if it uses none."""
    for each in every:
        found = url_of(each.value)
        if found and found[1].split(".")[0] in around.database_hosts:
            return found[0]
    for each in every:
        if (each.value or "").split(".")[0] in around.database_hosts:
            return ""
        if each.secret and each.secret[0] in around.database_secrets:
            return ""
    return None


def of_database(each: Variable, around: Surroundings) -> str | None:
    """Return what a variable about the database becomes; None for one about something else."""
    found = url_of(each.value)
    if found and found[1].split(".")[0] in around.database_hosts:
        return url(found[0], around)
    if each.value is not None and each.value.split(".")[0] in around.database_hosts:
        return "postgres"
    about = re.search(r"(?i)(^|_)(db|pg|postgres(ql)?|database|datasource)", each.name)
    if each.secret and each.secret[0] in around.database_secrets:
        return "$(DB_USER)" if re.search(r"(?i)user|login", f"{each.secret[1]}") else "$(DB_PASSWORD)"
    if about and re.search(r"(?i)pass|pwd", each.name):
        return "$(DB_PASSWORD)"
    if about and re.search(r"(?i)user", each.name):
        return "$(DB_USER)"
    if about and re.search(r"(?i)(name|database|_db)$", each.name) and each.value:
        return around.database_name
    return None


def url(scheme: str, around: Surroundings) -> str:
    """Return the URL of the stack's database with this service's own login."""
    return f"{scheme}://$(DB_USER):$(DB_PASSWORD)@postgres:5432/{around.database_name}"


def pointed(value: str, own: str, around: Surroundings, calls: dict[str, None]) -> str:
    """Return a value with every service's address as it is now, and note who is called."""

    def now(found: re.Match[str]) -> str:
        service = around.names.get(found[1])
        if service is None or not (found[3] or "://" in value or value == found[0]):
            return found[0]
        if service != own:
            calls[service] = None
        has_port = found[3] or "://" in value
        return f"{service}:{around.ports[service]}" if has_port else service

    return HOST.sub(now, value)


def pod_parts(
    one: Found,
    container: Mapping[str, Any],
    name: str,
    data: dict[str, Any],
    inner: dict[str, Any],
    around: Surroundings,
    log: Log,
) -> dict[str, Any]:
    """Return what the patch says of the pod: further containers, where it may run; take volumes over."""
    spec = template(one.spec).get("spec") or {}
    if names := [str(each["name"]) for each in spec.get("imagePullSecrets") or []]:
        data["imagePullSecrets"] = names
    pod: dict[str, Any] = {}
    others = [each for each in spec.get("containers") or [] if each is not container]
    for part, every in (("containers", others), ("initContainers", spec.get("initContainers") or [])):
        if every:
            pod[part] = [custom.extra_container(each, name) for each in every]
            log.add(
                "changed", one, f"{part} {', '.join(each['name'] for each in every)} by a patch, restricted"
            )
    for key, value in spec.items():
        if key in FORBIDDEN:
            log.add("left over", one, f"{key}: the namespace does not let it in")
        elif key not in SPEC_KEYS:
            pod[key] = value
    volumes(one, spec, container, name, data, inner, around, log)
    return pod


def volumes(
    one: Found,
    spec: Mapping[str, Any],
    container: Mapping[str, Any],
    name: str,
    data: dict[str, Any],
    inner: dict[str, Any],
    around: Surroundings,
    log: Log,
) -> None:
    """Take writable folders and files of ConfigMaps into the spec; say what is left."""
    mounts = {each["name"]: each for each in container.get("volumeMounts") or []}
    for volume in spec.get("volumes") or []:
        mount = mounts.get(volume["name"])
        if (mount or {}).get("mountPath") == CA_FOLDER:
            continue
        if mount is None:
            log.add("left over", one, f"volume {volume['name']} is mounted nowhere")
        elif "emptyDir" in volume:
            said = volume["emptyDir"] or {}
            size = {"size": said["sizeLimit"]} if "sizeLimit" in said else {}
            memory = {"memory": True} if said.get("medium") == "Memory" else {}
            made = {"path": mount["mountPath"], **size, **memory}
            data.setdefault("volumes", {})[volume["name"]] = made if size or memory else made["path"]
        elif files := around.sources.configs.get((volume.get("configMap") or {}).get("name", "")):
            around.sources.used.add(f"ConfigMap/{volume['configMap']['name']}")
            data.setdefault("config", {}).update({key: withheld(text) for key, text in files.items()})
            if mount["mountPath"] != f"/etc/{name}":
                inner.setdefault("volumeMounts", []).append(
                    {"name": "service-config", "mountPath": mount["mountPath"], "readOnly": True}
                )
                log.add("changed", one, f"its files are at /etc/{name} too")
        else:
            kind = next((key for key in volume if key != "name"), "nothing")
            log.add("left over", one, f"volume {volume['name']} ({kind}): the spec has no such volume")
