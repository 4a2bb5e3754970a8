"""One workload becomes one service of the spec, with a patch for what the spec cannot say of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from asky_gitops.adopt import custom, login
from asky_gitops.adopt.found import Found, Log, Verdict
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
)
from asky_gitops.adopt.values import withheld
from asky_gitops.model.manifest import Manifest

CA_FOLDER = "/etc/database-ca"
"""Where our own pods find the database's certificate."""
PORT = 8080
"""Of what listens on none: the spec needs one."""
CONTAINERS = ("containers", "initContainers", "volumes")
OURS = ("serviceAccountName", "serviceAccount", "automountServiceAccountToken", "securityContext")
SAID = ("imagePullSecrets", "terminationGracePeriodSeconds", "topologySpreadConstraints", "affinity")
CUSTOMARY = ("restartPolicy", "dnsPolicy", "schedulerName", "enableServiceLinks", "hostname")
SPEC_KEYS = frozenset((*CONTAINERS, *OURS, *SAID, *CUSTOMARY))
"""Fields of a pod that the spec says or that have our own value."""
FORBIDDEN = ("hostNetwork", "hostPID", "hostIPC")
PASSING = ("asky-gitops.dev/", "kubectl.kubernetes.io/", "checksum/", "rollme")
"""Annotations of a pod that a tool writes at every change."""


@dataclass(slots=True)
class Work:
    """One workload on its way: what it is and what is around it, and what has been made of it so far."""

    one: Found
    name: str
    """Of the service."""
    container: dict[str, Any]
    around: Surroundings
    log: Log
    data: dict[str, Any] = field(default_factory=dict)
    """The service in the spec."""
    inner: dict[str, Any] = field(default_factory=dict)
    """What the patch says of the service's container."""
    pod: dict[str, Any] = field(default_factory=dict)
    """What the patch says of the rest of the pod."""

    @property
    def spec(self) -> dict[str, Any]:
        """The pod's spec."""
        return template(self.one.spec).get("spec") or {}

    def note(self, verdict: Verdict, said: str) -> None:
        """Note what became of the workload or of a part of it."""
        self.log.add(verdict, self.one, said)

    def patch(self) -> Manifest | None:
        """Return the patch of the Deployment, if one is needed."""
        if not self.inner and not self.pod:
            return None
        return custom.patch(self.name, container=self.inner, pod=self.pod)


def adopt(one: Found, name: str, around: Surroundings, log: Log) -> Work:
    """Return the service that a workload becomes; everything that changes is noted."""
    work = Work(one, name, main(one.spec, one.name), around, log)
    found = ports(work.container)
    data = work.data
    data |= {"image": str(work.container["image"]), "port": found[0][1] if found else PORT}
    if one.kind != "Deployment":
        work.note("changed", "becomes a Deployment")
    if name != one.name:
        work.note("changed", f"is called {name}")
    if "replicas" in one.spec:
        data["replicas"] = one.spec["replicas"] or 1
    for key in ("command", "args"):
        if work.container.get(key):
            data[key] = [withheld(str(part)) for part in work.container[key]]
    if said := resources(work.container):
        data["resources"] = said
    if stops := shutdown(one.spec, work.container):
        data["shutdown"] = stops
    if notes := pod_annotations(one):
        data["annotations"] = notes
    health(work, listens=bool(found))
    extra_ports(work, found[1:])
    variables(work)
    pod_parts(work)
    volumes(work)
    return work


def pod_annotations(one: Found) -> dict[str, str]:
    """Return the annotations of a workload's pods that their author wrote, but for those without a value."""
    found = (template(one.spec).get("metadata") or {}).get("annotations") or {}
    return {
        str(key): withheld(str(value))
        for key, value in found.items()
        if value is not None and not str(key).startswith(PASSING)
    }


def health(work: Work, *, listens: bool) -> None:
    """Take the probes over; what has none is asked for a connection."""
    if said := probes(work.container):
        work.data["probes"] = said
    elif listens:
        work.inner |= custom.connection_probes()
        work.note("changed", "has no probe with a path: a connection is asked for, by a patch in custom/")
    else:
        work.inner |= custom.no_probes()
        words = f"listens on no port: {PORT} stands in the spec, a patch takes the probes away"
        work.note("changed", words)


def extra_ports(work: Work, found: list[tuple[str, int]]) -> None:
    """Take a metrics port into the spec, further ones into the patch."""
    notes = (template(work.one.spec).get("metadata") or {}).get("annotations") or {}
    rest = []
    for label, port in found:
        is_metrics = "metric" in label or str(notes.get("prometheus.io/port")) == str(port)
        if "metrics" not in work.data and is_metrics:
            work.data["metrics"] = {"port": port}
        else:
            rest.append({"containerPort": port, "name": (label or f"port-{port}")[:15], "protocol": "TCP"})
    if rest:
        work.inner["ports"] = rest
        numbers = ", ".join(str(each["containerPort"]) for each in rest)
        work.note("changed", f"further ports {numbers} by a patch")


def variables(work: Work) -> None:
    """Share the environment out: the database's login, secrets, plain values, what only a patch can say."""
    every = list(environment(work.container, work.around.sources))
    data, calls = work.data, dict[str, None]()
    patched: list[dict[str, Any]] = []
    if any(login.scheme_of(each, work.around) is not None for each in every):
        reads = any(each.name == login.READONLY for each in every)
        data["database"] = {"readonlyURL": True} if reads else True
    for each in every:
        provided = "database" in data and each.name in (*login.PROVIDED, login.READONLY)
        value = login.of_database(each, work.around) if "database" in data else None
        if provided:
            patched += own_scheme(each, work.around)
        elif value is not None:
            data.setdefault("env", {})[each.name] = value
        elif each.field is not None:
            patched.append({"name": each.name, "valueFrom": each.field})
        elif not ENV_NAME.fullmatch(each.name):
            patched.append({"name": each.name, "value": each.value or ""})
        elif each.secret or each.inline:
            data.setdefault("secrets", {})[each.name] = secret(work, each)
        else:
            data.setdefault("env", {})[each.name] = login.pointed(
                each.value or "", work.name, work.around, calls
            )
    if patched:
        work.inner["env"] = patched
    text = " ".join(map(str, [*data.get("command", []), *data.get("args", [])]))
    login.pointed(text, work.name, work.around, calls)
    if calls:
        data["calls"] = sorted(calls)


def own_scheme(each: Variable, around: Surroundings) -> list[dict[str, Any]]:
    """Return the patch that keeps the scheme a service's driver understands, where it is not ours."""
    scheme = login.scheme_of(each, around)
    if each.name not in login.HOSTS or not scheme or scheme == login.OUR_SCHEME:
        return []
    return [{"name": each.name, "value": login.url(scheme, around, login.HOSTS[each.name])}]


def secret(work: Work, each: Variable) -> dict[str, Any]:
    """Return where a secret's value comes from; one that nobody provides yet is said to belong there."""
    if each.secret and each.secret in work.around.places:
        return dict(work.around.places[each.secret])
    in_secret = f"Secret {each.secret[0]}, key {each.secret[1]}" if each.secret else ""
    place = in_secret or f"{work.one.where}, {work.one.title}"
    work.log.secrets.append((work.name, each.name, place))
    return {"remote": work.name, "property": each.name}


def pod_parts(work: Work) -> None:
    """Put into the patch what the spec cannot say of the pod: further containers, where it may run."""
    if names := [str(each["name"]) for each in work.spec.get("imagePullSecrets") or []]:
        work.data["imagePullSecrets"] = names
    others = [each for each in work.spec.get("containers") or [] if each is not work.container]
    for part, every in (("containers", others), ("initContainers", work.spec.get("initContainers") or [])):
        if every:
            work.pod[part] = [custom.extra_container(each, work.name) for each in every]
            names = [str(each["name"]) for each in every]
            work.note("changed", f"{part} {', '.join(names)} by a patch, restricted")
    for key, value in work.spec.items():
        if key in FORBIDDEN:
            work.note("left over", f"{key}: the namespace does not let it in")
        elif key not in SPEC_KEYS:
            work.pod[key] = value


def volumes(work: Work) -> None:
    """Take writable folders and files of ConfigMaps into the spec; say what is left."""
    mounts = {each["name"]: each for each in work.container.get("volumeMounts") or []}
    for volume in work.spec.get("volumes") or []:
        mount = mounts.get(volume["name"])
        if (mount or {}).get("mountPath") == CA_FOLDER:
            continue
        config = (volume.get("configMap") or {}).get("name", "")
        if mount is None:
            work.note("left over", f"volume {volume['name']} is mounted nowhere")
        elif "emptyDir" in volume:
            work.data.setdefault("volumes", {})[volume["name"]] = folder(volume["emptyDir"] or {}, mount)
        elif files := work.around.sources.configs.get(config):
            work.around.sources.used.add(f"ConfigMap/{config}")
            work.data.setdefault("config", {}).update({key: withheld(text) for key, text in files.items()})
            mounted(work, mount)
        else:
            kind = next((key for key in volume if key != "name"), "nothing")
            work.note("left over", f"volume {volume['name']} ({kind}): the spec has no such volume")


def folder(said: Mapping[str, Any], mount: Mapping[str, Any]) -> dict[str, Any] | str:
    """Return a writable folder in the spec's words."""
    size = {"size": said["sizeLimit"]} if "sizeLimit" in said else {}
    memory = {"memory": True} if said.get("medium") == "Memory" else {}
    made = {"path": mount["mountPath"], **size, **memory}
    return made if size or memory else str(made["path"])


def mounted(work: Work, mount: Mapping[str, Any]) -> None:
    """Keep a ConfigMap's files where their author has them, beside where ours are."""
    if mount["mountPath"] == f"/etc/{work.name}":
        return
    work.inner.setdefault("volumeMounts", []).append(
        {"name": "service-config", "mountPath": mount["mountPath"], "readOnly": True}
    )
    work.note("changed", f"its files are at /etc/{work.name} too")
