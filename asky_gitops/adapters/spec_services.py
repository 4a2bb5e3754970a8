"""What must hold for the services beyond the form of each value."""

from collections.abc import Callable

from asky_gitops.adapters import spec_quantity as quantity
from asky_gitops.adapters.spec_decode import Complaints
from asky_gitops.adapters.spec_merge import Layers
from asky_gitops.adapters.spec_names import twice
from asky_gitops.adapters.spec_yaml import Steps
from asky_gitops.model.stack import Checks, Public, Resources, Service

CA_FOLDER = "/etc/database-ca"
"""Where the database's CA certificate is mounted."""
VOLUMES = ("database-ca", "service-config")
"""Volumes of our own."""
OURS = ("DATABASE_URL", "DB_USER", "DB_PASSWORD", "PGSSLMODE", "PGSSLROOTCERT")
"""Environment variables that a service with a database gets."""

Find = Callable[..., Steps]
"""Where a value of one view stands, by its keys."""


def replicas(layers: Layers, name: str, overlay: str | None, complaints: Complaints) -> None:
    """Refuse `replicas` beside `autoscale` where a service says both itself; `defaults:` just yields."""
    own = [layer for layer in layers.service_layers(name, overlay) if layer[-1] != "defaults"]
    said = {key: layers.find(own, key) for key in ("replicas", "autoscale")}
    values = {key: layers.value(steps) for key, steps in said.items() if steps[-1] == key}
    if values.get("replicas") is not None and values.get("autoscale") is not None:
        complaints.add(
            said["replicas"],
            f"{name} has both replicas and autoscale",
            hint="the autoscaler sets the replicas; `autoscale: null` switches it off",
            key=True,
        )


def service(
    found: Service, checks: Checks, has_database: bool, in_overlay: bool, find: Find, complaints: Complaints
) -> None:
    """Judge one service as the base or an overlay sees it."""
    resources(found.resources, checks, find, complaints)
    environment(found, find, complaints)
    mounts(found, find, complaints)
    pods(found, find, complaints)
    if found.database and not has_database:
        hint = "add `database: {}` at the top level"
        complaints.add(
            find("database"), f"{found.name} uses a database, but the stack has none", hint=hint, key=True
        )
    if found.autoscale and found.autoscale.min > found.autoscale.max:
        low, high = found.autoscale.min, found.autoscale.max
        complaints.add(find("autoscale", "min"), f"autoscale.min {low} is above autoscale.max {high}")
    if found.public:
        public(found.name, found.public, in_overlay, find, complaints)


def public(name: str, found: Public, in_overlay: bool, find: Find, complaints: Complaints) -> None:
    """Judge how one service is reached from outside."""
    if not found.host and in_overlay:
        hint = "set `public.host`, or `ingress.host` in the overlay"
        complaints.add(find("public"), f"{name} is public without a host", hint=hint, key=True)
    for index, alias in enumerate(found.aliases):
        if alias in (found.host, *found.aliases[:index]):
            complaints.add(find("public", "aliases", index), f"{alias} is listed twice")
    if not found.paths:
        complaints.add(find("public", "paths"), "paths needs at least one path", key=True)
    for index in twice(found.paths):
        complaints.add(find("public", "paths", index), "the path is listed twice")


def pods(found: Service, find: Find, complaints: Complaints) -> None:
    """Refuse a drain that outlasts the pod."""
    drain, grace = found.shutdown.drain, found.shutdown.grace
    if drain >= grace:
        words = f"the pod is killed after {grace} s, before its drain of {drain} s has left time to stop"
        complaints.add(find("shutdown", "drain"), words)


def resources(found: Resources, checks: Checks, find: Find, complaints: Complaints) -> None:
    """Refuse a request above its limit, and a cpu limit where the rules forbid one."""
    limit, steps = found.cpu_limit, find("resources", "cpuLimit")
    if limit is not None and checks.cpu_limits == "forbid":
        complaints.add(steps, f"cpuLimit {limit}, but checks.cpuLimits is forbid", key=True)
    elif limit is not None and quantity.amount(found.cpu) > quantity.amount(limit):
        complaints.add(steps, f"cpuLimit {limit} is below the request, cpu {found.cpu}")
    if quantity.amount(found.memory) > quantity.amount(found.memory_limit):
        steps = find("resources", "memoryLimit")
        complaints.add(steps, f"memoryLimit {found.memory_limit} is below the request, memory {found.memory}")


def environment(found: Service, find: Find, complaints: Complaints) -> None:
    """Refuse a variable that two sources set."""
    for part in ("env", "secrets"):
        for name in getattr(found, part):
            if found.database and name in OURS:
                complaints.add(
                    find(part, name),
                    f"{name} is set for every service with a database",
                    hint="rename yours: ours holds what this service may use",
                    key=True,
                )
    for name in found.secrets:
        if name in found.env:
            complaints.add(find("env", name), f"{name} is in env and in secrets", key=True)
        secret(found, name, find, complaints)


def secret(found: Service, name: str, find: Find, complaints: Complaints) -> None:
    """Refuse a secret of no source, or of two."""
    one = found.secrets[name]
    if (one.generate is None) == (one.remote is None):
        hint = "an overlay takes one back with null, such as `generate: null`" if one.generate else None
        complaints.add(find("secrets", name), f"{name} needs either generate or remote", hint=hint, key=True)
    elif one.property is not None and one.remote is None:
        complaints.add(find("secrets", name, "property"), f"{name} has a property but no remote", key=True)


def mounts(found: Service, find: Find, complaints: Complaints) -> None:
    """Refuse two volumes at one path, and one over the service's own configuration."""
    taken = {f"/etc/{found.name}": "config"} if found.config else {}
    if found.database:
        taken[CA_FOLDER] = "the database's CA certificate"
    for name, volume in found.volumes.items():
        path = volume.path
        if not path:
            complaints.add(find("volumes", name), f"volume {name} needs path", key=True)
            continue
        if volume.memory and quantity.amount(volume.size) > quantity.amount(found.resources.memory_limit):
            limit = found.resources.memory_limit
            words = f"volume {name} may take {volume.size} of memory, the container {limit}"
            complaints.add(find("volumes", name, "size"), words)
        if name in VOLUMES:
            words = f"a volume cannot be named {name}: the name is taken"
            complaints.add(find("volumes", name), words, key=True)
        if any(part in (".", "..") for part in path.split("/")):
            complaints.add(find("volumes", name), f"volume {name} has . or .. in its path")
        if path in taken:
            complaints.add(find("volumes", name), f"volume {name} is mounted where {taken[path]} is")
        taken[path] = f"volume {name}"
    for index in twice(found.image_pull_secrets):
        complaints.add(find("imagePullSecrets", index), f"{found.image_pull_secrets[index]} is listed twice")
    for index in twice(found.egress):
        complaints.add(find("egress", index), f"{found.egress[index].cidr} is listed twice")
