"""What the cluster says happened, and when."""

import re
from datetime import datetime
from typing import Any

from tests.e2e.deployment import Deployment
from tests.e2e.plane import Object, Plane


def is_broken(pod: Object) -> bool:
    """Tell a pod whose image starts and never answers (tests/cluster/stages/pods.yaml)."""
    return str(pod["spec"]["containers"][0]["image"]).endswith(":broken")


def services(plane: Plane) -> list[Object]:
    """Return the Deployments of the services; a Pooler's is the operator's own."""
    return [
        each for each in plane.get("deployments") if "cnpg.io/poolerName" not in each["metadata"]["labels"]
    ]


def services_pods(deployment: Deployment) -> set[str]:
    """Return the pods of the services that are not on their way out."""
    return {
        each["metadata"]["name"]
        for each in deployment.plane.get("pods")
        if each["metadata"]["ownerReferences"][0]["kind"] == "ReplicaSet"
        and "cnpg.io/poolerName" not in each["metadata"]["labels"]
        and "deletionTimestamp" not in each["metadata"]
    }


def answers(deployment: Deployment, service: Object) -> datetime:
    """Return when the first pod of a service was ready; an autoscaler may have added others since."""
    name = service["metadata"]["name"]
    pods = deployment.plane.get("pods")
    return min(
        since(each, "Ready")
        for each in pods
        if each["metadata"]["labels"].get("app.kubernetes.io/name") == name
    )


def database_ready(deployment: Deployment) -> datetime:
    """Return when the database accepted connections: its pod's, and on eks the Cluster's own word."""
    if deployment.overlay == "minikube":
        return since(deployment.plane.get("pod", "postgres-0"), "Ready")
    return since(deployment.plane.get("cluster.postgresql.cnpg.io", "asky-db"), "Ready")


def tables(deployment: Deployment) -> set[str]:
    """Return the tables of the services' schemas, as the database has them now."""
    query = (
        "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema)'"
    )
    return set(deployment.superuser(query).split())


def made(each: Object) -> datetime:
    """Return when an object was made, to the second, as the API server keeps it."""
    return moment(each["metadata"]["creationTimestamp"])


def done(job: Object) -> datetime:
    """Return when a Job was complete."""
    return moment(job["status"]["completionTime"])


def since(each: Object, kind: str) -> datetime:
    """Return since when a condition holds."""
    return next(
        moment(one["lastTransitionTime"]) for one in each["status"]["conditions"] if one["type"] == kind
    )


def moment(text: str) -> datetime:
    """Read a Kubernetes time."""
    return datetime.fromisoformat(re.sub("Z$", "+00:00", text))


def condition(each: Object, kind: str) -> str | None:
    """Return a condition's status."""
    return next(
        (one["status"] for one in each.get("status", {}).get("conditions", []) if one["type"] == kind), None
    )


def field(each: Any, place: str) -> Any:
    """Return the value at a dotted place, None where there is none."""
    for part in place.split("."):
        each = (each[int(part)] if each else None) if isinstance(each, list) else each.get(part)
        if each is None:
            return None
    return each
