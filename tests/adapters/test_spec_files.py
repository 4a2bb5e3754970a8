import os
from hashlib import sha256
from pathlib import Path

from tests.adapters.spec_cases import LOCK, MIGRATION, SPEC, loaded, placed, refusals

SEEDS = SPEC.replace("minikube}", "minikube, seeds: true}")


def test_every_sql_file_is_known_by_its_digest(tmp_path: Path) -> None:
    placed(tmp_path, SEEDS)
    (tmp_path / "sql/seeds").mkdir()
    (tmp_path / "sql/seeds/0001_users.sql").write_text("SELECT 1;\n")
    (tmp_path / "sql/migrations/0002_more.sql").write_text(MIGRATION + "-- more\n")
    (tmp_path / "sql/migrations/kustomization.yaml").write_text("kind: Kustomization\n")
    assert loaded(tmp_path, SEEDS).sql == {
        "sql/migrations/0001_schemas.sql": sha256(MIGRATION.encode()).hexdigest(),
        "sql/migrations/0002_more.sql": sha256((MIGRATION + "-- more\n").encode()).hexdigest(),
        "sql/seeds/0001_users.sql": sha256(b"SELECT 1;\n").hexdigest(),
    }


def test_a_missing_folder_is_named_with_the_key_that_names_it(tmp_path: Path) -> None:
    path = placed(tmp_path, SEEDS.replace("database: {}", "database: {migrations: db}"))
    assert refusals(path) == [
        "db: not found\n  hint: `database.migrations` names the folder of NNNN_what.sql files",
        "sql/seeds: not found\n  hint: `database.seeds` names the folder of NNNN_what.sql files",
    ]


def test_seeds_that_no_overlay_wants_need_not_be_there(tmp_path: Path) -> None:
    assert list(loaded(tmp_path, SPEC).sql) == ["sql/migrations/0001_schemas.sql"]


def test_without_a_database_no_sql_is_looked_for(tmp_path: Path) -> None:
    path = placed(tmp_path, SPEC)
    (tmp_path / "sql/migrations/0001_schemas.sql").unlink()
    assert loaded_without_sql(path) == {}


def loaded_without_sql(path: Path) -> dict[str, str]:
    from asky_gitops.adapters import spec
    from tests.adapters.spec_cases import PLATFORMS

    text = SPEC.replace("database: {}\n", "").replace("    database: true\n", "")
    path.write_text(text)
    return dict(spec.load(path, PLATFORMS).sql)


def test_a_folder_that_leads_out_of_the_repository_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    root = tmp_path / "repository"
    root.mkdir()
    path = placed(root, SPEC.replace("database: {}", "database: {migrations: out}"))
    (root / "out").symlink_to(tmp_path / "elsewhere")
    assert refusals(path) == [
        "out: leads out of the repository\n"
        "  hint: `database.migrations` names the folder of NNNN_what.sql files"
    ]


def test_wrong_names_numbers_and_contents_of_migrations_are_all_said(tmp_path: Path) -> None:
    path = placed(tmp_path, SPEC)
    folder = tmp_path / "sql/migrations"
    (folder / "0001_again.sql").write_text(MIGRATION)
    (folder / "2_short.sql").write_text(MIGRATION)
    (folder / "0003_plain.sql").write_text("SELECT 1;\n")
    (folder / "0004_upside_down.sql").write_text("-- migrate:down\n-- migrate:up\n")
    blocks = "\n  hint: dbmate wants `-- migrate:up`, then `-- migrate:down`, each in a line of its own"
    assert refusals(path) == [
        f"sql/migrations/0003_plain.sql:1:1: has no up and down block{blocks}",
        f"sql/migrations/0004_upside_down.sql:1:1: has no up and down block{blocks}",
        "sql/migrations/2_short.sql: is not named NNNN_what.sql\n  hint: such as 0002_add_wards.sql",
        "sql/migrations/0001_schemas.sql: has the number of 0001_again.sql\n  hint: take the next one",
    ]


def test_a_seed_with_the_blocks_of_a_migration_would_undo_itself(tmp_path: Path) -> None:
    path = placed(tmp_path, SEEDS)
    (tmp_path / "sql/seeds").mkdir()
    (tmp_path / "sql/seeds/0001_users.sql").write_text(MIGRATION)
    assert refusals(path) == [
        "sql/seeds/0001_users.sql:1:1: is a seed with blocks of a migration\n"
        "  hint: seeds are plain SQL and run whole, a down block too"
    ]


def test_what_is_no_plain_file_is_not_read(tmp_path: Path) -> None:
    path = placed(tmp_path, SPEC)
    (tmp_path / "hunter2").write_text(MIGRATION)
    (tmp_path / "sql/migrations/0002_link.sql").symlink_to(tmp_path / "hunter2")
    (tmp_path / "sql/migrations/0003_folder.sql").mkdir()
    os.mkfifo(tmp_path / "sql/migrations/0004_pipe.sql")
    hint = "\n  hint: kustomize reads nothing outside the folder"
    assert refusals(path) == [
        f"sql/migrations/0002_link.sql: is not a plain file{hint}",
        f"sql/migrations/0003_folder.sql: is not a plain file{hint}",
        f"sql/migrations/0004_pipe.sql: is not a plain file{hint}",
    ]


def test_an_empty_folder_of_migrations_makes_no_schemas(tmp_path: Path) -> None:
    path = placed(tmp_path, SPEC)
    (tmp_path / "sql/migrations/0001_schemas.sql").unlink()
    assert refusals(path) == [
        "sql/migrations: holds no NNNN_what.sql\n  hint: the first one makes the services' schemas"
    ]


def test_more_sql_than_a_config_map_takes_is_refused(tmp_path: Path) -> None:
    path = placed(tmp_path, SPEC)
    (tmp_path / "sql/migrations/0002_large.sql").write_text(MIGRATION + "-" * 1_000_000)
    size = 2 * len(MIGRATION) + 1_000_000
    assert refusals(path) == [f"sql/migrations: holds {size} bytes of SQL; a ConfigMap takes 1 MiB"]


def test_without_a_lock_nothing_is_pinned(tmp_path: Path) -> None:
    path = placed(tmp_path, SPEC)
    (tmp_path / "asky.lock").unlink()
    assert refusals(path) == [
        "asky.lock: not found\n  hint: `asky-gitops init` in an empty folder writes one to copy"
    ]


def test_a_lock_without_an_image_that_the_stack_needs_is_refused(tmp_path: Path) -> None:
    path = placed(tmp_path, SPEC.replace("database: {}", "database: {version: 18}"))
    (tmp_path / "asky.lock").write_text(LOCK.replace("dbmate:", "migrate:"))
    hint = (
        "\n  hint: `asky-gitops upgrade` adds it where this version knows it, `--set images.{}=…` any other"
    )
    assert refusals(path) == [
        f'asky.lock: names no image "{one}"{hint.format(one)}' for one in ("dbmate", "postgres-18")
    ]


def test_a_lock_is_judged_as_strictly_as_the_spec(tmp_path: Path) -> None:
    path = placed(tmp_path, SPEC)
    (tmp_path / "asky.lock").write_text(LOCK.replace("ghcr.io/amacneil/dbmate", "ghcr.io/Amacneil/dbmate"))
    assert refusals(path) == [
        'asky.lock:12:11: dbmate "ghcr.io/Amacneil/dbmate:2.35.0" is not an image reference such as '
        'ghcr.io/acme/app:1.2.3; did you mean "ghcr.io/amacneil/dbmate:2.35.0"?'
    ]
    (tmp_path / "asky.lock").write_text("image: {}\n")
    assert refusals(path) == ["asky.lock:1:1: needs `images:`, a map of purpose to image"]
    (tmp_path / "asky.lock").write_text("images: {a: b\n")
    assert refusals(path) == [
        "asky.lock:2:1: is not YAML: did not find expected ',' or '}' while parsing a flow mapping"
    ]
