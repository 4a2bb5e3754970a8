"""Every login does its own work on a real PostgreSQL and nothing else, over TLS that is verified."""

import re
from pathlib import Path

import pytest

from tests.e2e.client import of_migrations, of_service
from tests.e2e.deployment import Deployment
from tests.e2e.plane import wait

TABLES = {
    "auth": ["auth.users"],
    "pyxis": ["pyxis.dispensers", "pyxis.materials", "pyxis.medicines"],
    "requests": ["requests.requests"],
}
ROWS = {
    "auth": "auth.users (email, display_name) VALUES ('dora@asky.example', 'Dora')",
    "pyxis": "pyxis.dispensers (name, ward) VALUES ('D9', 'East')",
    "requests": "requests.requests (requested_by, dispenser_id, item_kind, item_id, quantity)"
    " VALUES (gen_random_uuid(), gen_random_uuid(), 'medicine', gen_random_uuid(), 1)",
}
DENIED = "InsufficientPrivilegeError"


@pytest.mark.parametrize("service", TABLES)
def test_a_service_reads_and_writes_its_own_tables(
    deployment: Deployment, service: str, tmp_path: Path
) -> None:
    table = ROWS[service].split()[0]
    answers = of_service(deployment, service, tmp_path).ask(
        "SELECT current_user, (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid())",
        f"WITH new AS (INSERT INTO {ROWS[service]} RETURNING id) SELECT count(*) FROM new",
        f"WITH old AS (UPDATE {table} SET id = id RETURNING id) SELECT count(*) >= 0 FROM old",
        f"WITH old AS (DELETE FROM {table} RETURNING id) SELECT count(*) >= 0 FROM old",
        *(f"SELECT count(*) >= 0 FROM {each}" for each in TABLES[service]),
    )
    assert answers == [[[service, "True"]], [["1"]], *[[["True"]]] * (2 + len(TABLES[service]))]


@pytest.mark.parametrize("service", TABLES)
def test_a_service_can_do_nothing_else(deployment: Deployment, service: str, tmp_path: Path) -> None:
    foreign = [table for owner, tables in TABLES.items() if owner != service for table in tables]
    forbidden = [
        *(f"SELECT * FROM {table}" for table in foreign),
        f"CREATE TABLE {service}.mine (id int)",
        "CREATE TABLE public.mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        "CREATE EXTENSION dblink",
        f"TRUNCATE {TABLES[service][0]}",
        f"ALTER TABLE {TABLES[service][0]} ADD COLUMN mine int",
        f"DROP TABLE {TABLES[service][0]}",
        "SELECT * FROM pg_authid",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SET ROLE asky_migrator",
        "ALTER DATABASE asky OWNER TO CURRENT_USER",
    ]
    answers = of_service(deployment, service, tmp_path).ask(*forbidden)
    assert dict(zip(forbidden, answers, strict=True)) == dict.fromkeys(forbidden, DENIED)


@pytest.mark.parametrize("client", ["asyncpg", "libpq"])
def test_a_server_with_another_name_or_authority_is_refused(
    deployment: Deployment, client: str, tmp_path: Path
) -> None:
    own = of_service(deployment, "auth", tmp_path)
    own.hosts.write_text(f"{own.plane.database} postgres elsewhere\n", "utf-8")
    other = tmp_path / "other.crt"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=other",
        "-out",
        str(other),
    ]
    assert own.run(*command, "-keyout", str(tmp_path / "other.key")).returncode == 0
    url = own.environment["DATABASE_URL"]
    outcomes = {}
    for case, changed in {
        "as it is": {},
        "another name": {"DATABASE_URL": url.replace("@postgres:", "@elsewhere:")},
        "another authority": {"PGSSLROOTCERT": str(other)},
    }.items():
        address = changed.get("DATABASE_URL", url).replace("+asyncpg", "")
        program = {
            "asyncpg": ["python", "-c", CONNECT],
            "libpq": ["psql", "-XqtAc", "SELECT 'connected'", address],
        }[client]
        done = own.run(*program, PYTHONPATH=str(own.plane.programs / "client"), **changed)
        outcomes[case] = "connected" if "connected" in done.stdout else reason(done.stderr)
    assert outcomes == {
        "as it is": "connected",
        "another name": "the certificate is for another name",
        "another authority": "the authority is not known",
    }


def test_no_pod_of_ours_sees_the_authoritys_key(deployment: Deployment, overlay: str) -> None:
    """CloudNativePG keeps it in the Secret whose certificate every client needs."""
    keys = set(deployment.values(deployment.plane.get("secret", "asky-db-ca")))
    assert keys == ({"ca.crt"} if overlay == "minikube" else {"ca.crt", "ca.key"})
    mounted = [
        [item["key"] for item in volume["secret"].get("items", [{"key": "all of it"}])]
        for pod in deployment.plane.get("pods")
        for volume in pod["spec"].get("volumes", [])
        if volume.get("secret", {}).get("secretName") == "asky-db-ca"
    ]
    assert mounted and mounted == [["ca.crt"]] * len(mounted)


def test_a_connection_without_tls_is_refused(deployment: Deployment, tmp_path: Path) -> None:
    own = of_service(deployment, "auth", tmp_path)
    address = own.environment["DATABASE_URL"].replace("+asyncpg", "")
    done = own.run("psql", "-XqtAc", "SELECT 1", address, PGSSLMODE="disable")
    assert (done.returncode, done.stdout) == (2, "")
    assert re.search("(rejects connection|no pg_hba.conf entry).*no encryption", done.stderr)


def test_the_migrations_go_up_twice_and_all_the_way_down(deployment: Deployment, tmp_path: Path) -> None:
    deployment.superuser("CREATE DATABASE scratch OWNER asky_migrator")
    own = of_migrations(deployment, tmp_path)
    folder = deployment.repository.work / "sql" / "migrations"
    names = sorted(file.name for file in folder.glob("*.sql"))
    url = own.environment["DATABASE_URL"].removesuffix("/asky") + "/scratch"
    said = []
    for verb in ["up", "up", *["down"] * len(names), "up"]:
        done = own.run("dbmate", "--no-dump-schema", f"--migrations-dir={folder}", f"--url={url}", verb)
        assert done.returncode == 0, done.stderr
        said.append(re.findall(r"^(Applied|Rolled back): (\S+)", done.stdout, re.MULTILINE))
    up = [("Applied", name) for name in names]
    assert said == [up, [], *([("Rolled back", name)] for name in reversed(names)), up]
    deployment.superuser("DROP DATABASE scratch")


def test_going_all_the_way_down_leaves_nothing(deployment: Deployment, tmp_path: Path) -> None:
    deployment.superuser("CREATE DATABASE scratch OWNER asky_migrator")
    own = of_migrations(deployment, tmp_path)
    folder = deployment.repository.work / "sql" / "migrations"
    url = own.environment["DATABASE_URL"].removesuffix("/asky") + "/scratch"
    for verb in ["up", *["down"] * len(list(folder.glob("*.sql")))]:
        done = own.run("dbmate", "--no-dump-schema", f"--migrations-dir={folder}", f"--url={url}", verb)
        assert done.returncode == 0, done.stderr
    left = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
    done = own.run("psql", "-XqtAc", left, url)
    assert (done.stdout.split(), done.stderr) == (["public"], "")
    deployment.superuser("DROP DATABASE scratch")


def test_every_login_may_log_in_and_is_nothing_more(deployment: Deployment) -> None:
    rows = deployment.superuser(
        "SELECT rolname, rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls"
        " FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> 'postgres' ORDER BY rolname"
    )
    assert rows.split() == [f"{name}|t|f|f|f|f|f" for name in ("asky_migrator", "auth", "pyxis", "requests")]


def test_no_password_is_in_the_servers_log_or_in_any_programs_output(deployment: Deployment) -> None:
    values = {
        value
        for secret in deployment.plane.get("secrets")
        for key, value in deployment.values(secret).items()
        if key in ("password", "JWT_KEY")
    }
    logs = [file.read_text("utf-8", "replace") for file in deployment.plane.folder.glob("logs/pods/*.log")]
    assert values and logs
    assert [value for value in values if any(value in log for log in logs)] == []


@pytest.mark.parametrize("overlay", ["minikube"], indirect=True)
class TestSecretsMadeInTheCluster:
    """minikube: a Job makes every Secret that is missing, and never touches one that is there."""

    def test_every_password_is_long_and_of_letters_and_digits_alone(self, deployment: Deployment) -> None:
        found = {
            f"{each['metadata']['name']}/{key}": bool(re.fullmatch("[A-Za-z0-9]{40,48}", value))
            for each in deployment.plane.get("secrets")
            for key, value in deployment.values(each).items()
            if key in ("password", "JWT_KEY")
        }
        names = ["asky-db-superuser", "auth-db", "migrations-db", "pyxis-db", "requests-db"]
        assert found == {**{f"{name}/password": True for name in names}, "auth/JWT_KEY": True}

    def test_a_deleted_password_is_made_anew_and_its_role_gets_it(
        self, deployment: Deployment, tmp_path: Path
    ) -> None:
        before = {each["metadata"]["name"]: each["data"] for each in deployment.plane.get("secrets")}
        deployment.plane.kubectl("delete", "secret", "auth-db", "-n", "asky")
        deployment.sync_again()
        after = {each["metadata"]["name"]: each["data"] for each in deployment.plane.get("secrets")}
        assert {name for name in after if after[name] != before[name]} == {"auth-db"}
        assert of_service(deployment, "auth", tmp_path).ask("SELECT current_user") == [[["auth"]]]


CONNECT = """
import asyncio, os
import asyncpg

async def main():
    await asyncpg.connect(os.environ["DATABASE_URL"].replace("+asyncpg", ""))
    print("connected")

asyncio.run(main())
"""


def reason(text: str) -> str:
    """Return why a client refused a server, the same words for every client."""
    if re.search("Hostname mismatch|does not match host name", text):
        return "the certificate is for another name"
    if re.search("self-signed certificate|unable to get local issuer|certificate verify failed", text):
        return "the authority is not known"
    return text


@pytest.mark.parametrize("overlay", ["minikube"], indirect=True)
def test_the_database_answers_again_with_its_data_after_its_pod_is_gone(
    deployment: Deployment, tmp_path: Path, overlay: str
) -> None:
    own = of_service(deployment, "pyxis", tmp_path)
    rows, gone = own.ask("SELECT id FROM pyxis.dispensers"), deployment.plane.get("pod", "postgres-0")
    assert rows != [[]]
    deployment.plane.kubectl("delete", "pod", "postgres-0", "-n", "asky")
    wait("the database is back", lambda: deployment.is_back(gone), why=deployment.explain)
    assert own.ask("SELECT id FROM pyxis.dispensers") == rows
