"""What must hold for the overlays beyond the form of each value."""

import ipaddress

from asky_gitops.adapters.spec_decode import Complaints
from asky_gitops.adapters.spec_leaves import nearest, quoted
from asky_gitops.adapters.spec_merge import Layers
from asky_gitops.adapters.spec_yaml import Steps
from asky_gitops.model.stack import Overlay

AWS_PLATFORMS = ("eks",)
WIDEST = {4: 8, 6: 32}
"""Shortest prefix by IP version: two halves of the internet are the internet too."""
SINGLE_SERVER = ("minikube",)
"""Platforms whose PostgreSQL is one server that cannot fail over."""
OWN_SECRETS = ("minikube",)
"""Platforms on which nothing but our Job makes secrets."""


def platforms(layers: Layers, complaints: Complaints) -> None:
    """Refuse a platform that there is no module for, and a stack without overlays."""
    overlays = layers.at("overlays")
    if not overlays and complaints.sound(("overlays",)):
        complaints.add(("overlays",), "overlays needs at least one overlay", key=True)
    for name in overlays:
        platform = layers.at("overlays", name).get("platform")
        if isinstance(platform, str) and platform not in layers.platforms:
            known = sorted(layers.platforms)
            words = f"platform {quoted(platform)}is not one of {', '.join(known)}"
            complaints.add(("overlays", name, "platform"), words, suggestion=nearest(platform, known))
            complaints.breaks(("overlays", name, "platform"))


def overlay(found: Overlay, layers: Layers, complaints: Complaints) -> None:
    """Judge one overlay as it came out."""
    at: Steps = ("overlays", found.name)
    if found.platform in AWS_PLATFORMS:
        needs_aws(found, complaints)
    else:
        for keys in (("aws",), ("ingress", "certificateArn"), ("ingress", "wafArn")):
            steps = (*at, *keys)
            if layers.value(steps) is not None:
                complaints.add(steps, f"{steps[-1]} means nothing on platform {found.platform}", key=True)
    if found.database and found.database.instances > 1 and found.platform in SINGLE_SERVER:
        steps = layers.find(layers.database_layers(found.name), "instances")
        complaints.add(
            steps, f"platform {found.platform} runs one PostgreSQL, not {found.database.instances}"
        )
    if found.platform in OWN_SECRETS and found.secrets.provider != "job":
        steps = layers.find([at], "secrets", "provider")
        hint = "there the Job makes the database's certificate too"
        complaints.add(steps, f"platform {found.platform} needs the provider job", hint=hint)
    hosts(found, complaints)


def needs_aws(found: Overlay, complaints: Complaints) -> None:
    """Demand what an EKS overlay cannot do without (the gateway's NetworkPolicy needs the subnets)."""
    at = ("overlays", found.name)
    if found.aws is None:
        complaints.add(at, f"overlay {found.name} on eks needs aws: region and account", key=True)
        return
    if any(service.public for service in found.services.values()) and not found.aws.alb_cidrs:
        complaints.add(
            (*at, "aws", "albCidrs"),
            f"overlay {found.name} has a public service and needs aws.albCidrs",
            hint="the networks of the load balancer's subnets; nothing else may reach the pods",
            key=True,
        )
    for index, cidr in enumerate(found.aws.alb_cidrs):
        network = ipaddress.ip_network(cidr)
        if network.prefixlen < WIDEST[network.version]:
            what = "wider than any VPC" if network.prefixlen else "the whole internet"
            steps = (*at, "aws", "albCidrs", index)
            complaints.add(steps, f"{cidr} is {what}", hint="name the subnets of the load balancer")


def hosts(found: Overlay, complaints: Complaints) -> None:
    """Refuse two public services that claim one path of one host."""
    taken: dict[tuple[str, str], str] = {}
    for name, service in found.services.items():
        for path in service.public.paths if service.public else ():
            assert service.public
            owner = taken.setdefault((service.public.host, path), name)
            if owner != name:
                words = f"{name} and {owner} are both public at {service.public.host}{path}"
                complaints.add(("services", name, "public"), words, key=True)
