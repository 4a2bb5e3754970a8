"""One overlay as Argo CD deploys it, and Argo CD's view of it."""

import base64
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.e2e.plane import LIMIT, Object, Plane, content, dump, wait
from tests.e2e.repository import Repository


class Deployment:
    """One overlay as Argo CD deploys it."""

    def __init__(self, plane: Plane, repository: Repository, overlay: str) -> None:
        self.plane, self.repository, self.overlay = plane, repository, overlay
        self.name = f"asky-{overlay}"
        self.first: Object = {}

    @property
    def has_platform(self) -> bool:
        """Tell whether the overlay has a platform root, with an Application of its own."""
        return (self.repository.work / "argocd" / self.overlay / "platform.yaml").exists()

    def bootstrap(self) -> None:
        """Apply what the bootstrap page says: the projects, the health overrides, the Applications."""
        folder = self.repository.work / "argocd" / self.overlay
        texts = {file.name: self.at_home(file.read_text("utf-8")) for file in sorted(folder.glob("*.yaml"))}
        destination = yaml.safe_load(texts["application.yaml"])["spec"]["destination"]
        if "name" in destination:
            self.plane.apply(dump(self.cluster_secret(destination["name"])))
        for name in sorted(texts, key=lambda name: ("project" not in name, "cm" not in name, name)):
            self.plane.kubectl(
                "apply",
                "--server-side",
                "--force-conflicts",
                "--validate=strict",
                "-f",
                "-",
                input=texts[name],
            )

    def at_home(self, text: str) -> str:
        """Point Argo CD at the bare repository; nothing else of the file changes."""
        spec = yaml.safe_load((self.repository.work / "asky.yaml").read_text("utf-8"))
        return text.replace(spec["source"]["repoURL"], self.repository.url)

    def cluster_secret(self, name: str) -> Object:
        """Return the Secret by which Argo CD knows another cluster; here it is the same one."""
        config = yaml.safe_load(Path(self.plane.environment["KUBECONFIG"]).read_text("utf-8"))
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        files = {
            "caData": cluster["certificate-authority"],
            "certData": user["client-certificate"],
            "keyData": user["client-key"],
        }
        tls = {
            key: subprocess.check_output(["base64", "-w0", path], text=True) for key, path in files.items()
        }
        return {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {
                "name": name,
                "namespace": "argocd",
                "labels": {"argocd.argoproj.io/secret-type": "cluster"},
            },
            "stringData": {
                "name": name,
                "server": cluster["server"],
                "config": json.dumps({"tlsClientConfig": tls}),
            },
        }

    def application(self, suffix: str = "") -> Object:
        """Return the Application as it is now."""
        found: Object = self.plane.get("applications.argoproj.io", self.name + suffix, "argocd")
        return found

    def message(self) -> str:
        """Return what Argo CD says about the sync."""
        return str(self.operation().get("message", ""))

    def health_of(self, kind: str, name: str) -> str:
        """Look again, and return Argo CD's word on one object."""
        self.refresh()
        resources = self.application()["status"].get("resources", [])
        return next(
            str(each.get("health", {}).get("status"))
            for each in resources
            if (each["kind"], each["name"]) == (kind, name)
        )

    def refresh(self) -> None:
        """Have Argo CD look at the repository now instead of within three minutes."""
        self.plane.kubectl(
            "annotate",
            "applications.argoproj.io",
            self.name,
            "-n",
            "argocd",
            "argocd.argoproj.io/refresh=normal",
            "--overwrite",
        )

    def sync(self) -> None:
        """Sync the same revision by hand, with the options of the spec, as `argocd app sync` does."""
        options = self.application()["spec"]["syncPolicy"]["syncOptions"]
        sync = {"prune": True, "syncOptions": options}
        operation = {"operation": {"initiatedBy": {"username": "test"}, "sync": sync}}
        self.plane.merge("applications.argoproj.io", self.name, operation, "argocd")

    def sync_again(self) -> None:
        """Sync the same revision by hand and wait until that is over."""
        before = self.operation().get("startedAt")
        self.sync()
        wait(
            "another sync is over",
            lambda: is_another(self.operation(), before),
            why=self.explain,
        )

    def operation(self, suffix: str = "") -> Object:
        """Return the state of the last sync; empty after none, and in the moment before another begins."""
        state: Object = self.application(suffix).get("status", {}).get("operationState", {})
        return state

    def wait_for(self, revision: str, suffix: str = "") -> Object:
        """Wait until a revision is synced and everything of it is healthy."""
        if not suffix and not is_done(self.application(), revision):
            self.refresh()
        return wait(
            f"{self.name}{suffix} synced to {revision[:7]} and healthy",
            lambda: is_done(self.application(suffix), revision),
            limit=2 * LIMIT,
            why=lambda: self.explain(suffix),
        )

    def is_scaled(self) -> bool:
        """Tell whether every autoscaler has the pods it wants; a sync is over before that."""
        return all(
            each["spec"]["minReplicas"] <= each["status"].get("currentReplicas", 0)
            and each["status"].get("currentReplicas") == each["status"].get("desiredReplicas")
            for each in self.plane.get("hpa")
        )

    def superuser(self, query: str, database: str = "asky") -> str:
        """Ask the database's own server, through the socket in its pod's volume, and return the bare rows."""
        pod = self.plane.find("pod", "postgres-0") or self.plane.get("pod", "asky-db-1")
        socket = self.plane.folder / "pods" / pod["metadata"]["uid"] / "volumes" / "run"
        name = "asky-db-superuser"
        password = base64.b64decode(self.plane.get("secret", name)["data"]["password"]).decode()
        command = [
            "psql",
            "-XqtA",
            f"--host={socket}",
            "--username=postgres",
            f"--dbname={database}",
            "--command",
            query,
        ]
        environment = {**self.plane.environment, "PGPASSWORD": password}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def is_back(self, gone: Object) -> bool:
        """Tell whether a pod of the same name is ready that is not the one that went."""
        live = self.plane.find("pod", gone["metadata"]["name"])
        statuses = live.get("status", {}).get("containerStatuses", [{}])
        return bool(statuses[0].get("ready")) and live["metadata"]["uid"] != gone["metadata"]["uid"]

    def values(self, secret: Object) -> dict[str, str]:
        """Return a Secret's values."""
        return {key: base64.b64decode(value).decode() for key, value in secret.get("data", {}).items()}

    def explain(self, suffix: str = "") -> str:
        """Return what stands in the way, in Argo CD's words, and what the programs in the pods said."""
        status = self.application(suffix).get("status", {})
        lines = [str(status.get("conditions")), str(status.get("operationState", {}).get("message"))]
        for resource in status.get("resources", []):
            health = resource.get("health", {})
            if resource.get("status") not in (None, "Synced") or health.get("status") not in (
                None,
                "Healthy",
            ):
                lines.append(f"{resource['kind']} {resource['name']}: {resource.get('status')} {health}")
        return "\n".join([*lines, self.plane.logs(), self.plane.said()])

    def contents(self) -> dict[str, Object]:
        """Return what everything in the namespace says, but for hooks and pods: those are made anew."""
        kinds = (
            "deployments,statefulsets,services,configmaps,serviceaccounts,roles,rolebindings,networkpolicies,"
            "ingresses,poddisruptionbudgets,horizontalpodautoscalers,persistentvolumeclaims,secrets,cronjobs,"
            "externalsecrets,secretstores,servicemonitors,podmonitors,prometheusrules,clusters.postgresql.cnpg.io,"
            "poolers.postgresql.cnpg.io,scheduledbackups.postgresql.cnpg.io,backups.postgresql.cnpg.io,"
            "objectstores.barmancloud.cnpg.io"
        )
        return {f"{each['kind']}/{each['metadata']['name']}": content(each) for each in self.plane.get(kinds)}


@contextmanager
def deployed(programs: Path, repository: Repository, overlay: str) -> Iterator[Deployment]:
    """Run a cluster with Argo CD, hand it one overlay of a repository and wait until all is well."""
    with Plane(programs, argocd=True) as plane:
        deployment = Deployment(plane, repository, overlay)
        deployment.bootstrap()
        head = repository.head()
        if deployment.has_platform:
            deployment.wait_for(head, "-platform")
        deployment.first = deployment.wait_for(head)
        wait("every autoscaler has its pods", deployment.is_scaled, why=deployment.explain)
        yield deployment


def is_another(operation: Object, before: str | None) -> bool:
    """Tell whether a sync is over that began at another time than `before`."""
    return operation.get("startedAt") not in (None, before) and operation["phase"] == "Succeeded"


def is_done(application: Object, revision: str) -> Object | None:
    """Return the Application when the cluster is as the revision says, nothing is under way, all is healthy.

    Argo CD syncs nothing when a revision differs from the last one in nothing that is deployed, nor when an
    Application made anew finds everything as it should be.
    """
    status: dict[str, Any] = application.get("status", {})
    sync, operation = status.get("sync", {}), status.get("operationState", {})
    done = (
        (sync.get("status"), sync.get("revision")) == ("Synced", revision)
        and "operation" not in application
        and operation.get("phase", "Succeeded") == "Succeeded"
        and status.get("health", {}).get("status") == "Healthy"
    )
    return application if done else None
