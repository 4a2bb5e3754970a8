"""kubectl: the cluster that the current context names is asked and told through the user's own program."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from asky_gitops.adapters import process
from asky_gitops.errors import Refused, ToolError

Object = dict[str, Any]

ANSWER = 60.0
"""Seconds for one answer; an API server that is busy takes a few."""
CONNECT = "--request-timeout=20s"


APPLY = ("apply", "--server-side", "--field-manager=asky-gitops", "--validate=strict", CONNECT)


class NoCluster(ToolError):
    """kubectl is not there, has no context, or nobody answers."""


class Kubectl:
    """The cluster of the current context, as `KUBECONFIG` and `~/.kube/config` have it."""

    def __init__(self, folder: Path) -> None:
        """`folder` is where kubectl runs: relative paths in a kubeconfig count from its own place."""
        self.folder = folder

    def run(self, *arguments: str, stdin: bytes = b"", timeout: float = ANSWER) -> process.Completed:
        """Run kubectl to its end, whatever comes of it; raises NoCluster without it and after `timeout`."""
        return process.run(
            ["kubectl", *arguments], cwd=self.folder, timeout=timeout, stdin=stdin, error=NoCluster
        )

    def ask(self, *arguments: str) -> Any:
        """Return kubectl's JSON answer. Raises ToolError with its own words when there is none."""
        done = self.run(*arguments, CONNECT, "-o", "json")
        if done.status:
            raise ToolError(words(done.stderr))
        return json.loads(done.stdout)

    def get(self, kind: str, *names: str, namespace: str | None = None) -> list[Object]:
        """Return the objects of a kind that are there, of all namespaces without one; names limit them."""
        scope = ["--namespace", namespace] if namespace else ["--all-namespaces"]
        done = self.run("get", kind, *names, *scope, CONNECT, "--ignore-not-found", "-o", "json")
        if done.status:
            raise ToolError(words(done.stderr))
        found = json.loads(done.stdout) if done.stdout.strip() else {"items": []}
        return list(found["items"]) if "items" in found else [found]

    def secret_keys(self, namespace: str, name: str) -> set[str] | None:
        """Return the keys of a Secret, whose values stay where they are; None where it is not there."""
        template = "go-template=there{{range $key, $value := .data}} {{$key}}{{end}}"
        scope = ["--namespace", namespace, CONNECT, "--ignore-not-found", "-o", template]
        done = self.run("get", "secret", name, *scope)
        if done.status:
            raise ToolError(words(done.stderr))
        return set(done.stdout.decode().split()[1:]) if done.stdout.strip() else None

    def warning(self, namespace: str, uid: str) -> tuple[str, str] | None:
        """Return the newest warning about an object as (reason, message); None where there is none."""
        about = f"involvedObject.uid={uid},type=Warning"
        found = self.ask("get", "events", "--namespace", namespace, "--field-selector", about)["items"]
        newest = max(
            found, key=lambda one: str(one.get("lastTimestamp") or one.get("eventTime")), default=None
        )
        return newest and (str(newest.get("reason")), " ".join(str(newest.get("message")).split()))

    def raw(self, path: str) -> Object | None:
        """Return what the API server says at a path of its own; None where it has none."""
        done = self.run("get", "--raw", path, CONNECT)
        if done.status:
            if b"NotFound" in done.stderr:
                return None
            raise ToolError(words(done.stderr))
        return dict(json.loads(done.stdout))

    def live(self, objects: str) -> list[Object]:
        """Return what the API server holds of the objects of a YAML text, less those that are not there."""
        done = self.run("get", "--ignore-not-found", "-f", "-", CONNECT, "-o", "json", stdin=objects.encode())
        if done.status and not done.stdout.strip():
            raise ToolError(words(done.stderr))
        found = json.loads(done.stdout) if done.stdout.strip() else {"items": []}
        return list(found["items"]) if "items" in found else [found]

    def apply(self, objects: str) -> None:
        """Apply a YAML text server-side, object by object; unknown fields are refused.

        Raises Refused in the API server's words for what it does not take, and for a field that is another
        manager's.
        """
        done = self.run(*APPLY, "--filename", "-", stdin=objects.encode())
        if done.status:
            raise Refused(complaint(done.stderr))

    def delete(self, objects: str, *, wait: bool = True) -> None:
        """Delete the objects of a YAML text that are there. Raises ToolError in kubectl's words."""
        arguments = ["delete", "--ignore-not-found", f"--wait={str(wait).lower()}", "--filename", "-"]
        done = self.run(*arguments, stdin=objects.encode(), timeout=ANSWER * 5)
        if done.status:
            raise ToolError(words(done.stderr))

    def change(self, *arguments: str) -> None:
        """Run a command of kubectl that changes something. Raises ToolError in its words."""
        done = self.run(*arguments, CONNECT)
        if done.status:
            raise ToolError(words(done.stderr))

    def last_lines(self, namespace: str, pod: str, lines: int = 3) -> list[str]:
        """Return the last lines a pod has printed; none where they cannot be had."""
        done = self.run("logs", pod, "--namespace", namespace, f"--tail={lines}", "--all-containers", CONNECT)
        return [] if done.status else done.stdout.decode("utf-8", "replace").splitlines()[-lines:]

    def context(self) -> str:
        """Return the name of the current context. Raises NoCluster where there is none."""
        done = self.run("config", "current-context")
        if done.status:
            raise NoCluster("kubectl has no current context")
        return done.stdout.decode("utf-8", "replace").strip()

    def server(self) -> str:
        """Return the version of the API server: `1.36.3`. Raises NoCluster when it does not answer."""
        done = self.run("version", CONNECT, "-o", "json")
        found = json.loads(done.stdout) if done.stdout.strip() else {}
        if "serverVersion" not in found:
            raise NoCluster(f"no cluster answers: {words(done.stderr)}")
        return str(found["serverVersion"]["gitVersion"]).removeprefix("v")


def words(stderr: bytes) -> str:
    """Return what kubectl complains about, in one line: its last one says it."""
    lines = [line for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    return (
        re.sub(r"^(error|Error from server( \(\w+\))?): ", "", lines[-1].strip())
        if lines
        else "kubectl says nothing"
    )


def complaint(stderr: bytes) -> str:
    """Return what kubectl says of a text that was not taken whole, without its advice on flags."""
    said = stderr.decode("utf-8", "replace").split("Please review the fields above")[0]
    return "\n".join(line for line in said.splitlines() if line.strip() and not line.startswith("Warning:"))


def version_of(program: str, arguments: Sequence[str], folder: Path) -> str | None:
    """Return the version that a program prints of itself, None when it is not installed or says none."""
    try:
        done = process.run([program, *arguments], cwd=folder, timeout=20)
    except ToolError:
        return None
    found = re.search(rb"\d+\.\d+(\.\d+)?", done.stdout + done.stderr)
    return found[0].decode() if found else None
