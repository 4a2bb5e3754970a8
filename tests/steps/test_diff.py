"""`diff` says what changes in the cluster, whole outputs over real repositories."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.conftest import Outcome, git

Invoke = Callable[..., Outcome]
POSTGRES = "overlays/minikube/generated/postgres"
AUTH = "base/auth/deployment.yaml"


def change(root: Path, name: str, before: str, after: str) -> None:
    text = (root / name).read_text()
    assert before in text
    (root / name).write_text(text.replace(before, after, 1))


def test_nothing_is_said_in_one_line(committed: Path, invoke: Invoke) -> None:
    assert invoke("diff", "--exit-code", cwd=committed) == Outcome(0, "nothing changes since HEAD\n", "")


def test_changes_are_shown_by_field_the_dangerous_ones_first(committed: Path, invoke: Invoke) -> None:
    change(committed, AUTH, "replicas: 2", "replicas: 3")
    change(committed, AUTH, "value: info", "value: debug")
    change(committed, f"{POSTGRES}/service.yaml", "type: ClusterIP", "type: LoadBalancer")
    change(committed, f"{POSTGRES}/statefulset.yaml", "serviceName: postgres-headless", "serviceName: other")
    (committed / "overlays/minikube/custom/kustomization.yaml").write_text(
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
        "configMapGenerator: [{name: app, literals: [a=b]}]\n"
    )
    outcome = invoke("diff", "--exit-code", cwd=committed)
    assert (outcome.status, outcome.err) == (1, "")
    name = re.search(r"app-[a-z0-9]{10}", outcome.out)
    assert name is not None
    assert (
        outcome.out
        == f"""\
eks
  ~ changed   Deployment asky/auth
      spec.replicas: 2 → 3
      spec.template.spec.containers[auth].env[LOG_LEVEL].value: •••• → ••••

minikube
  ± replaced  StatefulSet asky/postgres
      danger: spec.serviceName cannot change: the object must be deleted and made anew
      spec.serviceName: postgres-headless → other
  ~ changed   Service asky/postgres
      danger: the Service becomes a LoadBalancer
      spec.type: ClusterIP → LoadBalancer
  ~ changed   Deployment asky/auth
      spec.template.spec.containers[auth].env[LOG_LEVEL].value: •••• → ••••
  + added     ConfigMap asky/{name[0]}

1 added, 3 changed, 1 replaced since HEAD · 2 dangerous
"""
    )
    assert invoke("diff").status == 0
    assert "asky/postgres" not in invoke("diff", "--overlay", "eks").out


def test_what_is_removed_says_what_goes_with_it(committed: Path, invoke: Invoke) -> None:
    change(committed, "overlays/eks/generated/kustomization.yaml", "- postgres/cluster.yaml\n", "")
    outcome = invoke("diff", "--format", "json", cwd=committed)
    assert outcome.status == 0
    changes = {target["name"]: target["changes"] for target in json.loads(outcome.out)["targets"]}
    assert changes["eks"] == [
        {
            "kind": "removed",
            "resource": {
                "apiVersion": "postgresql.cnpg.io/v1",
                "kind": "Cluster",
                "namespace": "asky",
                "name": "asky-db",
            },
            "dangers": ["the database and its volumes would go with it"],
            "fields": [],
        }
    ]
    assert all(not its for name, its in changes.items() if name != "eks")


def test_a_generated_object_with_another_hash_is_replaced_and_shows_no_value(
    committed: Path, invoke: Invoke
) -> None:
    custom = committed / "overlays/eks/custom/kustomization.yaml"
    head = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
    custom.write_text(head + "secretGenerator: [{name: app, literals: [A_TOKEN=sesame-one]}]\n")
    git(committed, "add", "--all")
    git(committed, "commit", "--quiet", "--message", "one")
    custom.write_text(head + "secretGenerator: [{name: app, literals: [A_TOKEN=sesame-two]}]\n")
    outcome = invoke("diff", "--format", "markdown", cwd=committed)
    assert "sesame" not in outcome.out
    assert (
        re.sub(r"app-[a-z0-9]{10}", "app-x", outcome.out)
        == """\
### What changes in the cluster: 1 replaced since HEAD

<details><summary><b>eks</b>: 1 objects</summary>

- replaced `Secret asky/app-x`
  - `data.A\\_TOKEN: •••• → ••••`

</details>
""".replace("\\_", "_")
    )


def test_a_new_overlay_is_all_new(committed: Path, invoke: Invoke) -> None:
    shutil.copytree(committed / "overlays/minikube", committed / "overlays/second")
    text = (committed / "asky.yaml").read_text()
    (committed / "asky.yaml").write_text(
        text.replace("  minikube:", "  second: {platform: minikube}\n  minikube:")
    )
    outcome = invoke("diff", "--overlay", "second", "--format", "json", cwd=committed)
    changes = [one for target in json.loads(outcome.out)["targets"] for one in target["changes"]]
    assert {one["kind"] for one in changes} == {"added"}


def test_files_that_cannot_be_rendered_are_named_on_either_side(committed: Path, invoke: Invoke) -> None:
    (committed / AUTH).write_text("kind: [\n")
    outcome = invoke("diff", cwd=committed)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith(f"error: {AUTH}:1:1: did not find expected node content")
    git(committed, "commit", "--quiet", "--all", "--message", "broken")
    git(committed, "checkout", "--quiet", "HEAD~1", "--", AUTH)
    outcome = invoke("diff")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith(f"error: {AUTH}:1:1: HEAD cannot be rendered: ")


def test_a_revision_that_is_none_is_refused(committed: Path, invoke: Invoke) -> None:
    outcome = invoke("diff", "--since", "nowhere", cwd=committed)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith('error: git knows no revision "nowhere"\n')
