from collections.abc import Callable
from pathlib import Path

import pytest

from asky_gitops.steps.generate import generate
from tests.conftest import Outcome
from tests.small_stack import change, write_small_stack

Invoke = Callable[..., Outcome]
AUTH = "base/auth/deployment.yaml"
ENTRY = "overlays/minikube/kustomization.yaml"


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    """A generated small stack without git."""
    write_small_stack(tmp_path)
    generate(tmp_path)
    return tmp_path


def snapshot(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_hand_edit_stops_the_run_with_the_difference_and_four_ways_out(stack: Path, invoke: Invoke) -> None:
    change(stack, AUTH, "containerPort: 8003", "containerPort: 8004")
    change(stack, "asky.yaml", "gateway:1.0.0", "gateway:1.0.1")
    before = snapshot(stack)

    said = invoke("generate", cwd=stack)

    assert said == Outcome(
        1,
        "",
        f"stopped: {AUTH} was edited by hand since it was generated\n"
        "    -        - containerPort: 8003\n"
        "    +        - containerPort: 8004\n"
        "  keep it in the spec    asky-gitops set services.auth.port=8004\n"
        "  keep it as a patch     overlays/<name>/custom/\n"
        f"  keep it in this file   asky-gitops eject {AUTH}\n"
        f"  drop it                asky-gitops generate --overwrite {AUTH}\n"
        "nothing was written\n",
    )
    assert snapshot(stack) == before
    assert invoke("generate", "--check", cwd=stack) == said
    assert invoke("generate", "--diff", cwd=stack) == said


@pytest.mark.parametrize(
    ("before", "after", "way"),
    [
        ("replicas: 2", "replicas: 5", "asky-gitops set services.auth.replicas=5"),
        ("memory: 256Mi", "memory: 512Mi", "asky-gitops set services.auth.resources.memory=512Mi"),
        ("auth:1.0.0", "auth:2", "asky-gitops set services.auth.image=ghcr.io/acme/auth:2"),
        ("protocol: TCP", "protocol: UDP", "asky.yaml, services.auth"),
    ],
)
def test_the_way_into_the_spec_is_a_set_that_was_tried(
    stack: Path, invoke: Invoke, before: str, after: str, way: str
) -> None:
    change(stack, AUTH, before, after)

    said = invoke("generate", cwd=stack)

    assert f"  keep it in the spec    {way}\n" in said.err
    if way.startswith("asky-gitops "):
        assert invoke(*way.split()[1:], cwd=stack).status == 0
        assert invoke("generate", cwd=stack).status == 0
        assert after in (stack / AUTH).read_text()


def test_overwrite_drops_one_hand_edit_and_the_others_still_stop(stack: Path, invoke: Invoke) -> None:
    other = "base/gateway/deployment.yaml"
    fresh = (stack / AUTH).read_text()
    for path in (AUTH, other):
        change(stack, path, "kind: Deployment", "kind: DaemonSet")

    said = invoke("generate", "--overwrite", AUTH, cwd=stack)
    assert [line for line in said.err.splitlines() if line.startswith("stopped")] == [
        f"stopped: {other} was edited by hand since it was generated"
    ]
    assert "DaemonSet" in (stack / AUTH).read_text()

    said = invoke(
        "generate", "--overwrite", "auth/deployment.yaml", "--overwrite", stack / other, cwd=stack / "base"
    )
    assert said.status == 0
    assert (stack / AUTH).read_text() == fresh


def test_a_secret_in_a_hand_edit_is_not_shown(stack: Path, invoke: Invoke) -> None:
    change(
        stack,
        AUTH,
        "        env:\n",
        "        env:\n        - name: API_TOKEN\n          value: hunter2-hunter2\n",
    )

    said = invoke("generate", cwd=stack)

    assert "hunter2" not in said.err
    assert "    +          value: ••••\n" in said.err


def test_an_escape_sequence_in_a_hand_edit_does_not_reach_the_terminal(stack: Path, invoke: Invoke) -> None:
    change(stack, AUTH, "kind: Deployment", "kind: Deployment # \x1b]0;owned\x07")

    assert "\x1b" not in invoke("generate", cwd=stack).err


def test_a_long_hand_edit_is_cut_and_the_rest_counted(stack: Path, invoke: Invoke) -> None:
    (stack / AUTH).write_text((stack / AUTH).read_text() + "# more\n" * 50)

    lines = invoke("generate", cwd=stack).err.splitlines()

    assert lines[20:22] == ["    +# more", "    … 30 more lines"]


def test_a_file_of_somebody_elses_in_the_way_stops_the_run(tmp_path: Path, invoke: Invoke) -> None:
    write_small_stack(tmp_path)
    (tmp_path / "base/auth").mkdir(parents=True)
    (tmp_path / AUTH).write_text("kind: Deployment\n")
    before = snapshot(tmp_path)

    said = invoke("generate", cwd=tmp_path)

    assert said.status == 1
    assert said.err.startswith(f"stopped: {AUTH} is in the way and was not written by asky-gitops\n")
    assert {path: text for path, text in snapshot(tmp_path).items() if ".asky-gitops" not in path} == before


def test_an_edited_file_that_is_planned_no_more_stops_the_run_and_overwrite_removes_it(
    stack: Path, invoke: Invoke
) -> None:
    stale = "base/old/configmap.yaml"
    (stack / "base/old").mkdir()
    (stack / stale).write_text((stack / AUTH).read_text() + "extra: 1\n")

    said = invoke("generate", cwd=stack)

    assert said == Outcome(
        1,
        "",
        f"stopped: {stale} is no longer in the plan and was edited by hand\n"
        f"  keep it in this file   asky-gitops eject {stale}\n"
        f"  drop it                asky-gitops generate --overwrite {stale}\n"
        "nothing was written\n",
    )
    assert invoke("generate", "--overwrite", stale, cwd=stack).status == 0
    assert not (stack / "base/old").exists()


def test_our_keys_of_an_entry_edited_by_hand_stop_the_run(stack: Path, invoke: Invoke) -> None:
    change(stack, ENTRY, "- generated\n", "- generated\n- mine\n")

    said = invoke("generate", cwd=stack)

    assert said == Outcome(
        1,
        "",
        f"stopped: {ENTRY} had its namespace, resources or components edited by hand\n"
        "    +- mine\n"
        "  keep it in the spec    asky.yaml, overlays.minikube\n"
        "  keep it as a patch     overlays/minikube/custom/\n"
        f"  drop it                asky-gitops generate --overwrite {ENTRY}\n"
        "nothing was written\n",
    )


@pytest.mark.parametrize(
    "path",
    [
        "asky.yaml",
        "README.md",
        "sql/migrations/0001_schemas.sql",
        "overlays/minikube/custom/kustomization.yaml",
    ],
)
def test_only_what_a_run_would_write_can_be_overwritten(stack: Path, invoke: Invoke, path: str) -> None:
    assert invoke("generate", "--overwrite", path, cwd=stack) == Outcome(
        2, "", f"error: {path}: is not a generated file: nothing to overwrite\nnothing was written\n"
    )


def test_a_merge_conflict_in_a_generated_file_is_one_line_and_can_be_overwritten(
    stack: Path, invoke: Invoke
) -> None:
    fresh = (stack / AUTH).read_text()
    change(stack, AUTH, "kind: Deployment\n", "<<<<<<< HEAD\nkind: A\n=======\nkind: B\n>>>>>>> other\n")
    line = (stack / AUTH).read_text().split("<<<<<<<")[0].count("\n") + 1

    assert invoke("generate", cwd=stack) == Outcome(
        2,
        "",
        f"error: {AUTH}:{line}: a merge conflict is not resolved\n"
        f"hint: resolve it, or drop both sides: `asky-gitops generate --overwrite {AUTH}`\n"
        "nothing was written\n",
    )
    assert invoke("generate", "--overwrite", AUTH, cwd=stack).status == 0
    assert (stack / AUTH).read_text() == fresh


def test_a_link_in_the_way_is_one_line_and_its_target_is_untouched(
    stack: Path, tmp_path_factory: pytest.TempPathFactory, invoke: Invoke
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "victim"
    elsewhere.write_text("mine")
    (stack / AUTH).unlink()
    (stack / AUTH).symlink_to(elsewhere)

    assert invoke("generate", cwd=stack) == Outcome(
        2,
        "",
        f"error: {AUTH}: a symbolic link is in the way\n"
        "hint: replace it by what it points to, or remove it\n"
        "nothing was written\n",
    )
    assert elsewhere.read_text() == "mine"


def test_an_entry_that_is_no_yaml_is_named_with_its_place(stack: Path, invoke: Invoke) -> None:
    (stack / ENTRY).write_text("resources: [\n")

    said = invoke("generate", cwd=stack)

    assert said.status == 2
    assert said.err.startswith(f"error: {ENTRY}:2:1: not valid YAML: ")


def test_a_file_that_is_no_utf8_stops_the_run_as_an_edit(stack: Path, invoke: Invoke) -> None:
    (stack / AUTH).write_bytes((stack / AUTH).read_bytes() + b"\xff\xfe\n")

    assert invoke("generate", cwd=stack).err.startswith(
        f"stopped: {AUTH} was edited by hand since it was generated\n"
    )
    assert invoke("generate", "--overwrite", AUTH, cwd=stack).status == 0


def test_check_and_diff_exclude_each_other_by_the_last_word(stack: Path, invoke: Invoke) -> None:
    assert invoke("generate", "--check", "--diff", cwd=stack) == Outcome(0, "", "")
