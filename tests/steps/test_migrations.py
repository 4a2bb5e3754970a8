"""Migrations are append-only against the revision that Argo CD follows."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome, git, new_repository
from tests.small_stack import MIGRATION, change, write_small_stack

Invoke = Callable[..., Outcome]
FIRST = "sql/migrations/0001_schemas.sql"
NOTHING = "nothing was written\n"


@pytest.fixture
def pushed(tmp_path: Path, invoke: Invoke) -> Path:
    """A small stack, generated, committed and pushed to `origin/main`."""
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "origin.git")
    root = write_small_stack(new_repository(tmp_path / "work"))
    change(root, "asky.yaml", "deploy.git}", "deploy.git, targetRevision: main}")
    assert invoke("generate", cwd=root).status == 0
    git(root, "remote", "add", "origin", str(tmp_path / "origin.git"))
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=first")
    git(root, "push", "--quiet", "origin", "HEAD:main")
    git(root, "fetch", "--quiet")
    return root


def rewrite(root: Path) -> None:
    """Change the migration that was pushed."""
    change(root, FIRST, "CREATE SCHEMA auth;", "CREATE SCHEMA auth2;")


@pytest.mark.parametrize("flags", [(), ("--check",)])
def test_a_migration_that_was_pushed_does_not_change(
    pushed: Path, invoke: Invoke, flags: tuple[str, ...]
) -> None:
    rewrite(pushed)
    assert invoke("generate", *flags, cwd=pushed) == Outcome(
        1,
        "",
        f"error: {FIRST}: differs from origin/main, from where it may have been applied\n"
        "hint: write a new one; where it was never applied: `--amend-migration 1`\n"
        + (NOTHING if not flags else ""),
    )


def test_a_migration_that_was_never_applied_may_change_when_told_so(pushed: Path, invoke: Invoke) -> None:
    rewrite(pushed)
    assert invoke("generate", "--amend-migration", "1", cwd=pushed).status == 0
    refused = invoke("commit", "-m", "amended", cwd=pushed)
    assert (refused.status, f"error: {FIRST}: differs from origin/main" in refused.err) == (1, True)
    assert invoke("commit", "-m", "amended", "--amend-migration=1", cwd=pushed).status == 0


def test_a_migration_that_was_pushed_does_not_go(pushed: Path, invoke: Invoke) -> None:
    (pushed / "sql/migrations/0002_more.sql").write_text(MIGRATION)
    (pushed / FIRST).unlink()
    assert invoke("generate", cwd=pushed).err == (
        f"error: {FIRST}: is in origin/main and gone here\n"
        f"hint: git has it; what it made, a new migration takes away\n{NOTHING}"
    )


def test_a_migration_does_not_come_before_one_that_was_pushed(pushed: Path, invoke: Invoke) -> None:
    (pushed / "sql/migrations/0000_early.sql").write_text(MIGRATION)
    assert invoke("generate", cwd=pushed).err == (
        "error: sql/migrations/0000_early.sql: comes before 0001_schemas.sql, which is in origin/main\n"
        f"hint: dbmate runs nothing that comes before what it ran: take the next number\n{NOTHING}"
    )


def test_new_migrations_come_after_and_may_change_until_they_are_pushed(pushed: Path, invoke: Invoke) -> None:
    second = pushed / "sql/migrations/0002_more.sql"
    second.write_text(MIGRATION)
    assert invoke("generate", cwd=pushed).status == 0
    assert invoke("commit", "-m", "more", cwd=pushed).status == 0
    second.write_text(MIGRATION.replace("auth", "more"))
    assert invoke("generate", cwd=pushed).status == 0


def test_without_a_repository_or_the_revision_nothing_was_applied(
    tmp_path: Path, pushed: Path, invoke: Invoke
) -> None:
    change(pushed, "asky.yaml", "targetRevision: main", "targetRevision: nowhere")
    rewrite(pushed)
    assert invoke("generate", cwd=pushed).status == 0
    alone = write_small_stack(tmp_path / "alone")
    assert invoke("generate", cwd=alone).status == 0
    rewrite(alone)
    assert invoke("generate", cwd=alone).status == 0


def test_line_ends_of_another_system_are_no_change(pushed: Path, invoke: Invoke) -> None:
    path = pushed / FIRST
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert "differs from origin/main" not in invoke("generate", cwd=pushed).err


def test_a_database_that_cannot_become_what_the_spec_says_stops_the_run(pushed: Path, invoke: Invoke) -> None:
    change(pushed, "asky.yaml", "database: {}", "database: {storage: 20Gi}")
    path = "overlays/minikube/generated/postgres/statefulset.yaml"
    said = invoke("generate", cwd=pushed)
    assert said == Outcome(
        1,
        "",
        f"error: {path}: cannot change the size of the volume, 10Gi to 20Gi: "
        "Kubernetes never changes it in a StatefulSet\n"
        f'hint: docs/bootstrap/minikube.md, "Move the data"; where it was never applied: '
        f"`generate --overwrite {path}`\n{NOTHING}",
    )
    assert "\n## Move the data\n" in (pushed / "docs/bootstrap/minikube.md").read_text()
    assert invoke("generate", "--overwrite", path, cwd=pushed).status == 0


def test_sql_that_nothing_would_run_fails_the_check(pushed: Path, invoke: Invoke) -> None:
    for path in ("sql/migrations/0002_more.sql", "sql/fix.sql"):
        (pushed / path).write_text(MIGRATION)
    said = invoke("check", cwd=pushed)
    assert said.status == 2
    for path in ("sql/migrations/0002_more.sql", "sql/fix.sql"):
        assert f"{path} is in no kustomization: nothing would run it" in said.out + said.err
    (pushed / "sql/fix.sql").unlink()
    assert invoke("generate", cwd=pushed).status == 0
    assert invoke("check", cwd=pushed).status == 0
