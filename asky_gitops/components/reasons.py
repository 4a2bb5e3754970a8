"""Why each object exists, and what happens in each wave: one sentence each, for the pages."""

from collections.abc import Mapping
from types import MappingProxyType

from asky_gitops.components.metadata import Wave
from asky_gitops.model.manifest import Manifest

WAVES: Mapping[Wave, str] = MappingProxyType(
    {
        Wave.GROUND: "what the rest stands on: namespace, accounts, rights, network policies, settings, SQL",
        Wave.SECRETS: "passwords and keys are made, or brought from their provider",
        Wave.DATABASE: "PostgreSQL starts; the next wave waits until it answers",
        Wave.ROLES: "each service's login role is there, and connections are pooled where that is asked for",
        Wave.MIGRATIONS: "the migrations that are new run on the primary",
        Wave.SEEDS: "the sample data is loaded, where the overlay wants it",
        Wave.SERVICES: "the services start, on a schema that is as new as they are",
        Wave.EDGE: "the ways in open; autoscalers, disruption budgets, schedules and monitors begin",
    }
)

NAMED: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("Job", "postgres-roles"): "makes the database, and each service's login role with its password",
        ("Job", "seeds"): "loads the sample data",
        ("NetworkPolicy", "allow-dns"): "lets every pod ask for names, and nothing else",
        (
            "NetworkPolicy",
            "default-deny",
        ): "closes the namespace's network: what is open is named by another policy",
        ("NetworkPolicy", "postgres-clients"): "lets those who log in to the database reach it",
        ("Service", "postgres"): "the database's one name in every overlay: no URL differs",
        ("Service", "postgres-headless"): "the StatefulSet's own, which each must have",
    }
)
"""By kind and name, where one object is not like the others of its kind."""

REASONS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("database", "Cluster"): "PostgreSQL, kept by CloudNativePG: replication, failover, certificates",
        ("database", "ConfigMap"): "who may connect to PostgreSQL, and only with TLS",
        ("database", "NetworkPolicy"): "says who may reach PostgreSQL, and whom it may reach",
        ("database", "ObjectStore"): "where base backups and the write-ahead log are archived",
        ("database", "PersistentVolumeClaim"): "holds the database's files",
        ("database", "PodDisruptionBudget"): "keeps a connection pooler running while nodes are drained",
        ("database", "PodMonitor"): "tells Prometheus where the database's metrics are",
        ("database", "Pooler"): "shares few connections of the database among many of the services",
        ("database", "PrometheusRule"): "raises an alarm when the database or its backups are not well",
        ("database", "ScheduledBackup"): "takes a base backup at its times",
        ("database", "Service"): "a name of the database, for those who connect to it",
        (
            "database",
            "ServiceAccount",
        ): "the account of the database's pods, which has no rights in the cluster",
        ("database", "StatefulSet"): "PostgreSQL, one server with its volume",
        ("ingress", "Ingress"): "the way in from outside to {name}",
        (
            "ingress",
            "NetworkPolicy",
        ): "lets the controller or load balancer, and nobody else outside, reach {name}",
        (
            "ingress",
            "Role",
        ): "lets the load balancer's controller read the login's client, and no other Secret",
        ("ingress", "RoleBinding"): "gives the load balancer's controller that role",
        ("job", "ConfigMap"): "configuration files of the job {name}",
        ("job", "CronJob"): "runs {name} at its times",
        ("job", "NetworkPolicy"): "says whom the job {name} may reach",
        ("metrics", "NetworkPolicy"): "lets Prometheus read the metrics of {name}",
        ("metrics", "ServiceMonitor"): "tells Prometheus where the metrics of {name} are",
        (
            "migrations",
            "ConfigMap",
        ): "the SQL that a Job runs; its digest makes new SQL a change that Argo CD sees",
        ("migrations", "Job"): "runs the migrations that are new, as the owner of the schemas",
        ("migrations", "NetworkPolicy"): "lets the migrations reach the database, and nothing else",
        ("migrations", "ServiceAccount"): "the account of the migrations, which has no rights in the cluster",
        ("monitoring", "DaemonSet"): "measures each node: processors, memory, disks",
        ("monitoring", "Namespace"): "apart from the services, for node-exporter reads the host's files",
        ("monitoring", "NetworkPolicy"): "lets Prometheus, and nobody else, read the nodes' metrics",
        ("monitoring", "ServiceAccount"): "the account of node-exporter, which has no rights in the cluster",
        ("namespace", "Namespace"): "the stack's own, with Pod Security at its strictest",
        ("secrets", "ExternalSecret"): "brings the Secret of the same name from its provider",
        ("secrets", "Job"): "makes the Secrets that are not there yet, and never changes one",
        ("secrets", "NetworkPolicy"): "lets that Job reach the API server, and nothing else",
        ("secrets", "Role"): "lets that Job make Secrets and look at its own, and nothing else",
        ("secrets", "RoleBinding"): "gives that Job its role",
        ("secrets", "SecretStore"): "says where External Secrets finds the values, with whose rights",
        ("secrets", "ServiceAccount"): "the account of that Job",
        ("service", "ConfigMap"): "configuration files of {name}",
        ("service", "Deployment"): "runs {name}",
        ("service", "HorizontalPodAutoscaler"): "runs more pods of {name} under load, and fewer without",
        ("service", "NetworkPolicy"): "says who may call {name}, and whom it may reach",
        ("service", "PodDisruptionBudget"): "keeps {name} answering while nodes are drained",
        ("service", "Service"): "the name by which {name} is called",
        ("service", "ServiceAccount"): "the account of {name}, which has no rights in the cluster",
        (
            "storage",
            "StorageClass",
        ): "encrypted volumes that grow and outlive their claims; the driver's own are plain",
    }
)
"""By the component label and the kind; `{name}` is the service or job it belongs to."""


def reason(manifest: Manifest) -> str:
    """Return why an object of ours exists; a KeyError is a kind that this table has forgotten."""
    labels, kind = manifest["metadata"]["labels"], manifest["kind"]
    special = NAMED.get((kind, manifest["metadata"]["name"]))
    text = special or REASONS[labels["app.kubernetes.io/component"], kind]
    return text.format(name=labels["app.kubernetes.io/name"])
