"""The SQL of the examples, run on a real server: up, used as the service, moved, all the way down."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from asky_gitops.adapters import yaml
from asky_gitops.platforms import database_page
from asky_gitops.steps.generate import load
from tests.conftest import ROOT, Outcome, new_repository
from tests.database.server import Server, run
from tests.small_stack import change

CLINIC = ROOT / "tests/data/clinic"
EXAMPLES = {
    "asky": (ROOT, ["auth", "pyxis", "requests"]),
    "clinic": (CLINIC, ["clientes"]),
}

SEALED = """\
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: smtp, namespace: clinic}
spec:
  encryptedData: {password: AgBy3i4OJSWK+PiTySYZZA9rO43cGDEq2ZqXW1sV}
  template: {metadata: {name: smtp}, type: Opaque}
"""


def blocks(path: Path) -> tuple[str, str]:
    """Return what a migration does and what undoes it, as dbmate parts them."""
    _, up, down = re.split(r"^-- migrate:(?:up|down).*$", path.read_text("utf-8"), flags=re.MULTILINE)
    return up, down


def prepared(server: Server, name: str) -> list[tuple[str, str]]:
    """Make the database and the roles of an example, and return its migrations."""
    folder, services = EXAMPLES[name]
    server.ask(f"CREATE ROLE {name}_migrator LOGIN")
    for service in services:
        server.ask(f"CREATE ROLE {service} LOGIN")
    server.ask(f"CREATE DATABASE {name} OWNER {name}_migrator")
    return [blocks(path) for path in sorted((folder / "sql/migrations").glob("*.sql"))]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_migrations_go_up_and_all_the_way_down(server: Server, name: str) -> None:
    migrations = prepared(server, name)
    for up, _ in migrations:
        server.psql("--single-transaction", stdin=up, user=f"{name}_migrator", database=name)
    for _, down in reversed(migrations):
        server.psql("--single-transaction", stdin=down, user=f"{name}_migrator", database=name)
    left = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
    assert server.ask(left, database=name) == "public"


def test_the_clinic_has_its_first_customers_and_its_service_can_work_with_them(server: Server) -> None:
    for up, _ in prepared(server, "clinic"):
        server.psql("--single-transaction", stdin=up, user="clinic_migrator", database="clinic")
    joined = (
        "SELECT cliente.nome, categoria.nome FROM clientes.TBL_CLIENTE AS cliente"
        " JOIN clientes.TBL_CATEGORIA AS categoria ON categoria.id = categoria_id ORDER BY 1"
    )
    service = {"user": "clientes", "database": "clinic"}
    assert server.ask(joined, **service).splitlines() == ["Ana Souza|Particular", "Bruno Lima|Convênio"]
    server.ask("INSERT INTO clientes.TBL_CLIENTE (nome, categoria_id) VALUES ('Carla', 1)", **service)
    with pytest.raises(AssertionError, match="must be owner of table"):
        server.ask("DROP TABLE clientes.TBL_CLIENTE", **service)


def test_the_smallest_spec_has_under_fifteen_lines() -> None:
    text = (CLINIC / "asky.yaml").read_text("utf-8")
    assert len(text.splitlines()) < 15
    (document,) = yaml.load(text)
    assert list(document["services"]) == ["clientes"]


def test_the_data_moves_by_the_commands_of_the_page(server: Server, folder: Path) -> None:
    stack = load(ROOT)
    overlay = stack.overlays["minikube"]
    assert overlay.database is not None
    for up, _ in prepared(server, "asky"):
        server.psql("--single-transaction", stdin=up, user="asky_migrator", database="asky")
    server.ask("INSERT INTO pyxis.dispensers (name, ward) VALUES ('D1', 'East')", database="asky")
    page = "\n".join(database_page.move(stack, overlay, overlay.database))
    dump, load_again = re.findall(r"sh -c '([^']+)'", page)

    def inside(command: str) -> None:
        file = folder / "database.dump"
        redirected = f"{command} >{file}" if "pg_dump" in command else f"{command} <{file}"
        script = redirected.replace("/run/secrets/superuser/password", "/dev/null")
        run("sh", "-euc", script, environment={"PGHOST": str(server.socket)})

    inside(dump)
    server.ask("DROP DATABASE asky")
    server.ask("CREATE DATABASE asky OWNER asky_migrator")
    for up, _ in [blocks(path) for path in sorted((ROOT / "sql/migrations").glob("*.sql"))]:
        server.psql("--single-transaction", stdin=up, user="asky_migrator", database="asky")
    inside(load_again)
    assert server.ask("SELECT name FROM pyxis.dispensers", user="pyxis", database="asky") == "D1"


def test_the_clinic_is_generated_and_clean_and_a_sealed_secret_of_the_users_passes(
    tmp_path: Path, invoke: Callable[..., Outcome]
) -> None:
    root = shutil.copytree(CLINIC, new_repository(tmp_path / "clinic"), dirs_exist_ok=True)
    shutil.copyfile(ROOT / "asky.lock", root / "asky.lock")
    change(
        root, "asky.yaml", "{platform: minikube}", "{platform: minikube, permits: [bitnami.com/SealedSecret]}"
    )
    assert invoke("generate", cwd=root).status == 0
    custom = root / "overlays/minikube/custom"
    (custom / "sealed.yaml").write_text(SEALED)
    listing = custom / "kustomization.yaml"
    listing.write_text(listing.read_text().replace("resources: []", "resources: [sealed.yaml]"))
    said = invoke("check", "--format=json", cwd=root)
    report = json.loads(said.out)
    assert (said.status, report["errors"]) == (0, [])
    assert [one for one in report["findings"] if one["resource"]["kind"] == "SealedSecret"] == []
