"""`trace` answers which line sets a field; kustomize builds what it answers for."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome

Invoke = Callable[..., Outcome]

FILES = {
    "base/kustomization.yaml": "resources: [web.yaml]\n",
    "base/web.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, annotations: {example.org/a.b: "1"}}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: example.org/web:1
        args: [serve]
        env:
        - {name: LEVEL, value: info}
        - {name: API_TOKEN, value: hunter2hunter2}
""",
    "overlays/dev/kustomization.yaml": "namespace: dev\nresources: [../../base]\n",
    "overlays/prod/kustomization.yaml": """\
namePrefix: p-
resources: [../../base]
replicas: [{name: web, count: 3}]
patches:
- path: more.yaml
- target: {kind: Deployment}
  patch: |-
    - op: replace
      path: /spec/template/spec/containers/0/image
      value: example.org/web:2
""",
    "overlays/prod/more.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {replicas: 2}
""",
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a base and two overlays, and no asky.yaml."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / ".git").mkdir()
    return tmp_path


def test_the_line_that_decides_comes_first_then_what_it_overrides(repository: Path, invoke: Invoke) -> None:
    outcome = invoke("trace", "Deployment/p-web", "spec.replicas", cwd=repository)
    assert outcome == Outcome(
        0,
        """\
Deployment p-web  spec.replicas  in overlays/prod
  3  overlays/prod/kustomization.yaml:3:31  the replicas of this kustomization
  2  overlays/prod/more.yaml:4:18           the patch over it
  1  base/web.yaml:5:13                     the object it patches
""",
        "",
    )


@pytest.mark.parametrize(
    ("field", "answer"),
    [
        (
            "spec.template.spec.containers[web].image",
            "example.org/web:2  overlays/prod/kustomization.yaml:10:14  the patch over it\n"
            "  example.org/web:1  base/web.yaml:12:16                     the object it patches",
        ),
        (".spec.template.spec.containers.0.env[name=LEVEL].value", "info  base/web.yaml:15:32  sets it"),
        (
            "spec.template.spec.containers[0].env[API_TOKEN].value",
            "••••  base/web.yaml:16:36  sets it",
        ),
        ("spec.template.spec.containers[0].args[0]", "••••  base/web.yaml:13:16  sets it"),
        ("metadata.annotations.example.org/a.b", '"1"  base/web.yaml:3:54  sets it'),
        ("metadata.annotations['example.org/a.b']", '"1"  base/web.yaml:3:54  sets it'),
        ('spec["selector"].matchLabels', "matchLabels  base/web.yaml:6:14  sets it"),
        ("metadata.name", "web  base/web.yaml:3:18  sets it"),
    ],
)
def test_a_field_is_written_as_people_write_it(
    repository: Path, invoke: Invoke, field: str, answer: str
) -> None:
    outcome = invoke("trace", "deployment/p-web", field, "--overlay", "prod", cwd=repository)
    assert (outcome.status, outcome.out.partition("\n")[2]) == (0, f"  {answer}\n"), outcome


def test_overlays_that_agree_share_an_answer(generated: Path, invoke: Invoke) -> None:
    field = "spec.template.spec.containers.auth.image"
    assert invoke("trace", "Deployment/auth", field, "-C", generated, cwd=generated).status == 2
    line, key = spec_line(generated, "ghcr.io/acme/auth:1.4.2"), "services.auth.image"
    assert invoke("trace", "Deployment/auth", field, cwd=generated) == Outcome(
        0,
        f"""\
Deployment asky/auth  spec.template.spec.containers[0].image  in minikube, eks
  ghcr.io/acme/auth:1.4.2  base/auth/deployment.yaml:37:16  sets it · generated from asky.yaml:{line} ({key})
""",
        "",
    )


def spec_line(root: Path, text: str) -> int:
    """Return the number of the one line of asky.yaml that holds a text."""
    lines = (root / "asky.yaml").read_text("utf-8").splitlines()
    [found] = [number for number, line in enumerate(lines, 1) if text in line]
    return found


@pytest.mark.parametrize(
    ("name", "field", "written", "key"),
    [
        (
            "Deployment/auth",
            "spec.replicas",
            "defaults: {replicas: 1}",
            "overlays.minikube.defaults.replicas",
        ),
        ("Deployment/auth", "spec.replicas", "  replicas: 2", "defaults.replicas"),
        ("Deployment/auth", "metadata.name", "  auth:", "services.auth"),
        (
            "Deployment/auth",
            "spec.template.spec.containers[auth].env[JWT_KEY].name",
            "JWT_KEY: {",
            "services.auth.secrets.JWT_KEY",
        ),
        (
            "Deployment/auth",
            "spec.template.spec.containers[auth].env[LOG_LEVEL].value",
            "LOG_LEVEL",
            "services.auth.env.LOG_LEVEL",
        ),
        ("NetworkPolicy/pyxis", "spec.ingress[0].ports[0].port", "8001", "services.pyxis.port"),
        ("Ingress/gateway", "spec.rules[0].host", "host: asky.local", "overlays.minikube.ingress.host"),
        ("Ingress/gateway", "spec.rules[0].host", "host: asky.example.org", "services.gateway.public.host"),
        (
            "HorizontalPodAutoscaler/gateway",
            "spec.maxReplicas",
            "max: 6",
            "overlays.eks.services.gateway.autoscale.max",
        ),
        ("Cluster/asky-db", "spec.instances", "instances: 3", "overlays.eks.database.instances"),
        (
            "Cluster/asky-db",
            "spec.postgresql.parameters.shared_buffers",
            "resources: {cpu: 500m, memory: 1Gi}",
            "overlays.eks.database.resources.memory",
        ),
    ],
)
def test_a_generated_value_is_followed_to_the_line_of_the_spec(
    generated: Path, invoke: Invoke, name: str, field: str, written: str, key: str
) -> None:
    outcome = invoke("trace", name, field, cwd=generated)
    assert outcome.status == 0, outcome.err
    said = f"generated from asky.yaml:{spec_line(generated, written)} ({key})"
    assert said in [line.rpartition(" · ")[2] for line in outcome.out.splitlines()], outcome.out


def test_what_no_line_of_the_spec_decides_has_no_line(generated: Path, invoke: Invoke) -> None:
    outcome = invoke(
        "trace", "Deployment/auth", "spec.template.spec.terminationGracePeriodSeconds", cwd=generated
    )
    assert outcome.out.endswith("sets it · generated from asky.yaml\n"), outcome


def test_of_a_file_that_the_spec_would_not_make_so_no_line_is_told(stack: Path, invoke: Invoke) -> None:
    file = stack / "base/auth/deployment.yaml"
    file.write_text(file.read_text("utf-8").replace("auth:1.4.2", "auth:1.4.3"), "utf-8")
    outcome = invoke("trace", "Deployment/auth", "spec.template.spec.containers[auth].image", cwd=stack)
    assert "ghcr.io/acme/auth:1.4.3" in outcome.out
    assert outcome.out.endswith("sets it · generated from asky.yaml\n"), outcome


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (
            ["Deployment/p-wep", "spec"],
            1,
            "error: no overlay has a Deployment/p-wep\nhint: did you mean Deployment/p-web?\n",
        ),
        (["Gateway/x", "spec"], 1, "error: no overlay has a Gateway/x\n"),
        (
            ["Deployment/web", "spec.replica"],
            1,
            "error: Deployment/web has no field spec.replica\nhint: spec has replicas, selector, template\n",
        ),
        (
            ["Deployment/web", "spec.template.spec.containers[0].env[NO]"],
            1,
            "error: Deployment/web has no field spec.template.spec.containers[0].env[NO]\n"
            "hint: spec.template.spec.containers[0].env has LEVEL, API_TOKEN\n",
        ),
        (
            ["Deployment/web", "spec.replicas.x"],
            1,
            "error: Deployment/web has no field spec.replicas.x\nhint: spec.replicas is a single value\n",
        ),
        (
            ["web", "spec"],
            2,
            'error: "web" names no object\nhint: write KIND/NAME, such as Deployment/auth\n',
        ),
        (
            ["Deployment/web", "spec", "--overlay", "pro"],
            2,
            'error: there is no overlay "pro"\nhint: did you mean "prod"?\n',
        ),
    ],
)
def test_what_is_not_there_is_said_with_what_is(
    repository: Path, invoke: Invoke, arguments: list[str], status: int, said: str
) -> None:
    assert invoke("trace", *arguments, cwd=repository) == Outcome(status, "", said)


def test_a_target_that_cannot_be_rendered_is_its_authors_to_cure(repository: Path, invoke: Invoke) -> None:
    (repository / "overlays/dev/kustomization.yaml").write_text("resources: [../../base, none.yaml]\n")
    assert invoke("trace", "Deployment/web", "spec", cwd=repository) == Outcome(
        2,
        "",
        "error: overlays/dev/kustomization.yaml:1:25: resources: 'none.yaml' does not exist\n",
    )


@pytest.mark.parametrize(
    ("manifest", "field"),
    [
        ("kind: Secret\nstringData: {FOO: sesame-canary}", "stringData.FOO"),
        ("kind: Secret\nstringData: {FOO: sesame-canary}", "stringData"),
        ("kind: Secret\ndata: {FOO: c2VzYW1lLWNhbmFyeQ==}", "data.FOO"),
        ("kind: Secret\nstringData:\n  a.conf: |\n    sesame-canary", "stringData['a.conf']"),
        ("kind: ConfigMap\ndata: {url: 'postgresql://app:sesame-canary@db/x'}", "data.url"),
        ("kind: ConfigMap\ndata: {FOO: sesame-canary}", "data.FOO"),
        ("kind: Pod\nspec: {containers: [{name: a, args: [sesame-canary]}]}", "spec.containers[a].args[0]"),
        (
            "kind: Pod\nspec: {containers: [{name: a, env: [{name: DB_PASSWORD, value: sesame-canary}]}]}",
            "spec.containers[a].env[0].value",
        ),
        ("kind: Widget\nspec: {apiKey: sesame-canary}", "spec.apiKey"),
        ("kind: Widget\nspec: {url: 'https://u:sesame-canary@example.org'}", "spec.url"),
    ],
)
def test_no_secret_is_printed(repository: Path, invoke: Invoke, manifest: str, field: str) -> None:
    text = f"apiVersion: v1\nmetadata: {{name: planted}}\n{manifest}\n"
    (repository / "overlays/dev/planted.yaml").write_text(text)
    (repository / "overlays/dev/kustomization.yaml").write_text("resources: [planted.yaml]\n")
    kind = manifest.splitlines()[0].removeprefix("kind: ")
    outcome = invoke("trace", f"{kind}/planted", field, "--overlay", "dev", cwd=repository)
    assert (outcome.status, outcome.err) == (0, "")
    assert "overlays/dev/planted.yaml:" in outcome.out
    assert "sesame-canary" not in outcome.out and "c2VzYW1l" not in outcome.out
