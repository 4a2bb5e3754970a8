import pytest

from asky_gitops.model.finding import Finding, Location, Problem, Related, Report, Target
from asky_gitops.model.manifest import ResourceRef
from asky_gitops.model.waiver import Waiver

VERSIONS = {"asky-gitops": "0.1.0", "kustomize": "v5.8.1", "opa": "1.22.0", "schemas": "1.37"}

EXPOSED = Finding(
    rule="exposed-database",
    category="security",
    severity="error",
    message="the internet can reach a database",
    resource=ResourceRef("v1", "Service", "asky", "postgres-public"),
    path=("spec", "type"),
    overlays=("eks",),
    location=Location("overlays/eks/custom/expose.yaml", 11, 19, 11, 31),
    related=(Related("overlays/eks/generated/postgres/cluster.yaml", 24, 3, "the object it patches"),),
    trace=("internet", "Service asky/postgres-public:5432", "Cluster asky/asky-db"),
    remediation="remove it; for a shell use `kubectl cnpg psql`",
    fingerprint="v1:9f2c",
    excerpt=((10, "          spec:"), (11, "            type: LoadBalancer")),
    caret=(18, 30),
)
RENDERED = Finding(
    rule="missing-resource-limits",
    category="reliability",
    severity="warning",
    message="no cpu limit",
    resource=ResourceRef("apps/v1", "Deployment", "asky", "auth"),
    path=("spec", "template", "spec", "containers", 0, "resources"),
    overlays=("eks", "minikube"),
    fingerprint="v1:11aa",
)
WAIVED = Finding(
    "waived",
    "style",
    "error",
    "m",
    None,
    (),
    ("eks",),
    fingerprint="v1:22bb",
    waiver=Waiver("waived", "on purpose", file="a.yaml", owner="asky", line=4, column=3),
)
KNOWN = Finding(
    "missing-resource-limits",
    "reliability",
    "error",
    "no memory limit",
    ResourceRef("v1", "Pod", None, "old"),
    (),
    ("eks",),
    fingerprint="v1:33cc",
    known=True,
)


@pytest.fixture
def report() -> Report:
    """A report with one of everything."""
    return Report(
        versions=VERSIONS,
        targets=(
            Target(
                "eks",
                "overlays/eks",
                "judged",
                objects=54,
                rules=52,
                unknown_kinds=("example.org/v1/Widget",),
                unjudged=(("k8s/values.yaml", "not a Kubernetes manifest"),),
                closure=("overlays/eks/kustomization.yaml",),
            ),
            Target("minikube", "overlays/minikube", "failed"),
            Target("minikube/platform", "overlays/minikube/platform", "judged", objects=40, rules=52),
        ),
        findings=(EXPOSED, RENDERED, WAIVED, KNOWN),
        problems=(
            Problem(
                "invalid-yaml",
                "minikube",
                "did not find expected key",
                Location("base/auth/deployment.yaml", 3, 1, 3, 1),
                hint="mend it",
            ),
            Problem("timeout", "other", "took longer than 60 s", exit_code=3),
        ),
        seconds=0.157,
    )


@pytest.fixture
def clean() -> Report:
    return Report(VERSIONS, (Target("k8s", "k8s", "judged", objects=1, rules=3),), (), seconds=0.04)
