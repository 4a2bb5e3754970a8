"""What Argo CD is told: one project and one Application for the stack, one of each for the platform."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from asky_gitops.components.metadata import labels
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Overlay, Stack

NAMESPACE = "argocd"
ALWAYS = "FailOnSharedResource=true"
"""The sync option of every Application: an object that two of them would own is refused."""
CLUSTER_SCOPED = {"Namespace": "", "StorageClass": "storage.k8s.io"}
"""Kinds of ours without a namespace, with their API group."""


def name(stack: Stack, overlay: Overlay, part: str = "") -> str:
    """Return the name of an overlay's Application, which its project shares."""
    return "-".join(filter(None, [stack.name, overlay.name, part]))


def metadata(stack: Stack, own_name: str, annotations: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the metadata of an object in Argo CD's namespace.

    It has no resources-finalizer: deleting an Application must not delete a database.
    """
    made: dict[str, Any] = {
        "name": own_name,
        "namespace": NAMESPACE,
        "labels": labels(stack, own_name, "gitops"),
    }
    if annotations:
        made["annotations"] = dict(sorted(annotations.items()))
    return made


def destination(overlay: Overlay) -> dict[str, str]:
    """Return the overlay's cluster as Argo CD knows it."""
    if overlay.cluster:
        return {"name": overlay.cluster}
    return {"server": "https://kubernetes.default.svc"}


def project(
    stack: Stack,
    overlay: Overlay,
    part: str,
    manifests: Sequence[Manifest],
    default_namespace: str,
    permits: Sequence[str] = (),
) -> Manifest:
    """Return the AppProject that lists exactly the kinds and namespaces of `manifests`, and no Secret.

    `permits` are further kinds, those of the user's own manifests.
    """
    cluster = {(group(one), one["kind"], one["metadata"]["name"]) for one in manifests if is_cluster(one)}
    inside = [one for one in manifests if not is_cluster(one)]
    spaces = {one["metadata"].get("namespace", default_namespace) for one in inside}
    own_name = name(stack, overlay, part)
    return app_project(
        stack,
        overlay,
        part,
        description=f"What {own_name} may write: the kinds it renders, where it renders them.",
        source=stack.source.repo_url,
        namespaces=sorted(spaces or {default_namespace}),
        cluster=[{"group": api, "kind": kind, "name": own} for api, kind, own in sorted(cluster)],
        inside=kinds(inside, permits),
    )


def app_project(
    stack: Stack,
    overlay: Overlay,
    part: str,
    *,
    description: str,
    source: str,
    namespaces: Sequence[str],
    cluster: Sequence[Mapping[str, str]],
    inside: Sequence[Mapping[str, str]],
) -> Manifest:
    """Return the AppProject of one part: one source, these kinds, these namespaces, no Secret.

    Argo CD takes no list of kinds for every kind, so where there is none inside a namespace all are refused.
    """
    refused = {"group": "", "kind": "Secret"} if inside else {"group": "*", "kind": "*"}
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "AppProject",
        "metadata": metadata(stack, name(stack, overlay, part)),
        "spec": {
            "description": description,
            "sourceRepos": [source],
            "destinations": [{**destination(overlay), "namespace": space} for space in namespaces],
            "clusterResourceWhitelist": list(cluster),
            "namespaceResourceWhitelist": list(inside),
            "namespaceResourceBlacklist": [refused],
        },
    }


def kinds(manifests: Iterable[Manifest], permits: Iterable[str] = ()) -> list[dict[str, str]]:
    """Return the kinds of the manifests and those permitted beside them, each once, sorted."""
    found = {(group(one), one["kind"]) for one in manifests}
    for one in permits:
        api, _, kind = one.rpartition("/")
        found.add((api, kind))
    return [{"group": api, "kind": kind} for api, kind in sorted(found)]


def group(manifest: Manifest) -> str:
    """Return the API group of a manifest, empty for the core group."""
    api, _, version = manifest["apiVersion"].rpartition("/")
    return str(api) if version else ""


def is_cluster(manifest: Manifest) -> bool:
    """Say whether a manifest of ours has no namespace."""
    return CLUSTER_SCOPED.get(manifest["kind"]) == group(manifest)


def application(
    stack: Stack,
    overlay: Overlay,
    part: str,
    path: str,
    reads: Sequence[str],
    namespace: str,
) -> Manifest:
    """Return the Application for one kustomization root: the stack's, or that of `part`.

    `reads` are the folders, and patterns of files, whose change means a new render.
    """
    ignored = [
        {"group": "apps", "kind": "Deployment", "name": one, "jsonPointers": ["/spec/replicas"]}
        for one in ([] if part else autoscaled(stack))
    ]
    source = {
        "repoURL": stack.source.repo_url,
        "targetRevision": stack.source.target_revision,
        "path": path,
    }
    made = app(
        stack,
        overlay,
        part,
        source,
        namespace,
        options=sync_options(stack, part),
        annotations={
            "argocd.argoproj.io/manifest-generate-paths": ";".join(f"/{folder}" for folder in reads)
        },
    )
    if ignored:
        made["spec"]["ignoreDifferences"] = ignored
    return made


def autoscaled(stack: Stack) -> list[str]:
    """Return the Deployments whose replicas an autoscaler sets."""
    return sorted(service.name for service in stack.services.values() if service.autoscale)


def sync_options(stack: Stack, part: str = "") -> list[str]:
    """Return the options of a sync of the stack, or of one of its parts.

    Without RespectIgnoreDifferences a sync would leave one pod of a Deployment that has an autoscaler.
    """
    ignores = not part and autoscaled(stack)
    return sorted([ALWAYS, "PruneLast=true", *(["RespectIgnoreDifferences=true"] if ignores else [])])


def sync(stack: Stack) -> Manifest:
    """Return what starts a sync of the stack, hooks included; its options are not the Application's own.

    Source: https://argo-cd.readthedocs.io/en/stable/user-guide/sync-kubectl/
    """
    options = {"prune": True, "syncOptions": sync_options(stack)}
    return {"operation": {"initiatedBy": {"username": "bootstrap"}, "sync": options}}


def app(
    stack: Stack,
    overlay: Overlay,
    part: str,
    source: Mapping[str, Any],
    namespace: str,
    *,
    options: Sequence[str],
    prune: bool = True,
    annotations: Mapping[str, str] | None = None,
) -> Manifest:
    """Return the Application of one part, in the project of the same name.

    Retries never end: after the last one Argo CD does not try that revision again, and an operator may be
    slower than any number of them. Each takes the newest revision: without `refresh` one that fails would be
    tried for ever, and the commit that mends it never.
    """
    own_name = name(stack, overlay, part)
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": metadata(stack, own_name, annotations),
        "spec": {
            "project": own_name,
            "source": dict(source),
            "destination": {**destination(overlay), "namespace": namespace},
            "syncPolicy": {
                "automated": {"prune": prune, "selfHeal": True},
                "syncOptions": sorted(options),
                "retry": {
                    "limit": -1,
                    "refresh": True,
                    "backoff": {"duration": "10s", "factor": 2, "maxDuration": "5m"},
                },
            },
        },
    }


def settings(checks: Mapping[str, str]) -> Manifest:
    """Return the keys that `argocd-cm` needs: a health check a kind, in Lua."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": "argocd-cm",
            "namespace": NAMESPACE,
            "labels": {"app.kubernetes.io/name": "argocd-cm", "app.kubernetes.io/part-of": "argocd"},
        },
        "data": {f"resource.customizations.health.{kind}": lua for kind, lua in sorted(checks.items())},
    }
