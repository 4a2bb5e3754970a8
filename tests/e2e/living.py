"""What the tests of `doctor`, `up` and `down` share: how outputs are compared, and what is expected."""

import re
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.conftest import Outcome, git
from tests.e2e.plane import Object, Plane
from tests.e2e.repository import Repository

Asky = Callable[..., Outcome]
Run = Callable[..., Outcome]
SERVICES = {
    "minikube": "node-exporter 3/3 · auth 1/1 · gateway 1/1 · pyxis 1/1 · requests 1/1",
    "eks": "node-exporter 3/3 · auth 2/2 · gateway 1/1 · pyxis 2/2 · requests 2/2",
}
WAVES = {
    "minikube": """\
  base        …   0.0 s
  secrets     secrets done   0.0 s
  database    postgres 1/1   0.0 s
  roles       postgres-roles done   0.0 s
  migrations  migrations done   0.0 s
  seeds       seeds done   0.0 s
  services    {services}   0.0 s
  ingress     …   0.0 s
""",
    "eks": """\
  base        …   0.0 s
  secrets     5 ExternalSecrets   0.0 s
  database    asky-db 3/3   0.0 s
  roles       2 Poolers   0.0 s
  migrations  migrations done   0.0 s
  services    {services}   0.0 s
  ingress     …   0.0 s
""",
}
HOSTS = {"minikube": "asky.local", "eks": "asky.example.org"}
CLAIMS = {
    "minikube": ["asky/data-postgres-0 (10Gi)"],
    "eks": ["asky/asky-db-1 (10Gi)"],
}


Begun = Callable[..., "subprocess.Popen[str]"]


def until(process: "subprocess.Popen[str]", start: str) -> None:
    """Read what a program prints until a line starts with a text."""
    assert process.stdout
    while not (line := process.stdout.readline()).startswith(start):
        assert line, f"it ended with {process.wait()} before it printed {start!r}"


def stopped(process: "subprocess.Popen[str]", number: int) -> tuple[int, str]:
    """Send a signal to a program alone; return its exit status and what it said on standard error."""
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    return process.returncode, err


def at_work(folder: Path) -> list[str]:
    """Return the command lines of every kubectl that runs in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (process / "cmdline").read_bytes().split(b"\0")
            if (process / "cwd").readlink() == folder.resolve() and command[0].endswith(b"kubectl"):
                found.append(b" ".join(command).decode())
    return found


def take_back(repository: Repository) -> None:
    """Bring the work tree back to the last commit."""
    git(repository.work, "checkout", "--quiet", "--", ".")
    git(repository.work, "clean", "--quiet", "--force", "-d")


def without_times(text: str) -> str:
    """Return an output with every time as 0.0 s, and without what varies with the example and the load.

    That is the number of objects in a wave of many kinds, and of the pods that an autoscaler asks for.
    """
    text = re.sub(r"(base {8}|ingress {5}).*(   \d)", r"\1…\2", text)
    text = re.sub(r"gateway (\d+)/\1", "gateway 1/1", text)
    return re.sub(r"\d+\.\d s", "0.0 s", text)


def screen(shown: str) -> str:
    """Return what a terminal shows in the end: a line that was written over is gone, and so is colour."""
    lines = [line.rsplit("\r\x1b[K", 1)[-1] for line in shown.split("\n")]
    return re.sub(r"\x1b\[\d+m", "", "\n".join(lines))


def up_text(overlay: str) -> str:
    """Return what `up` prints on no terminal."""
    waves = WAVES[overlay].format(services=SERVICES[overlay])
    return (
        f"{waves}  up in e2e   hosts: {HOSTS[overlay]}\n"
        f"  next: kubectl --namespace asky get pods · asky-gitops down --overlay {overlay}\n"
    )


def uids(plane: Plane) -> set[str]:
    """Return the pods of the stack that no Job made, by their identity."""
    pods: list[Object] = plane.get("pods")
    return {one["metadata"]["uid"] for one in pods if "job-name" not in one["metadata"]["labels"]}


def identities(plane: Plane, kind: str) -> list[str]:
    """Return the identity of every object of a kind in the stack's namespace, or in the cluster."""
    return sorted(one["metadata"]["uid"] for one in plane.get(kind))
