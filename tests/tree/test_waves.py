"""The order of `up`, and what a render needs of its cluster."""

from typing import Any

from asky_gitops.tree.needs import Needs, RemoteSecret, needs
from asky_gitops.tree.waves import steps


def one(kind: str, name: str, version: str = "v1", spec: Any = None, **annotations: str) -> dict[str, Any]:
    notes = {f"argocd.argoproj.io/{key.replace('_', '-')}": value for key, value in annotations.items()}
    metadata = {"name": name, "namespace": "asky", "annotations": notes}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec or {}}


def test_phases_come_before_waves_and_namespaces_before_the_rest() -> None:
    every = [
        one("Service", "late", sync_wave="1"),
        one("Job", "after", hook="PostSync"),
        one("Job", "before", hook="PreSync", sync_wave="9"),
        one("ConfigMap", "ground", sync_wave="-5"),
        one("Namespace", "asky", sync_wave="-5"),
        one("Ingress", "own", sync_wave="7"),
        one("Job", "never", hook="Skip"),
        one("ConfigMap", "plain"),
    ]

    found = [(step.name, [each["metadata"]["name"] for each in step.objects]) for step in steps(every)]

    assert found == [
        ("PreSync", ["before"]),
        ("base", ["asky", "ground"]),
        ("seeds", ["plain"]),
        ("services", ["late"]),
        ("wave 7", ["own"]),
        ("PostSync", ["after"]),
    ]


def test_a_step_says_what_it_holds() -> None:
    every = [one("Ingress", "a"), one("Ingress", "b"), one("NetworkPolicy", "a"), one("NetworkPolicy", "b")]
    (step,) = steps([*every, one("NetworkPolicy", "c"), one("Job", "a"), one("Pod", "a")])
    assert step.kinds() == "3 NetworkPolicies, 2 Ingresses, 1 Job, …"


def test_needs_are_read_from_the_objects() -> None:
    claim = {"spec": {"storageClassName": "fast"}}
    found = needs(
        [
            one("StatefulSet", "db", "apps/v1", {"volumeClaimTemplates": [claim, {"spec": {}}]}),
            one("StorageClass", "own", "storage.k8s.io/v1"),
            one("Cluster", "c", "postgresql.cnpg.io/v1", {"storage": {"storageClass": "own"}}),
            one("Ingress", "i", "networking.k8s.io/v1", {"ingressClassName": "alb"}),
            one("HorizontalPodAutoscaler", "h", "autoscaling/v2"),
            one(
                "ExternalSecret",
                "auth",
                "external-secrets.io/v1",
                {
                    "data": [{"remoteRef": {"key": "k", "property": "b"}}, {"remoteRef": {"key": "k"}}],
                    "dataFrom": [{"extract": {"key": "all"}}],
                },
            ),
        ]
    )
    assert found == Needs(
        kinds={
            "apps/v1": ("StatefulSet",),
            "autoscaling/v2": ("HorizontalPodAutoscaler",),
            "external-secrets.io/v1": ("ExternalSecret",),
            "networking.k8s.io/v1": ("Ingress",),
            "postgresql.cnpg.io/v1": ("Cluster",),
            "storage.k8s.io/v1": ("StorageClass",),
        },
        storage_classes=("", "fast"),
        ingress_classes=("alb",),
        network_policies=False,
        metrics=True,
        remote=(RemoteSecret("all", (), ("asky/auth",)), RemoteSecret("k", ("b",), ("asky/auth",))),
    )
