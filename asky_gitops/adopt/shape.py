"""The form that the objects must have: as far as they are read here, and no further."""

from collections.abc import Iterator, Mapping
from typing import Any

Form = Any
"""Types; a list with the form of its items; a map of keys to forms, `!` behind those that must be there."""
TEXT = (str, int, float)
NUMBER = (int,)
MAP, LIST = (dict,), (list,)
NAME = {"name!": TEXT}
LABELS = {"matchLabels": MAP}

VARIABLE = {
    "name!": TEXT,
    "valueFrom": {"secretKeyRef": {**NAME, "key!": TEXT}, "configMapKeyRef": {**NAME, "key!": TEXT}},
}
PROBE = {"httpGet": {"path": TEXT}}
SIZES = {"requests": MAP, "limits": MAP}
CONTAINER = {
    "name!": TEXT,
    "image!": TEXT,
    "command": [TEXT],
    "args": [TEXT],
    "env": [VARIABLE],
    "envFrom": [{"prefix": TEXT, "configMapRef": NAME, "secretRef": NAME}],
    "ports": [{"containerPort!": NUMBER, "name": TEXT, "protocol": TEXT}],
    "resources": SIZES,
    "volumeMounts": [{**NAME, "mountPath!": TEXT}],
    "lifecycle": {"preStop": {"sleep": {"seconds": NUMBER}}},
    **dict.fromkeys(("startupProbe", "readinessProbe", "livenessProbe"), PROBE),
}
VOLUME = {**NAME, "emptyDir": MAP, "configMap": {"name": TEXT}, "persistentVolumeClaim": {"claimName": TEXT}}
POD = {
    "containers!": [CONTAINER],
    "initContainers": [CONTAINER],
    "volumes": [VOLUME],
    "imagePullSecrets": [NAME],
    "terminationGracePeriodSeconds": NUMBER,
}
METADATA = {"labels": MAP, "annotations": MAP, "namespace": TEXT}
TEMPLATE = {"metadata": METADATA, "spec!": POD}
CLAIM = {"spec!": {"resources!": {"requests!": {"storage!": TEXT}}, "storageClassName": TEXT}}
WORKLOAD = {"template!": TEMPLATE, "replicas": NUMBER, "volumeClaimTemplates": [CLAIM]}
PEER = {"ipBlock": {"cidr!": (str,)}, "podSelector": LABELS, "namespaceSelector": LABELS}
WAYS = [{"from": [PEER], "to": [PEER], "ports": [{"port": TEXT}]}]
BACKEND = {"service": {"name": TEXT}, "serviceName": TEXT}
ROUTE = {"path": TEXT, "pathType": TEXT, "backend": BACKEND}
METRIC = {"resource": {"name": TEXT, "target": {"averageUtilization": NUMBER}}}
SPECS: Mapping[str, Form] = {
    **dict.fromkeys(("Deployment", "StatefulSet", "DaemonSet", "ReplicationController"), WORKLOAD),
    "Job": {"template!": TEMPLATE},
    "CronJob": {"schedule!": TEXT, "jobTemplate!": {"spec!": {"template!": TEMPLATE}}},
    "PersistentVolumeClaim": CLAIM["spec!"],
    "Service": {"selector": MAP, "type": TEXT, "ports": [{"port!": NUMBER, "targetPort": TEXT}]},
    "Ingress": {
        "ingressClassName": TEXT,
        "rules": [{"host": TEXT, "http": {"paths": [ROUTE]}}],
        "tls": LIST,
    },
    "HorizontalPodAutoscaler": {
        "scaleTargetRef": {"name": TEXT},
        "metrics": [METRIC],
        "minReplicas": NUMBER,
        "maxReplicas!": NUMBER,
    },
    "NetworkPolicy": {"podSelector": LABELS, "ingress": WAYS, "egress": WAYS},
}
LOGIN = {"database": TEXT, "secret": NAME}
STORE = {"destinationPath": TEXT}
STORES = {"provider": {"aws": {"region": TEXT}}}
MONITORS = {"selector": LABELS, "endpoints": [MAP], "podMetricsEndpoints": [MAP]}
OPERATED: Mapping[str, Form] = {
    "Cluster": {
        "affinity": MAP,
        "backup": {"barmanObjectStore": STORE, "retentionPolicy": TEXT},
        "bootstrap": {"initdb": LOGIN, "recovery": {**LOGIN, "recoveryTarget": MAP}},
        "instances": NUMBER,
        "managed": {"roles": [{"passwordSecret": NAME}]},
        "resources": SIZES,
        "serviceAccountName": TEXT,
        "serviceAccountTemplate": {"metadata": {"annotations": MAP}},
        "storage": {"size": TEXT, "storageClass": TEXT},
        "walStorage": {"size": TEXT},
    },
    "Pooler": {
        "cluster": {"name": TEXT},
        "instances": NUMBER,
        "pgbouncer": {"poolMode": TEXT},
        "type": TEXT,
    },
    "ScheduledBackup": {"cluster": {"name": TEXT}, "schedule!": TEXT},
    "ObjectStore": {"configuration": STORE, "retentionPolicy": TEXT},
    "ExternalSecret": {
        "target": {"name": TEXT},
        "data": [{"secretKey!": TEXT, "remoteRef!": {"key!": TEXT, "property": TEXT}}],
        "dataFrom": LIST,
    },
    "SecretStore": STORES,
    "ClusterSecretStore": STORES,
    "ServiceMonitor": MONITORS,
    "PodMonitor": MONITORS,
}
"""Kinds of operators, each of its own API group."""
GROUPS = ("cnpg.io", "external-secrets.io", "coreos.com")
NEEDED = ("Job", "CronJob", "HorizontalPodAutoscaler", "PersistentVolumeClaim", "ScheduledBackup")
"""Kinds that are nothing without a spec, beside the workloads."""


def form_of(manifest: Mapping[str, Any]) -> Form:
    """Return the form of an object of its kind."""
    kind, group = str(manifest["kind"]), str(manifest["apiVersion"]).rpartition("/")[0]
    spec = OPERATED.get(kind) if group.endswith(GROUPS) else SPECS.get(kind)
    needed = "!" if spec is WORKLOAD or kind in NEEDED else ""
    owners = {"ownerReferences": LIST}
    return {
        "metadata": {**METADATA, **owners, "name!": TEXT},
        "data": MAP,
        "stringData": MAP,
        "subjects": [MAP],
        f"spec{needed}": spec or MAP,
    }


def faults(value: Any, form: Form, at: str = "") -> Iterator[str]:
    """Yield what is wrong with a value in one line each: the place, and what it lacks or is."""
    if value is None:
        return
    if isinstance(form, dict):
        if not isinstance(value, dict):
            yield f"{at} is not a map"
            return
        for key, inner in form.items():
            name = key.removesuffix("!")
            place = f"{at}.{name}" if at else name
            if key.endswith("!") and value.get(name) in (None, []):
                yield f"{place} is missing"
            yield from faults(value.get(name), inner, place)
    elif isinstance(form, list):
        if not isinstance(value, list):
            yield f"{at} is not a list"
            return
        for number, item in enumerate(value):
            yield from (
                [f"{at}[{number}] is nothing"] if item is None else faults(item, form[0], f"{at}[{number}]")
            )
    elif not isinstance(value, form):
        word = "map" if form is MAP else "list" if form is LIST else "number" if form is NUMBER else "text"
        yield f"{at} is not a {word}"
