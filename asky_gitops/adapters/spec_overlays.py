"""What must hold for the overlays beyond the form of each value."""

import ipaddress

from asky_gitops.adapters import spec_database_overlay
from asky_gitops.adapters.spec_decode import Complaints
from asky_gitops.adapters.spec_leaves import nearest, quoted
from asky_gitops.adapters.spec_merge import Layers
from asky_gitops.adapters.spec_yaml import Steps
from asky_gitops.model.stack import Overlay

AWS_PLATFORMS = ("eks",)
WIDEST = {4: 8, 6: 32}
"""Shortest prefix by IP version: two halves of the internet are the internet too."""
OF_ALB = tuple(("ingress", name) for name in ("scheme", "certificateArn", "wafArn", "oidc"))
"""Settings of the load balancer."""
CLASSES = {"eks": ("alb", "nginx", "traefik"), "minikube": ("nginx", "traefik")}
"""Ingress classes by platform: who they are is known, so that nobody else is let in."""
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
        meaningless(found, layers, complaints, f"on platform {found.platform}", ("aws",), *OF_ALB)
    spec_database_overlay.overlay(found, layers, complaints)
    if found.platform in OWN_SECRETS and found.secrets.provider != "job":
        steps = layers.find([at], "secrets", "provider")
        hint = "there the Job makes the database's certificate too"
        complaints.add(steps, f"platform {found.platform} needs the provider job", hint=hint)
    ways_in(found, layers, complaints)
    hosts(found, complaints)


def meaningless(
    found: Overlay, layers: Layers, complaints: Complaints, where: str, *parts: tuple[str, ...]
) -> None:
    """Refuse settings that nothing would follow."""
    for part in parts:
        steps: Steps = ("overlays", found.name, *part)
        if layers.value(steps) is not None:
            complaints.add(steps, f"{steps[-1]} means nothing {where}", key=True)


def ways_in(found: Overlay, layers: Layers, complaints: Complaints) -> None:
    """Refuse an ingress class that the platform has no controller for, and what another one would do."""
    at: Steps = ("overlays", found.name, "ingress")
    name = found.ingress.class_name
    known = CLASSES.get(found.platform, ())
    if known and name not in known:
        words = f"class {quoted(name)}is not one that platform {found.platform} has: {', '.join(known)}"
        complaints.add((*at, "class"), words, suggestion=nearest(name, known))
        return
    if name == "alb":
        others = [("ingress", "controllerNamespace"), ("ingress", "issuer")]
        meaningless(found, layers, complaints, "for class alb", *others)
    elif found.platform in AWS_PLATFORMS:
        meaningless(found, layers, complaints, f"for class {name}", *OF_ALB)
    if found.ingress.oidc:
        for service in found.services.values():
            if service.public and not service.public.tls:
                words = f"{service.name} is public without tls, and a login needs it"
                complaints.add((*at, "oidc"), words, key=True)


def needs_aws(found: Overlay, complaints: Complaints) -> None:
    """Demand what an EKS overlay cannot do without (the gateway's NetworkPolicy needs the subnets)."""
    at = ("overlays", found.name)
    if found.aws is None:
        complaints.add(at, f"overlay {found.name} on eks needs aws: region and account", key=True)
        return
    public = found.ingress.class_name == "alb" and any(one.public for one in found.services.values())
    if public and not found.aws.alb_cidrs:
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
    taken: dict[str, str] = {}
    for name, service in found.services.items():
        where = service.public
        for host in (where.host, *where.aliases) if where else ():
            for path in where.paths if where else ():
                owner = taken.setdefault(f"{host}{path}", name)
                if owner != name:
                    words = f"{name} and {owner} are both public at {host}{path}"
                    complaints.add(("services", name, "public"), words, key=True)
