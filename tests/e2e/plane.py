"""One control plane for as long as a test needs it, and the ways to ask it."""

import json
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, TypeVar

import yaml

ROOT = Path(__file__).resolve().parents[2]
CRDS = ROOT / "asky_gitops" / "_bundled" / "crds"
KINDS = re.compile(
    r"argoproj\.io_.*|barmancloud\.cnpg\.io_.*|cert-manager\.io_(certificate|issuer|clusterissuer)"
    r"|external-secrets\.io_(externalsecret|secretstore)|monitoring\.coreos\.com_(podmonitor|prometheusrule|servicemonitor)"
    r"|postgresql\.cnpg\.io_(backup|cluster|database|pooler|scheduledbackup)"
)
"""The definitions a stack can need, of all that are packed: each costs whatever serves and watches it."""
LIMIT = 600.0
"""Seconds anything may take on a busy machine; most of it takes a few."""

Object = dict[str, Any]
T = TypeVar("T")


class Plane:
    """etcd, the API server, the controllers, the scheduler, kwok's nodes, and Argo CD where asked for."""

    def __init__(self, programs: Path, *, argocd: bool = False, kinds: re.Pattern[str] = KINDS) -> None:
        """Start everything and wait until it is ready; the pipe is what keeps it alive."""
        self.programs = programs
        definitions = ",".join(
            str(file) for file in sorted(CRDS.glob("*.json")) if kinds.fullmatch(file.stem)
        )
        command = [str(programs / "bin" / "controlplane"), "--programs", str(programs), "--crds", definitions]
        command += ["--stages", str(programs / "stages" / "stages.yaml"), *(["--argocd"] if argocd else [])]
        self.errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 - open as long as the process writes to it
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True
        )
        assert self.process.stdout
        ready = self.process.stdout.readline()
        if not ready:
            self.process.wait()
            raise AssertionError(f"the control plane does not start: {self.said()}")
        facts = json.loads(ready)
        self.folder, self.database = Path(facts["folder"]), facts["database"]
        self.environment = {
            **os.environ,
            "KUBECONFIG": facts["kubeconfig"],
            "PATH": f"{programs}/images:{programs}/bin:{os.environ['PATH']}",
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Stop everything; nothing of it may be left."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(timeout=LIMIT)
        assert not self.folder.exists(), f"{self.folder} was left behind"

    def said(self) -> str:
        """Return what the control plane and the operators' stand-ins have complained about."""
        self.errors.seek(0)
        return self.errors.read()[-3000:]

    def kubectl(self, *arguments: str, input: str | None = None) -> str:
        """Run kubectl and return what it prints; a failure fails the test with kubectl's own words."""
        done = self.try_kubectl(*arguments, input=input)
        assert done.returncode == 0, f"kubectl {' '.join(arguments)}\n{done.stdout}{done.stderr}"
        return done.stdout

    def try_kubectl(self, *arguments: str, input: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run kubectl, whatever comes of it."""
        return subprocess.run(
            ["kubectl", *arguments],
            input=input,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def get(self, kind: str, name: str = "", namespace: str = "asky") -> Any:
        """Return an object, or without a name the list of all of the kind."""
        found = json.loads(
            self.kubectl("get", kind, *([name] if name else []), "-n", namespace, "-o", "json")
        )
        return found if name else found["items"]

    def find(self, kind: str, name: str, namespace: str = "asky") -> Object:
        """Return an object, empty where it is not there just now."""
        text = self.kubectl("get", kind, name, "-n", namespace, "--ignore-not-found", "-o", "json")
        found: Object = json.loads(text) if text else {}
        return found

    def exists(self, kind: str, name: str, namespace: str = "asky") -> bool:
        """Tell whether an object is there."""
        return bool(self.kubectl("get", kind, name, "-n", namespace, "--ignore-not-found", "-o", "name"))

    def may(self, account: str, verb: str, what: str, namespace: str = "asky") -> bool:
        """Tell whether the API server lets an account do something."""
        done = self.try_kubectl("auth", "can-i", verb, what, "-n", namespace, "--as", account)
        assert done.stdout in ("yes\n", "no\n"), done.stderr
        return done.stdout == "yes\n"

    def rights(self, account: str, namespace: str = "asky") -> list[str]:
        """Return the rules by which an account may do more than any other: `resources [] [names] [verbs]`."""
        own, anybody = (
            {" ".join(line.split()) for line in self.kubectl(*question, each).splitlines()}
            for question in [("auth", "can-i", "--list", "-n", namespace, "--as")]
            for each in (account, f"system:serviceaccount:{namespace}:nobody")
        )
        return sorted(own - anybody)

    def merge(self, kind: str, name: str, change: Object, namespace: str = "asky") -> None:
        """Merge a change into an object; null takes a key away."""
        self.kubectl("patch", kind, name, "-n", namespace, "--type=merge", "-p", json.dumps(change))

    def live(self, objects: list[Object]) -> list[Object]:
        """Return what the API server holds of each object, in the same order; none may be missing."""
        found: list[Object] = json.loads(self.kubectl("get", "-f", "-", "-o", "json", input=dump(*objects)))[
            "items"
        ]
        return found

    def apply(self, text: str) -> str:
        """Apply as strictly as the API server can: unknown fields and warnings are failures."""
        return self.kubectl(*STRICT, input=text)

    def try_apply(self, text: str) -> subprocess.CompletedProcess[str]:
        """Apply strictly, whatever comes of it."""
        return self.try_kubectl(*STRICT, input=text)

    def render(self, folder: Path) -> list[Object]:
        """Return what `kustomize build` makes of a folder, the program Argo CD runs."""
        done = subprocess.run(
            ["kustomize", "build", str(folder)],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return list(yaml.safe_load_all(done.stdout))

    def log(self, pod: str, container: str) -> str:
        """Return what a container that ran for real has printed."""
        return (self.folder / "logs" / "pods" / f"asky_{pod}_{container}.log").read_text("utf-8")

    def logs(self) -> str:
        """Return the end of every container's log, for the message of a failure."""
        files = sorted((self.folder / "logs" / "pods").glob("*.log"), key=lambda file: file.stat().st_mtime)
        return "\n".join(f"--- {file.name}\n{file.read_text('utf-8')[-600:]}" for file in files[-6:])


STRICT = ("apply", "--server-side", "--validate=strict", "--warnings-as-errors", "-f", "-")


def dump(*objects: Object) -> str:
    """Return objects as one YAML text."""
    return yaml.safe_dump_all(objects)


LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
"""What a client keeps for itself: Argo CD writes into it the replicas that an autoscaler set."""


def content(live: Object) -> Object:
    """Return what an object says: all but its status and what the API server keeps about it.

    Its generation is left out: a NetworkPolicy's rises at each apply of an empty list, though none is stored.
    """
    kept = ("labels", "annotations", "ownerReferences", "finalizers", "uid")
    said = {key: value for key, value in live.items() if key not in ("metadata", "status")}
    metadata = {key: live["metadata"].get(key) for key in kept}
    notes = metadata["annotations"] or {}
    metadata["annotations"] = {key: value for key, value in notes.items() if key != LAST_APPLIED}
    return {**said, "metadata": metadata}


def wait(what: str, ask: Callable[[], T | None], *, limit: float = LIMIT, why: Callable[[], str] = str) -> T:
    """Ask until the answer is true; when time is up, fail and say why."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if answer := ask():
            return answer
        time.sleep(1)  # most of what the tests compute is kubectl starting
    raise AssertionError(f"after {limit:.0f} s not yet: {what}\n{why()}")
