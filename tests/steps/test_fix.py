"""`fix` writes one field and nothing else, in the right file, and a second run finds nothing to do."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from asky_gitops.steps.check import check
from tests.conftest import ROOT, Outcome

Invoke = Callable[..., Outcome]
WEB = """\
# ours
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}   # flow
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      hostPID: true   # why?
      containers:
        - name: web   # the web

          # limits
          resources: {limits: {cpu: 500m, memory: 64Mi}}
        - {name: side, image: "x:1", securityContext: {allowPrivilegeEscalation: true}}
"""
MENDED = """\
# ours
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}   # flow
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      hostPID: false   # why?
      securityContext:
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: web   # the web
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop:
              - ALL

          # limits
          resources: {limits: {cpu: 500m, memory: 64Mi}}
        - {name: side, image: "x:1", securityContext: {allowPrivilegeEscalation: false, …}}
"""
MENDED = MENDED.replace("…", "capabilities: {drop: [ALL]}")
SAFE = ("host-namespace", "kept-capabilities", "missing-seccomp", "privilege-escalation")
ASKED = [part for rule in SAFE for part in ("--rule", rule)]


@pytest.fixture
def web(repo: Path) -> Path:
    (repo / "prod").mkdir()
    (repo / "prod/kustomization.yaml").write_text("resources: [web.yaml]\n")
    (repo / "prod/web.yaml").write_text(WEB)
    return repo


def test_what_is_wrong_is_written_and_every_other_byte_stays(web: Path, invoke: Invoke) -> None:
    outcome = invoke("fix", *ASKED, cwd=web)
    assert (web / "prod/web.yaml").read_text() == MENDED
    assert (outcome.status, outcome.err) == (0, "")
    assert (
        re.sub(r"\d+ rules · \d+\.\d+ s", "N rules", outcome.out)
        == """\
  fixed   kept-capabilities  prod/web.yaml:16  Deployment web
  fixed   kept-capabilities  prod/web.yaml:12  Deployment web
  fixed   host-namespace  prod/web.yaml:10  Deployment web
  fixed   missing-seccomp  prod/web.yaml:9  Deployment web
  fixed   privilege-escalation  prod/web.yaml:23  Deployment web
  fixed   privilege-escalation  prod/web.yaml:16  Deployment web
  wrote   prod/web.yaml
  left    no findings · 1 target, 1 object, N rules
"""
    )
    before = (web / "prod/web.yaml").stat().st_mtime_ns
    again = invoke("fix", *ASKED)
    assert again.status == 0
    assert re.findall("fixed|wrote", again.out) == []
    assert (web / "prod/web.yaml").stat().st_mtime_ns == before


def test_a_diff_writes_nothing(web: Path, invoke: Invoke) -> None:
    (web / "prod/web.yaml").write_text(plain := WEB.replace("   # why?", ""))
    outcome = invoke("fix", "--rule", "host-namespace", "--diff", cwd=web)
    assert (outcome.status, outcome.out) == (
        0,
        "--- a/prod/web.yaml\n+++ b/prod/web.yaml\n@@ -7,7 +7,7 @@\n"
        "   template:\n     metadata: {labels: {app: web}}\n     spec:\n"
        "-      hostPID: true\n+      hostPID: false\n"
        "       containers:\n         - name: web   # the web\n \n",
    )
    assert (web / "prod/web.yaml").read_text() == plain


def test_what_may_stop_something_is_mended_on_request_alone(web: Path, invoke: Invoke) -> None:
    outcome = invoke("fix", "--rule", "root-allowed", cwd=web)
    assert (outcome.status, (web / "prod/web.yaml").read_text()) == (1, WEB)
    assert invoke("fix", "--rule", "root-allowed", "--unsafe").status == 0
    assert "runAsNonRoot: true" in (web / "prod/web.yaml").read_text()


def test_what_a_later_patch_undoes_is_taken_back(web: Path, invoke: Invoke) -> None:
    (web / "prod/kustomization.yaml").write_text(
        "resources: [web.yaml]\npatches:\n- target: {kind: Deployment}\n  patch: |-\n"
        "    - {op: remove, path: /spec/template/spec/securityContext}\n"
    )
    text = WEB.replace("      hostPID: true   # why?\n", "      securityContext: {}\n")
    (web / "prod/web.yaml").write_text(text)
    kustomization = (web / "prod/kustomization.yaml").read_text()
    outcome = invoke("fix", "--rule", "missing-seccomp", cwd=web)
    assert outcome.status == 1
    assert (web / "prod/web.yaml").read_text() == text
    assert (web / "prod/kustomization.yaml").read_text() == kustomization


def test_a_generated_file_is_mended_in_custom(stack: Path, invoke: Invoke) -> None:
    custom = stack / "overlays/minikube/custom"
    service = (stack / "overlays/minikube/generated/postgres/service.yaml").read_bytes()
    settings = (custom / "kustomization.yaml").read_text()
    (custom / "kustomization.yaml").write_text(settings.replace("resources: []", "resources: [lb.yaml]"))
    (custom / "lb.yaml").write_text(
        "apiVersion: v1\nkind: Service\nmetadata: {name: lb}\n"
        "spec: {type: LoadBalancer, selector: {app.kubernetes.io/name: postgres}, ports: [{port: 5432}]}\n"
    )
    mine = invoke("fix", "--rule", "exposed-database", "--unsafe", cwd=stack)
    assert (mine.status, "spec: {type: ClusterIP," in (custom / "lb.yaml").read_text()) == (0, True), mine

    base = stack / "base/auth/deployment.yaml"
    from asky_gitops.tree import ownership

    text = base.read_text().replace("allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true")
    body = "".join(text.splitlines(keepends=True)[2:])
    base.write_text(ownership.seal("base/auth/deployment.yaml", body))
    sealed = base.read_bytes()
    outcome = invoke("fix", "--rule", "privilege-escalation")
    assert (outcome.status, base.read_bytes()) == (0, sealed), outcome
    assert (stack / "overlays/minikube/generated/postgres/service.yaml").read_bytes() == service
    for overlay in ("eks", "minikube"):
        assert (
            (stack / f"overlays/{overlay}/custom/kustomization.yaml")
            .read_text()
            .endswith(
                "patches:\n- patch: |-\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata:\n"
                "      name: auth\n    spec:\n      template:\n        spec:\n          containers:\n"
                "          - name: auth\n            securityContext:\n"
                "              allowPrivilegeEscalation: false\n"
            )
        )
    assert invoke("check", "--rule", "privilege-escalation").status == 0


SPEC = (ROOT / "asky.yaml").read_text()
SMALL_DATABASE = SPEC.replace("      readReplicas: true\n", "").replace("{readonlyURL: true}", "true")
SETTINGS = {
    "what a default says": (SPEC, "  replicas: 2\n", "  replicas: 1\n"),
    "what a service says": (
        SPEC.replace("    port: 8003\n", "    port: 8003   # auth\n    replicas: 2   # both\n"),
        "    replicas: 2   # both\n",
        "    replicas: 1   # both\n",
    ),
    "what an overlay says": (
        SPEC.replace("profile: dev", "profile: prod").replace("{replicas: 1}", "{replicas: 2}"),
        "defaults: {replicas: 2}",
        "defaults: {replicas: 1}",
    ),
    "the least an autoscaler leaves": (SPEC, "{min: 2, max: 6, cpu: 70}", "{min: 1, max: 6, cpu: 70}"),
    "a database's instances": (SMALL_DATABASE, "instances: 3\n", "instances: 1\n"),
    "a site in clear": (SPEC, "      tls: true\n", "      tls: false\n"),
}
"""A spec, what of it is spoiled, and how; mending it gives the spec again."""


@pytest.mark.parametrize("name", SETTINGS)
def test_a_generated_file_is_mended_in_the_spec(repo: Path, invoke: Invoke, name: str) -> None:
    spec, good, bad = SETTINGS[name]
    assert spec.count(good) == 1
    shutil.copytree(ROOT / "sql", repo / "sql")
    shutil.copyfile(ROOT / "asky.lock", repo / "asky.lock")
    (repo / "asky.yaml").write_text(spec.replace(good, bad))
    assert invoke("generate", cwd=repo).status == 0
    before = contents(repo)
    found = check(repo).counting
    assert found and all(one.fixable for one in found)
    careful = invoke("fix")
    assert f"  unsafe  may mend {len(found)} of them: asky-gitops fix --unsafe --diff\n" in careful.out
    assert contents(repo) == before
    outcome = invoke("fix", "--unsafe")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.count("  fixed   ") == len(found)
    assert "  wrote   asky.yaml\n" in outcome.out and "custom" not in outcome.out
    assert "  left    no findings" in outcome.out
    assert (repo / "asky.yaml").read_text() == spec
    assert invoke("generate", "--check").status == 0
    after = contents(repo)
    assert "wrote" not in invoke("fix", "--unsafe").out
    assert contents(repo) == after


def contents(repo: Path) -> dict[str, bytes]:
    files = (path for path in repo.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {path.relative_to(repo).as_posix(): path.read_bytes() for path in files}


def test_a_value_that_others_share_is_left_and_the_service_gets_its_own(repo: Path, invoke: Invoke) -> None:
    shutil.copytree(ROOT / "sql", repo / "sql")
    shutil.copyfile(ROOT / "asky.lock", repo / "asky.lock")
    shared = SPEC.replace("  replicas: 2\n", "  replicas: &one 1\n").replace("cpu: 100m,", "cpu: *one,")
    (repo / "asky.yaml").write_text(shared := shared.replace("cpuLimit: 500m", "cpuLimit: 1500m"))
    assert invoke("generate", cwd=repo).status == 0
    assert invoke("fix", "--unsafe", "--rule", "single-replica").status == 0
    expected = shared
    for last in (
        "      JWT_KEY: {generate: 48}           # made in the cluster, never in git\n",
        PYXIS,
        REQUESTS,
    ):
        expected = expected.replace(last, f"{last}    replicas: 2\n")
    assert (repo / "asky.yaml").read_text() == expected


PYXIS = "    port: 8001\n    database: true\n"
REQUESTS = "    calls: [pyxis]\n"


def test_where_nothing_can_be_generated_custom_mends(repo: Path, invoke: Invoke) -> None:
    shutil.copytree(ROOT / "sql", repo / "sql")
    shutil.copyfile(ROOT / "asky.lock", repo / "asky.lock")
    spec = SPEC.replace("  replicas: 2\n", "  replicas: 1\n")
    (repo / "asky.yaml").write_text(spec)
    assert invoke("generate", cwd=repo).status == 0
    edited = (repo / "base/pyxis/service.yaml").read_text() + "# by hand\n"
    (repo / "base/pyxis/service.yaml").write_text(edited)
    before = contents(repo)
    outcome = invoke("fix", "--unsafe", "--rule", "single-replica")
    assert (outcome.status, re.findall("wrote +(.*)", outcome.out)) == (
        0,
        ["overlays/eks/custom/kustomization.yaml"],
    )
    after = contents(repo)
    assert {name for name in after if after[name] != before.get(name)} == {
        "overlays/eks/custom/kustomization.yaml"
    }


@pytest.mark.parametrize("arguments", [[], ["--diff"], ["--unsafe"]])
def test_what_cannot_be_judged_is_said_and_nothing_is_written(
    web: Path, invoke: Invoke, arguments: list[str]
) -> None:
    (web / "prod/kustomization.yaml").write_text("resources: [web.yaml, more.yaml]\n")
    outcome = invoke("fix", *arguments, cwd=web)
    assert outcome.status == 2
    assert outcome.err == "error: prod/kustomization.yaml:1:23: resources: 'more.yaml' does not exist\n"
    assert (web / "prod/web.yaml").read_text() == WEB


def test_standard_input_cannot_be_mended(web: Path, invoke: Invoke) -> None:
    assert invoke("fix", "-", cwd=web) == Outcome(2, "", "error: standard input cannot be mended\n")
