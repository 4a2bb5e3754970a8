"""An object that its Kubernetes version would refuse."""

from tests.spoilings.model import (
    AUTH,
    BOTH,
    CLUSTER,
    Spoiling,
    schema,
)

SCHEMA_ERROR = {
    "a field of another type, where no patch replaces it": Spoiling(
        AUTH,
        "  replicas: 2",
        "  replicas: two",
        (schema("Deployment asky/auth", "spec.replicas", AUTH, "two", "eks"),),
    ),
    "a field that does not exist": Spoiling(
        AUTH,
        "  replicas: 2",
        "  replicsa: 2",
        (schema("Deployment asky/auth", "spec.replicsa", AUTH, "2", *BOTH),),
    ),
    "a field of a custom resource": Spoiling(
        CLUSTER,
        "  instances: 3",
        "  instances: three",
        (schema("Cluster asky/asky-db", "spec.instances", CLUSTER, "three", "eks"),),
    ),
    "a field of an Application": Spoiling(
        "argocd/eks/application.yaml",
        "spec:\n",
        "spec:\n  projct: asky\n",
        (
            schema(
                "Application argocd/asky-eks",
                "spec.projct",
                "argocd/eks/application.yaml",
                "asky",
                "eks/argocd",
            ),
        ),
    ),
    "a field of the platform": Spoiling(
        "overlays/eks/platform/monitoring/daemonset.yaml",
        "maxUnavailable:",
        "maxUnavailble:",
        (
            schema(
                "DaemonSet asky-monitoring/node-exporter",
                "spec.updateStrategy.rollingUpdate.maxUnavailble",
                "overlays/eks/platform/monitoring/daemonset.yaml",
                "10%",
                "eks/platform",
            ),
        ),
    ),
}
