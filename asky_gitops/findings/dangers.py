"""Says of a change why to look twice: data that goes, a way that opens, what the API server refuses."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from asky_gitops.findings.field import dotted

Object = Mapping[str, Any]
Path = tuple[str | int, ...]

HOLDS_DATA = {
    "PersistentVolumeClaim": "its volume",
    "PersistentVolume": "its volume",
    "StatefulSet": "what keeps its volumes in use",
    "Namespace": "everything in it",
    "CustomResourceDefinition": "every object of its kind",
    "Database": "the database",
    "ObjectStore": "where backups are found",
}
"""Kinds whose removal takes data with it, and what goes."""
IMMUTABLE: dict[str, tuple[Path, ...]] = {
    "Deployment": (("spec", "selector"),),
    "DaemonSet": (("spec", "selector"),),
    "Job": (("spec", "template"), ("spec", "selector"), ("spec", "completions"), ("spec", "completionMode")),
    "StatefulSet": (
        ("spec", "selector"),
        ("spec", "serviceName"),
        ("spec", "podManagementPolicy"),
        ("spec", "volumeClaimTemplates"),
    ),
    "PersistentVolumeClaim": (
        ("spec", "storageClassName"),
        ("spec", "accessModes"),
        ("spec", "volumeMode"),
        ("spec", "selector"),
    ),
    "Service": (("spec", "clusterIP"),),
    "StorageClass": (("provisioner",), ("parameters",), ("reclaimPolicy",), ("volumeBindingMode",)),
    "RoleBinding": (("roleRef",),),
    "ClusterRoleBinding": (("roleRef",),),
    "Secret": (("type",),),
}
"""Fields that the API server refuses to change: validation of each kind in kubernetes/pkg/apis."""
HOOK = "argocd.argoproj.io/hook"
"""Argo CD deletes a hook before it makes it anew."""
OPEN_TYPES = ("LoadBalancer", "NodePort")
SCHEMES = ("scheme", "internal", "load-balancer-type")
"""What the annotations end in that decide whether a load balancer is public."""
DATABASES = ("postgres", "postgis", "timescale", "mysql", "mariadb", "mongo", "redis", "valkey", "spilo")


def must_be_replaced(old: Object, new: Object, paths: Iterable[Path]) -> bool:
    """Tell whether one of the changed fields is one that cannot change."""
    return bool(_refused(old, new, paths))


def dangers(old: Object | None, new: Object | None, paths: Sequence[tuple[Path, Any, Any]]) -> Iterator[str]:
    """Say why a change is dangerous; `paths` are its changed fields with the values of both sides."""
    if old is None or new is None:
        if old is not None:
            yield from _gone(old)
        elif new is not None and (kind := _value(new, ("spec", "type"))) in OPEN_TYPES:
            yield f"a new Service of type {kind}"
        return
    for field in _refused(old, new, [path for path, _, _ in paths]):
        if not _is_hook(new):
            yield f"{field} cannot change: the object must be deleted and made anew"
    kind = str(new.get("kind"))
    for path, before, after in paths:
        yield from _opened(kind, path, after)
        if path[-1:] in (("image",), ("imageName",)) and _is_database(kind, before, after):
            yield "the database's image changes: a restart, and no way back across a major version"
        if path[-1:] in (("storage",), ("size",)) and before is not None and after is not None:
            yield f"the size of a volume changes ({dotted(tuple(path[:1]))}…): it can grow, never shrink"


def _gone(old: Object) -> Iterator[str]:
    kind = str(old.get("kind"))
    cluster = kind == "Cluster" and str(old.get("apiVersion", "")).startswith("postgresql.cnpg.io/")
    if what := "the database and its volumes" if cluster else HOLDS_DATA.get(kind):
        yield f"{what} would go with it"


def _refused(old: Object, new: Object, paths: Iterable[Path]) -> list[str]:
    fixed = IMMUTABLE.get(str(new.get("kind")), ())
    if old.get("kind") in ("Secret", "ConfigMap") and old.get("immutable") is True:
        fixed = (*fixed, ("data",), ("stringData",), ("binaryData",), ("immutable",))
    changed = set(paths)
    return [".".join(map(str, one)) for one in fixed if any(path[: len(one)] == one for path in changed)]


def _opened(kind: str, path: Path, after: Any) -> Iterator[str]:
    if kind == "Service" and path == ("spec", "type") and after in OPEN_TYPES:
        yield f"the Service becomes a {after}"
    if path[:2] == ("metadata", "annotations") and str(path[-1]).endswith(SCHEMES):
        yield f"who reaches the load balancer changes ({path[-1]})"


def _is_database(kind: str, before: Any, after: Any) -> bool:
    if kind == "Cluster":
        return True
    names = f"{before} {after}".lower()
    return kind in ("StatefulSet", "Deployment") and any(name in names for name in DATABASES)


def _is_hook(item: Object) -> bool:
    return _value(item, ("metadata", "annotations", HOOK)) is not None


def _value(item: Any, path: Path) -> Any:
    for step in path:
        item = item.get(step) if isinstance(item, dict) else None
    return item
