"""One line of the worked example is spoiled; `check` says what that breaks, where, and in which overlays."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from asky_gitops.adapters import bundled
from tests.adapters.test_opa_server import opa
from tests.conftest import Outcome

Invoke = Callable[..., Outcome]
MINIKUBE = "overlays/minikube/generated"
EKS = "overlays/eks/generated"
LIMITS = "missing-resource-limits"


@dataclass(frozen=True)
class Found:
    """One finding: `at` is the text the location spans, in `file`."""

    rule: str
    resource: str
    field: str
    file: str
    at: str
    overlays: tuple[str, ...]


@dataclass(frozen=True)
class Spoiling:
    """One change of one file, and everything a check then finds."""

    file: str
    before: str
    after: str
    found: tuple[Found, ...]
    more: dict[str, str] = field(default_factory=dict)
    """Files to write besides."""


def exposed(resource: str, path: str, file: str, at: str, *overlays: str) -> Found:
    return Found("exposed-database", resource, path, file, at, overlays)


def inline(resource: str, path: str, file: str, at: str, *overlays: str) -> Found:
    return Found("inline-secret", resource, path, file, at, overlays)


def limits(resource: str, path: str, file: str, at: str, *overlays: str) -> Found:
    return Found(LIMITS, resource, path, file, at, overlays)


def schema(resource: str, path: str, file: str, at: str, *overlays: str) -> Found:
    return Found("schema-error", resource, path, file, at, overlays)


CUSTOM = "overlays/eks/custom"
SERVICE = f"{MINIKUBE}/postgres/service.yaml"
STATEFUL = f"{MINIKUBE}/postgres/statefulset.yaml"
CLUSTER = f"{EKS}/postgres/cluster.yaml"
AUTH = "base/auth/deployment.yaml"
BOTH = ("eks", "minikube")
AUTH_LIMITS = ("Deployment asky/auth", "spec.template.spec.containers[0].resources", AUTH)
VALUE = "q7Rz2mXc9Lw4"
OPEN = """\
apiVersion: v1
kind: Service
metadata:
  name: open
spec:
  type: LoadBalancer
  selector: {cnpg.io/cluster: asky-db}
  ports: [{port: 5432}]
"""
POOLER = """\
apiVersion: postgresql.cnpg.io/v1
kind: Pooler
metadata:
  name: pool
spec:
  cluster: {name: asky-db}
  type: rw
  pgbouncer: {poolMode: session}
  serviceTemplate:
    spec:
      type: NodePort
  template:
    spec:
      containers:
      - name: pgbouncer
        resources: {limits: {cpu: 100m, memory: 64Mi}}
"""
SECRET = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\nstringData:\n  password: q7Rz2mXc9Lw4\n"

SPOILINGS = {
    # the internet reaches a database
    "a load balancer": Spoiling(
        SERVICE,
        "type: ClusterIP",
        "type: LoadBalancer",
        (exposed("Service asky/postgres", "spec.type", SERVICE, "LoadBalancer", "minikube"),),
    ),
    "a node port": Spoiling(
        SERVICE,
        "type: ClusterIP",
        "type: NodePort",
        (exposed("Service asky/postgres", "spec.type", SERVICE, "NodePort", "minikube"),),
    ),
    "external addresses": Spoiling(
        SERVICE,
        "  type: ClusterIP",
        "  type: ClusterIP\n  externalIPs: [203.0.113.7]",
        (exposed("Service asky/postgres", "spec.externalIPs", SERVICE, "externalIPs", "minikube"),),
    ),
    "a load balancer before the operator's cluster": Spoiling(
        f"{EKS}/postgres/service.yaml",
        "type: ClusterIP",
        "type: LoadBalancer",
        (
            exposed(
                "Service asky/postgres", "spec.type", f"{EKS}/postgres/service.yaml", "LoadBalancer", "eks"
            ),
        ),
    ),
    "an Ingress": Spoiling(
        f"{MINIKUBE}/ingress/ingress.yaml",
        "            name: gateway\n            port:\n              name: http",
        "            name: postgres\n            port:\n              name: postgres",
        (
            exposed(
                "Ingress asky/gateway",
                "spec.rules[0].http.paths[0].backend",
                f"{MINIKUBE}/ingress/ingress.yaml",
                "backend",
                "minikube",
            ),
        ),
    ),
    "a host port": Spoiling(
        STATEFUL,
        "- containerPort: 5432",
        "- containerPort: 5432\n          hostPort: 15432",
        (
            exposed(
                "StatefulSet asky/postgres",
                "spec.template.spec.containers[0].ports[0].hostPort",
                STATEFUL,
                "15432",
                "minikube",
            ),
        ),
    ),
    "the host's network": Spoiling(
        STATEFUL,
        "      enableServiceLinks: false",
        "      enableServiceLinks: false\n      hostNetwork: true",
        (
            exposed(
                "StatefulSet asky/postgres", "spec.template.spec.hostNetwork", STATEFUL, "true", "minikube"
            ),
        ),
    ),
    "a service the operator manages": Spoiling(
        CLUSTER,
        "  managed:\n",
        "  managed:\n    services: {additional: [{selectorType: rw, serviceTemplate: "
        "{metadata: {name: open}, spec: {type: LoadBalancer}}}]}\n",
        (
            exposed(
                "Cluster asky/asky-db",
                "spec.managed.services.additional[0].serviceTemplate.spec.type",
                CLUSTER,
                "LoadBalancer",
                "eks",
            ),
        ),
    ),
    "a pooler": Spoiling(
        f"{CUSTOM}/kustomization.yaml",
        "resources: []",
        "resources: [pooler.yaml]",
        (
            exposed(
                "Pooler asky/pool",
                "spec.serviceTemplate.spec.type",
                f"{CUSTOM}/pooler.yaml",
                "NodePort",
                "eks",
            ),
        ),
        {f"{CUSTOM}/pooler.yaml": POOLER},
    ),
    "a service of the user's": Spoiling(
        f"{CUSTOM}/kustomization.yaml",
        "resources: []",
        "resources: [open.yaml]",
        (exposed("Service asky/open", "spec.type", f"{CUSTOM}/open.yaml", "LoadBalancer", "eks"),),
        {f"{CUSTOM}/open.yaml": OPEN},
    ),
    "a patch": Spoiling(
        "overlays/minikube/custom/kustomization.yaml",
        "patches: []",
        "patches: [{path: open.yaml}]",
        (
            exposed(
                "Service asky/postgres",
                "spec.type",
                "overlays/minikube/custom/open.yaml",
                "NodePort",
                "minikube",
            ),
        ),
        {
            "overlays/minikube/custom/open.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n"
            "  name: postgres\nspec:\n  type: NodePort\n"
        },
    ),
    "a JSON patch": Spoiling(
        "overlays/minikube/kustomization.yaml",
        "components:",
        "patches:\n- target: {kind: Service, name: postgres}\n  patch: |-\n    - op: replace\n"
        "      path: /spec/type\n      value: LoadBalancer\ncomponents:",
        (
            exposed(
                "Service asky/postgres",
                "spec.type",
                "overlays/minikube/kustomization.yaml",
                "LoadBalancer",
                "minikube",
            ),
        ),
    ),
    "the gateway may be public": Spoiling(
        "base/gateway/service.yaml", "type: ClusterIP", "type: LoadBalancer", ()
    ),
    # a secret is written out
    "a variable": Spoiling(
        AUTH,
        "- name: LOG_LEVEL\n          value: info",
        f"- name: API_TOKEN\n          value: {VALUE}",
        (
            inline(
                "Deployment asky/auth", "spec.template.spec.containers[0].env[6].value", AUTH, VALUE, *BOTH
            ),
        ),
    ),
    "a connection string": Spoiling(
        AUTH,
        "postgresql+asyncpg://$(DB_USER):$(DB_PASSWORD)@",
        f"postgresql+asyncpg://auth:{VALUE}@",
        (
            inline(
                "Deployment asky/auth",
                "spec.template.spec.containers[0].env[2].value",
                AUTH,
                f"postgresql+asyncpg://auth:{VALUE}@postgres:5432/asky",
                *BOTH,
            ),
        ),
    ),
    "an argument": Spoiling(
        "base/migrations/job.yaml",
        "- --no-dump-schema",
        f"- --password={VALUE}",
        (
            inline(
                "Job asky/migrations",
                "spec.template.spec.containers[0].args[0]",
                "base/migrations/job.yaml",
                f"--password={VALUE}",
                *BOTH,
            ),
        ),
    ),
    "a ConfigMap": Spoiling(
        f"{MINIKUBE}/postgres/configmap.yaml",
        "\ndata:\n",
        f"\ndata:\n  app.ini: password={VALUE}\n",
        (
            inline(
                "ConfigMap asky/postgres",
                'data["app.ini"]',
                f"{MINIKUBE}/postgres/configmap.yaml",
                f"password={VALUE}",
                "minikube",
            ),
        ),
    ),
    "a literal of a Secret's generator": Spoiling(
        "overlays/eks/kustomization.yaml",
        "components:",
        f"secretGenerator: [{{name: app, literals: [DB_PASSWORD={VALUE}]}}]\ncomponents:",
        (
            inline(
                "Secret asky/app-hb6hc6m486",
                "data.DB_PASSWORD",
                "overlays/eks/kustomization.yaml",
                f"DB_PASSWORD={VALUE}",
                "eks",
            ),
        ),
    ),
    "a literal of a ConfigMap's generator": Spoiling(
        "overlays/eks/kustomization.yaml",
        "components:",
        f"configMapGenerator: [{{name: app, literals: [DB_PASSWORD={VALUE}]}}]\ncomponents:",
        (
            inline(
                "ConfigMap asky/app-8dg97mc4d2",
                "data.DB_PASSWORD",
                "overlays/eks/kustomization.yaml",
                f"DB_PASSWORD={VALUE}",
                "eks",
            ),
        ),
    ),
    "a patched variable": Spoiling(
        f"{MINIKUBE}/patches/auth.yaml",
        "  replicas: 1",
        "  replicas: 1\n  template: {spec: {containers: [{name: auth, env: [{name: SMTP_PASSWORD, "
        f"value: {VALUE}}}]}}]}}}}",
        (
            inline(
                "Deployment asky/auth",
                "spec.template.spec.containers[0].env[0].value",
                f"{MINIKUBE}/patches/auth.yaml",
                VALUE,
                "minikube",
            ),
        ),
    ),
    "a role in SQL": Spoiling(
        "sql/migrations/0001_schemas.sql",
        "-- migrate:up",
        f"-- migrate:up\nCREATE ROLE other LOGIN PASSWORD '{VALUE}';",
        (
            inline(
                "ConfigMap asky/sql-migrations",
                'data["0001_schemas.sql"]',
                "sql/migrations/kustomization.yaml",
                "0001_schemas.sql",
                *BOTH,
            ),
        ),
    ),
    "a Secret in clear": Spoiling(
        f"{CUSTOM}/kustomization.yaml",
        "resources: []",
        "resources: [secret.yaml]",
        (inline("Secret asky/app", "stringData.password", f"{CUSTOM}/secret.yaml", VALUE, "eks"),),
        {f"{CUSTOM}/secret.yaml": SECRET},
    ),
    "a Secret in base64": Spoiling(
        f"{CUSTOM}/kustomization.yaml",
        "resources: []",
        "resources: [secret.yaml]",
        (inline("Secret asky/app", "data.password", f"{CUSTOM}/secret.yaml", "cTdSejJtWGM5THc0", "eks"),),
        {f"{CUSTOM}/secret.yaml": SECRET.replace("stringData", "data").replace(VALUE, "cTdSejJtWGM5THc0")},
    ),
    "a Secret that a patch takes out of the render again": Spoiling(
        f"{CUSTOM}/kustomization.yaml",
        "resources: []\npatches: []",
        "resources: [secret.yaml]\npatches: [{path: gone.yaml}]",
        (inline("Secret None/app", "stringData.password", f"{CUSTOM}/secret.yaml", VALUE, "eks"),),
        {
            f"{CUSTOM}/secret.yaml": SECRET,
            f"{CUSTOM}/gone.yaml": "$patch: delete\napiVersion: v1\nkind: Secret\nmetadata:\n  name: app\n",
        },
    ),
    # a container without limits
    "no cpu limit": Spoiling(
        AUTH, "            cpu: 500m\n", "", (limits(*AUTH_LIMITS, "resources", *BOTH),)
    ),
    "no memory limit": Spoiling(
        AUTH,
        "            cpu: 500m\n            memory: 256Mi\n",
        "            cpu: 500m\n",
        (limits(*AUTH_LIMITS, "resources", *BOTH),),
    ),
    "no limits": Spoiling(
        AUTH,
        "          limits:\n            cpu: 500m\n            memory: 256Mi\n",
        "",
        (limits(*AUTH_LIMITS, "resources", *BOTH), limits(*AUTH_LIMITS, "resources", *BOTH)),
    ),
    "no resources": Spoiling(
        AUTH,
        "        resources:\n          requests:\n            cpu: 100m\n            memory: 256Mi\n"
        "          limits:\n            cpu: 500m\n            memory: 256Mi\n",
        "",
        (limits(*AUTH_LIMITS, "name: auth", *BOTH), limits(*AUTH_LIMITS, "name: auth", *BOTH)),
    ),
    "a limit of nothing": Spoiling(
        AUTH, "            cpu: 500m\n", "            cpu: 0\n", (limits(*AUTH_LIMITS, "resources", *BOTH),)
    ),
    "no limit of an init container": Spoiling(
        "base/migrations/job.yaml",
        "          limits:\n            cpu: 500m\n            memory: 256Mi\n        securityContext:\n"
        "          allowPrivilegeEscalation: false\n          capabilities:\n            drop:\n"
        "            - ALL\n"
        "          readOnlyRootFilesystem: true\n        volumeMounts:\n        - name: database-ca\n"
        "          mountPath: /etc/database-ca\n          readOnly: true\n      restartPolicy",
        "          limits:\n            memory: 256Mi\n        securityContext:\n"
        "          allowPrivilegeEscalation: false\n      restartPolicy",
        (
            limits(
                "Job asky/migrations",
                "spec.template.spec.initContainers[0].resources",
                "base/migrations/job.yaml",
                "resources",
                *BOTH,
            ),
        ),
    ),
    "no limits of the operator's cluster": Spoiling(
        CLUSTER,
        '    limits:\n      cpu: "1"\n      memory: 512Mi\n',
        '    limits:\n      cpu: "1"\n',
        (limits("Cluster asky/asky-db", "spec.resources", CLUSTER, "resources", "eks"),),
    ),
    "no limit of the database": Spoiling(
        STATEFUL,
        '            cpu: "1"\n',
        "",
        (
            limits(
                "StatefulSet asky/postgres",
                "spec.template.spec.containers[0].resources",
                STATEFUL,
                "resources",
                "minikube",
            ),
        ),
    ),
    # an object its Kubernetes version would refuse
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
"""Everything above the last group is at least one entry form of each of the three rules."""


def spoil(root: Path, spoiling: Spoiling) -> None:
    path = root / spoiling.file
    text = path.read_text()
    assert spoiling.before in text, f"{spoiling.file} no longer holds {spoiling.before!r}"
    path.write_text(text.replace(spoiling.before, spoiling.after, 1))
    for name, content in spoiling.more.items():
        (root / name).write_text(content)


def found_in(root: Path, report: str) -> list[Found]:
    """Return the findings of a JSON report with the text each location spans."""
    return [
        Found(
            one["rule"],
            "{kind} {namespace}/{name}".format(**one["resource"]),
            one["field"],
            one["location"]["file"],
            text_at(root, one["location"]),
            tuple(one["overlays"]),
        )
        for one in json.loads(report)["findings"]
    ]


def text_at(root: Path, at: dict[str, int | str]) -> str:
    line = (root / str(at["file"])).read_text().splitlines()[int(at["line"]) - 1]
    end = int(at["endColumn"]) - 1 if at["endLine"] == at["line"] else len(line)
    return line[int(at["column"]) - 1 : end]


@pytest.fixture(scope="module")
def server(tool: Callable[[str], Path]) -> Iterator[str]:
    """A real OPA server with the shipped policies."""
    with opa(tool("opa"), bundled.policies()) as url:
        yield url


@pytest.mark.parametrize("name", SPOILINGS)
def test_an_opa_server_finds_what_the_embedded_one_finds(
    stack: Path, invoke: Invoke, server: str, name: str
) -> None:
    spoil(stack, SPOILINGS[name])
    embedded = invoke("check", "--format", "json", cwd=stack)
    assert json.loads(embedded.out)["findings"] != [] or not SPOILINGS[name].found
    assert invoke("check", "--format", "json", "--opa-url", server) == embedded


def test_an_opa_server_finds_nothing_in_clean_overlays_either(
    generated: Path, invoke: Invoke, server: str
) -> None:
    embedded = invoke("check", "--format", "json", cwd=generated)
    assert embedded.status == 0
    assert invoke("check", "--format", "json", "--opa-url", server) == embedded


@pytest.mark.parametrize("name", SPOILINGS)
def test_a_spoiled_line_is_found_where_it_is_and_nothing_else_is(
    stack: Path, invoke: Invoke, name: str
) -> None:
    spoiling = SPOILINGS[name]
    spoil(stack, spoiling)
    outcome = invoke("check", "--format", "json", cwd=stack)
    assert found_in(stack, outcome.out) == list(spoiling.found)
    assert json.loads(outcome.out)["errors"] == []
    assert outcome.status == (1 if spoiling.found else 0)
    text = invoke("check").out
    assert VALUE not in text + outcome.out
    for found in spoiling.found:
        assert f"error[{found.rule}]: " in text
        assert f"  {found.file}:" in text


def test_the_three_rules_have_spoilings_enough() -> None:
    rules = [found.rule for spoiling in SPOILINGS.values() for found in spoiling.found[:1]]
    assert {rule: rules.count(rule) >= 5 for rule in set(rules)} == {
        "exposed-database": True,
        "inline-secret": True,
        "missing-resource-limits": True,
        "schema-error": True,
    }
    assert len(SPOILINGS) >= 20
