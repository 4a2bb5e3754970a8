"""A database that runs elsewhere: a login that is no superuser makes the roles, and a service works in it."""

import base64
import re
import subprocess
from pathlib import Path

from tests.conftest import Outcome
from tests.e2e import specs
from tests.e2e.deployment import Deployment
from tests.e2e.living import Run
from tests.e2e.plane import Plane, dump
from tests.e2e.repository import Repository

PASSWORD = "of-somebody-who-is-no-superuser"
WEB = {"image": "ghcr.io/acme/web:1.0.0", "port": 8080, "database": True}
WARD = {"image": "ghcr.io/acme/ward:1.0.0", "port": 8081, "database": True}


def test_a_database_elsewhere_gets_its_roles_and_a_service_works_in_it(
    programs: Path, run: Run, tmp_path: Path
) -> None:
    with Plane(programs) as plane:
        server = Repository(tmp_path / "server", programs, specs.of({"web": WEB}))
        assert up(run, plane, server).status == 0
        elsewhere = Deployment(plane, server, "minikube")
        elsewhere.superuser(f"CREATE ROLE administrator LOGIN CREATEROLE CREATEDB PASSWORD '{PASSWORD}'")
        elsewhere.superuser("CREATE DATABASE clinic OWNER administrator")
        clinic = Repository(tmp_path / "clinic", programs, ward(plane.database))

        said = up(run, plane, clinic, "--timeout", "20")
        assert said.status == 1, said.out
        assert "Job clinic/postgres-roles is not ready\n" in said.err
        assert re.search(
            r'^  why   FailedMount: .*"database-ca" : secret "administrator" not found$', said.err, re.M
        )
        assert "Secret administrator missing: not in clinic" in doctor(run, plane, clinic)

        plane.apply(administrator(plane, "username", "password"))
        assert "Secret administrator missing: no ca.crt" in doctor(run, plane, clinic)

        plane.apply(administrator(plane, "username", "password", "ca.crt"))
        assert "Secret administrator username, password, ca.crt" in doctor(run, plane, clinic)
        said = up(run, plane, clinic)
        assert said.status == 0, said.err
        assert "  roles       postgres-roles done   " in said.out
        assert log_in(plane, "SELECT current_user, has_schema_privilege('ward', 'USAGE')") == "ward|t\n"
        owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'clinic'"
        assert elsewhere.superuser(owner) == "clinic_migrator\n"
        assert elsewhere.superuser("SELECT rolname FROM pg_roles WHERE rolsuper") == "postgres\n"


def ward(address: str) -> specs.Files:
    """Return a stack whose database is in a server at an address."""
    external = {"host": address, "tls": "verify-ca", "secret": "administrator"}
    return specs.of(
        {"ward": WARD},
        metadata={"name": "clinic"},
        database={"name": "clinic"},
        overlays={"minikube": {"platform": "minikube", "database": {"external": external}}},
    )


def up(run: Run, plane: Plane, repository: Repository, *rest: str) -> Outcome:
    """Bring a stack up as a person does."""
    return run("up", "--overlay", "minikube", *rest, cwd=repository.work, env=plane.environment)


def doctor(run: Run, plane: Plane, repository: Repository) -> str:
    """Return what `doctor` says, one space between words."""
    said = run("doctor", "--overlay", "minikube", cwd=repository.work, env=plane.environment)
    return " ".join(said.out.split())


def administrator(plane: Plane, *keys: str) -> str:
    """Return the Secret that is made outside git: the login, and the authority the server is signed by."""
    authority = base64.b64decode(plane.get("secret", "asky-db-ca")["data"]["ca.crt"]).decode()
    login = {"username": "administrator", "password": PASSWORD, "ca.crt": authority}
    metadata = {"name": "administrator", "namespace": "clinic"}
    held = {key: login[key] for key in keys}
    return dump({"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": held})


def log_in(plane: Plane, query: str) -> str:
    """Ask as the service does, by its own password, and return the bare rows."""
    login = plane.get("secret", "ward-db", "clinic")["data"]
    url = f"postgresql://ward@{plane.database}/clinic?sslmode=require"
    environment = {**plane.environment, "PGPASSWORD": base64.b64decode(login["password"]).decode()}
    return subprocess.check_output(["psql", "-XqtAc", query, url], env=environment, text=True)
