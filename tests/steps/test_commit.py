from pathlib import Path

from asky_gitops.steps.generate import generate
from tests.conftest import Outcome, git
from tests.small_stack import change, write_small_stack
from tests.steps.commits import Invoke, bump, head, refused, state

AUTH = "base/auth/deployment.yaml"
CUSTOM = "overlays/minikube/custom"


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


def test_nothing_to_do_is_fine_and_makes_no_commit(small: Path, invoke: Invoke) -> None:
    (small / "notes.txt").write_text("x")
    git(small, "add", "notes.txt")
    before = state(small)

    said = invoke("commit", cwd=small)

    assert said == Outcome(
        0,
        "  generated   fresh\n"
        "  checked     1 overlay clean\n"
        "  committed   nothing to commit  (your 1 staged file stays staged)\n",
        "",
    )
    assert state(small) == before


def test_what_is_removed_from_the_spec_is_removed_from_git(small: Path, invoke: Invoke) -> None:
    change(small, "asky.yaml", "overlays:\n", "overlays:\n  other: {platform: minikube}\n")
    generate(small)
    invoke("commit", cwd=small)
    change(small, "asky.yaml", "overlays:\n  other: {platform: minikube}\n", "overlays:\n")
    generate(small)

    assert invoke("commit", cwd=small).status == 0

    left = git(small, "ls-tree", "-r", "--name-only", "HEAD").splitlines()
    assert [path for path in left if "other" in path] == ["overlays/other/custom/kustomization.yaml"]
    assert git(small, "status", "--porcelain") == ""


def test_a_new_migration_and_a_patch_that_git_knows_go_along(small: Path, invoke: Invoke) -> None:
    (small / "sql/migrations/0002_more.sql").write_text(
        "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 1;\n"
    )
    generate(small)
    add_patch(small)
    git(small, "add", f"{CUSTOM}/patch.yaml")

    assert invoke("commit", cwd=small).status == 0

    changed = git(small, "show", "--format=", "--name-only").splitlines()
    assert {"sql/migrations/0002_more.sql", f"{CUSTOM}/patch.yaml", f"{CUSTOM}/kustomization.yaml"} <= set(
        changed
    )
    assert git(small, "status", "--porcelain") == ""


def add_patch(small: Path) -> None:
    patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: auth\nspec:\n  minReadySeconds: 5\n"
    (small / f"{CUSTOM}/patch.yaml").write_text(patch)
    change(small, f"{CUSTOM}/kustomization.yaml", "patches: []", "patches:\n- path: patch.yaml")


def test_what_a_sparse_checkout_leaves_out_is_not_taken_for_removed(small: Path, invoke: Invoke) -> None:
    change(small, "asky.yaml", "overlays:\n", "overlays:\n  other: {platform: minikube}\n")
    generate(small)
    assert invoke("commit", cwd=small).status == 0
    before = git(small, "ls-tree", "-r", "--name-only", "HEAD")
    git(
        small,
        "sparse-checkout",
        "set",
        "--no-cone",
        "/*",
        "!/overlays/other",
        "!/argocd/other",
        "!*other*.md",
    )
    change(small, "asky.yaml", "overlays:\n  other: {platform: minikube}\n", "overlays:\n")
    change(small, "asky.yaml", "auth:1.0.0", "auth:1.0.1")
    generate(small)

    assert invoke("commit", cwd=small).status == 0

    assert git(small, "ls-tree", "-r", "--name-only", "HEAD") == before
    assert git(small, "status", "--porcelain") == ""


def test_a_file_that_argo_cd_does_not_watch_is_refused(small: Path, invoke: Invoke) -> None:
    (small / "shared").mkdir()
    component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
    (small / "shared/kustomization.yaml").write_text(component + "commonAnnotations: {team: asky}\n")
    change(small, f"{CUSTOM}/kustomization.yaml", "patches: []", "components: [../../../shared]")
    git(small, "add", "shared")
    git(small, "commit", "--quiet", "--message", "shared", "--", "shared")
    outcome = invoke("commit", cwd=small)
    assert (outcome.status, outcome.err) == (
        1,
        "error: shared/kustomization.yaml: is rendered, but asky-minikube does not watch it: Argo CD would "
        "miss a change\nhint: move it below overlays/minikube/custom/\nnothing was committed\n",
    )


def test_a_commit_on_a_detached_head_needs_no_branch(small: Path, invoke: Invoke) -> None:
    git(small, "switch", "--quiet", "--detach")
    bump(small)

    assert "HEAD is detached" in refused(small, invoke, 3, "--push")
    assert invoke("commit", cwd=small).status == 0
    assert git(small, "log", "--format=%s") == "Update asky from asky.yaml\nfirst\n"


def test_a_rendered_file_that_git_does_not_track_is_refused(small: Path, invoke: Invoke) -> None:
    add_patch(small)

    assert refused(small, invoke, 1) == (
        f"error: {CUSTOM}/patch.yaml: is rendered, but git does not track it: Argo CD would miss it\n"
        f"hint: git add {CUSTOM}/patch.yaml\n"
        "nothing was committed\n"
    )


def test_a_rendered_file_that_git_ignores_is_refused(small: Path, invoke: Invoke) -> None:
    add_patch(small)
    (small / ".gitignore").write_text("patch.yaml\n")

    assert refused(small, invoke, 1).startswith(
        f"error: {CUSTOM}/patch.yaml: is rendered, but git ignores it: Argo CD would miss it\n"
    )


def test_a_rendered_file_that_is_changed_and_not_committed_is_refused(small: Path, invoke: Invoke) -> None:
    (small / "extra").mkdir()
    (small / "extra/kustomization.yaml").write_text("resources: [cm.yaml]\n")
    (small / "extra/cm.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  a: one\n"
    )
    git(small, "add", "extra")
    git(small, "commit", "--quiet", "--message", "extra")
    change(small, f"{CUSTOM}/kustomization.yaml", "resources: []", "resources:\n- ../../../extra")
    change(small, "extra/cm.yaml", "a: one", "a: two")

    assert refused(small, invoke, 1) == (
        "error: extra/cm.yaml: is rendered as it is here, but the commit holds another version\n"
        "hint: commit it first: git commit -- extra/cm.yaml\n"
        "nothing was committed\n"
    )


def test_a_file_of_ours_that_git_ignores_is_refused_loudly(small: Path, invoke: Invoke) -> None:
    git(small, "rm", "--quiet", "--cached", AUTH)
    (small / ".gitignore").write_text("deployment.yaml\n")

    assert refused(small, invoke, 1) == (
        f"error: {AUTH}: git ignores a file that belongs to the commit\nhint: git check-ignore -v {AUTH}\n"
    )


def test_stale_files_are_refused(small: Path, invoke: Invoke) -> None:
    change(small, "asky.yaml", "auth:1.0.0", "auth:1.0.1")

    assert (
        refused(small, invoke, 1)
        == f"error: {AUTH}: is not what asky.yaml says\nhint: asky-gitops generate\n"
    )


def test_a_hand_edit_is_refused_with_the_way_out(small: Path, invoke: Invoke) -> None:
    change(small, AUTH, "containerPort: 8003", "containerPort: 8004")

    said = refused(small, invoke, 1)

    assert said.startswith(f"stopped: {AUTH} was edited by hand since it was generated\n")
    assert said.endswith("\nnothing was committed\n")


def test_findings_are_shown_and_refused(small: Path, invoke: Invoke) -> None:
    service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: postgres\nspec:\n  type: LoadBalancer\n"
    (small / f"{CUSTOM}/expose.yaml").write_text(service)
    change(small, f"{CUSTOM}/kustomization.yaml", "patches: []", "patches:\n- path: expose.yaml")
    git(small, "add", "--all")

    said = refused(small, invoke, 1)

    assert "error[exposed-database]: " in said
    assert said.endswith("\nnothing was committed\n")


def test_a_placeholder_in_the_spec_is_refused(small: Path, invoke: Invoke) -> None:
    change(small, "asky.yaml", "org/asky/", "org/REPLACE-ORG/")
    generate(small)

    assert refused(small, invoke, 1) == "error: asky.yaml:4:19: REPLACE-ORG is still to be filled in\n"


def test_an_unfinished_tree_is_refused(small: Path, invoke: Invoke) -> None:
    bump(small)
    (small / ".git/asky-gitops/top/journal").write_text("{}")

    assert refused(small, invoke, 1).startswith(
        "error: an earlier run was interrupted while it wrote files\n"
    )


def test_without_a_repository_there_is_one_line_and_no_trace(tmp_path: Path, invoke: Invoke) -> None:
    (tmp_path / "asky.yaml").write_text("")

    assert invoke("commit", cwd=tmp_path) == Outcome(
        3, "", "error: this is not inside a git repository\nhint: git init\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["asky.yaml"]


def test_an_empty_message_is_refused(small: Path, invoke: Invoke) -> None:
    assert "the message is empty" in refused(small, invoke, 2, "-m", " ")
