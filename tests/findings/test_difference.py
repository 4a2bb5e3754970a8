from typing import Any

import pytest

from asky_gitops.findings.difference import compare
from asky_gitops.model.difference import FieldChange


def item(kind: str, version: str = "v1", **rest: Any) -> dict[str, Any]:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "x", "namespace": "asky"}, **rest}


def fields(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    (change,) = compare([old], [new])
    return [(one.field, one.before, one.after) for one in change.fields]


def dangers(old: dict[str, Any] | None, new: dict[str, Any] | None) -> tuple[str, ...]:
    (change,) = compare([old] if old else [], [new] if new else [])
    return change.dangers


def test_items_of_a_list_belong_together_by_name() -> None:
    old = item("Pod", spec={"containers": [{"name": "a", "image": "a:1"}, {"name": "b", "image": "b:1"}]})
    new = item("Pod", spec={"containers": [{"name": "b", "image": "b:2"}, {"name": "a", "image": "a:1"}]})
    assert fields(old, new) == [("spec.containers[b].image", "b:1", "b:2")]


def test_what_is_new_and_what_is_gone_is_shown_leaf_by_leaf() -> None:
    old, new = item("Pod", spec={"hostIPC": True}), item("Pod", spec={"a": {"path": "/x", "port": 1}})
    assert fields(old, new) == [
        ("spec.hostIPC", "true", None),
        ("spec.a.path", None, "/x"),
        ("spec.a.port", None, "1"),
    ]


SECRET = "sesame-open-7"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("Secret", {"data": {"path": SECRET}}),
        ("Secret", {"stringData": {"port": 12345}}),
        ("ConfigMap", {"data": {"host": SECRET}}),
        ("Pod", {"spec": {"containers": [{"name": "a", "env": [{"name": "FOO", "value": SECRET}]}]}}),
        ("Pod", {"spec": {"containers": [{"name": "a", "args": [f"--host={SECRET}"]}]}}),
        ("Widget", {"spec": {"apiToken": SECRET}}),
        ("Ingress", {"metadata": {"annotations": {"a.kubernetes.io/host": f"postgresql://u:{SECRET}@h"}}}),
    ],
)
def test_a_value_that_may_be_a_secret_is_masked(kind: str, body: dict[str, Any]) -> None:
    new = {**item(kind), **body, "metadata": {"name": "x", "namespace": "asky", **body.get("metadata", {})}}
    for old, other in ((item(kind), new), (new, item(kind))):
        (change,) = compare([old], [other])
        shown = {value for one in change.fields for value in (one.before, one.after)}
        assert "••••" in shown
        assert shown <= {None, "••••", "a", "FOO"}
        assert SECRET not in repr(change)


CLUSTER = {"version": "postgresql.cnpg.io/v1"}
DANGEROUS = {
    "a removed claim": (item("PersistentVolumeClaim"), None, ("its volume would go with it",)),
    "a removed database": (
        item("Cluster", **CLUSTER),
        None,
        ("the database and its volumes would go with it",),
    ),
    "a removed Deployment": (item("Deployment"), None, ()),
    "a Service that opens": (
        item("Service", spec={"type": "ClusterIP"}),
        item("Service", spec={"type": "NodePort"}),
        ("the Service becomes a NodePort",),
    ),
    "a Service that closes": (
        item("Service", spec={"type": "NodePort"}),
        item("Service", spec={"type": "ClusterIP"}),
        (),
    ),
    "a new open Service": (
        None,
        item("Service", spec={"type": "LoadBalancer"}),
        ("a new Service of type LoadBalancer",),
    ),
    "another selector": (
        item("Deployment", spec={"selector": {"matchLabels": {"app": "a"}}}),
        item("Deployment", spec={"selector": {"matchLabels": {"app": "b"}}}),
        ("spec.selector cannot change: the object must be deleted and made anew",),
    ),
    "another image of a database": (
        item("Cluster", **CLUSTER, spec={"imageName": "postgresql:17"}),
        item("Cluster", **CLUSTER, spec={"imageName": "postgresql:18"}),
        ("the database's image changes: a restart, and no way back across a major version",),
    ),
    "another image of an application": (
        item("Deployment", spec={"template": {"spec": {"containers": [{"name": "a", "image": "app:1"}]}}}),
        item("Deployment", spec={"template": {"spec": {"containers": [{"name": "a", "image": "app:2"}]}}}),
        (),
    ),
    "another size": (
        item("PersistentVolumeClaim", spec={"resources": {"requests": {"storage": "20Gi"}}}),
        item("PersistentVolumeClaim", spec={"resources": {"requests": {"storage": "10Gi"}}}),
        ("the size of a volume changes (spec…): it can grow, never shrink",),
    ),
    "an immutable ConfigMap": (
        item("ConfigMap", immutable=True, data={"a": "1"}),
        item("ConfigMap", immutable=True, data={"a": "2"}),
        ("data cannot change: the object must be deleted and made anew",),
    ),
}


@pytest.mark.parametrize("case", DANGEROUS)
def test_what_is_dangerous_is_said(case: str) -> None:
    old, new, expected = DANGEROUS[case]
    assert dangers(old, new) == expected


def test_a_load_balancers_scheme_is_looked_at() -> None:
    key = "service.beta.kubernetes.io/aws-load-balancer-scheme"
    old, new = item("Service"), item("Service")
    new["metadata"] = {**new["metadata"], "annotations": {key: "internet-facing"}}
    assert dangers(old, new) == (f"who reaches the load balancer changes ({key})",)


def test_a_hook_is_made_anew_without_danger() -> None:
    def job(image: str) -> dict[str, Any]:
        made = item("Job", "batch/v1", spec={"template": {"spec": {"image": image}}})
        made["metadata"] = {**made["metadata"], "annotations": {"argocd.argoproj.io/hook": "Sync"}}
        return made

    (change,) = compare([job("a:1")], [job("a:2")])
    assert (change.kind, change.dangers) == ("replaced", ())
    assert change.fields == (FieldChange("spec.template.spec.image", "a:1", "a:2"),)


def test_the_same_objects_in_another_order_are_no_change() -> None:
    one, other = item("Pod"), item("Service")
    assert compare([one, other], [other, one]) == ()
