from pathlib import Path

from tests.conftest import Outcome, git
from tests.steps.commits import Invoke, bump, head, refused

AUTH = "base/auth/deployment.yaml"
CUSTOM = "overlays/minikube/custom"


def test_the_users_staged_files_stay_staged_and_the_push_names_what_argo_cd_syncs(
    small: Path, tmp_path: Path, invoke: Invoke
) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "remote")
    git(small, "remote", "add", "origin", str(tmp_path / "remote"))
    git(small, "push", "--quiet", "--set-upstream", "origin", "main")
    bump(small)
    for name in ("README.md", "notes.txt"):
        (small / name).write_text("staged\n")
        git(small, "add", name)

    said = invoke("commit", "-m", "auth 1.0.1", "--push", cwd=small)

    assert said == Outcome(
        0,
        "  generated   fresh\n"
        "  checked     1 overlay clean\n"
        f"  committed   {head(small)[:7]}  2 files  (your 2 staged files stay staged)\n"
        "  pushed      origin/main   Argo CD will sync: asky-minikube\n",
        "",
    )
    assert git(small, "status", "--porcelain") == "M  README.md\nA  notes.txt\n"
    assert git(tmp_path / "remote", "log", "--format=%s %an", "main") == "auth 1.0.1 Asky\nfirst Asky\n"


def test_a_rejected_push_keeps_the_commit_and_the_next_try_pushes_it(
    small: Path, tmp_path: Path, invoke: Invoke
) -> None:
    git(tmp_path, "clone", "--quiet", "--bare", str(small), "remote")
    git(small, "remote", "add", "origin", str(tmp_path / "remote"))
    git(small, "fetch", "--quiet", "origin")
    git(small, "branch", "--quiet", "--set-upstream-to", "origin/main")
    hook = tmp_path / "remote/hooks/update"
    hook.write_text("#!/bin/sh\necho closed for the night\nexit 1\n")
    hook.chmod(0o755)
    bump(small)

    said = invoke("commit", "--push", cwd=small)

    assert said.status == 3
    assert said.err.startswith("error: origin/main did not take the push; the commit is kept\n")
    assert "remote: closed for the night" in said.err
    assert git(small, "rev-list", "--count", "origin/main..HEAD") == "1\n"
    hook.unlink()
    assert invoke("commit", "--push", cwd=small).out.splitlines()[-2:] == [
        "  committed   nothing to commit",
        "  pushed      origin/main",
    ]
    assert git(tmp_path / "remote", "rev-list", "--count", "main") == "2\n"


def test_a_push_without_an_upstream_is_refused_before_the_commit(small: Path, invoke: Invoke) -> None:
    bump(small)

    assert refused(small, invoke, 3, "--push") == (
        "error: the branch main has no upstream to push to\nhint: git push --set-upstream REMOTE main\n"
    )
