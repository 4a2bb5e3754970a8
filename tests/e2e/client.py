"""Programs run as a pod runs them: with the pod's own variables, and `postgres` as the database's name."""

import base64
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.e2e.deployment import Deployment
from tests.e2e.plane import Object

HOSTS = 'mount --bind "$0" /etc/hosts && exec "$@"'
"""With user and mount namespaces of its own, a program sees another /etc/hosts."""

ASK = """
import asyncio, json, os, sys
import asyncpg

async def main():
    connection = await asyncpg.connect(os.environ["DATABASE_URL"].replace("+asyncpg", ""))
    for statement in json.load(sys.stdin):
        work = connection.transaction()
        await work.start()
        try:
            print(json.dumps([list(map(str, row)) for row in await connection.fetch(statement)]))
        except asyncpg.PostgresError as error:
            print(json.dumps(type(error).__name__))
        await work.rollback()

asyncio.run(main())
"""
"""Run each statement alone and take it back; print its rows or the name of its error."""


class Client:
    """The environment of one container of one workload."""

    def __init__(self, deployment: Deployment, pod: Object, folder: Path) -> None:
        """Resolve the first container's variables and lay down the CA it mounts."""
        self.deployment, self.plane = deployment, deployment.plane
        self.hosts, authority = folder / "hosts", folder / "ca.crt"
        names = "postgres postgres-primary postgres-ro"
        self.hosts.write_text(f"127.0.0.1 localhost\n{self.plane.database} {names}\n", "utf-8")
        authority.write_bytes(self.secret("asky-db-ca", "ca.crt"))
        values: dict[str, str] = {}
        for variable in pod["containers"][0]["env"]:
            reference = variable.get("valueFrom", {}).get("secretKeyRef")
            value = (
                self.secret(reference["name"], reference["key"]).decode() if reference else variable["value"]
            )
            values[variable["name"]] = re.sub(r"\$\((\w+)\)", lambda found: values[found[1]], value)
        assert values["PGSSLMODE"] == "verify-full"
        self.environment = {**self.plane.environment, **values, "PGSSLROOTCERT": str(authority)}

    def secret(self, name: str, key: str) -> bytes:
        """Return one value of a Secret."""
        return base64.b64decode(self.plane.get("secret", name)["data"][key])

    def run(self, *command: str, input: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a program with the container's variables, and some changed."""
        wrapped = [
            "unshare",
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            HOSTS,
            str(self.hosts),
            *command,
        ]
        changed = {**self.environment, **environment}
        return subprocess.run(wrapped, input=input, env=changed, capture_output=True, text=True, check=False)

    def log_in(self, password: str | None = None) -> subprocess.CompletedProcess[str]:
        """Log in by the container's URL, or with another password, and say as whom."""
        address = urlsplit(self.environment["DATABASE_URL"])
        given = f"{address.username}:{password or address.password}"
        url = f"postgresql://{given}@{address.hostname}:{address.port}{address.path}"
        return self.run("psql", "-XqtAc", "SELECT current_user", url)

    def logs_in(self, name: str) -> bool:
        """Tell whether the container's login is let in, under this name."""
        return self.log_in().stdout == f"{name}\n"

    def ask(self, *statements: str) -> list[Any]:
        """Run statements through asyncpg, each alone and taken back: its rows, or the name of its error."""
        packages = str(self.plane.programs / "client")
        done = self.run(sys.executable, "-c", ASK, input=json.dumps(statements), PYTHONPATH=packages)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]


def of_service(deployment: Deployment, name: str, folder: Path) -> Client:
    """Return a service's view of the database."""
    return Client(deployment, deployment.plane.get("deployment", name)["spec"]["template"]["spec"], folder)


def of_migrations(deployment: Deployment, folder: Path) -> Client:
    """Return the migration Job's view of the database."""
    return Client(deployment, deployment.plane.get("job", "migrations")["spec"]["template"]["spec"], folder)
