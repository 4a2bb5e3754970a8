"""The script that makes the roles, run against a real server: as its superuser, and as one who is none."""

from pathlib import Path

import pytest

from asky_gitops.components import roles
from tests.database.server import Server, own, run

ATTRIBUTES = (
    "SELECT rolname, rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls"
    " FROM pg_roles WHERE rolname IN ('asky_migrator', 'auth') ORDER BY rolname"
)


@pytest.fixture
def passwords(folder: Path) -> Path:
    """Write a file a role, as the Job's volume has them."""
    made = folder / "roles"
    made.mkdir()
    for role in ("asky_migrator", "auth"):
        (made / role).write_text(f"password-of-{role}")
    own(made)
    return made


def make_roles(server: Server, passwords: Path, user: str) -> None:
    """Run the Job's script as one user, as the container does."""
    script = roles.SCRIPT.replace(roles.FOLDER, str(passwords))
    environment = {
        "PGHOST": str(server.socket),
        "PGUSER": user,
        "PGDATABASE": "asky",
        "DATABASE_OWNER": "asky_migrator",
    }
    run("sh", "-euc", script, environment=environment)


@pytest.mark.parametrize("user", ["postgres", "administrator"])
def test_the_roles_may_log_in_and_nothing_more_and_the_migrator_owns_the_database(
    server: Server, passwords: Path, user: str
) -> None:
    server.ask("CREATE ROLE administrator LOGIN CREATEROLE CREATEDB")
    server.ask(f"CREATE DATABASE asky OWNER {user}")
    for _ in range(2):
        make_roles(server, passwords, user)
        assert server.ask(ATTRIBUTES).split() == ["asky_migrator|t|f|f|f|f|f", "auth|t|f|f|f|f|f"]
        owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'asky'"
        assert server.ask(owner) == "asky_migrator"
    server.ask("CREATE SCHEMA auth", user="asky_migrator", database="asky")


def test_a_password_that_changed_is_set_anew(server: Server, passwords: Path) -> None:
    server.ask("CREATE DATABASE asky")
    make_roles(server, passwords, "postgres")
    before = server.ask("SELECT rolpassword FROM pg_authid WHERE rolname = 'auth'")
    (passwords / "auth").write_text("another")
    make_roles(server, passwords, "postgres")
    after = server.ask("SELECT rolpassword FROM pg_authid WHERE rolname = 'auth'")
    assert before.startswith("SCRAM-SHA-256$")
    assert after.startswith("SCRAM-SHA-256$")
    assert before != after


def test_no_password_is_in_the_servers_log_whatever_it_logs(server: Server, passwords: Path) -> None:
    server.ask("CREATE DATABASE asky")
    server.ask("ALTER SYSTEM SET log_statement = 'all'")
    server.ask("SELECT pg_reload_conf()")
    make_roles(server, passwords, "postgres")
    log = (server.socket / "log").read_text()
    assert "CREATE DATABASE" not in log or "password-of" not in log
    assert "password-of" not in log
