import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from asky_gitops.errors import InputError
from asky_gitops.model.stack import Autoscale, Secret
from asky_gitops.model.tree import Ownership
from asky_gitops.tree import layout
from tests.stacks import asky, database, eks, minikube, monitoring, service, with_overlays
from tests.tree.conftest import Rendered, write

EVERY_FILE = """\
.gitattributes
argocd/eks/application.yaml
argocd/eks/argocd-cm-health.yaml
argocd/eks/platform-project.yaml
argocd/eks/platform.yaml
argocd/eks/project.yaml
argocd/minikube/application.yaml
argocd/minikube/argocd-cm-health.yaml
argocd/minikube/platform-project.yaml
argocd/minikube/platform.yaml
argocd/minikube/project.yaml
base/auth/deployment.yaml
base/auth/kustomization.yaml
base/auth/networkpolicy.yaml
base/auth/service.yaml
base/auth/serviceaccount.yaml
base/gateway/deployment.yaml
base/gateway/kustomization.yaml
base/gateway/networkpolicy.yaml
base/gateway/service.yaml
base/gateway/serviceaccount.yaml
base/kustomization.yaml
base/migrations/job.yaml
base/migrations/kustomization.yaml
base/migrations/networkpolicy.yaml
base/migrations/serviceaccount.yaml
base/network/allow-dns.yaml
base/network/default-deny.yaml
base/network/kustomization.yaml
base/pyxis/deployment.yaml
base/pyxis/kustomization.yaml
base/pyxis/networkpolicy.yaml
base/pyxis/service.yaml
base/pyxis/serviceaccount.yaml
base/requests/deployment.yaml
base/requests/kustomization.yaml
base/requests/networkpolicy.yaml
base/requests/service.yaml
base/requests/serviceaccount.yaml
docs/bootstrap/eks-eksctl.yaml
docs/bootstrap/eks-objects.md
docs/bootstrap/eks.md
docs/bootstrap/minikube-objects.md
docs/bootstrap/minikube.md
overlays/eks/custom/kustomization.yaml
overlays/eks/generated/ingress/ingress.yaml
overlays/eks/generated/ingress/networkpolicy.yaml
overlays/eks/generated/ingress/pdb.yaml
overlays/eks/generated/kustomization.yaml
overlays/eks/generated/namespace.yaml
overlays/eks/generated/postgres/cluster.yaml
overlays/eks/generated/postgres/networkpolicy.yaml
overlays/eks/generated/postgres/service.yaml
overlays/eks/generated/postgres/serviceaccount.yaml
overlays/eks/generated/secrets/externalsecret-auth.yaml
overlays/eks/generated/secrets/externalsecret-migrations.yaml
overlays/eks/generated/secrets/externalsecret-pyxis.yaml
overlays/eks/generated/secrets/externalsecret-requests.yaml
overlays/eks/generated/secrets/secretstore.yaml
overlays/eks/kustomization.yaml
overlays/eks/platform/kustomization.yaml
overlays/eks/platform/monitoring/daemonset.yaml
overlays/eks/platform/monitoring/namespace.yaml
overlays/eks/platform/monitoring/networkpolicy.yaml
overlays/eks/platform/monitoring/serviceaccount.yaml
overlays/eks/platform/storageclass.yaml
overlays/minikube/custom/kustomization.yaml
overlays/minikube/generated/ingress/ingress.yaml
overlays/minikube/generated/ingress/networkpolicy.yaml
overlays/minikube/generated/kustomization.yaml
overlays/minikube/generated/namespace.yaml
overlays/minikube/generated/patches/auth.yaml
overlays/minikube/generated/patches/gateway.yaml
overlays/minikube/generated/patches/pyxis.yaml
overlays/minikube/generated/patches/requests.yaml
overlays/minikube/generated/postgres/configmap.yaml
overlays/minikube/generated/postgres/job.yaml
overlays/minikube/generated/postgres/networkpolicy.yaml
overlays/minikube/generated/postgres/service-headless.yaml
overlays/minikube/generated/postgres/service.yaml
overlays/minikube/generated/postgres/serviceaccount.yaml
overlays/minikube/generated/postgres/statefulset.yaml
overlays/minikube/generated/secrets/job.yaml
overlays/minikube/generated/secrets/networkpolicy.yaml
overlays/minikube/generated/secrets/role.yaml
overlays/minikube/generated/secrets/rolebinding.yaml
overlays/minikube/generated/secrets/serviceaccount.yaml
overlays/minikube/generated/seeds/job.yaml
overlays/minikube/kustomization.yaml
overlays/minikube/platform/kustomization.yaml
overlays/minikube/platform/monitoring/daemonset.yaml
overlays/minikube/platform/monitoring/namespace.yaml
overlays/minikube/platform/monitoring/networkpolicy.yaml
overlays/minikube/platform/monitoring/serviceaccount.yaml
sql/migrations/kustomization.yaml
sql/seeds/kustomization.yaml
"""


def test_the_worked_example_becomes_these_files() -> None:
    paths = [file.path for file in layout.plan(with_overlays(asky())).files]
    assert "".join(f"{path}\n" for path in paths) == EVERY_FILE


def test_the_same_stack_gives_the_same_tree_whatever_the_order_of_its_services() -> None:
    stack = asky()
    turned = replace(stack, services=dict(reversed(list(stack.services.items()))))
    assert layout.plan(with_overlays(turned)) == layout.plan(with_overlays(stack))


def test_only_the_entry_is_shared_and_only_the_users_own_places_are_seeded() -> None:
    files = layout.plan(with_overlays(asky())).files
    owned = {file.path: file.ownership for file in files if file.ownership is not Ownership.GENERATED}
    assert owned == {
        ".gitattributes": Ownership.SEEDED,
        "docs/bootstrap/eks-eksctl.yaml": Ownership.SEEDED,
        "overlays/eks/custom/kustomization.yaml": Ownership.SEEDED,
        "overlays/eks/kustomization.yaml": Ownership.SHARED,
        "overlays/minikube/custom/kustomization.yaml": Ownership.SEEDED,
        "overlays/minikube/kustomization.yaml": Ownership.SHARED,
    }


def test_an_entry_is_already_in_the_form_that_kustomize_edit_writes(
    tmp_path: Path, tool: Callable[[str], Path]
) -> None:
    write(with_overlays(asky()), tmp_path)
    entry = tmp_path / "overlays/minikube/kustomization.yaml"
    before = entry.read_text("utf-8")
    command = [str(tool("kustomize")), "edit", "set", "image", "ghcr.io/acme/auth=ghcr.io/acme/auth:1.5.0"]
    subprocess.run(command, cwd=entry.parent, check=True)
    added = "images:\n- name: ghcr.io/acme/auth\n  newName: ghcr.io/acme/auth\n  newTag: 1.5.0\n"
    assert entry.read_text("utf-8") == before + added
    assert before == (
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- ../../base\n"
        "- ../../sql/migrations\n- ../../sql/seeds\nnamespace: asky\ncomponents:\n- generated\n- custom\n"
    )


def test_the_users_patches_win_over_everything_generated(
    tmp_path: Path, kustomize: Callable[[Path], Rendered]
) -> None:
    write(with_overlays(asky()), tmp_path)
    custom = tmp_path / "overlays/minikube/custom"
    (custom / "few.yaml").write_text(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: auth\nspec:\n  replicas: 7\n"
    )
    listing = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n- path: few.yaml\n"
    (custom / "kustomization.yaml").write_text(listing)
    deployments = [
        made["spec"]["replicas"]
        for made in kustomize(tmp_path / "overlays/minikube")
        if made["kind"] == "Deployment"
    ]
    assert deployments == [7, 1, 1, 1]


def test_one_service_and_nothing_else_is_a_stack() -> None:
    stack = asky(
        services={"web": service("web", 8080)},
        database=None,
        sql={},
        monitoring=monitoring(node_exporter=False),
    )
    paths = [file.path for file in layout.plan(with_overlays(stack, minikube(stack, seeds=False))).files]
    assert paths == [
        ".gitattributes",
        "argocd/minikube/application.yaml",
        "argocd/minikube/argocd-cm-health.yaml",
        "argocd/minikube/project.yaml",
        "base/kustomization.yaml",
        "base/network/allow-dns.yaml",
        "base/network/default-deny.yaml",
        "base/network/kustomization.yaml",
        "base/web/deployment.yaml",
        "base/web/kustomization.yaml",
        "base/web/networkpolicy.yaml",
        "base/web/service.yaml",
        "base/web/serviceaccount.yaml",
        "docs/bootstrap/minikube-objects.md",
        "docs/bootstrap/minikube.md",
        "overlays/minikube/custom/kustomization.yaml",
        "overlays/minikube/generated/kustomization.yaml",
        "overlays/minikube/generated/namespace.yaml",
        "overlays/minikube/generated/patches/web.yaml",
        "overlays/minikube/kustomization.yaml",
    ]


def test_a_config_map_that_only_an_overlay_has_is_added_there() -> None:
    stack = asky()
    configured = {**stack.services, "auth": replace(stack.services["auth"], config={"a.conf": "x"})}
    files = {
        file.path: file for file in layout.plan(with_overlays(stack, eks(stack, services=configured))).files
    }
    made = files["overlays/eks/generated/services/configmap.yaml"].content
    assert isinstance(made, list) and [one["data"] for one in made] == [{"a.conf": "x"}]
    assert "base/auth/configmap.yaml" not in files


def test_an_overlay_that_autoscales_takes_the_replicas_away() -> None:
    stack = asky()
    scaled = {**stack.services, "auth": replace(stack.services["auth"], autoscale=Autoscale(2, 6, 70))}
    files = {file.path: file for file in layout.plan(with_overlays(stack, eks(stack, services=scaled))).files}
    assert files["overlays/eks/generated/patches/auth.yaml"].content == [
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "auth"},
            "spec": {"replicas": None},
        }
    ]
    assert "overlays/eks/generated/ingress/hpa.yaml" in files


def test_the_sql_lies_where_the_spec_says_and_its_digest_follows_every_file() -> None:
    def generator(**sql: str) -> dict[str, object]:
        named = {f"db/up/{name}.sql": digest * 64 for name, digest in sql.items()}
        stack = asky(sql=named, database=database(migrations="db/up"))
        files = {file.path: file.content for file in layout.plan(stack).files}
        made = files["db/up/kustomization.yaml"]
        assert isinstance(made, list)
        entry: dict[str, object] = made[0]["configMapGenerator"][0]
        return entry

    assert generator(b="1", a="2")["files"] == ["a.sql", "b.sql"]
    assert generator(a="2", b="1") == generator(b="1", a="2")
    assert generator(a="2", b="3") != generator(a="2", b="1")


@pytest.mark.parametrize(
    "path", ["sql/migrations/old/0001_a.sql", "sql/migrations/0001 a.sql", "sql/migrations/x=y.sql"]
)
def test_an_sql_file_that_no_config_map_can_hold_is_named(path: str) -> None:
    with pytest.raises(InputError, match="cannot be a key of a ConfigMap") as caught:
        layout.plan(asky(sql={path: "1" * 64}))
    assert caught.value.where == path


def test_sql_that_lies_in_a_generated_folder_is_refused() -> None:
    stack = asky(database=database(migrations="base/network"), sql={"base/network/0001_a.sql": "1" * 64})
    with pytest.raises(
        InputError, match=r"two parts of the stack want the file base/network/kustomization\.yaml"
    ):
        layout.plan(stack)


def test_an_unknown_platform_is_named_with_the_known_ones() -> None:
    stack = asky()
    with pytest.raises(InputError, match=r'overlays.minikube.platform: "gke" is not one of eks, minikube'):
        layout.plan(with_overlays(stack, replace(minikube(stack), platform="gke")))


@pytest.mark.parametrize(
    ("name", "what"), [("postgres", 'ServiceAccount "postgres"'), ("secrets", 'ServiceAccount "secrets"')]
)
def test_a_service_with_the_name_of_an_object_of_ours_is_refused(name: str, what: str) -> None:
    stack = asky()
    stack = replace(stack, services={**stack.services, name: service(name, 9000)})
    with pytest.raises(InputError) as caught:
        layout.plan(with_overlays(stack, minikube(stack)))
    assert caught.value.message == f"overlays.minikube: two parts of the stack want the {what}"


def test_two_secrets_of_one_name_are_refused() -> None:
    stack = asky()
    login = service("auth-db", 9000, secrets={"KEY": Secret(generate=8, remote=None, property=None)})
    with pytest.raises(InputError, match='services: two parts of the stack want the Secret "auth-db"'):
        layout.plan(replace(stack, services={**stack.services, "auth-db": login}))


def test_a_service_that_loses_its_database_in_an_overlay_loses_all_of_it() -> None:
    stack = asky()
    bare = {**stack.services, "pyxis": replace(stack.services["pyxis"], database=None)}
    overlay = minikube(stack, services=bare)
    files = {file.path: file.content for file in layout.plan(with_overlays(stack, overlay)).files}
    generated = str([content for path, content in files.items() if path.startswith("overlays/minikube")])
    assert "pyxis-db" not in generated
