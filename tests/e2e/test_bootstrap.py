"""The bootstrap page of each overlay, run as it stands: from nothing to synced, removed, taken up, emptied.

What needs a cloud, a container or the internet is left out by name; everything else is run.
"""

import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.e2e.client import of_service
from tests.e2e.deployment import Deployment, is_another
from tests.e2e.observed import services, tables
from tests.e2e.plane import LIMIT, Object, Plane, content, dump, wait
from tests.e2e.repository import Repository
from tests.pages import Command, commands

ELSEWHERE = {
    "aws": "the cloud",
    "eksctl": "the cloud",
    "minikube": "another cluster",
    "echo": "the machine's own hosts file",
    "argocd": "a cluster of its own, which is the same one here",
}
"""Programs that are not run here, and what they need."""
UNREACHABLE = ("install.yaml", "kubectl logs", "asky-eks-cert-manager")
"""What needs the internet (Argo CD's manifest, charts) or a kubelet (logs)."""


class Reader:
    """Somebody who follows the page."""

    def __init__(self, deployment: Deployment, folder: Path) -> None:
        self.deployment, self.repository = deployment, deployment.repository
        self.page = commands(self.repository.work / "docs" / "bootstrap" / f"{deployment.overlay}.md")
        self.left_out: set[str] = set()
        self.login = folder / "login"
        self.login.write_text("nobody", "utf-8")

    def follow(self, *steps: str, before: str = "", after: str = "") -> None:
        """Run the commands of these steps, each as one shell runs it; a failure is the page's.

        With `before` only those before the command that starts so, with `after` that one and those after it.
        """
        chosen = [command for command in self.page if command.step in steps]
        assert {command.step for command in chosen} == set(steps)
        if turn := before or after:
            index = next(n for n, command in enumerate(chosen) if command.text.startswith(turn))
            chosen = chosen[:index] if before else chosen[index:]
        for command in chosen:
            if self.is_possible(command):
                self.run(command.text)
            else:
                self.left_out.add(command.program if command.program != "kubectl" else command.text)

    def is_possible(self, command: Command) -> bool:
        """Tell whether a command can run here."""
        return command.program not in ELSEWHERE and not any(word in command.text for word in UNREACHABLE)

    def run(self, text: str) -> None:
        """Run one command in the repository's root, with what stands in angle brackets filled in."""
        text = text.replace("<file>", str(self.login)).replace("<service>", "auth")
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text],
            cwd=self.repository.work,
            env=self.deployment.plane.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=4 * LIMIT,
        )
        assert done.returncode == 0, f"{text}\n{done.stderr}\n{self.explain()}"

    def explain(self) -> str:
        """Return what stands in the stack's way, when it is there to ask."""
        found = self.deployment.plane.exists("applications.argoproj.io", self.deployment.name, "argocd")
        return self.deployment.explain() if found else "there is no Application"


@pytest.fixture(scope="module")
def reader(programs: Path, overlay: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """Give a reader an empty cluster and a repository whose own address is in its spec."""
    folder = tmp_path_factory.mktemp("bootstrap")
    repository = Repository(folder, programs)
    repository.replace("asky.yaml", "https://git.example.org/asky/deploy.git", repository.url)
    repository.generate()
    repository.push("our own address")
    with Plane(programs, argocd=True) as plane:
        if overlay == "eks":
            plane.apply(dump(Deployment(plane, repository, overlay).cluster_secret("asky-prod")))
        yield Reader(Deployment(plane, repository, overlay), folder)


def of_platform(plane: Plane) -> dict[str, Object]:
    """Return what everything of the platform says."""
    kinds = "daemonsets,networkpolicies,serviceaccounts,namespaces,storageclasses"
    found = plane.get(kinds, namespace="asky-monitoring")
    return {f"{each['kind']}/{each['metadata']['name']}": content(each) for each in found}


def sync_again(reader: Reader, suffix: str) -> None:
    """Sync an Application by hand, as the page does, and wait until that is over."""
    deployment = reader.deployment
    before = deployment.operation(suffix).get("startedAt")
    patch = '{"operation":{"initiatedBy":{"username":"test"},"sync":{"prune":true}}}'
    name = f"{deployment.name}{suffix}"
    deployment.plane.kubectl("patch", "application", name, "-n", "argocd", "--type=merge", "--patch", patch)
    wait(
        f"another sync of {name} is over",
        lambda: is_another(deployment.operation(suffix), before),
        why=lambda: deployment.explain(suffix),
    )


def names(objects: Sequence[Object]) -> set[str]:
    """Return the objects' names."""
    return {one["metadata"]["name"] for one in objects}


def data(reader: Reader) -> tuple[str, set[str]]:
    """Return the identity of what holds the data: the database's object, empty for none, and its claims."""
    kind, name = {
        "minikube": ("statefulset", "postgres"),
        "eks": ("cluster.postgresql.cnpg.io", "asky-db"),
    }[reader.deployment.overlay]
    plane = reader.deployment.plane
    found = plane.find(kind, name).get("metadata", {}).get("uid", "")
    return found, {each["metadata"]["uid"] for each in plane.get("pvc")}


def is_well(reader: Reader) -> bool:
    """Tell whether nothing is under way any more and everything is healthy."""
    application = reader.deployment.application()
    status = application.get("status", {})
    return (
        "operation" not in application
        and status.get("operationState", {}).get("phase") == "Succeeded"
        and status.get("health", {}).get("status") == "Healthy"
    )


def change_a_password(reader: Reader, folder: Path) -> None:
    """Follow the page, and see that the service logs in with another password, not with the old one."""
    plane = reader.deployment.plane

    def password() -> str:
        return reader.deployment.values(plane.get("secret", "auth-db"))["password"]

    before = password()
    reader.follow("Change a password")
    wait("the login has another password", lambda: password() != before, why=reader.explain)
    own = of_service(reader.deployment, "auth", folder)
    wait("the role takes it", lambda: own.logs_in("auth"), why=reader.explain)
    assert "password authentication failed" in own.log_in(before).stderr
    wait("everything is well with the new password", lambda: is_well(reader), why=reader.explain)


def test_the_page_takes_a_cluster_from_nothing_to_synced_and_back(
    reader: Reader, overlay: str, tmp_path: Path
) -> None:
    plane = reader.deployment.plane
    assert not plane.exists("namespace", "asky") and not plane.exists("namespace", "asky-monitoring")
    operators = ["The operators"] if overlay == "eks" else []
    reader.follow("The cluster", "Argo CD", *operators, "The platform")
    assert plane.exists("daemonset", "node-exporter", "asky-monitoring")
    once = of_platform(plane)
    sync_again(reader, "-platform")
    assert of_platform(plane) == once, "a second sync changes nothing"
    reader.follow(*(["Secrets"] if overlay == "eks" else []), "The stack", "Migrations")
    change_a_password(reader, tmp_path)
    first = data(reader)
    migrated = tables(reader.deployment)
    assert "auth.users" in migrated

    reader.follow("Remove it")
    wait("the services are gone", lambda: not services(plane), why=reader.explain)
    assert not names(plane.get("applications.argoproj.io", namespace="argocd")) & {
        f"asky-{overlay}",
        f"asky-{overlay}-platform",
    }
    assert not plane.exists("daemonset", "node-exporter", "asky-monitoring")
    assert data(reader) == first, "the data stays when the rest is removed"

    reader.follow("The platform", "The stack")
    assert data(reader) == first, "the stack is taken up again with its data"
    assert tables(reader.deployment) == migrated


def test_the_data_goes_by_the_commands_that_are_for_it_and_by_no_others(reader: Reader) -> None:
    plane = reader.deployment.plane
    (before, claims), step = data(reader), "Delete the data on purpose"
    reader.follow(step, before="kubectl delete namespace")
    wait(
        "an empty database is migrated and everything is well",
        lambda: data(reader)[0] not in ("", before) and is_well(reader),
        why=reader.explain,
    )
    assert not data(reader)[1] & claims
    assert "auth.users" in tables(reader.deployment)
    reader.follow("Remove it")
    reader.follow(step, after="kubectl delete namespace")
    assert not plane.exists("namespace", "asky")
