"""Who reaches a Cluster's pods and whom they reach: clients, PgBouncer, the operator, AWS, Prometheus."""

from typing import Any

from asky_gitops.components import names
from asky_gitops.components.database_access import COMPONENT, client_policy, client_rule, users
from asky_gitops.components.monitoring import prometheus
from asky_gitops.components.network import Peer, cidr, pods, policy, tcp
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Database, Stack

OPERATOR_NAMESPACE = "cnpg-system"
STATUS_PORT = 8000
"""The instance manager's REST port: the operator and the other instances ask it."""
INSTANCE_METRICS = 9187
POOLER_METRICS = 9127
API_PORTS = (443, 6443)
"""Where API servers listen; a policy cannot select one by label. S3 listens on 443 too."""
POD_IDENTITY = "169.254.170.23/32"
"""The EKS Pod Identity agent of the node, port 80 (EKS user guide, "Pod Identity agent")."""
POOLERS = {"cnpg.io/podRole": "pooler"}


def instances(cluster: str) -> dict[str, Any]:
    """Return the selector of every pod of a Cluster, its bootstrap Jobs' too, but for its PgBouncers'."""
    return {
        "matchLabels": {"cnpg.io/cluster": cluster},
        "matchExpressions": [{"key": "cnpg.io/podRole", "operator": "NotIn", "values": ["pooler"]}],
    }


def policies(stack: Stack, database: Database) -> list[Manifest]:
    """Return what the operator, the instances, PgBouncer and the clients need of each other."""
    cluster = names.cluster(stack)
    clients = [client_rule(stack, names.MIGRATIONS)]
    if database.pooler:
        through = {"podSelector": {"matchLabels": {"cnpg.io/cluster": cluster, **POOLERS}}}
        clients = [{"from": [pods(stack, names.MIGRATIONS), through], "ports": tcp(names.POSTGRES_PORT)}]
    made = [
        of_instances(stack, database, names.POSTGRES, cluster, clients),
        client_policy(stack, [{"podSelector": {"matchLabels": {"cnpg.io/cluster": cluster}}}]),
    ]
    if database.pooler:
        made.append(of_poolers(stack, cluster))
    if database.restore and database.restore.stage == "beside":
        restored = names.generation(stack, database.generation)
        made.append(of_instances(stack, database, "postgres-restored", restored, []))
    return made


def of_instances(
    stack: Stack, database: Database, name: str, cluster: str, clients: list[dict[str, Any]]
) -> Manifest:
    """Return the policy of one Cluster's instances."""
    own = {"podSelector": instances(cluster)}
    both = tcp(names.POSTGRES_PORT, STATUS_PORT)
    operator = {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": OPERATOR_NAMESPACE}},
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": "cloudnative-pg"}},
    }
    agent = []
    if database.backup and not database.backup.role_arn:
        agent = [{"to": [cidr(POD_IDENTITY)], "ports": tcp(80)}]
    return policy(
        stack,
        name,
        COMPONENT,
        instances(cluster),
        of=names.POSTGRES,
        ingress=[*clients, {"from": [operator, own], "ports": both}, *metrics(stack, INSTANCE_METRICS)],
        egress=[{"to": [own], "ports": both}, {"to": [everywhere()], "ports": tcp(*API_PORTS)}, *agent],
    )


def of_poolers(stack: Stack, cluster: str) -> Manifest:
    """Return the policy of PgBouncer, whose manager asks the API server for the Cluster's certificates."""
    return policy(
        stack,
        "postgres-pooler",
        COMPONENT,
        {"matchLabels": {"cnpg.io/cluster": cluster, **POOLERS}},
        of=names.POSTGRES,
        ingress=[*([client_rule(stack)] if users(stack) else []), *metrics(stack, POOLER_METRICS)],
        egress=[
            {"to": [{"podSelector": instances(cluster)}], "ports": tcp(names.POSTGRES_PORT)},
            {"to": [everywhere()], "ports": tcp(*API_PORTS)},
        ],
    )


def everywhere() -> Peer:
    """Return every address but the cloud's metadata service."""
    return cidr("0.0.0.0/0")


def metrics(stack: Stack, port: int) -> list[dict[str, Any]]:
    """Return Prometheus' way in, where it is told to look."""
    if not stack.monitoring.service_monitors:
        return []
    return [{"from": [prometheus(stack)], "ports": tcp(port)}]
