"""Whose a namespace is: Argo CD's, somebody else's, or made for this stack and so ours to change."""

from collections.abc import Sequence

from asky_gitops.adapters import yaml
from asky_gitops.adapters.kubectl import Kubectl, Object
from asky_gitops.errors import Refused
from asky_gitops.model.manifest import Manifest

TRACKING = "argocd.argoproj.io/tracking-id"
"""The annotation by which Argo CD knows what it manages, whichever cluster it runs in itself."""
TRACKED = ("Namespace", "Deployment", "StatefulSet", "ConfigMap", "Service")
"""Kinds that every cluster knows; Argo CD marks all it manages."""
HIBERNATION = "cnpg.io/hibernation"
HERE = ("https://kubernetes.default.svc", "")
"""The server of an Application that stays in Argo CD's own cluster."""
CURE = "commit and push: Argo CD brings it up; or delete its Application first"


def namespaces(objects: Sequence[Manifest]) -> list[Manifest]:
    """Return the Namespaces of a render."""
    return [one for one in objects if one["kind"] == "Namespace"]


def refuse_argo_cd(kubectl: Kubectl, objects: Sequence[Manifest]) -> None:
    """Raise Refused when Argo CD manages one of the objects, or an Application of it owns their namespace."""
    for live in kubectl.live(yaml.dump([one for one in objects if one["kind"] in TRACKED])):
        if TRACKING in (live["metadata"].get("annotations") or {}):
            place = live["metadata"].get("namespace", live["metadata"]["name"])
            what = f"{live['kind']} {live['metadata']['name']}"
            raise Refused(f"Argo CD manages namespace {place} ({what})", hint=CURE)
    names = {one["metadata"]["name"] for one in namespaces(objects)}
    served = kubectl.raw("/apis/argoproj.io")
    for application in kubectl.get("applications.argoproj.io") if served else []:
        to = application["spec"].get("destination") or {}
        here = to.get("server", "") in HERE and to.get("name", "in-cluster") == "in-cluster"
        if here and to.get("namespace") in names:
            name = application["metadata"]["name"]
            raise Refused(f"Argo CD's Application {name} manages namespace {to['namespace']}", hint=CURE)


def refuse_foreign(kubectl: Kubectl, objects: Sequence[Manifest], stack: str) -> None:
    """Raise Refused when a namespace is there that was not made for this stack."""
    for live in kubectl.live(yaml.dump(namespaces(objects))) if namespaces(objects) else []:
        if not is_ours(live, stack):
            name = live["metadata"]["name"]
            raise Refused(
                f"namespace {name} is there and was not made for this stack",
                hint="asky-gitops set metadata.namespace=NAME takes another one",
            )


def is_ours(namespace: Object, stack: str) -> bool:
    """Tell whether a namespace was made for a stack."""
    labels = namespace["metadata"].get("labels") or {}
    ours = {"app.kubernetes.io/managed-by": "asky-gitops", "app.kubernetes.io/part-of": stack}
    return ours.items() <= labels.items()


def hibernate(kubectl: Kubectl, cluster: Manifest, *, asleep: bool) -> None:
    """Stop or start the servers of a CloudNativePG Cluster; its claims stay, which deleting it would take."""
    place = (cluster["metadata"]["name"], "--namespace", cluster["metadata"]["namespace"])
    change = f"{HIBERNATION}=on" if asleep else f"{HIBERNATION}-"
    kubectl.change("annotate", "clusters.postgresql.cnpg.io", *place, "--overwrite", change)
