"""What must hold for the services' jobs beyond the form of each value."""

from functools import partial

from asky_gitops.adapters import spec_names, spec_services
from asky_gitops.adapters.spec_decode import Complaints
from asky_gitops.adapters.spec_merge import Layers
from asky_gitops.adapters.spec_services import Find
from asky_gitops.adapters.spec_yaml import Steps
from asky_gitops.model.stack import Checks, Service

LONGEST = 52
"""The name of a CronJob; its Jobs' names are eleven characters longer (kubernetes.io, "CronJob")."""


def jobs(found: Service, checks: Checks, find: Find, complaints: Complaints) -> None:
    """Judge the jobs of one service as the base or an overlay sees them."""
    for name, job in found.jobs.items():
        at = partial(find, "jobs", name)
        if not job.schedule:
            complaints.add(at(), f"job {name} needs schedule", key=True)
        spec_services.resources(job.resources, checks, at, complaints)
        for index in spec_names.twice(job.egress):
            complaints.add(at("egress", index), f"{job.egress[index].cidr} is listed twice")
        for variable in job.env:
            if variable in found.secrets:
                complaints.add(at("env", variable), f"{variable} is in env and in secrets", key=True)
            if found.database and variable in spec_services.OURS:
                words = f"{variable} is set for every job of a service with a database"
                complaints.add(at("env", variable), words, key=True)


def names(layers: Layers, complaints: Complaints) -> None:
    """Refuse jobs whose objects would bear a name that is taken, and calls to services that are none."""
    services = layers.at("services")
    taken: dict[str, str] = {}
    views: list[Steps] = [("services",), *(("overlays", name, "services") for name in layers.at("overlays"))]
    for view in views:
        for service in services:
            for job in layers.at(*map(str, view), service, "jobs"):
                at = (*view, service, "jobs", job)
                named(service, job, at, layers, taken, complaints)
                called(at, layers, complaints)


def named(
    service: str, job: str, at: Steps, layers: Layers, taken: dict[str, str], complaints: Complaints
) -> None:
    """Judge the name of one job's objects."""
    name, services = f"{service}-{job}", layers.at("services")
    what = f"job {job} of {service}"
    if len(name) > LONGEST:
        words = f"{what} would be named {name}: at most {LONGEST} characters"
        complaints.add(at, words, key=True)
    owner = "a service has that name" if name in services else None
    owner = owner or spec_names.owner(name, services, str(layers.at("metadata").get("name", "")))
    if owner is None and taken.setdefault(name, what) != what:
        owner = f"that is {taken[name]}"
    if owner:
        complaints.add(at, f"{what} would be named {name}: {owner}", key=True)


def called(at: Steps, layers: Layers, complaints: Complaints) -> None:
    """Judge one job's `calls`: known services, each once; its own service is one of them."""
    said = layers.value((*at, "calls"))
    seen: set[str] = set()
    for index, callee in enumerate(said if isinstance(said, list) else []):
        if callee in seen:
            complaints.add((*at, "calls", index), f"{callee} is listed twice")
        elif callee is not None:
            spec_names.unknown(callee, layers.at("services"), (*at, "calls", index), complaints)
        seen.add(callee)
