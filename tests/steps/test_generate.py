import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from asky_gitops.adapters import files
from asky_gitops.steps.generate import generate
from asky_gitops.tree.ownership import KEPT
from tests.conftest import Outcome, git
from tests.small_stack import change, write_small_stack

Invoke = Callable[..., Outcome]
AUTH = "base/auth/deployment.yaml"
ENTRY = "overlays/minikube/kustomization.yaml"
CUSTOM = "overlays/minikube/custom/kustomization.yaml"
SECOND = "overlays:\n  other: {platform: minikube}\n"


@pytest.fixture
def stack(repo: Path) -> Path:
    """A generated small stack in a git repository."""
    write_small_stack(repo)
    generate(repo)
    return repo


def contents(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes().decode()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }


def counts(root: Path) -> tuple[int, int]:
    base, minikube = generate(root, mode="check").groups[:2]
    return base.files, minikube.files


def test_the_first_run_writes_everything_and_the_second_nothing(repo: Path, invoke: Invoke) -> None:
    write_small_stack(repo)

    first = invoke("generate", cwd=repo)

    base, minikube = counts(repo)
    assert first == Outcome(
        0,
        f"  base        {base} files   {base} new\n"
        f"  minikube    {minikube} files   {minikube} new\n"
        "  next: asky-gitops check · asky-gitops commit\n",
        "",
    )
    before = {path: os.stat(repo / path) for path in contents(repo)}
    second = invoke("generate", cwd=repo)
    assert second == Outcome(
        0,
        f"  base        {base} files   unchanged\n"
        f"  minikube    {minikube} files   unchanged\n"
        "  next: asky-gitops check · asky-gitops commit\n",
        "",
    )
    assert {path: os.stat(repo / path) for path in contents(repo)} == before


def test_two_folders_get_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        generate_fresh(tmp_path / name)

    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def generate_fresh(folder: Path) -> None:
    write_small_stack(folder)
    generate(folder)


def test_one_change_of_the_spec_is_one_changed_file_named(stack: Path, invoke: Invoke) -> None:
    change(stack, "asky.yaml", "auth:1.0.0", "auth:1.0.1")

    said = invoke("generate", cwd=stack)

    assert said.out.splitlines()[0] == f"  base        {counts(stack)[0]} files   1 changed    {AUTH}"
    assert "image: ghcr.io/acme/auth:1.0.1" in (stack / AUTH).read_text()


def test_a_run_in_a_folder_below_writes_the_same_stack(stack: Path, invoke: Invoke) -> None:
    change(stack, "asky.yaml", "auth:1.0.0", "auth:1.0.1")

    assert invoke("generate", cwd=stack / "base/auth").status == 0
    assert "image: ghcr.io/acme/auth:1.0.1" in (stack / AUTH).read_text()


def test_check_lists_what_would_change_and_writes_nothing(stack: Path, invoke: Invoke) -> None:
    base, minikube = counts(stack)
    change(stack, "asky.yaml", "auth:1.0.0", "auth:1.0.1")
    (stack / "base/auth/service.yaml").unlink()
    before = contents(stack)

    assert invoke("generate", "--check", cwd=stack) == Outcome(
        1,
        f"  base        {base} files   1 new, 1 changed\n"
        f"    changed  {AUTH}\n"
        "    new      base/auth/service.yaml\n"
        f"  minikube    {minikube} files   unchanged\n",
        "stale: asky-gitops generate\n",
    )
    assert contents(stack) == before


def test_diff_prints_what_would_change_and_writes_nothing(stack: Path, invoke: Invoke) -> None:
    change(stack, "asky.yaml", "auth:1.0.0", "auth:1.0.1")
    before = contents(stack)

    said = invoke("generate", "--diff", cwd=stack)

    assert (said.status, said.err) == (0, "")
    changed = [line for line in said.out.splitlines() if line[0] in "+-" and "sha256:" not in line]
    assert changed == [
        f"--- a/{AUTH}",
        f"+++ b/{AUTH}",
        "-        image: ghcr.io/acme/auth:1.0.0",
        "+        image: ghcr.io/acme/auth:1.0.1",
    ]
    assert contents(stack) == before
    assert invoke("generate", "--check", "--quiet", cwd=stack).status == 2
    assert invoke("-q", "generate", "--check", cwd=stack) == Outcome(1, "", "")


def test_only_the_base_and_the_named_overlay_are_written(stack: Path, invoke: Invoke) -> None:
    change(stack, "asky.yaml", "overlays:\n", SECOND)
    change(stack, "asky.yaml", "public: {host: asky.local}", "public: {host: other.local}")

    said = invoke("generate", "--overlay", "other", cwd=stack)

    assert [line.split()[0] for line in said.out.splitlines()] == ["base", "other", "next:"]
    changed = {path for group in generate(stack, mode="check").groups for path in group.differences}
    assert changed
    assert all("minikube" in difference.path for difference in changed)
    assert "other.local" in (stack / "overlays/other/generated/ingress/ingress.yaml").read_text()


def test_an_unknown_overlay_is_named_with_those_there_are(stack: Path, invoke: Invoke) -> None:
    assert invoke("generate", "--overlay", "eks", cwd=stack) == Outcome(
        2, "", 'error: asky.yaml has no overlay "eks"\nhint: overlays: minikube\nnothing was written\n'
    )


def test_an_error_in_the_spec_writes_nothing(stack: Path, invoke: Invoke) -> None:
    change(stack, "asky.yaml", "port: 8003", "prot: 8003")
    before = contents(stack)

    said = invoke("generate", cwd=stack)

    assert said.status == 2
    assert said.err.startswith("error: asky.yaml:8:")
    assert said.err.endswith("\nnothing was written\n")
    assert contents(stack) == before


def test_a_removed_service_takes_its_files_and_its_folder_along(stack: Path, invoke: Invoke) -> None:
    change(stack, "asky.yaml", "calls: [auth], ", "")
    text = (stack / "asky.yaml").read_text()
    (stack / "asky.yaml").write_text("".join(line for line in text.splitlines(True) if "  auth:" not in line))
    change(stack, "asky.yaml", "database: {}\n", "")

    said = invoke("generate", cwd=stack)

    assert said.status == 0
    assert " gone" in said.out
    assert not (stack / "base/auth").exists()
    assert (stack / "sql/migrations/0001_schemas.sql").exists()


def test_a_removed_overlay_leaves_only_what_is_the_users(stack: Path, invoke: Invoke) -> None:
    change(stack, "asky.yaml", "overlays:\n", SECOND)
    generate(stack)
    change(stack, "asky.yaml", SECOND, "overlays:\n")

    said = invoke("generate", cwd=stack)

    assert said.out.splitlines()[2].startswith("  other       0 files    ")
    assert [path for path in contents(stack) if "other" in path] == [
        "overlays/other/custom/kustomization.yaml"
    ]


def test_the_entry_of_a_removed_overlay_that_holds_the_users_keys_stops_the_run(
    stack: Path, invoke: Invoke
) -> None:
    change(stack, "asky.yaml", "overlays:\n", SECOND)
    generate(stack)
    entry = stack / "overlays/other/kustomization.yaml"
    entry.write_text(entry.read_text() + "replicas:\n- name: auth\n  count: 3\n")
    change(stack, "asky.yaml", SECOND, "overlays:\n")
    before = contents(stack)

    said = invoke("generate", cwd=stack)

    assert said == Outcome(
        1,
        "",
        "stopped: overlays/other/kustomization.yaml is no longer in the plan and holds keys of yours\n"
        "  keep it in the spec    asky.yaml, overlays.other\n"
        "  drop it                asky-gitops generate --overwrite overlays/other/kustomization.yaml\n"
        "nothing was written\n",
    )
    assert contents(stack) == before


def test_seeded_files_are_written_once_and_never_touched(stack: Path) -> None:
    (stack / CUSTOM).write_text("# mine\n")
    generate(stack)
    assert (stack / CUSTOM).read_text() == "# mine\n"

    (stack / CUSTOM).unlink()
    generate(stack)
    assert "kind: Component" in (stack / CUSTOM).read_text()


def test_the_users_keys_and_comments_of_an_entry_are_kept(stack: Path) -> None:
    original = (stack / ENTRY).read_text()
    mine = "# bots own this\nimages:\n- name: ghcr.io/acme/auth   # CI\n  newTag: '1.4.2'\n"
    (stack / ENTRY).write_text(original + mine)
    assert generate(stack).differences == ()

    change(stack, "asky.yaml", "metadata: {name: asky}", "metadata: {name: asky, namespace: shop}")
    generate(stack)

    after = (stack / ENTRY).read_text()
    assert after.endswith(mine)
    assert "\nnamespace: shop\n" in after
    assert generate(stack).differences == ()


def test_checked_out_with_windows_line_ends_nothing_has_drifted(stack: Path) -> None:
    for path in contents(stack):
        if path != "asky.yaml" and not path.endswith(".sql"):
            (stack / path).write_bytes((stack / path).read_bytes().replace(b"\n", b"\r\n"))
    assert generate(stack, mode="check").exit_code == 0

    change(stack, "asky.yaml", "auth:1.0.0", "auth:1.0.1")
    assert [difference.path for difference in generate(stack).differences] == [AUTH]


def test_after_a_crash_check_and_diff_refuse_and_the_next_run_recovers(stack: Path, invoke: Invoke) -> None:
    journal = stack / ".git/asky-gitops/top/journal"
    step = {"path": AUTH, "before": None, "after": None}
    journal.write_text(json.dumps({"stage": "preparing", "folders": [], "steps": [step]}))
    refusal = (
        "error: an earlier run was interrupted while it wrote files\n"
        "hint: `asky-gitops generate` makes the tree whole again\n"
    )

    assert invoke("generate", "--check", cwd=stack) == Outcome(1, "", refusal)
    assert invoke("generate", "--diff", cwd=stack) == Outcome(1, "", refusal)
    assert invoke("generate", cwd=stack).out.startswith("  an interrupted run was made whole first\n  base ")
    assert invoke("generate", "--check", cwd=stack).status == 0


def test_a_terminal_without_the_characters_gets_them_written_out(stack: Path, run: Invoke) -> None:
    said = run("generate", cwd=stack, env={"PYTHONIOENCODING": "iso8859-5"})

    assert (said.status, said.err) == (0, "")
    assert said.out.endswith("  next: asky-gitops check \\xb7 asky-gitops commit\n")


def test_two_runs_at_once_the_second_says_so(stack: Path, run: Invoke) -> None:
    with files.locked(stack):
        said = run("generate", cwd=stack)

    assert said == Outcome(
        3,
        "",
        f"error: another asky-gitops (process {os.getpid()}) is writing here\n"
        "hint: wait for it to end, then run again\n",
    )


def test_git_sees_no_trace_of_a_run_but_the_files(stack: Path) -> None:
    status = git(stack, "status", "--short", "--untracked-files=all", "--ignored").splitlines()

    assert sorted(line[3:] for line in status) == sorted(contents(stack))


def test_a_kept_file_is_left_alone_and_counted(stack: Path, invoke: Invoke) -> None:
    mine = f"# {KEPT}\n{(stack / AUTH).read_text()}extra: 1\n"
    (stack / AUTH).write_text(mine)

    said = invoke("generate", cwd=stack)

    assert said.out.splitlines()[0] == f"  base        {counts(stack)[0]} files   unchanged, 1 kept by hand"
    assert (stack / AUTH).read_text() == mine
