"""What the objects say of their cluster: the platform, and one overlay's settings in the spec's words."""

import json
import re
from collections.abc import Iterable
from ipaddress import ip_network
from typing import Any

from asky_gitops.adopt import monitors, operated
from asky_gitops.adopt.found import Found
from asky_gitops.adopt.pods import containers
from asky_gitops.adopt.remote import Remotes
from asky_gitops.adopt.scene import Scene, annotations, is_own, space_of
from asky_gitops.model.defaults import DEFAULTS

ALB = "alb.ingress.kubernetes.io/"
CERTIFICATE = f"{ALB}certificate-arn"
LOGIN = ("auth-type", "auth-idp-oidc", "auth-on-unauthenticated-request", "auth-scope")
TAKEN = (CERTIFICATE, *(f"{ALB}{key}" for key in ("scheme", "wafv2-acl-arn", "target-type", *LOGIN)))
"""Annotations that the overlay says in its own words."""
CLASS = "kubernetes.io/ingress.class"
CLASSES = {"eks": ("alb", "nginx", "traefik"), "minikube": ("nginx", "traefik")}
"""Ingress classes that a platform has, its own default first."""
HOMES = {
    "eks": {"nginx": "ingress-nginx", "traefik": "traefik"},
    "minikube": {"nginx": "ingress-nginx", "traefik": "kube-system"},
}
"""Where the platform expects a class's controller."""
CONTROLLERS = ("ingress-nginx", "traefik")
"""Name labels of the controllers that run as pods."""
ARN = re.compile(r"arn:aws[\w-]*:[a-z0-9-]+:([a-z0-9-]*):(\d{12}):")
REGISTRY = re.compile(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com")
WIDEST = {4: 8, 6: 32}
"""Shortest prefix of a network that can be one organisation's own, by IP version."""
UNKNOWN = {"region": "REPLACE-REGION", "account": "REPLACE-ACCOUNT", "albCidrs": ["REPLACE-ALB-CIDR"]}
"""What stands in the spec where the objects do not say it."""


def platform(every: Iterable[Found]) -> str:
    """Return the platform that the objects are written for: EKS shows, anything else is tried on minikube."""
    return "eks" if any(is_amazons(one) for one in every) else "minikube"


def is_amazons(one: Found) -> bool:
    """Tell an object that means something on EKS alone."""
    if one.kind in ("SecretStore", "ClusterSecretStore"):
        return "aws" in (one.spec.get("provider") or {})
    if one.kind == "StorageClass":
        return one.manifest.get("provisioner") == "ebs.csi.aws.com"
    notes = annotations(one)
    if one.kind == "Ingress":
        return "alb" in (one.spec.get("ingressClassName"), notes.get(CLASS)) or any(
            key.startswith(ALB) for key in notes
        )
    return operated.ROLE_ARN in notes or any("aws-load-balancer" in key for key in notes)


def adopt(scene: Scene, remotes: Remotes, servers: list[Found]) -> set[int]:
    """Put into the spec's overlay what the objects say of their cluster, its secrets and its database.

    Returns the `id`s of the objects that it has reported.
    """
    ((name, data),) = scene.spec["overlays"].items()
    made: dict[str, Any] = {}
    placed = monitors.adopt(scene)
    watching = monitors.settings(scene, placed)
    found = ingress(scene, name)
    if name == "eks":
        made["aws"] = account(scene, found.get("class", "alb"))
    made["ingress"] = found
    made["secrets"] = secrets(scene, remotes) if name == "eks" else {}
    stack = scene.spec["metadata"]["name"]
    clusters = [one for one in servers if operated.is_cluster(one)] if name == "eks" else []
    for one in clusters:
        found = operated.settings(one, scene.every, f"{stack}/{name}", scene.log)
        made["database"] = {**made.get("database", {}), **found}
        made["aws"] |= zones(one)
        placed |= {id(each) for each in scene.every if operated.belongs(each, one)}
    if clusters:
        made["database"] |= operated.restored(clusters, scene.every, stack)
    made["monitoring"] = watching
    data |= {key: value for key, value in made.items() if value}
    return placed


def ingress(scene: Scene, name: str) -> dict[str, Any]:
    """Return how the Ingresses are reached; what they say differently the first one decides."""
    made: dict[str, Any] = {}
    for one in scene.of_kind("Ingress"):
        notes = annotations(one)
        called = one.spec.get("ingressClassName") or notes.get(CLASS) or CLASSES[name][0]
        if called not in CLASSES[name]:
            scene.log.add("changed", one, f"class {called} becomes {CLASSES[name][0]}")
            called = CLASSES[name][0]
        made.setdefault("class", called)
        if called == "alb":
            for key, value in load_balancer(notes).items():
                made.setdefault(key, value)
        elif signer := issuer(notes):
            made.setdefault("issuer", signer)
    home = controller(scene)
    if home and home != HOMES[name].get(made.get("class", "")):
        made["controllerNamespace"] = home
    return {} if made == {"class": CLASSES[name][0]} else made


def load_balancer(notes: dict[str, str]) -> dict[str, Any]:
    """Return the load balancer's settings (AWS Load Balancer Controller, "Ingress annotations")."""
    found = {
        "scheme": notes.get(f"{ALB}scheme"),
        "certificateArn": notes.get(CERTIFICATE, "").split(",")[0].strip(),
        "wafArn": notes.get(f"{ALB}wafv2-acl-arn"),
    }
    made: dict[str, Any] = {key: value for key, value in found.items() if value}
    if notes.get(f"{ALB}auth-type") == "oidc":
        made["oidc"] = provider(notes)
    return made


def provider(notes: dict[str, str]) -> dict[str, str]:
    """Return the identity provider; what its annotation does not say stays to be filled in."""
    try:
        said = json.loads(notes.get(f"{ALB}auth-idp-oidc", "{}"))
    except ValueError:
        said = {}
    keys = ("issuer", "authorizationEndpoint", "tokenEndpoint", "userInfoEndpoint")
    made = {key: str(said.get(key, "https://REPLACE-PROVIDER")) for key in keys}
    made["secret"] = str(said.get("secretName", "REPLACE-SECRET-NAME"))
    scope = notes.get(f"{ALB}auth-scope")
    return {**made, **({"scope": scope} if scope else {})}


def issuer(notes: dict[str, str]) -> dict[str, str]:
    """Return who signs the certificates, of cert-manager's annotations."""
    for kind, key in (("ClusterIssuer", "cluster-issuer"), ("Issuer", "issuer")):
        if value := notes.get(f"cert-manager.io/{key}"):
            return {"name": value, "kind": kind}
    return {}


def controller(scene: Scene) -> str | None:
    """Return the namespace of the Ingress controller that a policy lets in."""
    for _, peer in scene.ways_in():
        labels = (peer.get("podSelector") or {}).get("matchLabels") or {}
        space = space_of(peer)
        if space and labels.get("app.kubernetes.io/name") in CONTROLLERS:
            return space
    return None


def account(scene: Scene, called: str) -> dict[str, Any]:
    """Return account, region and the load balancer's networks; what nobody says is to be filled in."""
    regions, accounts = [], []
    for one in scene.every:
        provider = (one.spec.get("provider") or {}) if one.kind.endswith("SecretStore") else {}
        regions += [provider["aws"]["region"]] if (provider.get("aws") or {}).get("region") else []
        for region, number in ARN.findall("\n".join(annotations(one).values())):
            regions += [region] if region else []
            accounts.append(number)
        for number, region in REGISTRY.findall(
            "\n".join(str(each.get("image")) for each in containers(one.spec))
        ):
            regions.append(region)
            accounts.append(number)
    made = {"region": next(iter(regions), None), "account": next(iter(accounts), None)}
    public = {name for name, each in scene.services.items() if each.get("public")}
    if called == "alb" and public:
        blocks = [
            peer["ipBlock"]["cidr"]
            for name, peer in scene.ways_in()
            if peer.get("ipBlock") and name in public
        ]
        made["albCidrs"] = list(dict.fromkeys(filter(None, map(network, blocks))))
    return {key: value or UNKNOWN[key] for key, value in made.items()}


def network(block: str) -> str | None:
    """Return a network that can be one organisation's own, by its own address."""
    try:
        found = ip_network(block, strict=False)
    except ValueError:
        return None
    return str(found) if found.prefixlen >= WIDEST[found.version] else None


def zones(cluster: Found) -> dict[str, int]:
    """Return how many zones there are, where our own Cluster shows that they are not enough for all."""
    affinity = cluster.spec.get("affinity") or {}
    instances = cluster.spec.get("instances", 1)
    is_few = affinity.get("podAntiAffinityType") == "preferred" and instances <= DEFAULTS["aws.zones"].value
    return {"zones": 2} if is_own(cluster) and is_few else {}


def secrets(scene: Scene, remotes: Remotes) -> dict[str, str]:
    """Return where values come from: outside, or our own Job."""
    job = any(one.name == "secrets" and is_own(one) for one in scene.of_kind("Job"))
    if job and not remotes.external:
        return {"provider": "job"}
    return {"prefix": remotes.prefix} if remotes.prefix else {}
