from collections.abc import Callable
from pathlib import Path

import pytest

from asky_gitops.steps.generate import generate
from tests.conftest import Outcome, git
from tests.small_stack import change, write_small_stack

Invoke = Callable[..., Outcome]
AUTH = "base/auth/deployment.yaml"
CUSTOM = "overlays/minikube/custom"


@pytest.fixture
def stack(repo: Path) -> Path:
    """A committed small stack, with a file of the user's beside it."""
    write_small_stack(repo)
    (repo / "README.md").write_text("mine\n")
    generate(repo)
    git(repo, "add", "--all")
    git(repo, "commit", "--quiet", "--message", "first")
    return repo


def bump(stack: Path) -> None:
    change(stack, "asky.yaml", "auth:1.0.0", "auth:1.0.1")
    generate(stack)


def state(stack: Path) -> tuple[str, str]:
    return git(stack, "for-each-ref"), git(stack, "status", "--porcelain=v2", "-z", "--untracked-files=all")


def head(stack: Path) -> str:
    return git(stack, "rev-parse", "HEAD").strip()


def refused(stack: Path, invoke: Invoke, status: int, *arguments: str) -> str:
    """Run commit, hold that it changes nothing, and return what it says."""
    before = state(stack)
    said = invoke("commit", *arguments, cwd=stack)
    assert (said.status, said.out) == (status, "")
    assert state(stack) == before
    return said.err


def test_a_first_commit_holds_the_whole_stack_and_nothing_else(repo: Path, invoke: Invoke) -> None:
    write_small_stack(repo)
    (repo / "README.md").write_text("mine\n")
    planned = generate(repo).paths

    said = invoke("commit", cwd=repo)

    expected = sorted({*planned, "asky.yaml", "asky.lock", "sql/migrations/0001_schemas.sql"})
    assert said == Outcome(
        0,
        "  generated   fresh\n"
        "  checked     1 overlay clean\n"
        f"  committed   {head(repo)[:7]}  {len(expected)} files\n",
        "",
    )
    assert sorted(git(repo, "ls-tree", "-r", "--name-only", "HEAD").splitlines()) == expected
    assert git(repo, "status", "--porcelain") == "?? README.md\n"
    assert git(repo, "log", "--format=%s") == "Update asky from asky.yaml\n"


def test_nothing_to_do_is_fine_and_makes_no_commit(stack: Path, invoke: Invoke) -> None:
    (stack / "notes.txt").write_text("x")
    git(stack, "add", "notes.txt")
    before = state(stack)

    said = invoke("commit", cwd=stack)

    assert said == Outcome(
        0,
        "  generated   fresh\n"
        "  checked     1 overlay clean\n"
        "  committed   nothing to commit  (your 1 staged file stays staged)\n",
        "",
    )
    assert state(stack) == before


def test_what_is_removed_from_the_spec_is_removed_from_git(stack: Path, invoke: Invoke) -> None:
    change(stack, "asky.yaml", "overlays:\n", "overlays:\n  other: {platform: minikube}\n")
    generate(stack)
    invoke("commit", cwd=stack)
    change(stack, "asky.yaml", "overlays:\n  other: {platform: minikube}\n", "overlays:\n")
    generate(stack)

    assert invoke("commit", cwd=stack).status == 0

    left = git(stack, "ls-tree", "-r", "--name-only", "HEAD").splitlines()
    assert [path for path in left if "other" in path] == ["overlays/other/custom/kustomization.yaml"]
    assert git(stack, "status", "--porcelain") == ""


def test_a_new_migration_and_a_patch_that_git_knows_go_along(stack: Path, invoke: Invoke) -> None:
    (stack / "sql/migrations/0002_more.sql").write_text(
        "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 1;\n"
    )
    generate(stack)
    add_patch(stack)
    git(stack, "add", f"{CUSTOM}/patch.yaml")

    assert invoke("commit", cwd=stack).status == 0

    changed = git(stack, "show", "--format=", "--name-only").splitlines()
    assert {"sql/migrations/0002_more.sql", f"{CUSTOM}/patch.yaml", f"{CUSTOM}/kustomization.yaml"} <= set(
        changed
    )
    assert git(stack, "status", "--porcelain") == ""


def add_patch(stack: Path) -> None:
    patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: auth\nspec:\n  minReadySeconds: 5\n"
    (stack / f"{CUSTOM}/patch.yaml").write_text(patch)
    change(stack, f"{CUSTOM}/kustomization.yaml", "patches: []", "patches:\n- path: patch.yaml")


def test_what_a_sparse_checkout_leaves_out_is_not_taken_for_removed(stack: Path, invoke: Invoke) -> None:
    change(stack, "asky.yaml", "overlays:\n", "overlays:\n  other: {platform: minikube}\n")
    generate(stack)
    assert invoke("commit", cwd=stack).status == 0
    before = git(stack, "ls-tree", "-r", "--name-only", "HEAD")
    git(
        stack,
        "sparse-checkout",
        "set",
        "--no-cone",
        "/*",
        "!/overlays/other",
        "!/argocd/other",
        "!*other*.md",
    )
    change(stack, "asky.yaml", "overlays:\n  other: {platform: minikube}\n", "overlays:\n")
    change(stack, "asky.yaml", "auth:1.0.0", "auth:1.0.1")
    generate(stack)

    assert invoke("commit", cwd=stack).status == 0

    assert git(stack, "ls-tree", "-r", "--name-only", "HEAD") == before
    assert git(stack, "status", "--porcelain") == ""


def test_a_file_that_argo_cd_does_not_watch_is_refused(stack: Path, invoke: Invoke) -> None:
    (stack / "shared").mkdir()
    component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
    (stack / "shared/kustomization.yaml").write_text(component + "commonAnnotations: {team: asky}\n")
    change(stack, f"{CUSTOM}/kustomization.yaml", "patches: []", "components: [../../../shared]")
    git(stack, "add", "shared")
    git(stack, "commit", "--quiet", "--message", "shared", "--", "shared")
    outcome = invoke("commit", cwd=stack)
    assert (outcome.status, outcome.err) == (
        1,
        "error: shared/kustomization.yaml: is rendered, but asky-minikube does not watch it: Argo CD would "
        "miss a change\nhint: move it below overlays/minikube/custom/\nnothing was committed\n",
    )


def test_a_commit_on_a_detached_head_needs_no_branch(stack: Path, invoke: Invoke) -> None:
    git(stack, "switch", "--quiet", "--detach")
    bump(stack)

    assert "HEAD is detached" in refused(stack, invoke, 3, "--push")
    assert invoke("commit", cwd=stack).status == 0
    assert git(stack, "log", "--format=%s") == "Update asky from asky.yaml\nfirst\n"


def test_a_rendered_file_that_git_does_not_track_is_refused(stack: Path, invoke: Invoke) -> None:
    add_patch(stack)

    assert refused(stack, invoke, 1) == (
        f"error: {CUSTOM}/patch.yaml: is rendered, but git does not track it: Argo CD would miss it\n"
        f"hint: git add {CUSTOM}/patch.yaml\n"
        "nothing was committed\n"
    )


def test_a_rendered_file_that_git_ignores_is_refused(stack: Path, invoke: Invoke) -> None:
    add_patch(stack)
    (stack / ".gitignore").write_text("patch.yaml\n")

    assert refused(stack, invoke, 1).startswith(
        f"error: {CUSTOM}/patch.yaml: is rendered, but git ignores it: Argo CD would miss it\n"
    )


def test_a_rendered_file_that_is_changed_and_not_committed_is_refused(stack: Path, invoke: Invoke) -> None:
    (stack / "extra").mkdir()
    (stack / "extra/kustomization.yaml").write_text("resources: [cm.yaml]\n")
    (stack / "extra/cm.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  a: one\n"
    )
    git(stack, "add", "extra")
    git(stack, "commit", "--quiet", "--message", "extra")
    change(stack, f"{CUSTOM}/kustomization.yaml", "resources: []", "resources:\n- ../../../extra")
    change(stack, "extra/cm.yaml", "a: one", "a: two")

    assert refused(stack, invoke, 1) == (
        "error: extra/cm.yaml: is rendered as it is here, but the commit holds another version\n"
        "hint: commit it first: git commit -- extra/cm.yaml\n"
        "nothing was committed\n"
    )


def test_a_file_of_ours_that_git_ignores_is_refused_loudly(stack: Path, invoke: Invoke) -> None:
    git(stack, "rm", "--quiet", "--cached", AUTH)
    (stack / ".gitignore").write_text("deployment.yaml\n")

    assert refused(stack, invoke, 1) == (
        f"error: {AUTH}: git ignores a file that belongs to the commit\nhint: git check-ignore -v {AUTH}\n"
    )


def test_stale_files_are_refused(stack: Path, invoke: Invoke) -> None:
    change(stack, "asky.yaml", "auth:1.0.0", "auth:1.0.1")

    assert (
        refused(stack, invoke, 1)
        == f"error: {AUTH}: is not what asky.yaml says\nhint: asky-gitops generate\n"
    )


def test_a_hand_edit_is_refused_with_the_way_out(stack: Path, invoke: Invoke) -> None:
    change(stack, AUTH, "containerPort: 8003", "containerPort: 8004")

    said = refused(stack, invoke, 1)

    assert said.startswith(f"stopped: {AUTH} was edited by hand since it was generated\n")
    assert said.endswith("\nnothing was committed\n")


def test_findings_are_shown_and_refused(stack: Path, invoke: Invoke) -> None:
    service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: postgres\nspec:\n  type: LoadBalancer\n"
    (stack / f"{CUSTOM}/expose.yaml").write_text(service)
    change(stack, f"{CUSTOM}/kustomization.yaml", "patches: []", "patches:\n- path: expose.yaml")
    git(stack, "add", "--all")

    said = refused(stack, invoke, 1)

    assert "error[exposed-database]: " in said
    assert said.endswith("\nnothing was committed\n")


def test_a_placeholder_in_the_spec_is_refused(stack: Path, invoke: Invoke) -> None:
    change(stack, "asky.yaml", "org/asky/", "org/REPLACE-ORG/")
    generate(stack)

    assert refused(stack, invoke, 1) == "error: asky.yaml:4:19: REPLACE-ORG is still to be filled in\n"


def test_an_unfinished_tree_is_refused(stack: Path, invoke: Invoke) -> None:
    bump(stack)
    (stack / ".git/asky-gitops/top/journal").write_text("{}")

    assert refused(stack, invoke, 1).startswith(
        "error: an earlier run was interrupted while it wrote files\n"
    )


def test_without_a_repository_there_is_one_line_and_no_trace(tmp_path: Path, invoke: Invoke) -> None:
    (tmp_path / "asky.yaml").write_text("")

    assert invoke("commit", cwd=tmp_path) == Outcome(
        3, "", "error: this is not inside a git repository\nhint: git init\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["asky.yaml"]


def test_an_empty_message_is_refused(stack: Path, invoke: Invoke) -> None:
    assert "the message is empty" in refused(stack, invoke, 2, "-m", " ")
